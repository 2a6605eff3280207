"""The schema of all character types, and the character that a body means."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting
from bot.views.base import BotView
from bot.views.character_views.common import reference
from contract.schema import Schema
from haven import selectors
from haven.models import Character
from haven.services.reference import find
from rolls.schema import schema


def chosen(acting: Acting, document: Any) -> tuple[Character, str]:
    """The character that is meant, if this person may see it, and how it was chosen."""
    found = find(acting.principal, reference(acting, document))
    return selectors.get(acting.principal, found.id), found.chosen


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
