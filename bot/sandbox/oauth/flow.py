"""OAuth2 codes, tokens and PKCE: https://discord.com/developers/docs/topics/oauth2."""

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.errors import Json, unauthorized
from sandbox.state import permissions
from sandbox.state.world import World
from sandbox.web.http import is_loopback

SCOPES = ("identify", "email", "guilds", "guilds.members.read", "bot", "applications.commands")
CODE_LIFE = 60.0
TOKEN_LIFE = 7 * 24 * 3600.0
KEPT_GRANTS = 500


class BadClient(Exception):
    """The client cannot be trusted: the page says so, and nothing is sent back to it."""


class BadRequest(Exception):
    """An OAuth2 error for the client: `error` and `error_description`."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(description)

    def answer(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}


@dataclass(frozen=True)
class Authorization:
    """A checked request to /oauth2/authorize."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str

    def back(self, **answer: str) -> str:
        """Build the client's address with the answer and the client's own state."""
        parts = urlsplit(self.redirect_uri)
        query = parse_qsl(parts.query, keep_blank_values=True) + list(answer.items())
        query += [("state", self.state)] if self.state else []
        return urlunsplit(parts._replace(query=urlencode(query)))


@dataclass(frozen=True)
class Code:
    request: Authorization
    user_id: str
    expires: float


