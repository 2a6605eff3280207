"""Which rooms of a server somebody hears of without looking at them, for many sockets at once. Blocking."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chat.room_rows import CATEGORY_KIND
from chat.rooms import WITH, Room, chronicles_of, level_of
from chronicle.models import Chronicle, ServerChannel
from chronicle.prefetch import prefetch_permissions
from chronicle.principal import Principal
from chronicle.rights import can
from gateway.access import principal
from gateway.credentials import Identity
from rules.visibility import SECRET


class Watched(NamedTuple):
    """The rooms that somebody sees, and those of them where they see what is hidden too."""

    seen: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()


class WatchRequest(NamedTuple):
    identity: Identity
    server_id: UUID


def watch_many(requests: Sequence[WatchRequest]) -> list[Watched]:
    """An answer for each, in their order. Those with the same roles share one; as many queries as for two."""
    servers = {request.server_id for request in requests}
    channels = list(
        ServerChannel.objects.filter(server__in=servers).exclude(kind=CATEGORY_KIND).select_related(*WITH)
    )
    played = chronicles_of(Room(channel.pk, channel=channel) for channel in channels)
    principals = {request.identity: principal(request.identity) for request in requests}
    prefetch_permissions(list(principals.values()), servers)
    named = {discord_id for channel in channels for discord_id in channel.seen_by}
    known: dict[tuple[object, ...], Watched] = {}
    answers: list[Watched] = []
    for identity, server_id in requests:
        somebody = principals[identity]
        key = (
            server_id,
            identity.discord_id in named and identity.discord_id,
            *_standing(somebody, server_id),
        )
        if key not in known:
            of_server = [channel for channel in channels if channel.server_id == server_id]
            known[key] = _watched(somebody, of_server, played)
        answers.append(known[key])
    return answers


def _standing(somebody: Principal, server_id: UUID) -> tuple[object, ...]:
    """What rights in the server's channels follow from, beside what Discord says of one person."""
    return (
        somebody.is_platform_admin,
        somebody.permissions(server_id),
        tuple(somebody.inside(server_id).items()),
        somebody.roles(server_id),
        somebody.discord_roles(server_id),
    )


def _watched(
    somebody: Principal, channels: Sequence[ServerChannel], played: dict[UUID, Chronicle | None]
) -> Watched:
    seen = [channel.pk for channel in channels if can(somebody, "channel.view", channel)]
    told = [pk for pk in seen if level_of(somebody, played[pk]) >= SECRET]
    return Watched(frozenset(map(str, seen)), frozenset(map(str, told)))
