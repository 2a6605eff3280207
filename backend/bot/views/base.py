"""The door of the bot API: the key of the Discord process, and the acting person that each request names."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.views import APIView

from bot.acting import act, look, player
from bot.authentication import SCHEME, ApiKeyAuthentication
from chronicle.call import Call
from chronicle.door import AnyOperation, OperationView
from contract.acting import Acting, Reading
from contract.endpoints import AnswerT, Endpoint, InputT
from timeline.operations import Operation


class BotView(APIView):
    """With the key, and without a throttle: one process speaks for everyone."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = []
    throttle_classes = []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.status_code == 401:
            response["WWW-Authenticate"] = SCHEME
        return super().finalize_response(request, response, *args, **kwargs)


class BotDoor(OperationView, BotView):
    """One address of the bot API. `acting` and `reading` are what its requests hold beside the input."""

    acting = Acting
    reading = Reading

    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        acting = look(request) if request.method == "GET" else act(request)
        for name in Acting.model_fields:
            fields.pop(name, None)
        return Call(acting.principal, acting.cause, acting.server, acting.member, acting.channel_id)

    def player_of(self, text: str) -> UUID:
        return player(text)

    def scope_of(self, call: Call) -> str:
        return f"bot:{call.principal.id}"

    def respond(self, call: Call, status: int, body: bytes) -> HttpResponse:
        """With each answer goes whether its reader wants plain text, so that a reply needs no other question."""
        user = call.principal.user
        if user and user.preferences["text_mode"]:
            body = orjson.dumps(orjson.loads(body) | {"text_mode": True})
        return super().respond(call, status, body)


Route = tuple[str, str, AnyOperation]


def on(endpoint: Endpoint[InputT, AnswerT], operation: Operation[Call, InputT, AnswerT]) -> Route:
    """An endpoint with the operation that stands there; both must agree on input and answer."""
    return endpoint.path, endpoint.method, operation


def routes(*listed: Route) -> list[URLPattern]:
    """The URL patterns; endpoints that share a path share a view."""
    by_path: dict[str, dict[str, AnyOperation]] = {}
    for address, method, operation in listed:
        by_path.setdefault(address, {})[method] = operation
    return [
        path(address, BotDoor.as_view({method.lower(): "run" for method in found}, operations=found))
        for address, found in by_path.items()
    ]
