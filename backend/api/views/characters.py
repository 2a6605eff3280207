"""Characters for pages and clients: the same services as the slash commands, through another door."""

from collections.abc import Mapping
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import characters as shapes
from api.views.base import answer, body_of, chronicle, chronicle_of, number, principal_of, uuid
from haven import selectors, services
from haven.selectors import Filters
from haven.serializers.operations import base_version, operations
from haven.services import Reference
from rolls.schema import schema


class CharactersView(APIView):
    @extend_schema(operation_id="characters_list", parameters=shapes.FILTERS, responses=shapes.CharactersOut)
    def get(self, request: Request) -> Response:
        """Own characters, then those of chronicles where one is storyteller; brief."""
        found = selectors.dashboard(principal_of(request), _filters(request.query_params))
        return Response({"results": found})

    @extend_schema(request=shapes.CharacterIn, responses={201: shapes.ChangeOut})
    def post(self, request: Request) -> Response:
        """A new character; `chronicle` is an id, or null for none yet."""
        document = body_of(request)
        wanted, splat, name = (
            operations(document.get("changes", [])),
            document.get("splat"),
            document.get("name"),
        )
        return answer(
            request,
            lambda who, cause: services.create(
                who, splat, name, wanted, chronicle_of(who, document.get("chronicle")), cause
            ),
            status=201,
        )


def _filters(query: Mapping[str, str]) -> Filters:
    return Filters(
        chronicle=uuid(query["chronicle"], "chronicle") if query.get("chronicle") else None,
        splat=query.get("splat"),
        status=query.get("status"),
        search=query.get("search", ""),
        own_only=query.get("own") == "1",
        deleted=query.get("deleted") == "1",
    )


class CharacterView(APIView):
    @extend_schema(responses=shapes.CharacterOut)
    def get(self, request: Request, character_id: UUID) -> Response:
        """The full character, with the fields that the reader may see."""
        return Response(selectors.character_for(principal_of(request), character_id))

    @extend_schema(request=shapes.ChangesIn, responses=shapes.ChangeOut)
    def patch(self, request: Request, character_id: UUID) -> Response:
        """Changes the sent traits, no others. With `base_version`, a trait that moved meanwhile is a conflict."""
        document = body_of(request)
        wanted, seen = operations(document.get("changes")), base_version(document.get("base_version"))
        meant = Reference(str(character_id))
        return answer(request, lambda who, cause: services.change(who, meant, wanted, cause, seen))

    @extend_schema(request=None, responses={200: shapes.ChangeOut})
    def delete(self, request: Request, character_id: UUID) -> Response:
        """Takes it out of every list; `restore` brings it back."""
        meant = Reference(str(character_id))
        return answer(request, lambda who, cause: services.delete(who, meant, cause))


class RestoreView(APIView):
    @extend_schema(request=None, responses=shapes.ChangeOut)
    def post(self, request: Request, character_id: UUID) -> Response:
        meant = Reference(str(character_id), deleted=True)
        return answer(request, lambda who, cause: services.restore(who, meant, cause))


class UndoView(APIView):
    @extend_schema(request=shapes.UndoIn, responses=shapes.ChangeOut)
    def post(self, request: Request, character_id: UUID) -> Response:
        """Takes back `event`, or the last change that can be."""
        event, meant = body_of(request).get("event"), Reference(str(character_id))
        return answer(request, lambda who, cause: services.undo(who, meant, cause, event))


class MoveView(APIView):
    @extend_schema(request=shapes.MoveIn, responses=shapes.ChangeOut)
    def post(self, request: Request, character_id: UUID) -> Response:
        """Into another chronicle, with its sheet and its history."""
        meant, place = Reference(str(character_id)), body_of(request).get("chronicle")
        return answer(request, lambda who, cause: services.move(who, meant, chronicle(who, place), cause))


class VisibilityView(APIView):
    @extend_schema(request=shapes.VisibilityIn, responses=shapes.ChangeOut)
    def put(self, request: Request, character_id: UUID) -> Response:
        """Who may see a trait of this character: public, table, private or secret."""
        document, meant = body_of(request), Reference(str(character_id))
        slug, level = str(document.get("trait", "")), document.get("level")
        return answer(request, lambda who, cause: services.show(who, meant, slug, level, cause))


class HistoryView(APIView):
    @extend_schema(parameters=shapes.HISTORY_QUERY, responses=shapes.HistoryOut)
    def get(self, request: Request, character_id: UUID) -> Response:
        """Newest first; `before` is the version of the oldest event of the page before."""
        query = request.query_params
        before, limit = number(query.get("before"), "before"), number(query.get("limit"), "limit")
        found = selectors.history(principal_of(request), character_id, before, limit or 25)
        return Response({"events": found})


class SchemaView(APIView):
    permission_classes = []

    @extend_schema(responses=shapes.SchemaOut)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options; open to anyone."""
        return Response(schema())
