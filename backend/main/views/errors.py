"""The last handlers: JSON below the API's prefixes, a friendly page everywhere else."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse

from main.pages import error_page
from rod import errors


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", "This request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "not_allowed", "You may not do that.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found", "There is no such page, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    answer = errors.server_error(request)
    if errors.is_api(request.path):
        return answer
    body = json.loads(answer.content)
    return error_page(request, 500, "It was not your fault, and nothing was changed.", body["reference"])


def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if errors.is_api(request.path):
        return JsonResponse({"code": code, "detail": detail}, status=status)
    return error_page(request, status, detail)
