"""The Discord process proves itself by a key; people are named in the body and get no more than their own rights."""

import hmac
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from rules.errors import GameError

SCHEME = "Api-Key"


class BadKey(GameError):
    status: ClassVar[int] = 401
    default_code: ClassVar[str] = "bad_key"


class BotProcess:
    """`request.user` of the bot API: the process itself. Who acts is in the body (`bot.acting`)."""

    is_authenticated = True
    is_active = True
    pk = "bot"


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[BotProcess, None]:
        if not is_valid(request.headers.get("Authorization", ""), settings.API_KEYS):
            raise BadKey("The Discord process did not send a valid key.")
        return BotProcess(), None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def is_valid(header: str, keys: Iterable[Any]) -> bool:
    """Takes the same time whichever key fits, and when none does: every key is compared, always."""
    scheme, _, key = header.partition(" ")
    given = key.strip().encode(errors="replace")
    found = False
    for known in keys:
        found |= hmac.compare_digest(given, str(known).encode())
    return found and scheme.lower() == SCHEME.lower()


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the documentation describes the key."""

    target_class = "bot.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": f"{SCHEME} <key>"}
