"""What all views of the bot API share: the key, and no throttle (one process speaks for everyone)."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from bot.authentication import SCHEME, ApiKeyAuthentication


class BotView(APIView):
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = []
    throttle_classes = []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.status_code == 401:
            response["WWW-Authenticate"] = SCHEME
        return super().finalize_response(request, response, *args, **kwargs)
