"""Rooms: what has a log of messages, and what somebody may see of it."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from uuid import UUID

from chat.models import Participant, PrivateConversation
from chat.room_rows import CATEGORY_KIND, Writer, find_channel, find_conversation
from chronicle.models import Chronicle, ServerChannel
from chronicle.principal import STORYTELLER, Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import NotFound
from rules.visibility import SECRET, TABLE, Level

# What rights and levels of a channel follow from.
WITH = ("server", "chronicle", "parent__server", "parent__chronicle")


@dataclass(frozen=True)
class Known:
    """What was read together with a room: the default chronicle of its server, and of who writes there."""

    default: Chronicle | None
    writer: Writer | None = None


@dataclass(frozen=True)
class Room:
    """A channel, thread or private conversation. `rights` is the version of what its readers' rights follow from."""

    id: UUID
    channel: ServerChannel | None = None
    conversation: PrivateConversation | None = None
    # None: it has to be asked for.
    known: Known | None = field(default=None, compare=False, repr=False)

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

    def writer(self, user_id: UUID | None) -> Writer | None:
        """What was read of this person, if it was."""
        found = self.known.writer if self.known else None
        return found if found and found.id == user_id else None


def find_room(room_id: UUID) -> Room | None:
    """A room by its id, whoever asks; categories have no log."""
    found = _find_for_writer(room_id, None, "")
    return replace(found, known=Known(found.known.default)) if found and found.known else None


def _find_for_writer(room_id: UUID, user: UUID | None, nonce: str) -> Room | None:
    if (found := find_channel(room_id, user, nonce)) is not None:
        return Room(room_id, channel=found.channel, known=Known(found.default, found.writer))
    private = find_conversation(room_id, user, nonce)
    return Room(room_id, conversation=private[0], known=Known(None, private[1])) if private else None


def find_rooms(room_ids: Set[UUID]) -> dict[UUID, Room]:
    """Those of these rooms that there are, with the people of conversations; at most three queries."""
    channels = ServerChannel.objects.select_related(*WITH).exclude(kind=CATEGORY_KIND)
    found = {row.pk: Room(row.pk, channel=row) for row in channels.filter(pk__in=room_ids)}
    if others := room_ids - found.keys():
        found |= _conversations(others)
    return found


def _conversations(room_ids: Set[UUID]) -> dict[UUID, Room]:
    rows = list(PrivateConversation.objects.filter(pk__in=room_ids))
    for row in rows:
        row.joined = {}
    by_id = {row.pk: row for row in rows}
    people = Participant.objects.filter(conversation__in=by_id) if by_id else ()
    for person in people:
        by_id[person.conversation_id].joined[person.user_id] = person.since
    return {pk: Room(pk, conversation=row) for pk, row in by_id.items()}


def room_for(principal: Principal, room_id: UUID, action: str = "view") -> Room:
    """A room in which this person may do that: `view`, `send`, `moderate`. Raises NotFound, NotAllowed."""
    return _allowed(principal, find_room(room_id), action)


def room_to_write_in(principal: Principal, room_id: UUID, nonce: str) -> Room:
    """A room in which this person may write, with what a message of theirs needs. Raises NotFound, NotAllowed."""
    return _allowed(principal, _find_for_writer(room_id, principal.id, nonce), "send")


def _allowed(principal: Principal, room: Room | None, action: str) -> Room:
    if room is None:
        raise NotFound(_("There’s no such channel."))
    can(principal, f"{room.kind}.{action}", room.subject).require()
    return room


def chronicle_of(room: Room) -> Chronicle | None:
    """What is played in a room: what its channel is bound to, else the server's default chronicle."""
    return chronicles_of([room])[room.id]


def chronicles_of(rooms: Iterable[Room]) -> dict[UUID, Chronicle | None]:
    """What is played in each of these rooms; at most one query."""
    known = list(rooms)
    bound = {room.id: bound_to(room.channel) if room.channel else None for room in known}
    defaults = {room.server_id: room.known.default for room in known if room.known}
    asked = {room.server_id for room in known if room.server_id and not bound[room.id]} - defaults.keys()
    rows = Chronicle.objects.filter(server__in=asked, is_default=True) if asked else ()
    defaults |= {row.server_id: row for row in rows}
    return {
        room.id: bound[room.id] or (defaults.get(room.server_id) if room.server_id else None)
        for room in known
    }


def level_in(principal: Principal, room: Room) -> Level:
    """The level of a reader who may see the room: storytellers of what is played there see everything."""
    return level_of(principal, chronicle_of(room)) if room.channel else TABLE


def levels_in(principal: Principal, channels: Sequence[ServerChannel]) -> dict[UUID, Level]:
    """The level of a reader in each of these channels; one query for all, none where each is bound to a chronicle."""
    played = chronicles_of(Room(row.pk, channel=row) for row in channels)
    return {pk: level_of(principal, chronicle) for pk, chronicle in played.items()}


def bound_to(channel: ServerChannel) -> Chronicle | None:
    """The chronicle that is played in this channel, or in the one of which it is a thread, and nowhere else there."""
    chronicle = channel.chronicle or (channel.parent.chronicle if channel.parent else None)
    return chronicle if chronicle and chronicle.archived_at is None else None


def level_of(principal: Principal, chronicle: Chronicle | None) -> Level:
    """The level of a reader who may see a room where this is played."""
    if chronicle and STORYTELLER in principal.permissions(chronicle.server_id, chronicle.pk):
        return SECRET
    return TABLE
