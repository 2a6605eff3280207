"""Reading chronicles and their people, in a constant number of queries."""

from typing import Any
from uuid import UUID

from chronicle.models import Chronicle, ServerMember
from chronicle.principal import STORYTELLER, VIEW_SERVER, Principal
from chronicle.rights import can, within
from chronicle.services.info import storytellers


def chronicles(principal: Principal) -> list[dict[str, Any]]:
    """Chronicles of the servers that this person is a member of; two queries."""
    seen = within(principal, {VIEW_SERVER}, path="")
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
        "members": ServerMember.objects.filter(server_id=row.server_id).count(),
        "storytellers": storytellers(row),
    }


def members(server_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A page of members with their roles, in the order of their ids, which is the order of joining."""
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
