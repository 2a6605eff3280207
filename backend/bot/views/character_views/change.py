"""New, changed, deleted, restored, undone."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act, look, player
from bot.facts import text
from bot.serializers import character as shapes
from bot.views.base import BotView
from bot.views.character_views.common import answer, body, reference, splats
from haven import selectors, services
from haven.serializers.operations import base_version, operations
from haven.services.reference import played_in
from rules.errors import Invalid

PAGE = 25
MAX_PAGE = 40


class CharactersView(BotView):
    @extend_schema(parameters=shapes.NAMES_QUERY, responses=shapes.NamesOut)
    def get(self, request: Request) -> Response:
        """Names for completion and lists: own ones, or a player's for a storyteller of the guild."""
        acting, query = look(request), request.query_params
        found = selectors.names(
            acting.principal,
            acting.server,
            owner_id=player(query["player"]) if query.get("player") else None,
            query=query.get("q", "")[:100],
            splats=splats(query.get("splat")),
            deleted=query.get("deleted") == "1",
            limit=PAGE * (MAX_PAGE + 1),
            here=played_in(acting.server.pk, acting.channel_id) if acting.server else None,
        )
        start = _page(query.get("page", "0")) * PAGE
        return Response({"results": found[start : start + PAGE], "total": len(found)})

    @extend_schema(request=shapes.CharacterIn, responses={201: shapes.ChangeOut})
    def post(self, request: Request) -> Response:
        """A new character in the guild's default chronicle, or in none from a direct message."""
        acting, document = act(request), body(request)
        wanted = operations(document.get("changes", []))
        return answer(
            request,
            acting,
            lambda: services.create(
                acting.principal,
                document.get("splat"),
                document.get("name"),
                wanted,
                acting.chronicle,
                acting.cause,
            ),
            status=201,
        )

    @extend_schema(request=shapes.ChangesIn, responses=shapes.ChangeOut)
    def patch(self, request: Request) -> Response:
        """Changes traits, each by `set`, `adjust`, `add`, `remove` or `text`."""
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        wanted, seen = operations(document.get("changes", [])), base_version(document.get("base_version"))
        return answer(
            request, acting, lambda: services.change(acting.principal, meant, wanted, acting.cause, seen)
        )

    @extend_schema(request=shapes.NamedCharacterIn, responses={200: shapes.ChangeOut})
    def delete(self, request: Request) -> Response:
        acting = act(request)
        meant = reference(acting, body(request))
        return answer(request, acting, lambda: services.delete(acting.principal, meant, acting.cause))


def _page(value: str) -> int:
    if not value.isdecimal() or len(value) > 9 or int(value) > MAX_PAGE:
        raise Invalid.field("page", f"Pages go from 0 to {MAX_PAGE}.")
    return int(value)


class RestoreView(BotView):
    @extend_schema(request=shapes.NamedCharacterIn, responses=shapes.ChangeOut)
    def post(self, request: Request) -> Response:
        """Brings a deleted character back."""
        acting = act(request)
        meant = reference(acting, body(request), deleted=True)
        return answer(request, acting, lambda: services.restore(acting.principal, meant, acting.cause))


class UndoView(BotView):
    @extend_schema(request=shapes.UndoIn, responses=shapes.ChangeOut)
    def post(self, request: Request) -> Response:
        """Takes back `event`, or the last change that can be."""
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        event = text(document.get("event"), "event", 40) or None
        return answer(request, acting, lambda: services.undo(acting.principal, meant, acting.cause, event))
