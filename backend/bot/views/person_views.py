"""What a person wants of the bot, and the letters that it brings them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act
from bot.facts import mapping
from bot.serializers import person as shapes
from bot.views.base import BotView
from discordauth.profile import set_preferences
from rod.retries import answer_once
from rules.errors import Invalid, NotAllowed
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


class PreferencesView(BotView):
    @extend_schema(request=shapes.PreferencesIn, responses=shapes.PreferencesOut)
    def post(self, request: Request) -> Response:
        """Sets what is named, and tells how all of it is then."""
        acting, document = act(request), mapping(request.data, "body")
        user = acting.user
        if user is None:
            raise NotAllowed("Nobody is acting.")
        wanted = {name: document[name] for name in user.preferences if document.get(name) is not None}

        def work() -> tuple[int, dict[str, Any]]:
            return 200, dict((set_preferences(user, wanted) if wanted else user).preferences)

        return answer_once(request, acting.scope, work)
