"""What somebody may see of rooms of chat, for many sockets and rooms at once. Blocking."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chat.rooms import Room, chronicles_of, find_rooms, level_of
from chronicle.models import Chronicle
from chronicle.prefetch import prefetch_permissions
from chronicle.principal import Principal
from chronicle.rights import StreamRef, can
from delivery.streams import stream_id
from gateway.access import Access, principal
from gateway.credentials import Identity


class RoomRequest(NamedTuple):
    """Whether somebody may see a room, by the name of its stream."""

    identity: Identity
    name: str


def room_access(requests: Sequence[RoomRequest]) -> list[Access | None]:
    """What each of them may see there; None for what does not exist or must stay unknown.

    A constant number of queries: the rooms, what is played in them, and the roles of people in their servers.
    """
    rooms = find_rooms({UUID(stream_id(request.name)) for request in requests})
    chronicles = chronicles_of(rooms.values())
    principals = {request.identity: principal(request.identity) for request in requests}
    servers = {room.server_id for room in rooms.values() if room.server_id}
    prefetch_permissions(list(principals.values()), servers)
    return [
        _access(principals[request.identity], rooms.get(UUID(stream_id(request.name))), chronicles)
        for request in requests
    ]


def _access(
    somebody: Principal, room: Room | None, chronicles: dict[UUID, Chronicle | None]
) -> Access | None:
    if room is None or not can(somebody, f"{room.kind}.view", room.subject):
        return None
    seen = level_of(somebody, chronicles[room.id])
    begins = room.conversation.joined.get(somebody.id, 0) if room.conversation and somebody.id else 0
    ref = StreamRef("room", room.id, room.server_id)
    return Access(
        ref, seen, str(somebody.id) if somebody.id else None, begins, str(room.server_id or room.id)
    )
