"""Map `rules.errors` to REST: every error body is `{"code", "detail", …}` with a sentence fit for a player."""

import logging
import uuid

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from contract.translation import N_, _
from discordauth.sessions import StalePage
from monitoring import metrics
from rules.errors import GameError, Unavailable
from timeline.database_outage import is_full, is_outage
from timeline.limits import try_again

log = logging.getLogger(__name__)
outages = logging.getLogger(f"{__name__}.outage")

SENTENCES = {
    StalePage: (StalePage.default_code, StalePage.default_detail),
    exceptions.NotAuthenticated: ("not_signed_in", N_("Please sign in first.")),
    exceptions.AuthenticationFailed: ("bad_credentials", N_("These credentials aren’t valid.")),
    exceptions.PermissionDenied: ("not_allowed", N_("You may not do that.")),
    exceptions.MethodNotAllowed: ("method_not_allowed", N_("This address doesn’t take that method.")),
    exceptions.UnsupportedMediaType: (
        "unsupported_media_type",
        N_("Send JSON (Content-Type: application/json)."),
    ),
    exceptions.NotAcceptable: ("not_acceptable", N_("Only JSON is served here.")),
}


NO_ANSWER = N_("The database isn’t answering. Nothing was changed: please try again in a moment.")
NO_ROOM = N_(
    "There’s no room left to save anything. Nothing was changed: please tell the people who run this."
)
COME_BACK = {"Retry-After": "2"}


def answer(error: Exception, context: dict[str, object]) -> Response | None:
    """DRF's exception handler. Returns None for an unexpected error, which the outermost handler takes."""
    if isinstance(error, Unavailable):
        return Response(error.as_json(), status=error.status, headers=COME_BACK)
    if isinstance(error, GameError):
        return Response(error.as_json(), status=error.status, headers=error.headers)
    if is_outage(error):
        return answer(unavailable(error), context)
    if isinstance(error, Http404):
        return Response({"code": "not_found", "detail": _("There’s nothing here.")}, status=404)
    if isinstance(error, PermissionDenied):
        return Response({"code": "not_allowed", "detail": _("You may not do that.")}, status=403)
    if isinstance(error, RequestDataTooBig):
        return too_large()
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    return None


def unavailable(error: BaseException) -> Unavailable:
    """Answer 503 without a reference: an outage is no defect. The log says so once a minute (`rod.logs`)."""
    full = is_full(error)
    trouble = "the database has no room left" if full else "the database does not answer"
    outages.warning(f"{trouble}: %s: %s", type(error).__name__, error)
    return Unavailable(_(NO_ROOM) if full else _(NO_ANSWER))


def too_large() -> Response:
    return Response({"code": "too_large", "detail": _("That’s too much at once.")}, status=413)


def _from_framework(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        body: dict[str, object] = {
            "code": "invalid",
            "detail": _("Some values aren’t right."),
            "fields": error.detail,
        }
        return Response(body, status=400)
    if isinstance(error, exceptions.ParseError):
        return Response({"code": "malformed", "detail": str(error.detail)}, status=400)
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 1)
        many = _("Too many requests.")
        body = {"code": "throttled", "detail": f"{many} {try_again(wait)}", "retry_after": wait}
        return Response(body, status=429, headers={"Retry-After": str(wait)})
    known = (pair for kind, pair in SENTENCES.items() if isinstance(error, kind))
    code, detail = next(known, ("error", str(error.detail)))
    return Response({"code": code, "detail": _(detail)}, status=error.status_code)


API_PREFIXES = ("/api/", "/bot/", "/campaigns/", "/chat/", "/healthz", "/patreon/", "/readyz", "/version")


def is_api(path: str) -> bool:
    return path.startswith(API_PREFIXES)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer 500 with a reference to look for in the log, and nothing internal."""
    reference = uuid.uuid4().hex[:8]
    metrics.ERRORS.add()
    log.error(
        "unexpected error on %s, reference %s",
        request.path,
        reference,
        exc_info=True,
        extra={"reference": reference},
    )
    detail = _(
        "Something went wrong on our side. Nothing was changed. Reference: {reference}", reference=reference
    )
    return JsonResponse({"code": "server_error", "detail": detail, "reference": reference}, status=500)
