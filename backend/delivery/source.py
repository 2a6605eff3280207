"""What delivery reads from the database, handed to it by the code that knows the database."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, Protocol, TypedDict

# What the channel layer carries, as it comes and as it is sent: JSON objects with a `type`.
Message = dict[str, Any]
Payload = Mapping[str, object]


class EventMessage(TypedDict):
    """An event on its way between processes; `frames` are encoded once per level ("0" to "3")."""

    type: str
    stream: str
    seq: int
    # The user who sees the private part.
    owner: str | None
    entity_id: str
    event_type: str
    # Whose rights it changed; None: anybody's, where it could have changed any.
    users: list[str] | None
    # A level that is not named sees what the one below it sees.
    frames: dict[str, str | None]
    # Of a room: the version of what its readers' rights follow from.
    rights: NotRequired[int]
    # Of a campaign: something goes off air by it, so nobody waits for its delay.
    takes_off: NotRequired[bool]
    # And by how many seconds its viewers are behind.
    delay: NotRequired[int]
    # Of a conversation: where the message stands. Who joined later does not see it.
    place: NotRequired[int]


class Filled(NamedTuple):
    """Events, oldest first. Up to `upto` there are no others: those numbers were overtaken, or removed."""

    messages: list[EventMessage]
    upto: int


class SourceUnavailable(Exception):
    """The database does not answer; ask again later."""


class Source(Protocol):
    """Raises SourceUnavailable."""

    async def heads(self, stream_ids: Sequence[str]) -> Mapping[str, int]:
        """The last seq of each stream."""
        ...

    async def fill(self, name: str, after: int, limit: int) -> Filled:
        """The messages of the events after `after`, as they were published."""
        ...
