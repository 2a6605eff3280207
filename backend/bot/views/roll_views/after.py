"""Buttons under a roll: dice rolled again, an outcome chosen, the roll revealed or struck."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.serializers import roll as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body
from bot.views.roll_views.common import answer
from rolls import services
from rolls.shapes import RollAnswerOut


class RerollView(BotView):
    @extend_schema(request=shapes.RerollIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """Rolls dice again, once, by a strategy or as picked."""
        acting, document = act(request), body(request)
        roll, strategy, dice = document.get("roll") or "", document.get("strategy"), document.get("dice")
        return answer(
            request,
            acting,
            lambda: services.reroll(acting.principal, roll, acting.cause, strategy=strategy, dice=dice),
            201,
        )


class ChooseView(BotView):
    @extend_schema(request=shapes.ChooseIn, responses=RollAnswerOut)
    def post(self, request: Request) -> Response:
        """Decides an open outcome, once."""
        acting, document = act(request), body(request)
        roll, choice = document.get("roll") or "", document.get("choice") or ""
        return answer(request, acting, lambda: services.choose(acting.principal, roll, choice, acting.cause))


class RevealView(BotView):
    @extend_schema(request=shapes.NamedRollIn, responses=RollAnswerOut)
    def post(self, request: Request) -> Response:
        """Makes a roll public."""
        acting, roll = act(request), body(request).get("roll") or ""
        return answer(request, acting, lambda: services.reveal(acting.principal, roll, acting.cause))


class StrikeView(BotView):
    @extend_schema(request=shapes.StrikeIn, responses=RollAnswerOut)
    def post(self, request: Request) -> Response:
        """Leaves a roll out of the statistics, with a reason; or takes that back."""
        acting, document = act(request), body(request)
        roll, reason, undo = (
            document.get("roll") or "",
            document.get("reason") or "",
            document.get("undo") or False,
        )
        return answer(
            request,
            acting,
            lambda: services.strike(acting.principal, roll, acting.cause, reason, undo),
        )
