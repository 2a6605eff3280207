"""A portrait from an attachment that somebody uploaded to Discord."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import text
from bot.serializers import character as shapes
from bot.views.base import BotView
from bot.views.character_views.common import answer, body, reference
from haven import services
from haven.portraits import fetch


class AvatarView(BotView):
    @extend_schema(request=shapes.AvatarIn, responses=shapes.ChangeOut)
    def put(self, request: Request) -> Response:
        """Fetches the picture before the transaction begins: no lock waits for a network."""
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        services.may_portray(acting.principal, meant)
        picture = fetch(text(document.get("url"), "url", 2000))
        return answer(
            request, acting, lambda: services.set_portrait(acting.principal, meant, picture, acting.cause)
        )
