"""The members and roles of a server, and who may join, rise and go."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights, serializers, services
from chronicle.models import Invite, Server, ServerMember, ServerRole
from chronicle.operations import members as operations
from chronicle.operations import servers
from chronicle.principal import ADMINISTRATOR, ALL_PERMISSIONS, MEMBER_POSITION, Principal
from contract.members import MemberRemoved
from contract.translation import _
from discordauth.models import CustomUser
from main.navigation import in_server
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit_form
from main.templatetags.words import permission
from main.views.invites import address
from main.views.servers import server_for

MOST = 300
MEMBERS = "/servers/{server}/members/"


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
            "removable": _removable(principal, row, rows),
            "leaves": not row.is_mirrored and any(member.user_id == principal.id for member in rows),
            "addable": _addable(principal, row),
            "ranks": [("MEMBER", _("Member")), ("MODERATOR", _("Moderator")), ("ADMIN", _("Administrator"))],
            "promotes": bool(rights.can(principal, "server.promote", row)),
            "moderators_manage": rights.moderators_manage_members(row),
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


def _addable(principal: Principal, row: Server) -> list[tuple[UUID, str]] | None:
    """Whom this user knows from other servers and may add here; None if nobody is added on this page."""
    if row.is_mirrored or not rights.can(principal, "server.members", row):
        return None
    theirs = ServerMember.objects.filter(user=principal.id).values("server")
    known = ServerMember.objects.filter(server__in=theirs, user=OuterRef("pk"))
    here = ServerMember.objects.filter(server=row, user=OuterRef("pk"))
    people = CustomUser.objects.filter(Exists(known), ~Exists(here), is_active=True, delete_at=None)
    return [(user.pk, user.display_name) for user in people.order_by("global_name", "pk")[:MOST]]


def _removable(principal: Principal, row: Server, members: list[ServerMember]) -> set[UUID]:
    """Return whom this user may remove; the service decides again."""
    if row.is_mirrored or not rights.can(principal, "server.members", row):
        return set()
    everybody = ADMINISTRATOR in principal.permissions(row.pk)
    rank = principal.rank(row.pk)
    return {
        member.user_id
        for member in members
        if member.user_id not in (principal.id, row.owner_id)
        and (everybody or all(role.position < rank for role in member.roles.all()))
    }


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


def _after_removal(request: PageRequest, answer: MemberRemoved) -> HttpResponse:
    """Who left sees the server no more."""
    if answer.user == principal_of(request).id:
        return redirect("dashboard")
    return back(request, MEMBERS.format(server=answer.server))


add = posts(operations.ADD_MEMBER, MEMBERS, "#members")
remove = posts(operations.REMOVE_MEMBER, _after_removal)
moderators = posts(servers.CHANGE_SERVER, MEMBERS, "#members")
