"""Sessions in the database behind a cache. A cookie that cannot be a session's is never looked up."""

import logging
import re
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.core.cache import caches
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# As Django makes them. A cookie may hold any byte: some databases fail on NUL, some caches on blanks.
KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)


class SessionStore(cached_db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = Dispensable(caches[settings.SESSION_CACHE_ALIAS])

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))


# So long at most a session lives on in a cache that was away when it ended, and came back with what it held.
REMEMBERED = 60  # seconds


class Dispensable:
    """A cache that may be down: then the database answers."""

    def __init__(self, cache: Any) -> None:
        self._cache = cache

    def get(self, key: str) -> Any:
        try:
            return self._cache.get(key)
        except (RedisError, OSError) as error:
            log.warning("sessions come from the database: %s", error)
            return None

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        try:
            self._cache.set(key, value, REMEMBERED if timeout is None else min(timeout, REMEMBERED))
        except (RedisError, OSError) as error:
            log.warning("a session is not cached: %s", error)

    def __contains__(self, key: str) -> bool:
        try:
            return key in self._cache
        except (RedisError, OSError):
            return False

    def delete(self, key: str) -> bool:
        try:
            return bool(self._cache.delete(key))
        except (RedisError, OSError) as error:
            log.warning("a session is left to run out in the cache: %s", error)
            return False
