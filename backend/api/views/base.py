"""What the views of the public API share: who asks, and through which door."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from chronicle import rights
from chronicle.call import Call
from chronicle.door import AnyOperation, OperationView
from chronicle.models import Chronicle
from chronicle.principal import Principal
from discordauth.models import CustomUser
from rod.retries import answer_once
from rules.errors import Invalid, NotFound
from timeline.services import Cause


class RestView(OperationView):
    """One address of the public API: a session or a token says who calls."""

    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        return Call(principal_of(request), cause_of(request))

    def player_of(self, text: str) -> UUID:
        return uuid(text, "player")

    def scope_of(self, call: Call) -> str:
        return f"api:{call.principal.id}"


def at(
    view_class: type[RestView] = RestView, /, **operations: AnyOperation
) -> Callable[..., HttpResponseBase]:
    """The view of an address: HTTP method → operation."""
    view: Callable[..., HttpResponseBase] = view_class.as_view(
        {method.lower(): "run" for method in operations}, operations=operations
    )
    return view


def user_of(request: Request) -> CustomUser:
    """Whoever is signed in; permission classes have seen to it that somebody is."""
    return cast(CustomUser, request.user)


def principal_of(request: Request) -> Principal:
    return Principal.for_user(request.user)


def cause_of(request: Request) -> Cause:
    """A page sends a session cookie, any other client a token."""
    return Cause(actor=request.user, door="api" if request.auth else "web")


def acting_cause_of(request: Request) -> Cause:
    """Who names a `player` in the body acts for them; whether they may, the rights of what they do decide."""
    cause, player = cause_of(request), body_of(request).get("player")
    return replace(cause, as_player=True, player_id=uuid(player, "player")) if player else cause


def body_of(request: Request) -> Mapping[str, Any]:
    if not isinstance(request.data, dict):
        raise Invalid("A JSON object is expected.")
    return request.data


def answer_json(
    request: Request,
    work: Callable[[Principal, Cause], dict[str, Any]],
    status: int = 200,
    cause: Callable[[Request], Cause] = cause_of,
) -> Response:
    """Do the work at most once for the request's key."""
    who = principal_of(request)
    return answer_once(request, f"api:{request.user.pk}", lambda: (status, work(who, cause(request))))


def uuid(value: Any, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid.field(name, "An id is expected.") from None


def chronicle(who: Principal, chronicle_id: Any) -> Chronicle:
    """One that this person may see at all. Raises NotFound."""
    found = Chronicle.objects.select_related("server").filter(id=uuid(chronicle_id, "chronicle")).first()
    if found is None:
        raise NotFound("There is no such chronicle.")
    rights.can(who, "chronicle.view", found).require()
    return found


def chronicle_of(who: Principal, value: Any) -> Chronicle | None:
    """None where none is named."""
    return chronicle(who, value) if value else None
