"""Read chronicles, their members and roles with a constant number of queries."""

from typing import Any
from uuid import UUID

from django.db.models import Count

from chronicle import house_rules
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import STORYTELLER, VIEW_SERVER, Principal
from chronicle.rights import can, rows_with_permission
from chronicle.services.info import storytellers


def chronicles(principal: Principal) -> list[dict[str, Any]]:
    """Return the chronicles of the servers that this user is a member of; two queries."""
    seen = rows_with_permission(principal, {VIEW_SERVER}, path="")
    rows = Chronicle.objects.filter(seen, archived_at=None).select_related("server")
    return [brief(row, principal) for row in rows.order_by("server__name", "name", "id")]


def brief(row: Chronicle, principal: Principal) -> dict[str, Any]:
    permissions = principal.permissions(row.server_id, row.id)
    return {
        "id": str(row.id),
        "name": row.name,
        "description": row.description,
        "slug": row.slug,
        "default": bool(row.is_default),
        "edition": row.server.edition,
        "server": {"id": str(row.server_id), "name": row.server.name},
        "version": row.version,
        "stream": f"chronicle:{row.id}",
        "rights": {
            "manage": bool(can(principal, "chronicle.manage", row)),
            "storyteller": STORYTELLER in permissions,
        },
    }


def chronicle(row: Chronicle, principal: Principal) -> dict[str, Any]:
    """As `brief`, with the number of its members and the names of its storytellers."""
    return brief(row, principal) | {
        "archived": row.archived_at is not None,
        "rules": house_rules.as_json(row),
        "tenets": house_rules.tenets(row),
        "people": people(row),
        "members": ServerMember.objects.filter(server_id=row.server_id).count(),
        "storytellers": storytellers(row),
    }


def people(row: Chronicle) -> list[dict[str, str]]:
    """Return the storytellers, co-storytellers and observers by role of their own: `{"id", "name", "role"}`."""
    held = ServerMember.roles.through.objects.filter(serverrole__chronicle=row).exclude(serverrole__system="")
    rows = held.order_by("-serverrole__position", "servermember_id").select_related(
        "serverrole", "servermember__user"
    )
    return [
        {
            "id": str(holder.servermember.user_id),
            "name": holder.servermember.nickname or holder.servermember.user.display_name,
            "role": holder.serverrole.system,
        }
        for holder in rows[:100]
    ]


def roles(server: Server) -> list[dict[str, Any]]:
    """Return the roles of the whole server with their permissions, the highest first."""
    rows = ServerRole.objects.filter(server=server, chronicle=None).annotate(held_by=Count("members"))
    return [
        {
            "id": str(role.pk),
            "discord_id": role.discord_id,
            "name": role.name,
            "color": role.color,
            "position": role.position,
            "system": role.system or None,
            "permissions": role.permissions,
            "members": role.held_by,
        }
        for role in rows.order_by("-position", "id")[:500]
    ]


def members(server_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Return a page of members with their roles, in order of joining (their ids are time-ordered)."""
    rows = ServerMember.objects.filter(server_id=server_id).select_related("user").prefetch_related("roles")
    if after:
        rows = rows.filter(pk__gt=after)
    return [
        {
            "id": str(row.pk),
            "user": {"id": str(row.user_id), "name": row.user.display_name},
            "nickname": row.nickname,
            "roles": [role.name for role in row.roles.all()],
            "joined_at": row.joined_at.isoformat(),
        }
        for row in rows.order_by("pk")[:limit]
    ]
