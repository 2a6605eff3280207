"""A chronicle on the web with its storytellers, house rules and tenets; the members and roles of a server."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chronicle import house_rules, read_only, rights, serializers, services
from chronicle.call import chronicle_seen_by
from chronicle.models import Invite, Server, ServerMember, ServerRole
from chronicle.operations import chronicles as operations
from chronicle.operations import servers
from chronicle.principal import ALL_PERMISSIONS, MEMBER_POSITION, Principal
from contract.chronicles import HouseRule
from contract.translation import N_, _
from main.navigation import chronicle_itself, in_server
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit_form
from main.templatetags.words import permission
from main.views.invites import address
from main.views.servers import editions, same_as_server, server_for

CHRONICLE_ROLES = {
    "STORYTELLER": N_("Storyteller"),
    "CO_STORYTELLER": N_("Co-storyteller"),
    "OBSERVER": N_("Observer"),
}
MOST = 300
HOME, MEMBERS = "/chronicles/{chronicle}/", "/servers/{server}/members/"


@part
@require_GET
def chronicle(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    row = chronicle_seen_by(principal, chronicle_id)
    can = {
        name: bool(rights.can(principal, f"chronicle.{action}", row))
        for name, action in (("manages", "manage"), ("leads", "lead"), ("sees_all", "characters"))
    }
    about = serializers.chronicle_for(row, principal)
    named = {person.id for person in about.people}
    here = ServerMember.objects.filter(server_id=row.server_id).select_related("user")
    members = here.order_by("user__global_name", "pk")[:MOST] if can["leads"] else []
    return show(
        request,
        "main/chronicle.html",
        {
            "place": chronicle_itself(principal, row),
            "chronicle": row,
            "about": about,
            "by_role": [person for person in about.storytellers if person.id not in named],
            "rules": about.rules,
            "rule_choices": [_rule_field(rule) for rule in about.rules],
            "tenets": "\n".join(about.tenets),
            "members": [(member.user_id, member.display_name) for member in members],
            "chronicle_roles": [(role, _(label)) for role, label in CHRONICLE_ROLES.items()],
            "editions": editions(),
            "server_edition": same_as_server(row.server),
            "closed": read_only.read_only_reason(row),
            "key": new_key(),
            **can,
        },
    )


def _rule_field(rule: HouseRule) -> dict[str, object]:
    """Return a house rule as a menu of the form."""
    return {
        "name": f"r-{rule.slug}",
        "label": _(rule.label),
        "value": rule.value,
        "changes": _(rule.changes),
        "choices": [(choice.value, _(choice.label)) for choice in rule.choices],
    }


@part
@require_POST
def edit(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    form = request.POST
    rules = {slug: form[f"r-{slug}"] for slug in house_rules.SWITCHES if form.get(f"r-{slug}")}
    lines = [line.strip() for line in form.get("tenets", "").splitlines()]
    said = {"chronicle": str(chronicle_id), "tenets": list(filter(None, lines)), "rules": rules}
    submit_form(request, operations.CHANGE_CHRONICLE, said, keep_empty=True)
    return back(request, HOME.format(chronicle=chronicle_id))


people = posts(operations.SET_CHRONICLE_ROLE, HOME, keep_empty=True)
archive = posts(operations.CHANGE_CHRONICLE, HOME)
begin = posts(operations.CREATE_CHRONICLE, "/chronicles/{answer.id}/", keep_empty=True)
keep = posts(servers.KEEP_SERVER, "/servers/{server}/")


@part
@require_GET
def members(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Show the members with their roles, and the roles with their permissions."""
    principal, row = principal_of(request), server_for(request, server_id)
    rows = list(_found(row, request.GET.get("search", "").strip()[:50]))
    roles = ServerRole.objects.filter(server=row, chronicle=None)
    rank = principal.rank(row.pk)
    grantable = [
        role
        for role in roles.filter(discord_id=None).exclude(position=MEMBER_POSITION)
        if rights.can(principal, "role.grant", role)
    ]
    return show(
        request,
        "main/members.html",
        {
            "place": in_server(principal, row, "members", _("Members and roles")),
            "server": row,
            "members": rows,
            "most": MOST,
            "roles": serializers.roles_of(row).results,
            "grantable": grantable,
            "grantable_choices": [(role.id, role.name) for role in grantable],
            "invites": _invites(principal, row),
            "may_make": bool(rights.can(principal, "server.roles", row)) and rank > 1,
            "permissions": [
                (name, permission(name)) for name in sorted(ALL_PERMISSIONS & principal.permissions(row.pk))
            ],
            "below": min(rank - 1, 1000),
            "query": request.GET,
            "key": new_key(),
        },
    )


def _invites(principal: Principal, row: Server) -> list[tuple[Invite, str]] | None:
    """Return the open invitations with their links; None if there are none here or this user may not invite."""
    if (row.discord_id and not row.kept_at) or not rights.can(principal, "server.invite", row):
        return None
    return [(invite, address(invite.code)) for invite in services.open_invites(row).order_by("-id")]


def _found(row: Server, search: str) -> Any:
    matches = ServerMember.objects.filter(server=row).select_related("user").prefetch_related("roles")
    if search:
        matches = matches.filter(user__global_name__icontains=search) | matches.filter(
            nickname__icontains=search
        )
    return matches.order_by("user__global_name", "pk")[:MOST]


hold = posts(servers.HOLD_ROLE, MEMBERS)
delete_role = posts(servers.DELETE_ROLE, MEMBERS)


@part
@require_POST
def make_role(request: PageRequest, server_id: UUID) -> HttpResponse:
    allowed = dict.fromkeys(request.POST.getlist("allow"), "allow")
    submit_form(request, servers.CREATE_ROLE, {"server": server_id, "permissions": allowed})
    return back(request, MEMBERS.format(server=server_id))
