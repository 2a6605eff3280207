"""What the views of the public API share: who asks, and through which door."""

from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from chronicle.principal import Principal
from haven.services import Change
from rod.retries import answer_once
from timeline.services import Cause


def principal_of(request: Request) -> Principal:
    return Principal.for_user(request.user)


def cause_of(request: Request) -> Cause:
    """A page sends a session cookie, any other client a token."""
    return Cause(actor=request.user, door="api" if request.auth else "web")


def answer(request: Request, work: Callable[[Principal, Cause], Change], status: int = 200) -> Response:
    """Does the change at most once for the request's key, and answers with it as this person may see it."""
    principal = principal_of(request)
    return answer_once(
        request,
        f"api:{request.user.pk}",
        lambda: (status, work(principal, cause_of(request)).answer(principal)),
    )
