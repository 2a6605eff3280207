"""Who is on a socket: by session cookie, single-use ticket, JWT, or (the Discord process) API key."""

import hashlib
import hmac
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from redis.exceptions import RedisError
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from discordauth import tickets
from discordauth.models import CustomUser

SECRETS = ("ticket", "token")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the client offers: one kind and its value; kind `none` when there is nothing."""

    kind: str
    value: str

    @property
    def needs_origin(self) -> bool:
        """A browser adds the cookie to anybody's page; the rest only an own client can send."""
        return self.kind in ("cookie", "none")


@dataclass(frozen=True, slots=True)
class Identity:
    """Kept for each socket, so no more than what is needed to look again. `user_id` is None for the Discord process."""

    user_id: str | None
    is_admin: bool = False
    is_bot: bool = False
    session_key: str = ""
    auth_hash: str = ""
    expires: float | None = None


# Who it is and, for a person, their JSON.
Known = tuple[Identity, dict[str, Any] | None]


def offered(scope: dict[str, Any]) -> Credentials:
    headers = dict(scope["headers"])
    scheme, _, value = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() in ("bearer", "api-key"):
        return Credentials(scheme.lower(), value.strip())
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if "ticket" in query:
        return Credentials("ticket", query["ticket"][0])
    if "token" in query:
        return Credentials("bearer", query["token"][0])
    cookie = _session_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return Credentials("cookie", cookie) if cookie else Credentials("none", "")


def _session_cookie(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def redact(scope: dict[str, Any]) -> None:
    """Takes the secrets out of the address, in place: servers log it when they accept the socket."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if any(name in query for name in SECRETS):
        shown = {name: ["***"] if name in SECRETS else values for name, values in query.items()}
        scope["query_string"] = urlencode(shown, doseq=True, safe="*").encode("latin-1")


def hashed(session_key: str) -> str:
    """A session by a name that nobody can sign in with."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def identify(credentials: Credentials) -> Known | None:
    """The identity and, for a person, their JSON; None when these credentials open nothing. Reads the database."""
    match credentials.kind:
        case "api-key":
            return (Identity(None, is_bot=True), None) if _is_key(credentials.value) else None
        case "bearer":
            return _by_token(credentials.value)
        case "ticket":
            return _by_ticket(credentials.value)
        case "cookie":
            return _by_sessions([credentials.value]).get(credentials.value)
    return None


def _is_key(value: str) -> bool:
    # All keys are compared, so the time tells nothing of which one was close.
    found = [hmac.compare_digest(key.encode(), value.encode()) for key in settings.API_KEYS]
    return any(found)


def _by_token(value: str) -> tuple[Identity, dict[str, Any]] | None:
    try:
        token = AccessToken(value.encode())  # type: ignore[arg-type]  # it takes the raw text, whatever its stub says
        user = _active(token["user_id"])
    except (TokenError, KeyError):
        return None
    if user is None:
        return None
    return Identity(str(user.id), user.is_superuser, expires=float(token["exp"])), user.as_json()


def _by_ticket(value: str) -> tuple[Identity, dict[str, Any]] | None:
    grant = tickets.redeem(value)
    user = _active(grant.user_id) if grant else None
    if grant is None or user is None or (grant.auth_hash and grant.auth_hash != user.get_session_auth_hash()):
        return None
    found = Identity(
        str(user.id), user.is_superuser, False, grant.session_key, grant.auth_hash, grant.expires
    )
    return found, user.as_json()


def _active(user_id: Any) -> CustomUser | None:
    return CustomUser.objects.filter(pk=user_id, is_active=True).first()


def identify_all(offers: Sequence[Credentials]) -> list[Known | None]:
    """As `identify`, for many at once: those who come with a cookie share two questions, to cache and database."""
    cookies = _by_sessions({one.value for one in offers if one.kind == "cookie"})
    return [cookies.get(one.value) if one.kind == "cookie" else identify(one) for one in offers]


def _by_sessions(keys: Iterable[str]) -> dict[str, Known]:
    """By session key; what opens nothing is left out."""
    data = _session_data(keys)
    users = CustomUser.objects.filter(is_active=True).in_bulk(
        {one[auth.SESSION_KEY] for one in data.values() if auth.SESSION_KEY in one}
    )
    by_id = {str(pk): user for pk, user in users.items()}
    found: dict[str, Known] = {}
    for key, one in data.items():
        user = by_id.get(one.get(auth.SESSION_KEY, ""))
        if user is not None and _still_holds(one, user):
            identity = Identity(str(user.pk), user.is_superuser, False, key, user.get_session_auth_hash())
            found[key] = identity, user.as_json()
    return found


def _session_data(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Sessions as the site itself reads them, from the cache first, but from there all at once."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    # A key that no session can have is none: it would not even be a proper question.
    stores = {key: one for key in keys if (one := store(key)).session_key}
    cached: dict[str, Any] = {}
    with suppress(RedisError, OSError):  # then the database is asked
        cached = caches[settings.SESSION_CACHE_ALIAS].get_many([one.cache_key for one in stores.values()])
    return {key: cached.get(one.cache_key) or one.load() for key, one in stores.items()}


def _still_holds(data: dict[str, Any], user: CustomUser) -> bool:
    """What Django asks at every request: is the login of a kind that still counts, and the password the same?"""
    given = data.get(auth.HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    same = any(constant_time_compare(given, one) for one in hashes)
    return same and data.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS


def look_again(identities: Iterable[Identity]) -> dict[Identity, Identity | None]:
    """What has become of them: the same, one with other rights, or None. Two queries for all."""
    known = list(identities)
    users = {
        str(user.pk): user
        for user in CustomUser.objects.filter(
            pk__in={one.user_id for one in known if one.user_id}, is_active=True
        ).only("password", "is_superuser")
    }
    keys = {one.session_key for one in known if one.session_key}
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return {one: _now(one, users.get(one.user_id or ""), alive) for one in known}


def _now(identity: Identity, user: CustomUser | None, sessions: set[str]) -> Identity | None:
    if identity.is_bot:
        return identity
    if user is None or (identity.expires is not None and identity.expires < time.time()):
        return None
    if identity.session_key and identity.session_key not in sessions:
        return None
    if identity.auth_hash and identity.auth_hash != user.get_session_auth_hash():
        return None
    return replace(identity, is_admin=user.is_superuser)
