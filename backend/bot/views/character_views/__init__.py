"""Characters in the bot API: the schema that commands are made of. What can be done with them is `haven.operations`."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.views.base import BotView
from contract.schema import Schema
from contract.translation import ENGLISH, speaking
from rolls.schema import schema


class SchemaView(BotView):
    @extend_schema(responses=Schema)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options.

        `ETag` is the hash; `If-None-Match` spares the body.
        """
        with speaking(ENGLISH):  # slash commands are made of it, and the process has the catalogue itself
            found = schema()
        tag = f'"{found["hash"]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(found, headers={"ETag": tag})
