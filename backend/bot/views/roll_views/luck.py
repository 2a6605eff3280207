"""What fell against what was expected."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting, act, player
from bot.charts import luck_chart
from bot.serializers import roll as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body, text_mode
from bot.views.character_views.read import chosen
from bot.views.roll_views.common import Body
from discordauth.models import CustomUser
from rolls.period import period
from rolls.services.luck import NOBODY, Of, luck
from rules.errors import NotFound


class LuckView(BotView):
    @extend_schema(request=shapes.LuckIn, responses=shapes.ChartedLuckOut)
    def post(self, request: Request) -> Response:
        """Of a character, of a player, or of everyone in the chronicle; one's own without a name."""
        acting, document = act(request), body(request)
        found = luck(acting.principal, _of(acting, document))
        chart = luck_chart(found) if document.get("chart") is True else None
        return Response(found | {"chart": chart} | text_mode(acting))


def _of(acting: Acting, document: Body) -> Of:
    since, until = period(document.get("days"), document.get("since"), document.get("until"))
    if document.get("character"):
        # A player here is whose luck it is; a character is looked up as the acting person may.
        character, _ = chosen(acting, document)
        return Of(character=character, chronicle=acting.chronicle, since=since, until=until)
    whose = acting.user
    named = player(document["player"]) if document.get("player") else None
    if named is not None:
        whose = CustomUser.objects.filter(pk=named).first()
        if whose is None:
            raise NotFound(NOBODY)
    everyone = document.get("everyone") is True and acting.chronicle is not None
    return Of(player=None if everyone else whose, chronicle=acting.chronicle, since=since, until=until)
