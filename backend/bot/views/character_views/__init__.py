"""Characters in the bot API: the schema that commands are made of, and the addresses of what can be done with them."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.views.base import BotView, on, routes
from contract import endpoints
from contract.schema import Schema
from haven import operations as characters
from rolls.schema import schema


class SchemaView(BotView):
    @extend_schema(responses=Schema)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options.

        `ETag` is the hash; `If-None-Match` spares the body.
        """
        found = schema()
        tag = f'"{found["hash"]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(found, headers={"ETag": tag})


CHARACTERS = routes(
    on(endpoints.CREATE_CHARACTER, characters.CREATE.card),
    on(endpoints.LIST_NAMES, characters.NAMES),
    on(endpoints.CHANGE_CHARACTER, characters.CHANGE.card),
    on(endpoints.DELETE_CHARACTER, characters.DELETE.card),
    on(endpoints.GET_CHARACTER, characters.CARD),
    on(endpoints.SET_PORTRAIT, characters.SET_PORTRAIT.card),
    on(endpoints.RESTORE_CHARACTER, characters.RESTORE.card),
    on(endpoints.UNDO_CHANGE, characters.UNDO.card),
    on(endpoints.MOVE_CHARACTER, characters.MOVE.card),
    on(endpoints.LIST_HISTORY, characters.HISTORY),
    on(endpoints.SET_DEFAULT, characters.DEFAULT),
    on(endpoints.LIST_TRAITS, characters.TRAITS),
    on(endpoints.LIST_ENTRIES, characters.ENTRIES),
)
