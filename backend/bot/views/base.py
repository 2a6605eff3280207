"""The door of the bot API: the key of the Discord process, and the acting person that each request names."""

from collections.abc import Iterable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.views import APIView

from bot.acting import SYNC, call_for, player, reading_call
from bot.authentication import SCHEME, ApiKeyAuthentication
from chronicle.call import SERVER_ONLY, Call
from chronicle.door import AnyOperation, OperationView, method_of, parse
from chronicle.principal import Principal
from contract.acting import Acting, Reading
from contract.base import Answer, KeptById
from contract.endpoints import SHARED, Endpoint, InputT
from contract.translation import _, best
from rules.errors import Invalid, NotFound
from timeline.operations import Door, Operation


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

    def call_of(self, request: Request, fields: dict[str, object]) -> Call:
        """Who acts, or the process of its own accord. Raises NotFound where the address names another guild."""
        operation = self.operations[method_of(request)]
        if Door.PROCESS in operation.doors:
            for name in Acting.model_fields.keys() - operation.input.model_fields.keys():
                fields.pop(name, None)
            return Call(Principal.system(), SYNC)
        if method_of(request) == "GET":
            call = reading_call(parse(Reading, fields, text=True))
        else:
            call = call_for(parse(Acting, fields))
        for name in Acting.model_fields.keys() | Reading.model_fields.keys():
            fields.pop(name, None)
        if (guild_id := fields.pop("guild_id", None)) is not None:
            if call.server is None:
                raise Invalid.field("guild", _(SERVER_ONLY))
            if call.server.discord_id != guild_id:
                raise NotFound(_("There’s no such server."))
        return call

    def player_of(self, text: str) -> UUID:
        return player(text)

    def scope_of(self, call: Call) -> str:
        return f"bot:{call.principal.id}"

    def shared_language(self, request: Request, call: Call) -> str:
        """What the Discord process is to show to a whole channel is in the language of the server."""
        locale = request.headers.get(SHARED)
        return (call.server and call.server.language) or best(locale) if locale else ""

    def respond(self, call: Call, status: int, body: bytes) -> HttpResponse:
        """With each answer goes whether its reader wants plain text, so that a reply needs no other question."""
        user = call.principal.user
        if user and user.preferences["text_mode"]:
            body = orjson.dumps(orjson.loads(body) | {"text_mode": True})
        return super().respond(call, status, body)


Route = tuple[Endpoint[Any, Any], AnyOperation]
EnvelopeT = TypeVar("EnvelopeT", bound=Answer)
KeptT = TypeVar("KeptT", bound=KeptById)


def enveloped(
    endpoint: Endpoint[InputT, EnvelopeT], name: str, operation: Operation[Call, InputT, KeptT]
) -> Route:
    """The same operation; here its answer stands under a name, as `text_mode` stands beside it."""

    def put(inner: KeptById) -> EnvelopeT:
        return endpoint.answer.model_validate({"id": inner.id, name: inner})

    @wraps(operation.run)
    def run(call: Call, given: InputT) -> EnvelopeT:
        return put(operation.run(call, given))

    replay = operation.replay
    return endpoint, Operation(
        operation.name,
        endpoint,
        run,
        operation.right,
        operation.doors,
        operation.reads,
        operation.status,
        (lambda call, kept: put(replay(call, kept))) if replay else None,
    )


def offered(*modules: ModuleType) -> Iterator[Route]:
    """The operations in the tables of these modules that have an endpoint."""
    for module in modules:
        for found in vars(module).values():
            for operation in found if isinstance(found, tuple) else (found,):
                if isinstance(operation, Operation) and isinstance(operation.shape, Endpoint):
                    yield operation.shape, operation


def routes(listed: Iterable[Route]) -> list[URLPattern]:
    """The URL patterns of their endpoints; those that share a path share a view."""
    by_path: dict[str, dict[str, AnyOperation]] = {}
    for endpoint, operation in listed:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = operation
    return [
        path(address, BotDoor.as_view({method.lower(): "run" for method in found}, operations=found))
        for address, found in by_path.items()
    ]
