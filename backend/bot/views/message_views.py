"""Messages in Discord that follow something here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import mapping, snowflake
from bot.serializers import message as shapes
from bot.views.base import BotView
from chronicle.principal import Principal
from conflicts.serializers import as_the_table_sees_it
from conflicts.services import common as conflicts
from rod.retries import answer_once
from rolls.services import requests
from rules.errors import Invalid
from timeline import message_links


@dataclass(frozen=True, slots=True)
class Followed:
    """How a thing is found by whom it concerns, with its chronicle, and what its message shows of it."""

    find: Callable[..., Any]
    as_the_table_sees_it: Callable[..., dict[str, Any]]


# What may have a message.
FOLLOWED = {
    "roll_request": Followed(requests.find, requests.as_the_table_sees_it),
    "conflict": Followed(
        lambda principal, pk: conflicts.find(principal, _uuid(pk)),
        lambda row: as_the_table_sees_it(row).model_dump(mode="json"),
    ),
}


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid.field("id", "An id is expected.") from None


class MessagesView(BotView):
    @extend_schema(request=shapes.MessageIn, responses=shapes.KeptOut)
    def put(self, request: Request) -> Response:
        """Says where the message of a thing stands: from now on the feed tells of each of its changes (`message`)."""
        acting, document = act(request), mapping(request.data, "body")
        followed = FOLLOWED.get(str(document.get("kind")))
        if followed is None:
            raise Invalid.field("kind", f"One of {', '.join(FOLLOWED)} is expected.")
        found = followed.find(acting.principal, document.get("id"))
        channel = snowflake(document.get("channel"), "channel")
        message = snowflake(document.get("message"), "message")

        def work() -> tuple[int, dict[str, object]]:
            kept = message_links.save(str(document["kind"]), found.pk, found.chronicle_id, channel, message)
            replaced = {"channel": kept.channel_id, "message": kept.message_id} if kept else None
            return 200, {"kept": True, "replaced": replaced}

        answer = answer_once(request, acting.scope, work)
        # Read after the commit: what changes later comes through the feed, so nothing falls in between.
        shows = followed.as_the_table_sees_it(followed.find(Principal.system(), found.pk))
        return Response(answer.data | {"shows": shows}, status=answer.status_code)

    @extend_schema(request=shapes.GoneIn, responses=shapes.MessageOut)
    def delete(self, request: Request) -> Response:
        """The message is gone from Discord."""
        document = mapping(request.data, "body")
        kind, message = str(document.get("kind")), snowflake(document.get("message"), "message")
        message_links.delete(kind, message)
        return Response({"kept": False})
