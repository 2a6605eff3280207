"""Permission check: a form for the question, and the chain of roles that decided the answer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from chronicle import rights
from chronicle.models import Chronicle, Server, ServerChannel, ServerMember, ServerRole
from chronicle.permission_check import WORDS, explain_permission
from chronicle.principal import Principal
from haven.services import Reference
from haven.services.reference import find
from main.pages import PageRequest, show
from main.parts import part, principal_of
from main.views.servers import server_for
from rolls import questions
from rules.errors import GameError, Invalid, NotFound

MOST = 300
SAYS = {
    "allow": "says yes",
    "deny": "says no",
    "absent": "says nothing",
    "yes": "yes",
    "no": "no",
}


@part
@require_GET
def why(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Show the form, and the answer if an action is chosen."""
    principal, row, query = principal_of(request), server_for(request, server_id), request.GET
    answer, refused = None, None
    if query.get("action"):
        try:
            answer = _answer(principal, row, query)
        except GameError as error:
            refused = error
    context = {
        "server": row,
        "query": query,
        "answer": answer,
        "refused_why": refused.detail if refused else "",
        "problems": refused.data.get("fields", {}) if refused else {},
        "says": SAYS,
        "me": str(principal.id),
        "actions": sorted(WORDS.items(), key=lambda entry: entry[1]),
        **_choices(principal, row),
    }
    return show(request, "main/why.html", context, status=refused.status if refused else 200)


def _answer(principal: Principal, row: Server, query: QueryDict) -> dict[str, Any]:
    named = {name: query.get(name, "").strip() for name in ("character", "channel", "role", "roll")}
    if named["character"]:
        named["character"] = str(find(principal, Reference(named["character"][:100], server=row)).id)
    action = query.get("action", "")
    thing = questions.thing_of(principal, row, action, named)
    place = questions.place_of(thing, _place(row, query.get("chronicle", "")))
    return explain_permission(principal, place, _user(principal, query.get("user", "")), action, thing)


def _user(principal: Principal, text: str) -> UUID:
    try:
        user_id = UUID(text) if text else principal.id
    except ValueError:
        user_id = None
    if user_id is None:
        raise Invalid.field("user", "Whom do you mean?")
    return user_id


def _place(row: Server, text: str) -> Server | Chronicle:
    if not text:
        return row
    chosen = next((chronicle for chronicle in _chronicles(row) if str(chronicle.id) == text), None)
    if chosen is None:
        raise NotFound("There is no such chronicle.")
    return chosen


def _chronicles(row: Server) -> list[Chronicle]:
    chronicles = list(Chronicle.objects.filter(server=row).order_by("name", "id"))
    for chronicle in chronicles:
        chronicle.server = row
    return chronicles


def _choices(principal: Principal, row: Server) -> dict[str, Any]:
    """Return the form's choices; other members only for those who may ask about them."""
    chronicles = _chronicles(row)
    asks = any(rights.can(principal, "server.why", place) for place in (row, *chronicles))
    members = ServerMember.objects.filter(server=row).select_related("user").order_by("user__global_name")
    channels = ServerChannel.objects.filter(server=row)
    return {
        "asks": asks,
        "members": list(members[:MOST]) if asks else [],
        "chronicles": chronicles,
        "channels": [channel for channel in channels if rights.can(principal, "channel.view", channel)],
        "roles": list(ServerRole.objects.filter(server=row, chronicle=None)),
    }
