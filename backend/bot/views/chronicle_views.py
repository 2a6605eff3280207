"""Moving a character into another chronicle."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import mapping
from bot.serializers import chronicle as shapes
from bot.views.base import BotView
from bot.views.character_views.common import answer, reference
from chronicle.call import Call
from haven import services as haven
from haven.serializers.shapes import ChangeOut


class MoveView(BotView):
    @extend_schema(request=shapes.MoveIn, responses=ChangeOut)
    def post(self, request: Request) -> Response:
        """A character into another chronicle of the server, with its sheet and its history."""
        acting, document = act(request), mapping(request.data, "body")
        call = Call(acting.principal, acting.cause, acting.server, acting.member, acting.channel_id)
        named = document.get("chronicle")
        place = call.chronicle_named(named if isinstance(named, str) else None)
        meant = reference(acting, document)
        return answer(request, acting, lambda: haven.move(acting.principal, meant, place, acting.cause))
