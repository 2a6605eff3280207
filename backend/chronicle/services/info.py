"""A server as its members see it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from chronicle import features, read_only, tracker
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, STORYTELLER, Principal
from chronicle.rights import can
from chronicle.services.roles import ALLOW

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
    people = storytellers_by_chronicle(server.id)
    chronicles = list(Chronicle.objects.filter(server=server, archived_at=None).order_by("id"))
    default = next((row.id for row in chronicles if row.is_default), "")
    return {
        "id": str(server.id),
        "discord_id": server.discord_id,
        "name": server.name,
        "description": server.description,
        "icon": server.icon,
        "banner_url": server.banner_url,
        "is_private": server.is_private,
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
                "storytellers": list(
                    dict.fromkeys(person["name"] for person in people[row.id] + people[None])
                ),
            }
            for row in chronicles
        ],
        "features": features.as_json(server),
        "grace": read_only.as_json(server),
        "tracker_channel": server.tracker_channel or None,
        "tracker": tracker.shows(server.settings).as_json(),
        "storyteller_channel": tracker.storyteller_channel(server.settings) or None,
        "storyteller_roles": [
            {"id": role.discord_id, "name": role.name}
            for role in roles
            if role.discord_id and role.permissions.get(STORYTELLER) == ALLOW
        ],
        "you": _you(server, principal),
    }


def storytellers_by_chronicle(server_id: UUID) -> dict[UUID | None, list[dict[str, str]]]:
    """Return chronicle → `{"id", "name"}` of its storytellers; None → those of the whole server.

    By name; of each at most so many. One query.
    """
    held = ServerMember.roles.through.objects.filter(
        servermember__server_id=server_id, serverrole__permissions__storyteller=ALLOW
    )
    rows = held.values_list(
        "serverrole__chronicle_id",
        "servermember__user_id",
        "servermember__nickname",
        "servermember__user__global_name",
        "servermember__user__discord_username",
        "servermember__user__username",
    )
    by_chronicle: dict[UUID | None, dict[str, str]] = defaultdict(dict)
    for chronicle_id, user_id, *names in rows:
        by_chronicle[chronicle_id][str(user_id)] = next(filter(None, names), "")
    return defaultdict(list, {pk: _by_name(people) for pk, people in by_chronicle.items()})


def _by_name(people: dict[str, str]) -> list[dict[str, str]]:
    listed = sorted(people.items(), key=lambda entry: entry[1].casefold())
    return [{"id": pk, "name": name} for pk, name in listed[:NAMES_SHOWN]]


def storytellers(chronicle: Chronicle) -> list[dict[str, str]]:
    """Return the storytellers of this chronicle: its own first, then those of the whole server."""
    by_chronicle = storytellers_by_chronicle(chronicle.server_id)
    own = by_chronicle[chronicle.id]
    return own + [person for person in by_chronicle[None] if person not in own]


def _you(server: Server, principal: Principal) -> dict[str, Any]:
    permissions = principal.permissions(server.id)
    held = ServerRole.objects.filter(members__user_id=principal.id, server=server)
    return {
        "roles": list(held.values_list("name", flat=True)),
        "storyteller": STORYTELLER in permissions,
        "admin": ADMINISTRATOR in permissions,
    }
