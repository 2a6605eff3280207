"""A storyteller asks players for a roll."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import optional, snowflake
from bot.serializers import roll as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body, text_mode
from bot.views.roll_views.common import Body, answer_json, ask_of
from discordauth.models import CustomUser
from rolls.services import requests
from rolls.services.requests import Wanted
from rolls.shapes import RequestOut, RollAnswerOut
from rules.errors import Invalid


class RequestsView(BotView):
    @extend_schema(request=shapes.RequestIn, responses={201: RequestOut})
    def post(self, request: Request) -> Response:
        """Asks named players of the server, until a deadline."""
        acting, document = act(request), body(request)
        wanted = _wanted(document)
        who = acting.principal
        return answer_json(
            request,
            acting,
            lambda: {
                "request": requests.as_json(requests.ask(who, acting.chronicle, wanted, acting.cause), who)
            },
            201,
        )


def _wanted(document: Body) -> Wanted:
    return Wanted(
        players=_players(document.get("players")),
        pool=document.get("pool"),
        system=document.get("system") or None,
        options=optional(document.get("options"), "options"),
        text=document.get("text") or "",
        hide_difficulty=document.get("hide_difficulty") or False,
        minutes=60 if document.get("minutes") is None else document["minutes"],
    )


def _players(value: object) -> list[CustomUser]:
    if not isinstance(value, list) or not 1 <= len(value) <= requests.MAX_PLAYERS:
        raise Invalid.field("players", f"Name 1 to {requests.MAX_PLAYERS} players.")
    wanted = {snowflake(one, "players") for one in value}
    found = list(CustomUser.objects.filter(discord_id__in=wanted))
    if len(found) < len(wanted):
        raise Invalid.field("players", "One of these people has never been here.")
    return found


class LookRequestView(BotView):
    @extend_schema(request=shapes.NamedRequestIn, responses=RequestOut)
    def post(self, request: Request) -> Response:
        """The summary so far."""
        acting = act(request)
        found = requests.find(acting.principal, body(request).get("request") or "")
        return Response({"request": requests.as_json(found, acting.principal)} | text_mode(acting))


class AnswerRequestView(BotView):
    @extend_schema(request=shapes.AnswerIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """Rolls what was asked for, once."""
        acting, document = act(request), body(request)
        asked, who = ask_of(acting, document), acting.principal

        def work() -> dict[str, object]:
            made, row = requests.answer(who, document.get("request") or "", asked, acting.cause)
            return made.answer(who) | {"request": requests.as_json(row, who)}

        return answer_json(request, acting, work, 201)


class CloseRequestView(BotView):
    @extend_schema(request=shapes.NamedRequestIn, responses=RequestOut)
    def post(self, request: Request) -> Response:
        """No more answers."""
        acting, meant = act(request), body(request).get("request") or ""
        who = acting.principal
        return answer_json(
            request,
            acting,
            lambda: {"request": requests.as_json(requests.close(who, meant, acting.cause), who)},
        )
