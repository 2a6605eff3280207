"""Where somebody may search: the rooms that they see, and how deep they see into each."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from chat.models import Participant
from chat.rooms import Room, levels_in, room_for
from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services import visible_channels
from contract.base import Named
from contract.chat_search import FoundRoom
from contract.translation import _
from rules.errors import NotFound
from rules.visibility import TABLE, Level


@dataclass(frozen=True)
class Place:
    """A room that somebody reads: at which level, and since which number of it."""

    shown: FoundRoom
    level: Level = TABLE
    since: int = 0


def places_for(principal: Principal, server_id: UUID | None, room_id: UUID | None) -> dict[UUID, Place]:
    """By the room's id: the one, those of a server, or all that this person reads. Raises NotFound."""
    if room_id is not None:
        room = room_for(principal, room_id)
        found = _in_room(principal, room)
        if server_id not in (None, room.server_id):
            raise NotFound(_("There’s no such channel."))
    elif server_id is not None:
        found = _in_server(principal, _server(principal, server_id))
    else:
        found = _everywhere(principal)
    return {place.shown.id: place for place in found}


def _in_room(principal: Principal, room: Room) -> Iterator[Place]:
    if room.channel:
        yield from _in_channels(principal, room.channel.server, [room.channel])
    else:
        yield from _in_conversations(principal, room.id)


def _server(principal: Principal, server_id: UUID) -> Server:
    row = Server.objects.filter(pk=server_id).first()
    if row is None:
        raise NotFound(_("There’s no such server."))
    can(principal, "server.view", row).require()
    return row


def _everywhere(principal: Principal) -> Iterator[Place]:
    for server in Server.objects.filter(members__user=principal.id).order_by("pk"):
        if can(principal, "server.view", server):
            yield from _in_server(principal, server)
    yield from _in_conversations(principal)


def _in_server(principal: Principal, server: Server) -> Iterator[Place]:
    yield from _in_channels(principal, server, visible_channels(server, principal))


def _in_channels(principal: Principal, server: Server, channels: list[ServerChannel]) -> Iterator[Place]:
    levels, named = levels_in(principal, channels), Named.from_object(server)
    for channel in channels:
        shown = FoundRoom(id=channel.pk, kind="channel", name=channel.name, server=named)
        yield Place(shown, levels[channel.pk])


def _in_conversations(principal: Principal, room_id: UUID | None = None) -> Iterator[Place]:
    rows = Participant.objects.filter(user=principal.id).select_related("conversation")
    for row in rows.filter(conversation=room_id) if room_id else rows:
        shown = FoundRoom(
            id=row.conversation_id, kind="conversation", name=row.conversation.name, server=None
        )
        yield Place(shown, since=row.since)
