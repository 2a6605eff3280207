"""What the two JSON doors share: read the input, run the operation once for its key, answer in JSON.

A door adds who calls: `api.door` a session or a token, `bot.door` the key and the acting person.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.http import HttpResponse
from pydantic import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from chronicle.call import Call
from contract.base import ActsFor, Answer, Input, Once
from contract.errors import problems
from contract.labels import labels_in
from contract.text import typed_fields
from contract.translation import ENGLISH, _, language, speak
from monitoring import metrics
from rules.errors import GameError, Invalid
from timeline import limits
from timeline.database_outage import retry_lost_transactions
from timeline.keys import Key, once
from timeline.operations import AnswerT, InputT, Operation
from uploads.storing import settled

HEADER = "Idempotency-Key"
MAX_KEY = 100
VISIBLE = re.compile(r"[\x21-\x7e]*", re.ASCII)
Fields = Mapping[str, Any]
AnyOperation = Operation[Call, Any, Any]


def parse(model: type[InputT], fields: Fields, *, text: bool = False) -> InputT:
    """The typed input. `text`: from a query or a form, where every value is text and an empty one is none.

    Raises Invalid, which names every wrong field.
    """
    try:
        return model.model_validate(typed_fields(model, fields) if text else fields)
    except ValidationError as error:
        found = problems(model, error)
        sentences = dict.fromkeys(sentence for listed in found.values() for sentence in listed)
        raise Invalid(" ".join(sentences), fields=found) from None


def perform(operation: Operation[Call, InputT, AnswerT], call: Call, given: InputT, key: Key) -> AnswerT:
    """Run an operation in one transaction, once for its key; again when it lost against another transaction.

    Raises Limit where the person does it too often; what `operation` raises.
    """
    with _measured(operation, call), settled():
        return _perform(operation, call, given, key)


@contextmanager
def _measured(operation: AnyOperation, call: Call) -> Iterator[None]:
    kind = "read" if operation.reads else "write"
    with metrics.OPERATIONS.timed(operation.name, call.cause.door, kind):
        try:
            yield
        except GameError as error:
            metrics.REFUSALS.add(operation.name, error.code)
            raise


def _perform(operation: Operation[Call, InputT, AnswerT], call: Call, given: InputT, key: Key) -> AnswerT:
    if call.principal.id:
        limits.spend_on(operation.name, call.principal.id, call.cause.door)
    if operation.prepare:
        given = operation.prepare(call, given)

    def attempt() -> AnswerT:
        with once(key, call.cause) as this:
            answer = operation.run(call, given)
            this.keep(operation.status, answer.model_dump(mode="json", exclude=operation.rebuilt))
        if this.stored is None:
            return answer
        # A key of the time when whole answers were kept has them still.
        if operation.replay and not operation.rebuilt <= this.stored.body.keys():
            return operation.replay(call, this.stored)
        return operation.answer.model_validate(this.stored.body)

    answer = retry_lost_transactions(attempt)
    return operation.finish(answer) if operation.finish else answer


class OperationView(ViewSetMixin, APIView):
    """One address of a JSON API: HTTP method → operation.

    Values of the address (`<uuid:conflict>`) are fields of the input; `request_` is `request`, which Django's views
    take for themselves.
    """

    operations: ClassVar[Mapping[str, AnyOperation]] = {}

    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        """Who calls; takes the door's own fields out of `fields`."""
        raise TypeError("a door says who calls")

    def player_of(self, text: str) -> UUID:
        """The account of the player for whom a storyteller acts."""
        raise TypeError("a door knows its players")

    def scope_of(self, call: Call) -> str:
        """Who asks: idempotency keys of two callers never meet."""
        raise TypeError("a door keeps its callers apart")

    def run(self, request: Request, **address: Any) -> HttpResponse:
        operation = self.operations[method_of(request)]
        text = method_of(request) == "GET"
        fields = dict(request.query_params.items()) if text else _object(request.data)
        fields |= {name.removesuffix("_"): str(value) for name, value in address.items()}
        call = self.call_of(request, fields)
        if call.principal.user and call.principal.user.language:
            speak(call.principal.user.language)
        given = parse(operation.input, fields, text=text)
        if isinstance(given, ActsFor) and given.player:
            call = call.for_player(self.player_of(given.player))
        if operation.reads:
            with _measured(operation, call):
                read = operation.run(call, given)
            return self._answer(request, call, 200, read)
        asked = [request.method, request.path_info, request.data, *request.query_params.lists()]
        named = _key(request)
        key = Key.of(self.scope_of(call), named, asked) if named else key_of_nonce(operation, call, given)
        answer = perform(operation, call, given, key)
        return self._answer(request, call, operation.status, answer)

    def _answer(self, request: Request, call: Call, status: int, answer: Answer) -> HttpResponse:
        """An answer that many people read is in their language; an error has been in that of the person by then."""
        if shared := self.shared_language(request, call):
            speak(shared)
        return self.respond(call, status, encoded(answer))

    def shared_language(self, request: Request, call: Call) -> str:
        """The language of the many people who will read the answer; empty if one person does."""
        return ""

    def respond(self, call: Call, status: int, body: bytes) -> HttpResponse:
        return HttpResponse(body, status=status, content_type="application/json")


def method_of(request: Request) -> str:
    """The method that an operation stands under: HEAD asks what GET would answer."""
    return "GET" if request.method == "HEAD" else str(request.method)


def encoded(answer: Answer) -> bytes:
    """As `model_dump_json`, without looking at every value of a sheet again: ten times as fast. Its labels are in the
    reader's language.
    """
    return orjson.dumps(answer, default=_fields_of if language() == ENGLISH else _translated_fields_of)


def _fields_of(part: object) -> dict[str, object]:
    if not isinstance(part, Answer):
        raise TypeError(f"{type(part).__name__} is no part of an answer")
    names, fields = _names_in_json(type(part)), vars(part)
    if part.sparse:
        fields = {name: value for name, value in fields.items() if value is not None}
    return {names.get(name, name): value for name, value in fields.items()} if names else fields


def _translated_fields_of(part: object) -> dict[str, object]:
    fields = _fields_of(part)
    labels = labels_in(part) if isinstance(part, Answer) else {}
    return fields | labels if labels else fields


@cache
def _names_in_json(model: type[Answer]) -> dict[str, str]:
    """Of the fields that are called otherwise in JSON."""
    fields = model.model_fields.items()
    return {name: field.serialization_alias for name, field in fields if field.serialization_alias}


def key_of_nonce(operation: AnyOperation, call: Call, given: Input) -> Key:
    """The key of a request that has none but its nonce, if any: the same through every door."""
    nonce = given.nonce if isinstance(given, Once) else ""
    # Without one nothing is compared, and a picture is no JSON.
    asked = [operation.name, given.model_dump(mode="json")] if nonce else []
    return Key.of(f"nonce:{call.principal.id}", nonce, asked)


def _object(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Invalid(_("The body must be a JSON object."))
    return dict(body)


def _key(request: Request) -> str:
    """The idempotency key of a request, empty for none. Raises Invalid."""
    key: str = request.headers.get(HEADER, "")
    if len(key) > MAX_KEY:
        raise Invalid.field(HEADER, _("Up to {most} characters.", most=MAX_KEY))
    if not VISIBLE.fullmatch(key):
        raise Invalid.field(HEADER, _("Only ASCII letters, digits and signs, without spaces."))
    return key
