"""The OpenAPI documents of both APIs: made from the code, served at an address each, kept in no file.

Every call names the errors that it may answer with; each of them is described once, as a component.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.urls import include, path
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bot.views.base import BotView
from timeline.operations import Door, Operation

Document = dict[str, Any]
# By document, where the addresses of which module stand.
ADDRESSES = {
    "api": {"api/": "api.urls", "chat/": "api.chat_urls", "campaigns/": "api.campaign_urls"},
    "bot": {"bot/": "bot.urls"},
}
APPS = tuple(ADDRESSES)
ALWAYS = {
    400: "A value is wrong (`fields`: path → sentences), or the request cannot be read",
    401: "No valid credentials",
    403: "A right is missing",
    404: "There is none, or none that this person may know of",
    406: "Only JSON is served",
    409: "The world moved on meanwhile, or more than one fits; more keys say what is there now",
    429: "Too many, too often",
    500: "Our fault; nothing was changed. `reference` stands in the log",
    503: "The database does not answer just now",
}
# Of calls that change something, or that are asked with a body.
WITH_BODY = {
    413: "Too much at once",
    415: "Only JSON is read",
    422: "Well-formed, but it makes no sense here",
}
ERROR = {
    "type": "object",
    "description": "More keys may stand beside these: `fields`, `conflicts`, `events`, `characters`, `reference`, "
    "`retry_after`.",
    "properties": {
        "code": {"type": "string", "description": "For programs"},
        "detail": {"type": "string", "description": "A sentence for people"},
    },
    "required": ["code", "detail"],
}


class WebSessionScheme(SessionScheme):
    target_class = "discordauth.sessions.WebSession"


def _query(model: type[BaseModel], path: str) -> Iterator[OpenApiParameter]:
    schema = model.model_json_schema()
    for name, part in schema.get("properties", {}).items():
        if f"{{{name}}}" not in path and f"{{{name}_}}" not in path:
            required = name in schema.get("required", ())
            yield OpenApiParameter(name, part, description=part.get("description", ""), required=required)


class Described(AutoSchema):
    """What stands at an operation's address comes from the table of operations and the contract."""

    _is_delete = False

    @property
    def _operation(self) -> Operation[Any, Any, Any] | None:
        found: Mapping[str, Operation[Any, Any, Any]] = getattr(self.view, "operations", {})
        return found.get("DELETE" if self._is_delete else self.method)

    def get_operation_id(self) -> str:
        return self._operation.name.replace(".", "_") if self._operation else super().get_operation_id()

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's own signature differs so
        return self._operation.summary if self._operation else super().get_description()

    def get_request_serializer(self) -> Any:
        is_described = self.method == getattr(self.view, "described_method", "PUT")
        described = getattr(self.view, "described_body", None) if is_described else None
        if described is not None:
            return described
        return self._operation.input if self._operation else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        operation = self._operation
        return {operation.status: operation.answer} if operation else super().get_response_serializers()

    def _get_request_for_media_type(self, serializer: Any, direction: Any = "request") -> Any:
        """Beside the input stands what the door itself reads (`acting`): one flat object."""
        schema, required = super()._get_request_for_media_type(  # type: ignore[no-untyped-call]
            serializer, direction
        )
        acting = getattr(self.view, "acting", None)
        if acting is None or self._operation is None or Door.PROCESS in self._operation.doors:
            return schema, required
        parts = [
            model.model_json_schema(ref_template="#/components/schemas/{model}")
            for model in (acting, self._operation.input)
        ]
        for part in parts:
            for name, definition in part.get("$defs", {}).items():
                component = ResolvedComponent(name, ResolvedComponent.SCHEMA, definition, name)
                self.registry.register_on_missing(component)
        merged = {
            "type": "object",
            "properties": {
                name: value for part in parts for name, value in part.get("properties", {}).items()
            },
            "required": sorted({name for part in parts for name in part.get("required", ())}),
        }
        return merged, required

    def get_override_parameters(self) -> list[Any]:
        """Of a read: the fields of its input that do not stand in the address."""
        operation = self._operation
        if operation is None or self.method != "GET":
            return super().get_override_parameters()
        reading = getattr(self.view, "reading", None)
        models = [operation.input, *([reading] if reading else [])]
        return [parameter for model in models for parameter in _query(model, self.path)]

    def _get_response_bodies(self, direction: Any = "response") -> Document:
        """Its own answers, and by reference the errors that it shares with all others."""
        errors = ALWAYS if self.method == "GET" else ALWAYS | WITH_BODY
        shared = {str(status): {"$ref": f"#/components/responses/Error{status}"} for status in errors}
        return dict(sorted((shared | super()._get_response_bodies(direction)).items()))

    def _get_request_body(self, direction: Any = "request") -> Document | None:
        """Our DELETE may say more than its address: who acts, and which character is meant."""
        self._is_delete = self.method == "DELETE"
        self.method = "POST" if self._is_delete else self.method
        try:
            body: Document | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
            return body
        finally:
            self.method = "DELETE" if self._is_delete else self.method
            self._is_delete = False


def with_errors(result: Document, **_: Any) -> Document:
    """Add the shared error answers to a document (a hook of drf-spectacular)."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = ERROR
    components["responses"] = {
        f"Error{status}": {"description": words, "content": content}
        for status, words in (ALWAYS | WITH_BODY).items()
    }
    return result


@cache
def document(app: str) -> Document:
    """The OpenAPI document of one app's addresses. Raises ValueError where the generator had to guess."""
    GENERATOR_STATS.reset()
    generator = SchemaGenerator(
        patterns=[path(prefix, include(urls)) for prefix, urls in ADDRESSES[app].items()]
    )
    made: Document = generator.get_schema(request=None, public=True)
    if GENERATOR_STATS:
        raise ValueError(f"The description of {app} is not complete; what is missing stands above.")
    return made


@extend_schema(exclude=True)
class ApiDocumentView(APIView):
    permission_classes = []

    def get(self, request: Request) -> Response:
        return Response(document("api"))


@extend_schema(exclude=True)
class BotDocumentView(BotView):
    def get(self, request: Request) -> Response:
        return Response(document("bot"))
