"""A chronicle on the web with its storytellers, house rules and tenets; the members and roles of a server."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chronicle import house_rules, read_only, rights, selectors, services
from chronicle.models import Invite, Server, ServerMember, ServerRole
from chronicle.principal import ALL_PERMISSIONS, MEMBER_POSITION, Principal
from discordauth.models import CustomUser
from haven.counts import chronicle_document
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from main.views.invites import address
from main.views.rolls import chronicle_for
from main.views.servers import server_for
from rules.errors import NotFound
from timeline.services import Cause

CHRONICLE_ROLES = {"STORYTELLER": "Storyteller", "CO_STORYTELLER": "Co-storyteller", "OBSERVER": "Observer"}
MOST = 300
Work = Callable[[Principal, Cause], Any]


@part
@require_GET
def chronicle(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    principal, row = principal_of(request), chronicle_for(request, chronicle_id)
    can = {
        name: bool(rights.can(principal, f"chronicle.{action}", row))
        for name, action in (("manages", "manage"), ("leads", "lead"), ("sees_all", "characters"))
    }
    members = ServerMember.objects.filter(server_id=row.server_id).select_related("user")
    return show(
        request,
        "main/chronicle.html",
        {
            "chronicle": row,
            "about": chronicle_document(row, principal),
            "rules": house_rules.as_json(row),
            "members": list(members.order_by("user__global_name", "pk")[:MOST]) if can["leads"] else [],
            "narrators": CHRONICLE_ROLES.items(),
            "closed": read_only.read_only_reason(row),
            "me": str(principal.id),
            "key": new_key(),
            **can,
        },
    )


def _done(request: HttpRequest, work: Work, home: str) -> HttpResponse:
    """Run the form's action once and redirect back to its page."""
    sent_once(request, lambda principal, cause: str(work(principal, cause)))
    return back(request, home)


def _person(request: HttpRequest) -> CustomUser:
    try:
        user = CustomUser.objects.filter(pk=UUID(request.POST.get("user", ""))).first()
    except ValueError:
        user = None
    if user is None:
        raise NotFound("This person is not a member here.")
    return user


@part
@require_POST
def edit(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    row, form = chronicle_for(request, chronicle_id), request.POST
    wanted: dict[str, Any] = {
        "name": form.get("name", ""),
        "description": form.get("description", ""),
        "tenets": [line.strip() for line in form.get("tenets", "").splitlines() if line.strip()],
        "rules": {slug: form[f"r-{slug}"] for slug in house_rules.SWITCHES if form.get(f"r-{slug}")},
    }
    return _done(
        request,
        lambda principal, cause: services.update_chronicle(row, wanted, principal=principal, cause=cause).pk,
        f"/chronicles/{chronicle_id}/",
    )


@part
@require_POST
def people(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    row, person = chronicle_for(request, chronicle_id), _person(request)
    kind = request.POST.get("role") or None
    return _done(
        request,
        lambda principal, cause: services.set_chronicle_role(
            row, person.pk, kind, principal=principal, cause=cause
        ),
        f"/chronicles/{chronicle_id}/",
    )


@part
@require_POST
def archive(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    row, archived = chronicle_for(request, chronicle_id), request.POST.get("archived") == "yes"
    return _done(
        request,
        lambda principal, cause: services.archive(row, archived, principal=principal, cause=cause).pk,
        f"/chronicles/{chronicle_id}/",
    )


@part
@require_POST
def begin(request: PageRequest, server_id: UUID) -> HttpResponse:
    row, form = server_for(request, server_id), request.POST
    made = sent_once(
        request,
        lambda principal, cause: str(
            services.create_chronicle(
                row,
                form.get("name", ""),
                description=form.get("description", ""),
                principal=principal,
                cause=cause,
            ).pk
        ),
    )
    return back(request, f"/chronicles/{made}/")


@part
@require_POST
def keep(request: PageRequest, server_id: UUID) -> HttpResponse:
    row = server_for(request, server_id)
    return _done(
        request,
        lambda principal, cause: services.keep_without_discord(row, principal=principal, cause=cause).pk,
        f"/servers/{server_id}/",
    )


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
            "server": row,
            "members": rows,
            "most": MOST,
            "roles": selectors.roles(row),
            "grantable": grantable,
            "invites": _invites(principal, row),
            "may_make": bool(rights.can(principal, "server.roles", row)) and rank > 1,
            "permissions": sorted(ALL_PERMISSIONS & principal.permissions(row.pk)),
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


@part
@require_POST
def hold(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Give a role to a member, or take it away."""
    row, person, form = server_for(request, server_id), _person(request), request.POST
    role = services.get_role(row, form.get("role", ""))
    held = form.get("held") != "no"
    return _done(
        request,
        lambda principal, cause: services.hold_role(role, person.pk, held, principal=principal, cause=cause),
        f"/servers/{server_id}/members/",
    )


@part
@require_POST
def make_role(request: PageRequest, server_id: UUID) -> HttpResponse:
    row, form = server_for(request, server_id), request.POST
    position = form.get("position", "")
    values: dict[str, Any] = {
        "name": form.get("name", ""),
        "color": form.get("color") or "#99aab5",
        "position": int(position) if position.isdecimal() and len(position) < 5 else 0,
        "permissions": dict.fromkeys(form.getlist("allow"), "allow"),
    }
    return _done(
        request,
        lambda principal, cause: services.create_role(row, values, principal=principal, cause=cause).pk,
        f"/servers/{server_id}/members/",
    )


@part
@require_POST
def delete_role(request: PageRequest, server_id: UUID) -> HttpResponse:
    row = server_for(request, server_id)
    role = services.get_role(row, request.POST.get("role", ""))
    return _done(
        request,
        lambda principal, cause: services.delete_role(role, principal=principal, cause=cause),
        f"/servers/{server_id}/members/",
    )
