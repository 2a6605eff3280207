"""The API for shows (S002), below `/campaigns/`: everybody reads, a token in a header changes."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from api.views.chat import ChatView
from api.views.files import FileParser
from chronicle.call import Call
from chronicle.door import AnyOperation, method_of
from chronicle.principal import Principal
from companion import tokens
from companion.operations.shows import CREATE
from companion.selectors.campaigns import find
from contract.translation import _
from rules.errors import GameError, NotAllowed
from timeline.services import Cause

HEADERS = ("X-Admin-Token", "X-Token")


class TokenMissing(GameError):
    status = 401
    default_code = "token_missing"


class ShowView(ChatView):
    """One address: lists stand bare, and 204 has no body, as in the chat API."""

    authentication_classes = []
    permission_classes = [AllowAny]
    principal = Principal.anonymous()

    def initial(self, request: Request, *args: Any, **address: Any) -> None:
        """Look at the token before the body is read."""
        super().initial(request, *args, **address)
        operation = self.operations.get(method_of(request))
        if operation is not None and not operation.reads:
            self.principal = _principal(_token(request), operation, str(address.get("campaign", "")))

    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        return Call(self.principal, Cause(actor=self.principal.user, door="api"))

    def scope_of(self, call: Call) -> str:
        return f"shows:{call.principal.id or 'operator'}"


class ShowPictureView(ShowView):
    """A form with one part, `file`."""

    parser_classes = [FileParser]
    described_method = "POST"
    described_body = {
        "multipart/form-data": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }


def _principal(token: str, operation: AnyOperation, campaign_ref: str) -> Principal:
    """Who acts by this token. Raises NotAllowed (`token_wrong`), NotFound."""
    if operation is CREATE:
        if not tokens.is_operators(token):
            raise _wrong()
        return Principal.anonymous()
    campaign = find(campaign_ref)
    if not tokens.opens(campaign, token):
        raise _wrong()
    return tokens.principal_of(campaign)


def _token(request: Request) -> str:
    """Raises TokenMissing, NotAllowed (`token_wrong`) for what can be none."""
    token = next((value for name in HEADERS if (value := request.headers.get(name, ""))), "")
    if not token:
        raise TokenMissing(_("Send the campaign’s token in the header X-Admin-Token."))
    if len(token) > tokens.MAX_TOKEN or not token.isascii():
        raise _wrong()
    return token


def _wrong() -> NotAllowed:
    return NotAllowed(_("This token doesn’t open this campaign."), code="token_wrong")
