"""Who is on a socket: by session cookie, single-use ticket, JWT, or (the Discord process) API key."""

import hashlib
import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from discordauth.models import CustomUser
from gateway import tickets

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


def identify(credentials: Credentials) -> tuple[Identity, dict[str, Any] | None] | None:
    """The identity and, for a person, their JSON; None when these credentials open nothing. Reads the database."""
    match credentials.kind:
        case "api-key":
            return (Identity(None, is_bot=True), None) if _is_key(credentials.value) else None
        case "bearer":
            return _by_token(credentials.value)
        case "ticket":
            return _by_ticket(credentials.value)
        case "cookie":
            return _by_session(credentials.value)
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


def _by_session(key: str) -> tuple[Identity, dict[str, Any]] | None:
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    # Django's own function: backend, password hash and rotated secrets are its business.
    user = auth.get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]  # it only uses the session
    if not user.is_authenticated or not user.is_active:
        return None
    return Identity(str(user.pk), user.is_superuser, False, key, user.get_session_auth_hash()), user.as_json()


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
