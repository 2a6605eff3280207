"""Discord's side of a login: the address to send the browser to, and the exchange of its code.

Tokens live in local variables for the length of one login: they are neither stored nor logged.
"""

import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings

from contract import discord_permissions
from contract.acting import DiscordUser
from contract.translation import _

SCOPES = ("identify", "guilds")
TIMEOUT = 10.0  # seconds, for each call
SECRET_LENGTH = 64
MAX_ID_DIGITS = 20


class LoginFailed(Exception):
    """Discord did not confirm who this is; the text is fit for people and holds no secret."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A started login: the browser must bring back `state`, and `verifier` is the PKCE secret."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """`guild_ids` is None if Discord did not list the guilds."""

    profile: DiscordUser
    guild_ids: frozenset[str] | None


def is_configured() -> bool:
    return bool(settings.DISCORD_APP_ID and settings.DISCORD_APP_SECRET)


def redirect_uri() -> str:
    return f"{settings.SITE_URL}/auth/callback/"


def begin(*, adds_bot: bool = False) -> Attempt:
    """`adds_bot`: the same consent also adds the bot to a server, with exactly the permissions that it needs."""
    state, verifier = generate_token(SECRET_LENGTH), generate_token(SECRET_LENGTH)
    bot = (
        {"permissions": discord_permissions.invited_bits(bridges=settings.DISCORD_MESSAGE_CONTENT)}
        if adds_bot
        else {}
    )
    scopes = SCOPES + (discord_permissions.SCOPES if adds_bot else ())
    url = prepare_grant_uri(
        settings.DISCORD_OAUTH_AUTHORIZE,
        settings.DISCORD_APP_ID,
        "code",
        redirect_uri=redirect_uri(),
        scope=" ".join(scopes),
        state=state,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        **bot,
    )
    return Attempt(url, state, verifier)


def finish(code: str, verifier: str) -> Identity:
    """Exchange the code for the user's identity. Raises LoginFailed."""
    try:
        with httpx.Client(timeout=TIMEOUT, verify=certificates()) as client:
            client.headers["Authorization"] = f"Bearer {_token(client, code, verifier)}"
            profile = _profile(_get(client, "/users/@me"))
            return Identity(profile, _guild_ids(client))
    except httpx.HTTPStatusError as error:
        raise LoginFailed(
            _("Discord refused the login ({status}).", status=error.response.status_code)
        ) from None
    except (httpx.HTTPError, ValueError) as error:
        # The kind of error only: the text of some quotes the request, with its secrets.
        raise LoginFailed(
            _("Discord didn’t answer as expected ({error}).", error=type(error).__name__)
        ) from None


@cache
def certificates() -> ssl.SSLContext:
    """Read those that the system trusts, once: it takes longer than the rest of a login."""
    return httpx.create_ssl_context()


def _token(client: httpx.Client, code: str, verifier: str) -> str:
    answer = client.post(
        f"{settings.DISCORD_API_BASE}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri(),
            "code_verifier": verifier,
        },
        auth=(settings.DISCORD_APP_ID, settings.DISCORD_APP_SECRET),
    )
    token = _mapping(read_json(answer)).get("access_token")
    if not isinstance(token, str) or not token:
        raise ValueError("no access token")
    return token


def _get(client: httpx.Client, path: str) -> Any:
    return read_json(client.get(f"{settings.DISCORD_API_BASE}{path}"))


def read_json(answer: httpx.Response) -> Any:
    """Return the document of a service's answer. Raises httpx.HTTPStatusError, ValueError."""
    try:
        return answer.raise_for_status().json()
    except RecursionError:
        raise ValueError("too many brackets in brackets") from None


def _profile(document: Any) -> DiscordUser:
    user = _mapping(document)
    return DiscordUser(
        id=_id(user.get("id")),
        username=str(user.get("username") or ""),
        global_name=str(user.get("global_name") or ""),
        avatar=str(user.get("avatar") or ""),
    )


def _guild_ids(client: httpx.Client) -> frozenset[str] | None:
    """Return the user's guild ids, or None if the list fails: the login goes on, memberships stay."""
    try:
        guilds = _get(client, "/users/@me/guilds")
        return frozenset(_id(_mapping(guild).get("id")) for guild in guilds)
    except (httpx.HTTPError, ValueError, TypeError):
        return None


def _mapping(document: Any) -> dict[str, object]:
    if not isinstance(document, dict):
        raise ValueError("a JSON object was expected")
    return document


def _id(value: Any) -> str:
    if (
        not isinstance(value, str)
        or not (value.isascii() and value.isdecimal())
        or len(value) > MAX_ID_DIGITS
    ):
        raise ValueError("a Discord id was expected")
    return value
