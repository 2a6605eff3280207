"""Load the permissions of many users in a few servers with two queries: sockets arrive by the hundred."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from chronicle.models import ServerMember, ServerRole
from chronicle.principal import STANDING, Principal


def prefetch_permissions(principals: Sequence[Principal], server_ids: Collection[UUID]) -> None:
    """Load what these principals may do in these servers. A single principal loads its own in one query when asked."""
    asking = [
        principal for principal in principals if principal.id is not None and not principal.is_platform_admin
    ]
    if len(asking) < 2 or not server_ids:
        return
    member_of, held = _held([principal.id for principal in asking], server_ids)
    roles = _roles(server_ids)
    for principal in asking:
        for server_id in server_ids:
            principal.remember(server_id, frozenset())
        principal.learn(
            (*row, row[1] in member_of[principal.id])
            for role, is_everyones, row in roles
            if is_everyones or role in held[principal.id]
        )


def _held(user_ids: Sequence[Any], server_ids: Collection[UUID]) -> tuple[Any, Any]:
    """`(user → servers, user → roles)`."""
    member_of: dict[Any, set[UUID]] = defaultdict(set)
    held: dict[Any, set[UUID]] = defaultdict(set)
    rows = ServerMember.objects.filter(server_id__in=server_ids, user_id__in=user_ids)
    for user_id, server_id, role in rows.values_list("user_id", "server_id", "roles"):
        member_of[user_id].add(server_id)
        held[user_id].add(role)
    return member_of, held


def _roles(server_ids: Collection[UUID]) -> list[tuple[UUID, bool, tuple[Any, ...]]]:
    """`(role, whether everyone has it, row of STANDING)`, the highest first; see `chronicle.principal.standing`."""
    roles = ServerRole.objects.filter(server_id__in=server_ids).order_by("-position", "id")
    rows = roles.values_list("system", "discord_id", "server__discord_id", *STANDING)
    return [
        (
            standing[0],
            system == ServerRole.System.MEMBER or (role is not None and role == guild),
            tuple(standing),
        )
        for system, role, guild, *standing in rows
    ]
