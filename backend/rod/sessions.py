"""Sessions in the database behind a cache that may be down. A cookie that cannot be a session's is never looked up."""

import re

from django.contrib.sessions.backends import cached_db
from django_redis.cache import RedisCache

# As Django makes them. A cookie may hold any byte: some databases fail on NUL, some caches on blanks.
KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)
# So long at most a session lives on in a cache that was away when it ended, and came back with what it held.
REMEMBERED = 60  # seconds


class SessionStore(cached_db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))


class SessionCache(RedisCache):  # type: ignore[misc]  # of a package without types
    def set(self, key: str, value: object, timeout: int | None = None) -> object:
        return super().set(key, value, remembered(timeout))


def remembered(timeout: object) -> int:
    """Return how long the cache keeps a session that lives so many seconds."""
    return min(timeout, REMEMBERED) if isinstance(timeout, int) else REMEMBERED
