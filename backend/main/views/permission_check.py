"""Permission check: a form for the question, and the chain of roles that decided the answer."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from chronicle import rights, services
from chronicle.door import parse
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import Principal
from contract.actions import ACTIONS
from contract.permissions import ExplainPermission, PermissionExplained
from contract.translation import N_, _
from main.navigation import in_server
from main.pages import PageRequest, show
from main.parts import call_of, part, principal_of
from main.views.servers import server_for
from rolls.permission_check import EXPLAIN
from rules.errors import GameError

MOST = 300
SAYS = {
    "allow": N_("allowed"),
    "deny": N_("denied"),
    "absent": N_("not set"),
    "yes": N_("yes"),
    "no": N_("no"),
    # Who sees a roll.
    "public": N_("the table"),
    "storyteller": N_("storytellers"),
    "private": N_("only who rolled"),
    "below their highest": N_("below their highest"),
    "not below their highest": N_("not below their highest"),
}


@part
@require_GET
def why(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Show the form, and the answer if an action is chosen."""
    principal, row, query = principal_of(request), server_for(request, server_id), request.GET
    answer, refused = None, None
    if query.get("action"):
        try:
            answer = _answer(request, row)
        except GameError as error:
            refused = error
    context = {
        "place": in_server(principal, row, "why", _("Permission check")),
        "server": row,
        "query": query,
        "answer": answer,
        "refused_why": refused.detail if refused else "",
        "problems": refused.data.get("fields", {}) if refused else {},
        "says": {says: _(label) for says, label in SAYS.items()},
        "who": query.get("user") or str(principal.id),
        "actions": sorted(
            ((action, _(words)) for action, words in ACTIONS.items()), key=lambda entry: entry[1]
        ),
        **_choices(principal, row),
    }
    return show(request, "main/why.html", context, status=refused.status if refused else 200)


def _answer(request: PageRequest, row: Server) -> PermissionExplained:
    names = ("user", "action", "chronicle", "character", "channel", "role", "roll")
    fields = {name: request.GET.get(name, "").strip() for name in names}
    given = parse(ExplainPermission, {**fields, "server": str(row.id)}, text=True)
    return EXPLAIN.run(call_of(request), given)


def _chronicles(row: Server) -> list[Chronicle]:
    chronicles = list(Chronicle.objects.filter(server=row).order_by("name", "id"))
    for chronicle in chronicles:
        chronicle.server = row
    return chronicles


def _choices(principal: Principal, row: Server) -> dict[str, object]:
    """Return the form's choices; other members only for those who may ask about them."""
    chronicles = _chronicles(row)
    asks = any(rights.can(principal, "server.why", place) for place in (row, *chronicles))
    members = ServerMember.objects.filter(server=row).select_related("user").order_by("user__global_name")
    channels = services.visible_channels(row, principal)
    return {
        "asks": asks,
        "members": [(member.user_id, member.display_name) for member in members[:MOST]] if asks else [],
        "chronicles": [(chronicle.id, chronicle.name) for chronicle in chronicles],
        "channels": [(channel.pk, channel.name) for channel in channels],
        "roles": [(role.id, role.name) for role in ServerRole.objects.filter(server=row, chronicle=None)],
    }