def bits_of(params: Mapping[str, str]) -> int:
    """Return the permissions that a link asks for. Raises BadClient where they are none."""
    if not params.get("permissions", "0").isdecimal():
        raise BadClient("The permissions must be a number.")
    return int(params.get("permissions", "0"))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class OAuth:
    """Issues codes and tokens. Tokens are kept as hashes in `world.grants`; codes live a minute, in memory only."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.codes: dict[str, Code] = {}

    # Adding the bot to a server

    def asks_for_bot(self, params: Mapping[str, str]) -> bool:
        """Whether somebody is to add the bot to a server: nothing is sent back to a client then."""
        return "bot" in params.get("scope", "").split() and not params.get("redirect_uri")

    def chosen_guild(self, params: Mapping[str, str], user_id: str) -> Json | None:
        """Return the server that this person chose and may add the bot to; None for no such choice."""
        wanted = params.get("guild")
        found = next((guild for guild in self.open_guilds(params) if guild["id"] == wanted), None)
        if found is None or user_id not in found["members"]:
            return None
        return found if permissions.of_member(found, user_id) & permissions.MANAGE_GUILD else None

    def open_guilds(self, params: Mapping[str, str]) -> list[Json]:
        """List the servers that the bot is not in yet. Raises BadClient, also for permissions that are none."""
        if params.get("client_id") != self.world.bot_id:
            raise BadClient("No application with this client_id is known here.")
        bits_of(params)
        return [guild for guild in self.world.guilds.values() if self.world.bot_id not in guild["members"]]

    # Authorize

    def redirect_uri(self, params: Mapping[str, str]) -> str:
        """Return the `redirect_uri` of a known client; BadClient where it must not be used."""
        if params.get("client_id") != self.world.bot_id:
            raise BadClient("No application with this client_id is known here.")
        address = params.get("redirect_uri", "")
        if address not in self.world.app["redirect_uris"] and not _is_local(address):
            raise BadClient("This redirect_uri is not registered for the application.")
        return address

    def authorization(self, params: Mapping[str, str]) -> Authorization:
        """Check the rest of a request whose `redirect_uri` is checked. Raises BadRequest."""
        if params.get("response_type") != "code":
            raise BadRequest("unsupported_response_type", "The response_type must be code.")
        scopes = tuple(dict.fromkeys(params.get("scope", "").split()))
        if not scopes or any(scope not in SCOPES for scope in scopes):
            raise BadRequest("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        challenge = params.get("code_challenge", "")
        if challenge and params.get("code_challenge_method") != "S256":
            raise BadRequest("invalid_request", "The code_challenge_method must be S256.")
        if challenge and len(challenge) != 43:
            raise BadRequest("invalid_request", "The code_challenge is malformed.")
        return Authorization(params["redirect_uri"], scopes, params.get("state", "")[:2000], challenge)

    def grant_code(self, request: Authorization, user_id: str) -> str:
        now = time.monotonic()
        self.codes = {key: code for key, code in self.codes.items() if code.expires > now}
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(request, user_id, now + CODE_LIFE)
        return code

    # Token

    def check_client(self, form: Mapping[str, str], authorization: str) -> None:
        """Check the client's secret, sent by basic auth or in the body."""
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, encoded = authorization.partition(" ")
        if kind.lower() == "basic":
            try:
                client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                client_id = secret = ""
        same = secrets.compare_digest(secret.encode(), self.world.app["client_secret"].encode())
        if client_id != self.world.bot_id or not same:
            raise BadRequest("invalid_client", "The client could not be authenticated.", 401)

    def token(self, form: Mapping[str, str]) -> Json:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._from_code(form)
        if kind == "refresh_token":
            return self._from_refresh(form)
        raise BadRequest("unsupported_grant_type", "Grant type must be authorization_code or refresh_token.")

    def _from_code(self, form: Mapping[str, str]) -> Json:
        code = self.codes.pop(form.get("code", ""), None)  # gone after one try, right or wrong
        if code is None or code.expires < time.monotonic():
            raise BadRequest("invalid_grant", 'Invalid "code" in request.')
        if form.get("redirect_uri") != code.request.redirect_uri:
            raise BadRequest("invalid_grant", 'Invalid "redirect_uri" in request.')
        if code.request.challenge and _challenge(form.get("code_verifier", "")) != code.request.challenge:
            raise BadRequest("invalid_grant", 'Invalid "code_verifier" in request.')
        return self._issue(code.user_id, code.request.scopes)

    def _from_refresh(self, form: Mapping[str, str]) -> Json:
        refresh = _hash(form.get("refresh_token", ""))
        access = next((key for key, grant in self.world.grants.items() if grant["refresh"] == refresh), None)
        if access is None:
            raise BadRequest("invalid_grant", 'Invalid "refresh_token" in request.')
        grant = self.world.grants.pop(access)
        return self._issue(grant["user"], tuple(grant["scopes"]))

    def _issue(self, user_id: str, scopes: tuple[str, ...]) -> Json:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        expires = time.time() + TOKEN_LIFE
        grant = {"user": user_id, "scopes": list(scopes), "expires": expires, "refresh": _hash(refresh)}
        self.world.grants[_hash(access)] = grant
        while len(self.world.grants) > KEPT_GRANTS:
            del self.world.grants[next(iter(self.world.grants))]
        return {
            "token_type": "Bearer",
            "access_token": access,
            "expires_in": int(TOKEN_LIFE),
            "refresh_token": refresh,
            "scope": " ".join(scopes),
        }

    def revoke(self, form: Mapping[str, str]) -> Json:
        """End the whole grant by either of its two tokens; an unknown one is no error (RFC 7009)."""
        hashed = _hash(form.get("token", ""))
        for key, grant in tuple(self.world.grants.items()):
            if hashed in (key, grant["refresh"]):
                del self.world.grants[key]
        return {}

    # Use

    def _grant(self, token: str) -> Json:
        grant = self.world.grants.get(_hash(token))
        if grant is None or grant["expires"] < time.time():
            raise unauthorized()
        return grant

    def bearer(self, token: str) -> tuple[str, frozenset[str]]:
        grant = self._grant(token)
        return grant["user"], frozenset(grant["scopes"])

    def describe(self, token: str) -> Json:
        grant = self._grant(token)
        app = self.world.show_application()
        shown: Json = {
            "application": {key: app[key] for key in app.keys() - {"owner", "team"}},
            "scopes": grant["scopes"],
            "expires": datetime.fromtimestamp(grant["expires"], UTC).isoformat(),
        }
        return shown | ({"user": self.world.user(grant["user"])} if "identify" in grant["scopes"] else {})


def _is_local(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "") and not parts.fragment
    except ValueError:
        return False


def _challenge(verifier: str) -> str:
    """Compute the S256 challenge of a verifier (RFC 7636); "" for one of a wrong length."""
    if not 43 <= len(verifier) <= 128:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
