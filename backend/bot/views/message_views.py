"""Messages in Discord that follow something here."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import mapping, snowflake
from bot.serializers import message as shapes
from bot.views.base import BotView
from conflicts.services import common as conflicts
from rod.retries import answer_once
from rolls.services import requests
from rules.errors import Invalid
from timeline import posted

# What may have a message: how it is found by whom it concerns, with its chronicle.
FOLLOWED: dict[str, Callable[..., Any]] = {"roll_request": requests.find, "conflict": conflicts.find}


class MessagesView(BotView):
    @extend_schema(request=shapes.MessageIn, responses=shapes.MessageOut)
    def put(self, request: Request) -> Response:
        """Says where the message of a thing stands: from now on the feed tells of each of its changes (`message`)."""
        acting, document = act(request), mapping(request.data, "body")
        find = FOLLOWED.get(str(document.get("kind")))
        if find is None:
            raise Invalid.field("kind", f"One of {', '.join(FOLLOWED)} is expected.")
        found = find(acting.principal, document.get("id"))
        channel = snowflake(document.get("channel"), "channel")
        message = snowflake(document.get("message"), "message")

        def work() -> tuple[int, dict[str, object]]:
            posted.keep(str(document["kind"]), found.pk, found.chronicle_id, channel, message)
            return 200, {"kept": True}

        return answer_once(request, acting.scope, work)

    @extend_schema(request=shapes.GoneIn, responses=shapes.MessageOut)
    def delete(self, request: Request) -> Response:
        """The message is gone from Discord."""
        document = mapping(request.data, "body")
        kind, message = str(document.get("kind")), snowflake(document.get("message"), "message")
        posted.forget_message(kind, message)
        return Response({"kept": False})
