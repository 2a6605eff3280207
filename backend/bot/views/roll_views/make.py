"""Rolling: pools, checks, odds, and completion of pools."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act, look
from bot.charts import odds_chart
from bot.facts import text
from bot.serializers import roll as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body, text_mode
from bot.views.character_views.read import chosen
from bot.views.roll_views.common import answer, ask_of
from rolls import selectors, services
from rolls.shapes import CompletionsOut, RollAnswerOut
from rules.errors import GameError


class RollsView(BotView):
    @extend_schema(request=shapes.RollIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """Rolls a pool, stores it, and applies what follows for the character."""
        acting = act(request)
        asked = ask_of(acting, body(request))
        return answer(request, acting, lambda: services.roll(acting.principal, asked, acting.cause), 201)


class CheckView(BotView):
    @extend_schema(request=shapes.CheckIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """A check: its dice, what it changes, and what may follow."""
        acting, document = act(request), body(request)
        asked, slug = ask_of(acting, document), text(document.get("check"), "check", 30)
        offered_by = document.get("roll")
        return answer(
            request,
            acting,
            lambda: services.check(acting.principal, slug, asked, acting.cause, offered_by),
            201,
        )


class OddsView(BotView):
    @extend_schema(request=shapes.OddsIn, responses=shapes.ChartedOddsOut)
    def post(self, request: Request) -> Response:
        """Exactly what such a roll would do; nothing is rolled."""
        acting, document = act(request), body(request)
        found = services.odds(acting.principal, ask_of(acting, document))
        chart = odds_chart(found) if document.get("chart") is True else None
        return Response(found | {"chart": chart} | text_mode(acting))


class RollView(BotView):
    @extend_schema(request=shapes.LookRollIn, responses=RollAnswerOut)
    def post(self, request: Request) -> Response:
        """A roll as it is now, with what may still be done with it; of picked `dice`, what they would do."""
        acting, document = act(request), body(request)
        found = selectors.get(acting.principal, document.get("roll") or "")
        shown = services.Answer(found, picked=document.get("dice"))
        return Response(shown.answer(acting.principal) | text_mode(acting))


class PoolView(BotView):
    @extend_schema(parameters=shapes.POOL_QUERY, responses=CompletionsOut)
    def get(self, request: Request) -> Response:
        """A half-written pool with its last part completed; of nobody's, numbers alone."""
        acting, query = look(request), request.query_params
        try:
            character, _ = chosen(acting, {**query.dict(), "character": query.get("character") or None})
        except GameError:  # completion never complains
            character = None
        return Response({"results": selectors.completions(acting.principal, character, query.get("q", ""))})
