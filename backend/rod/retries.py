"""Safe retries over HTTP: a request with the same `Idempotency-Key` gets the first answer again."""

import re
from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from rules.errors import Invalid
from timeline.services import once

HEADER = "Idempotency-Key"
MAX_KEY = 100
VISIBLE = re.compile(r"[\x21-\x7e]*", re.ASCII)


def answer_once(request: Request, scope: str, work: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    """Run `work` in one transaction; `scope` is the caller, so that keys of two callers never collide."""
    key = request.headers.get(HEADER, "")
    if len(key) > MAX_KEY:
        raise Invalid.field(HEADER, f"At most {MAX_KEY} characters.")
    if not VISIBLE.fullmatch(key):
        raise Invalid.field(HEADER, "Letters, digits and signs of ASCII, without blanks.")
    asked = [request.method, request.path_info, request.data]
    status, body = once(scope, key, asked, work)
    return Response(body, status=status)
