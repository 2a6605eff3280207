"""Who is on a socket: by session cookie, single-use ticket, JWT, or (the Discord process) API key."""

import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from contract.base import Person
from delivery.wire import Scope
from discordauth import tickets, tokens
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
    """Kept for each socket, so no more than what is needed to look again. `user_id` is None for the Discord process.

    `language` is what this person chose to read in; empty: that of the client.
    """

    user_id: str | None
    is_admin: bool = False
    is_bot: bool = False
    session_key: str = ""
    auth_hash: str = ""
    expires: float | None = None
    family: str = ""
    language: str = ""
    # Discord may hide a channel from one person.
    discord_id: str | None = None


SessionData = Mapping[str, object]
# Who it is and, for a person, how others see them.
Known = tuple[Identity, Person | None]


def offered(scope: Scope) -> Credentials:
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


def redact(scope: Scope) -> None:
    """Takes the secrets out of the address, in place: servers log it when they accept the socket."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if any(name in query for name in SECRETS):
        shown = {name: ["***"] if name in SECRETS else values for name, values in query.items()}
        scope["query_string"] = urlencode(shown, doseq=True, safe="*").encode("latin-1")


def hashed(session_key: str) -> str:
    """The hash of a session's key: a name that nobody can sign in with."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def identify(credentials: Credentials) -> Known | None:
    """Who these credentials sign in, and how others see them; None for nobody. Reads the database."""
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
    # All keys are compared, so the time says nothing of which one was close.
    matches = [hmac.compare_digest(key.encode(), value.encode()) for key in settings.API_KEYS]
    return any(matches)


def _by_token(value: str) -> Known | None:
    try:
        token = AccessToken(value.encode())  # type: ignore[arg-type]  # it takes the raw text, whatever its stub says
    except TokenError:
        return None
    user = tokens.user_of(token)
    return _known(tokens.grant(user, token), user) if user else None


def _by_ticket(value: str) -> Known | None:
    grant = tickets.redeem(value)
    user = _active(grant.user_id) if grant else None
    if grant is None or user is None:
        return None
    identity, person = _known(grant, user)
    # What gave the ticket may have ended since.
    return (identity, person) if current_identities([identity])[identity] else None


def _known(grant: tickets.Grant, user: CustomUser) -> tuple[Identity, Person]:
    """The socket ends with what let it in."""
    return _identity(user, grant.session_key, grant.auth_hash, grant.expires, grant.family), user.as_person()


def _identity(user: CustomUser, *ends_with: Any) -> Identity:
    """`ends_with`: session key, hash of the password, when it expires, family of tokens."""
    ends = Identity(str(user.pk), user.is_superuser, False, *ends_with)
    return replace(ends, language=user.language, discord_id=user.discord_id)


def _active(user_id: UUID | str) -> CustomUser | None:
    return CustomUser.objects.filter(pk=user_id, is_active=True).first()


def identify_all(offers: Sequence[Credentials]) -> list[Known | None]:
    """As `identify`, for many at once: those who come with a cookie share two queries, of cache and database."""
    by_cookie = _by_sessions({offer.value for offer in offers if offer.kind == "cookie"})
    return [by_cookie.get(offer.value) if offer.kind == "cookie" else identify(offer) for offer in offers]


def _by_sessions(keys: Iterable[str]) -> dict[str, Known]:
    """By session key; what opens nothing is left out."""
    data = _session_data(keys)
    users = CustomUser.objects.filter(is_active=True).in_bulk(
        {session[auth.SESSION_KEY] for session in data.values() if auth.SESSION_KEY in session}
    )
    by_id: dict[object, CustomUser] = {str(pk): user for pk, user in users.items()}
    known: dict[str, Known] = {}
    for key, session in data.items():
        user = by_id.get(session.get(auth.SESSION_KEY))
        if user is not None and _is_valid(session, user):
            known[key] = _identity(user, key, user.get_session_auth_hash()), user.as_person()
    return known


def _session_data(keys: Iterable[str]) -> dict[str, SessionData]:
    """Sessions as the site itself reads them, from the cache first, but from there all at once."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    # A key that no session can have is left out: it would not even be a proper query.
    stores = {key: session for key in keys if (session := store(key)).session_key}
    cache = caches[settings.SESSION_CACHE_ALIAS]  # empty while it is down: then the database is asked
    cached: dict[str, SessionData] = cache.get_many([session.cache_key for session in stores.values()])
    return {key: cached.get(session.cache_key) or session.load() for key, session in stores.items()}


def _is_valid(session: SessionData, user: CustomUser) -> bool:
    """What Django asks at every request: is the login of a kind that still counts, and the password the same?"""
    given = str(session.get(auth.HASH_SESSION_KEY, ""))
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    same = any(constant_time_compare(given, expected) for expected in hashes)
    return same and session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS


def current_identities(identities: Iterable[Identity]) -> dict[Identity, Identity | None]:
    """Each identity as it is now: the same, with other rights, or None. Three queries for all."""
    known = list(identities)
    users = {
        str(user.pk): user
        for user in CustomUser.objects.filter(
            pk__in={identity.user_id for identity in known if identity.user_id}, is_active=True
        ).only("password", "is_superuser", "user_settings", "signed_out_at", "discord_id")
    }
    keys = {identity.session_key for identity in known if identity.session_key}
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    families = tokens.alive_families({identity.family for identity in known if identity.family})
    return {
        identity: _current(identity, users.get(identity.user_id or ""), alive, families) for identity in known
    }


def _current(
    identity: Identity, user: CustomUser | None, sessions: set[str], families: set[str]
) -> Identity | None:
    if identity.is_bot:
        return identity
    if user is None or (identity.expires is not None and identity.expires < time.time()):
        return None
    if identity.session_key and identity.session_key not in sessions:
        return None
    if identity.family and identity.family not in families:
        return None
    if identity.auth_hash and identity.auth_hash != user.get_session_auth_hash():
        return None
    return replace(identity, is_admin=user.is_superuser, language=user.language, discord_id=user.discord_id)
