"""What all views of the bot API share: the key, no throttle (one process speaks for everyone), safe retries."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bot.authentication import SCHEME, ApiKeyAuthentication
from rules.errors import Invalid
from timeline.services import once

KEY_HEADER = "Idempotency-Key"
MAX_KEY = 100


class BotView(APIView):
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = []
    throttle_classes = []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.status_code == 401:
            response["WWW-Authenticate"] = SCHEME
        return super().finalize_response(request, response, *args, **kwargs)


def answer_once(request: Request, scope: str, work: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    """Does `work` in one transaction; a retry with the same `Idempotency-Key` gets the first answer again."""
    key = request.headers.get(KEY_HEADER, "")
    if len(key) > MAX_KEY:
        raise Invalid.field(KEY_HEADER, f"At most {MAX_KEY} characters.")
    asked = [request.method, request.path_info, request.data]
    status, body = once(scope, key, asked, work)
    return Response(body, status=status)
