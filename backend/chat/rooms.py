"""Rooms: what has a log of messages, and what somebody may see of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chat.models import PrivateConversation
from chronicle.models import Chronicle, ServerChannel
from chronicle.principal import STORYTELLER, Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import NotFound
from rules.visibility import SECRET, TABLE, Level

# What rights and levels of a channel follow from.
WITH = ("server", "chronicle", "parent__server", "parent__chronicle")
VOICE_KIND, CATEGORY_KIND = 2, 4


@dataclass(frozen=True)
class Room:
    """A channel, thread or private conversation. `rights` is the version of what its readers' rights follow from."""

    id: UUID
    channel: ServerChannel | None = None
    conversation: PrivateConversation | None = None

    @property
    def name(self) -> str:
        return f"room:{self.id}"

    @property
    def server_id(self) -> UUID | None:
        return self.channel.server_id if self.channel else None

    @property
    def rights(self) -> int:
        if self.channel:
            return self.channel.server.version
        return self.conversation.version if self.conversation else 0

    @property
    def subject(self) -> ServerChannel | PrivateConversation:
        """What the rights are asked about."""
        found = self.channel or self.conversation
        assert found is not None
        return found

    @property
    def kind(self) -> str:
        return "channel" if self.channel else "conversation"


def find_room(room_id: UUID) -> Room | None:
    """A room by its id, whoever asks; categories have no log."""
    channel = (
        ServerChannel.objects.select_related(*WITH).exclude(kind=CATEGORY_KIND).filter(pk=room_id).first()
    )
    if channel:
        return Room(room_id, channel=channel)
    conversation = PrivateConversation.objects.filter(pk=room_id).first()
    return Room(room_id, conversation=conversation) if conversation else None


def room_for(principal: Principal, room_id: UUID, action: str = "view") -> Room:
    """A room in which this person may do that: `view`, `send`, `moderate`. Raises NotFound, NotAllowed."""
    room = find_room(room_id)
    if room is None:
        raise NotFound(_("There’s no such channel."))
    can(principal, f"{room.kind}.{action}", room.subject).require()
    return room


def chronicle_of(room: Room) -> Chronicle | None:
    """What is played in a room: what its channel is bound to, else the server's default chronicle."""
    if room.channel is None:
        return None
    bound = _bound(room.channel)
    return bound or Chronicle.objects.filter(server=room.channel.server_id, is_default=True).first()


def level_in(principal: Principal, room: Room) -> Level:
    """The level of a reader who may see the room: storytellers of what is played there see everything."""
    return levels_in(principal, [room.channel])[room.id] if room.channel else TABLE


def levels_in(principal: Principal, channels: Sequence[ServerChannel]) -> dict[UUID, Level]:
    """The level of a reader in each of these channels; one query for all, none where each is bound to a chronicle."""
    unbound = {row.server_id for row in channels if _bound(row) is None}
    defaults = Chronicle.objects.filter(server__in=unbound, is_default=True) if unbound else ()
    played = {chronicle.server_id: chronicle.pk for chronicle in defaults}
    bound = ((row, _bound(row)) for row in channels)
    return {
        row.pk: _level(principal, row.server_id, chronicle.pk if chronicle else played.get(row.server_id))
        for row, chronicle in bound
    }


def _bound(channel: ServerChannel) -> Chronicle | None:
    chronicle = channel.chronicle or (channel.parent.chronicle if channel.parent else None)
    return chronicle if chronicle and chronicle.archived_at is None else None


def _level(principal: Principal, server_id: UUID, chronicle_id: UUID | None) -> Level:
    told = chronicle_id is not None and STORYTELLER in principal.permissions(server_id, chronicle_id)
    return SECRET if told else TABLE
