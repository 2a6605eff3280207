"""A server as its members see it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from chronicle import features
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, STORYTELLER, Principal
from chronicle.rights import can

NAMES_SHOWN = 25


def server_info(
    server: Server, principal: Principal, characters: Mapping[UUID, int] | None = None
) -> dict[str, Any]:
    """The server's card, for members; a constant number of queries.

    `characters` counts them by chronicle: they live above this app, so whoever asks brings the numbers.
    """
    can(principal, "server.view", server).require()
    counts = characters or {}
    roles = list(ServerRole.objects.filter(server=server).only("name", "discord_id", "permissions", "system"))
    narrators = storytellers(server, roles)
    chronicles = list(Chronicle.objects.filter(server=server, archived_at=None).order_by("id"))
    default = next((row.id for row in chronicles if row.is_default), "")
    return {
        "id": str(server.id),
        "discord_id": server.discord_id,
        "name": server.name,
        "description": server.description,
        "icon": server.icon,
        "is_verified": server.is_verified,
        "url": f"{settings.SITE_URL}/?chronicle={default}",
        "edition": server.edition,
        "members": ServerMember.objects.filter(server=server).count(),
        "characters": sum(counts.values()),
        "chronicles": [
            {
                "id": str(row.id),
                "name": row.name,
                "default": bool(row.is_default),
                "characters": counts.get(row.id, 0),
                "storytellers": [person["name"] for person in narrators],
            }
            for row in chronicles
        ],
        "features": features.as_json(server),
        "tracker_channel": server.tracker_channel or None,
        "storyteller_roles": [
            {"id": role.discord_id, "name": role.name}
            for role in roles
            if role.discord_id and role.permissions.get(STORYTELLER) == "allow"
        ],
        "you": _you(server, principal),
    }


def storytellers(server: Server, roles: list[ServerRole] | None = None) -> list[dict[str, str]]:
    """`{"id", "name"}` of those who hold a storyteller's role, by name; at most so many."""
    if roles is None:
        roles = list(ServerRole.objects.filter(server=server))
    marked = [role.pk for role in roles if role.permissions.get(STORYTELLER) == "allow"]
    rows = ServerMember.objects.filter(server=server, roles__in=marked).select_related("user").distinct()
    people = [
        {"id": str(row.user_id), "name": row.nickname or row.user.display_name} for row in rows[:NAMES_SHOWN]
    ]
    return sorted(people, key=lambda person: person["name"].casefold())


def _you(server: Server, principal: Principal) -> dict[str, Any]:
    permissions = principal.permissions(server.id)
    held = ServerRole.objects.filter(members__user_id=principal.id, server=server)
    return {
        "roles": list(held.values_list("name", flat=True)),
        "storyteller": STORYTELLER in permissions,
        "admin": ADMINISTRATOR in permissions,
    }
