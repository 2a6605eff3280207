"""Sessions in the database with a cache before it. A cookie that no session of ours can have is never looked up."""

import re

from django.contrib.sessions.backends import cached_db

# As Django makes them. A cookie may hold any byte: some databases fail on NUL, some caches on blanks.
KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)


class SessionStore(cached_db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))
