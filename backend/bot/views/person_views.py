"""What a person wants of the bot, and the letters that it brings them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.facts import mapping
from bot.serializers import person as shapes
from bot.views.base import BotView
from rod.retries import answer_once
from rules.errors import Invalid
from timeline import notifications


class ClaimNotificationView(BotView):
    @extend_schema(request=shapes.TakeIn, responses=shapes.TakeOut)
    def post(self, request: Request) -> Response:
        """Asked before a letter is sent: nobody else gets it from now on, and it is not offered again."""
        try:
            meant = UUID(str(mapping(request.data, "body").get("letter")))
        except ValueError:
            raise Invalid.field("letter", "An id is expected.") from None
        return answer_once(request, "bot:letters", lambda: (200, {"taken": notifications.claim(meant)}))
