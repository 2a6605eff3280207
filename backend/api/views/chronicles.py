"""Chronicles and servers as their members see them. Strangers learn nothing, not even that they exist."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import chronicles as shapes
from api.views.base import body_of, cause_of, principal_of, user_of
from chronicle import selectors
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services import (
    change_chronicle,
    create_server,
    describe_server,
    server_info,
    set_edition,
    set_features,
    set_storyteller_channel,
    set_storyteller_roles,
    set_tracker,
    set_tracker_channel,
)
from chronicle.services.profile import PROFILE
from haven.counts import by_chronicle, chronicle_document
from rod.retries import answer_once
from rules.errors import Invalid, NotFound
from rules.text import clean_lines

MAX_PAGE = 100
CLEARED_BY_NULL = ("tracker_channel", "storyteller_channel")
NEW_SERVER = ("name", "description", "edition", "is_private")
SETTINGS: dict[str, Callable[..., Server]] = {
    "edition": set_edition,
    "tracker_channel": set_tracker_channel,
    "tracker": set_tracker,
    "storyteller_channel": set_storyteller_channel,
    "storyteller_roles": set_storyteller_roles,
    "features": set_features,
}


class ChroniclesView(APIView):
    @extend_schema(operation_id="chronicles_list", responses=shapes.ChroniclesOut)
    def get(self, request: Request) -> Response:
        """Chronicles of all servers that one is a member of."""
        return Response({"results": selectors.chronicles(principal_of(request))})


class ServersView(APIView):
    @extend_schema(request=shapes.NewServerIn, responses={201: shapes.ServerOut})
    def post(self, request: Request) -> Response:
        """A server without Discord behind it, with the same roles and default chronicle as any other."""
        document, user = body_of(request), user_of(request)
        unknown = {name: ["There is no such field."] for name in document if name not in NEW_SERVER}
        if unknown:
            raise Invalid("Some fields cannot be set.", fields=unknown)
        columns = {name: _column(name, document[name]) for name in NEW_SERVER[1:] if name in document}

        def work() -> tuple[int, dict[str, Any]]:
            made = create_server(user, document.get("name") or "", cause=cause_of(request), **columns)
            return 201, _server_document(made, principal_of(request))

        return answer_once(request, f"api:{user.pk}", work)


def _column(name: str, value: Any) -> Any:
    if name == "is_private":
        if not isinstance(value, bool):
            raise Invalid.field(name, "Yes or no is expected.")
        return value
    if not isinstance(value, str):
        raise Invalid.field(name, "Text is expected.")
    return clean_lines(value, 2000)


class ChronicleView(APIView):
    @extend_schema(responses=shapes.ChronicleDetail)
    def get(self, request: Request, chronicle_id: UUID) -> Response:
        who = principal_of(request)
        return Response(chronicle_document(_chronicle(who, chronicle_id), who))

    @extend_schema(request=shapes.ChronicleIn, responses=shapes.ChronicleDetail)
    def patch(self, request: Request, chronicle_id: UUID) -> Response:
        """Name, description, house rules (`rules`) and `tenets`, for storytellers and those who manage the server;
        `archived` and `default`, for those who lead.
        """
        who = principal_of(request)
        row = _chronicle(who, chronicle_id)

        def work() -> tuple[int, dict[str, Any]]:
            changed = change_chronicle(row, dict(body_of(request)), principal=who, cause=cause_of(request))
            return 200, chronicle_document(changed, who)

        return answer_once(request, f"api:{request.user.pk}", work)


class ChronicleMembersView(APIView):
    @extend_schema(parameters=[shapes.Page], responses=shapes.MembersOut)
    def get(self, request: Request, chronicle_id: UUID) -> Response:
        """Members with their roles, by when they joined; `after` is the last id of the page before."""
        row = _chronicle(principal_of(request), chronicle_id)
        query = request.query_params
        found = selectors.members(row.server_id, _after(query.get("after")), _limit(query.get("limit")))
        return Response({"results": found, "next": found[-1]["id"] if found else None})


class ServerView(APIView):
    @extend_schema(responses=shapes.ServerOut)
    def get(self, request: Request, server_id: UUID) -> Response:
        who = principal_of(request)
        return Response(_server_document(server_seen(who, server_id), who))

    @extend_schema(request=shapes.ServerIn, responses=shapes.ServerOut)
    def patch(self, request: Request, server_id: UUID) -> Response:
        """What it says of itself, edition, features, channels to tell, storytellers' roles (Discord's ids)."""
        who = principal_of(request)
        row = server_seen(who, server_id)

        def work() -> tuple[int, dict[str, Any]]:
            _change(row, request, who)
            return 200, _server_document(Server.objects.get(pk=row.pk), who)

        return answer_once(request, f"api:{request.user.pk}", work)


def _change(row: Server, request: Request, who: Principal) -> None:
    document = body_of(request)
    unknown = {name: ["There is no such field."] for name in document if name not in SETTINGS | PROFILE}
    if unknown:
        raise Invalid("Some fields cannot be changed.", fields=unknown)
    profile = {name: value for name, value in document.items() if name in PROFILE}
    if profile:
        describe_server(row, profile, principal=who, cause=cause_of(request))
    for name, value in document.items():
        if name in SETTINGS:
            SETTINGS[name](row, _setting(name, value), principal=who, cause=cause_of(request))
    who.forget(row.pk)


def _setting(name: str, value: Any) -> Any:
    if name == "storyteller_roles":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Invalid.field(name, "A list of role ids is expected.")
    elif name in ("tracker", "features"):
        return value
    elif not isinstance(value, str) and not (name in CLEARED_BY_NULL and value is None):
        raise Invalid.field(name, "Text is expected.")
    return value


def _chronicle(who: Principal, chronicle_id: UUID) -> Chronicle:
    row = Chronicle.objects.select_related("server").filter(pk=chronicle_id).first()
    if row is None:
        raise NotFound("There is no such chronicle.")
    can(who, "chronicle.view", row).require()
    return row


def server_seen(who: Principal, server_id: UUID) -> Server:
    row = Server.objects.filter(pk=server_id).first()
    if row is None:
        raise NotFound("There is no such server.")
    can(who, "server.view", row).require()
    return row


def _server_document(row: Server, who: Principal) -> dict[str, Any]:
    return server_info(row, who, by_chronicle(row.id))


def _after(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.field("after", "An id is expected.") from None


def _limit(text: str | None) -> int:
    if text is None:
        return MAX_PAGE
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= MAX_PAGE:
        raise Invalid.field("limit", f"A number from 1 to {MAX_PAGE} is expected.")
    return int(text)
