"""The last error handlers: JSON below the API's prefixes, a friendly page everywhere else."""

import json
import sys

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse

from contract.translation import _
from discordauth.sessions import StalePage
from main.pages import SIGNED_OUT, by_script, error_page, held_form, refusal, with_headers
from main.resuming import is_own_form
from rod import errors
from rules.errors import Limit
from timeline.database_outage import is_outage


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("We couldn’t read this request."))


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "not_allowed", _("You may not do that."))


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token against cross-site requests (`CSRF_FAILURE_VIEW`)."""
    if by_script(request) and not request.user.is_authenticated:
        return refusal(request, 401, SIGNED_OUT, "not_signed_in")
    if not errors.is_api(request.path) and not by_script(request) and is_own_form(request):
        return held_form(request)
    return _answer(
        request, 403, StalePage.default_code, _(StalePage.default_detail), _("This page is out of date")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There’s no such page, or you can’t see it."))


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Render the outage page without any database query, not even for the user."""
    problem = errors.unavailable(error)
    if errors.is_api(request.path):
        return JsonResponse(problem.as_json(), status=problem.status, headers=errors.COME_BACK)
    request.user = AnonymousUser()
    page = error_page(request, problem.status, problem.detail)
    page["Retry-After"] = errors.COME_BACK["Retry-After"]
    return page


def limited(request: HttpRequest, error: Limit) -> HttpResponse:
    """Answer a limit that no page of ours reported, such as the admin's."""
    if errors.is_api(request.path):
        return JsonResponse(error.as_json(), status=error.status, headers=error.headers)
    return with_headers(error_page(request, error.status, error.detail), error)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    if error is not None and is_outage(error):
        return unavailable(request, error)
    answer = errors.server_error(request)
    if errors.is_api(request.path):
        return answer
    body = json.loads(answer.content)
    return error_page(request, 500, _("It wasn’t your fault, and nothing was changed."), body["reference"])


def _answer(request: HttpRequest, status: int, code: str, detail: str, title: str = "") -> HttpResponse:
    if errors.is_api(request.path):
        return JsonResponse({"code": code, "detail": detail}, status=status)
    return error_page(request, status, detail, title=title, code=code)
