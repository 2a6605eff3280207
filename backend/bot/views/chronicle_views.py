"""Chronicles, who tells them, roles, and why somebody may: what `/chronicle` and `/server` ask."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting, act, act_in
from bot.facts import mapping, snowflake
from bot.serializers import chronicle as shapes
from bot.views.base import BotView
from bot.views.character_views.common import answer, reference
from chronicle import selectors, services
from chronicle.models import Chronicle, Server
from chronicle.permission_check import explain_permission
from chronicle.rights import can
from discordauth.models import CustomUser
from haven import services as haven
from haven.counts import chronicle_document
from haven.serializers.shapes import ChangeOut
from haven.services import Reference
from haven.services.reference import find
from rod.retries import answer_once
from rolls import questions
from rules.errors import Conflict, Invalid, NotFound
from rules.text import clean

Document = dict[str, Any]


def _here(acting: Acting) -> Server:
    if acting.server is None:
        raise Invalid.field("guild", "This works in a server only.")
    return acting.server


def _meant(acting: Acting, text: Any) -> Chronicle:
    """By id or name; where none is named, what is played in this channel."""
    server, name = _here(acting), clean(text, 100) if isinstance(text, str) else ""
    if not name and acting.chronicle is not None:
        return acting.chronicle
    rows = Chronicle.objects.filter(server=server)
    found = list(_named(rows, name)[:2])
    if not found or not can(acting.principal, "chronicle.view", found[0]):
        raise NotFound(f"There is no chronicle called “{name[:50]}” here.")
    if len(found) > 1:
        raise Conflict("More than one chronicle has this name. Choose it from the list.", code="ambiguous")
    found[0].server = server
    return found[0]


def _named(rows: QuerySet[Chronicle], text: str) -> QuerySet[Chronicle]:
    try:
        return rows.filter(pk=UUID(text))
    except ValueError:
        return rows.filter(name__iexact=text)


def _person(document: Document, name: str = "user") -> CustomUser:
    found = CustomUser.objects.filter(discord_id=snowflake(document.get(name), name)).first()
    if found is None:
        raise NotFound("This person has never been here.")
    return found


class _ChronicleView(BotView):
    def done(self, request: Request, work: Any, status: int = 200) -> Response:
        """Does `work(acting, chronicle, document, who)` once, and answers with the chronicle as it is then."""
        acting, document = act(request), dict(mapping(request.data, "body"))
        row = _meant(acting, document.get("chronicle"))
        who = {"principal": acting.principal, "cause": acting.cause}

        def once() -> tuple[int, Document]:
            work(acting, row, document, who)
            acting.principal.forget(row.server_id)
            fresh = Chronicle.objects.select_related("server").get(pk=row.pk)
            return status, {"chronicle": chronicle_document(fresh, acting.principal)}

        return answer_once(request, acting.scope, once)


class ChroniclesView(_ChronicleView):
    @extend_schema(request=shapes.NewChronicleIn, responses={201: shapes.ChronicleAnswer})
    def post(self, request: Request) -> Response:
        """Begins a chronicle in the server; who begins it tells it."""
        acting, document = act(request), mapping(request.data, "body")

        def work() -> tuple[int, Document]:
            made = services.create_chronicle(
                _here(acting),
                document.get("name"),
                description=document.get("description") or "",
                principal=acting.principal,
                cause=acting.cause,
            )
            fresh = Chronicle.objects.select_related("server").get(pk=made.pk)
            return 201, {"chronicle": chronicle_document(fresh, acting.principal)}

        return answer_once(request, acting.scope, work)

    @extend_schema(request=shapes.ChronicleChangeIn, responses=shapes.ChronicleAnswer)
    def patch(self, request: Request) -> Response:
        """Name, description, house rules, tenets; archived or brought back; where newcomers play."""
        names = ("name", "description", "rules", "tenets", "archived", "default")

        def work(acting: Acting, row: Chronicle, document: Document, who: Any) -> None:
            wanted = dict(mapping(document.get("changes"), "changes"))
            unknown = {name: ["There is no such field."] for name in wanted if name not in names}
            if unknown:
                raise Invalid("Some fields cannot be changed.", fields=unknown)
            services.change_chronicle(row, wanted, **who)

        return self.done(request, work)


class ChronicleListView(BotView):
    @extend_schema(request=shapes.ListIn, responses=shapes.ChroniclesOut)
    def post(self, request: Request) -> Response:
        """The chronicles of the server, the archived ones too where they are asked for."""
        acting, document = act(request), mapping(request.data, "body")
        server = _here(acting)
        can(acting.principal, "server.view", server).require()
        rows = Chronicle.objects.filter(server=server).select_related("server").order_by("name", "id")
        if document.get("archived") is not True:
            rows = rows.filter(archived_at=None)
        found = [
            selectors.brief(row, acting.principal) | {"archived": bool(row.archived_at)} for row in rows[:100]
        ]
        return Response({"results": found, "here": str(acting.chronicle.pk) if acting.chronicle else None})


class LookChronicleView(_ChronicleView):
    @extend_schema(request=shapes.NamedChronicleIn, responses=shapes.ChronicleAnswer)
    def post(self, request: Request) -> Response:
        acting = act(request)
        row = _meant(acting, mapping(request.data, "body").get("chronicle"))
        return Response({"chronicle": chronicle_document(row, acting.principal)})


class PeopleView(_ChronicleView):
    @extend_schema(request=shapes.NarratorIn, responses=shapes.ChronicleAnswer)
    def put(self, request: Request) -> Response:
        """Makes a member storyteller, co-storyteller or observer; `role` null: none of these."""

        def work(acting: Acting, row: Chronicle, document: Document, who: Any) -> None:
            services.set_chronicle_role(row, _person(document).pk, document.get("role"), **who)

        return self.done(request, work)


class HandOverView(_ChronicleView):
    @extend_schema(request=shapes.HandOverIn, responses=shapes.ChronicleAnswer)
    def post(self, request: Request) -> Response:
        """Another member leads from now on; who led helps."""

        def work(acting: Acting, row: Chronicle, document: Document, who: Any) -> None:
            services.hand_over(row, _person(document), **who)

        return self.done(request, work)


class LayDownView(_ChronicleView):
    @extend_schema(request=shapes.NamedChronicleIn, responses=shapes.ChronicleAnswer)
    def post(self, request: Request) -> Response:
        """One tells, helps or looks on here no longer."""
        return self.done(request, lambda acting, row, document, who: services.step_down(row, **who))


class BindView(_ChronicleView):
    @extend_schema(request=shapes.BindIn, responses=shapes.ChronicleAnswer)
    def put(self, request: Request) -> Response:
        """Commands in the channel mean this chronicle; with `bound` false, the default one again."""

        def work(acting: Acting, row: Chronicle, document: Document, who: Any) -> None:
            channel = snowflake(document.get("channel"), "channel")
            bound = None if document.get("bound") is False else row
            services.bind_channel(_here(acting), channel, bound, **who)

        return self.done(request, work)


class MoveView(BotView):
    @extend_schema(request=shapes.MoveIn, responses=ChangeOut)
    def post(self, request: Request) -> Response:
        """A character into another chronicle of the server, with its sheet and its history."""
        acting, document = act(request), mapping(request.data, "body")
        place = _meant(acting, document.get("chronicle"))
        meant = reference(acting, document)
        return answer(request, acting, lambda: haven.move(acting.principal, meant, place, acting.cause))


class _ServerView(BotView):
    def done(self, request: Request, guild_id: str, work: Any) -> Response:
        acting, server = act_in(request, guild_id)
        document = dict(mapping(request.data, "body"))
        who = {"principal": acting.principal, "cause": acting.cause}

        def once() -> tuple[int, Document]:
            work(server, document, who)
            return 200, {"results": selectors.roles(server)}

        return answer_once(request, acting.scope, once)


class RolesView(_ServerView):
    @extend_schema(request=shapes.OwnRoleIn, responses=shapes.RolesOut)
    def post(self, request: Request, guild_id: str) -> Response:
        """Makes an own role of `values`, below one's own highest."""
        return self.done(
            request,
            guild_id,
            lambda server, document, who: services.create_role(
                server, mapping(document.get("values"), "values"), **who
            ),
        )

    @extend_schema(request=shapes.OwnRoleIn, responses=shapes.RolesOut)
    def patch(self, request: Request, guild_id: str) -> Response:
        """Changes `role` to `values`."""

        def work(server: Server, document: Document, who: Any) -> None:
            role = services.get_role(server, document.get("role"))
            services.update_role(role, mapping(document.get("values"), "values"), **who)

        return self.done(request, guild_id, work)

    @extend_schema(request=shapes.NamedRoleIn, responses=shapes.RolesOut)
    def delete(self, request: Request, guild_id: str) -> Response:
        def work(server: Server, document: Document, who: Any) -> None:
            services.delete_role(services.get_role(server, document.get("role")), **who)

        return self.done(request, guild_id, work)


