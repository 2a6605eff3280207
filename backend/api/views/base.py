"""What the views of the public API share: who asks, and through which door."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from chronicle.call import Call
from chronicle.door import AnyOperation, OperationView
from chronicle.principal import Principal
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid
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
    """Return the signed-in user; the permission classes made sure that there is one."""
    return cast(CustomUser, request.user)


def principal_of(request: Request) -> Principal:
    return Principal.for_user(request.user)


def cause_of(request: Request) -> Cause:
    """A page sends a session cookie, any other client a token."""
    return Cause(actor=request.user, door="api" if request.auth else "web")


def uuid(value: Any, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid.field(name, _("That isn’t an id.")) from None