class RoleListView(BotView):
    @extend_schema(request=shapes.ListIn, responses=shapes.RolesOut)
    def post(self, request: Request, guild_id: str) -> Response:
        """The roles of the server, the highest first."""
        acting, server = act_in(request, guild_id)
        can(acting.principal, "server.view", server).require()
        return Response({"results": selectors.roles(server)})


class HoldersView(_ServerView):
    @extend_schema(request=shapes.HoldIn, responses=shapes.RolesOut)
    def put(self, request: Request, guild_id: str) -> Response:
        """Gives `role` to `user` (`held`), or takes it."""

        def work(server: Server, document: Document, who: Any) -> None:
            role, held = services.get_role(server, document.get("role")), document.get("held") is not False
            services.hold_role(role, _person(document).pk, held, **who)

        return self.done(request, guild_id, work)


class WhyView(BotView):
    @extend_schema(request=shapes.WhyIn, responses=shapes.WhyOut)
    def post(self, request: Request, guild_id: str) -> Response:
        """Why `user` may do `action` here, or may not; about the character, channel, role or roll that is named."""
        acting, server = act_in(request, guild_id)
        document = mapping(request.data, "body")
        user, action = _person(dict(document)), str(document.get("action") or "")
        place: Server | Chronicle = server
        if acting.chronicle is not None:
            place = _meant(acting, document.get("chronicle"))
        named = {name: document.get(name) for name in questions.NAMED}
        if named["character"]:
            meant = Reference(
                str(document["character"]),
                server,
                user.pk if user.pk != acting.principal.id else None,
                channel_id=acting.channel_id,
            )
            named["character"] = find(acting.principal, meant).id
        thing = questions.thing_of(acting.principal, server, action, named)
        return Response(
            explain_permission(acting.principal, questions.place_of(thing, place), user.pk, action, thing)
        )
