"""A stream as one process serves it, and a socket's view of it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from delivery.outbox import Outbox
from delivery.source import EventMessage
from delivery.wire import Out, out, resync
from gateway.constants import stream_group

MAX_HELD = 5000
LEVELS = ("0", "1", "2", "3")
# Among the frames of a message: the one for clients of the chat API, where it has one (`gateway.chat_session`).
PLAIN = "plain"

OwnerT = TypeVar("OwnerT")
Listener = Callable[[EventMessage, list[Out | None]], None]
# An event and its frames by level.
Shown = tuple[EventMessage, list[Out | None]]


class Subscription(Generic[OwnerT]):
    """One socket's view of one stream: all of it, or the entities that are open on that socket, or both."""

    __slots__ = (
        "_held",
        "_holds",
        "after",
        "begins",
        "is_member",
        "is_storyteller",
        "is_whole",
        "opened",
        "outbox",
        "owner",
        "stale",
        "stream",
        "user_id",
    )

    def __init__(self, owner: OwnerT, outbox: Outbox, stream: "Stream[OwnerT]", user_id: str | None) -> None:
        self.owner = owner  # the socket, for those who find this subscription in the hub
        self.outbox = outbox
        self.stream = stream
        self.user_id = user_id
        self.is_storyteller = self.is_member = self.is_whole = False
        # Entity → the seq up to which its open document holds the events.
        self.opened: dict[str, int] = {}
        self.after = 0
        # In a conversation: what was said up to there is not theirs to read.
        self.begins = 0
        self.stale = False
        self._holds = 0
        # None while nothing is held: idle viewers are many.
        self._held: list[EventMessage | Out] | None = None

    @property
    def name(self) -> str:
        return self.stream.name

    def level(self, owner_id: str | None) -> int:
        if self.is_storyteller:
            return 3
        if owner_id is not None and owner_id == self.user_id:
            return 2
        return 1 if self.is_member else 0

    def hold(self) -> None:
        """Keep events back until `release`: while a snapshot is read, or rights are checked again."""
        self._holds += 1

    def release(self) -> None:
        self._holds -= 1
        if self._holds:
            return
        held, self._held = self._held or (), None
        for message in held:
            if isinstance(message, Out):
                self.aside(message)
            else:
                self.deliver(message, encoded(message))

    def deliver(self, message: EventMessage, frames: list[Out | None]) -> None:
        """Send the frame of this viewer's level, unless it is held, hidden, or in the snapshot already."""
        if self._holds:
            self._keep(message)
        elif (frame := self._shown(message, frames)) is not None:
            self.outbox.push(frame, self, message["seq"])

    def deliver_all(self, messages: Sequence[Shown]) -> None:
        """As `deliver` one after the other, in one piece where the socket takes it."""
        if self._holds:
            for message, _ in messages:
                self._keep(message)
            return
        found = ((self._shown(message, frames), message["seq"]) for message, frames in messages)
        self.outbox.push_all([(frame, seq) for frame, seq in found if frame is not None], self)

    def _shown(self, message: EventMessage, frames: list[Out | None]) -> Out | None:
        frame = frames[self.level(message["owner"])]
        if frame is None or self.stale or (self.begins and message.get("place", 0) <= self.begins):
            return None
        seq = message["seq"]
        is_new = (self.is_whole and seq > self.after) or self._is_open(message["entity_id"], seq)
        return frame if is_new else None

    def aside(self, frame: Out) -> None:
        """Send what is in no log, such as presence: only to who has the whole stream, and may have it still."""
        if not self.is_whole or self.stale:
            return
        if not self._holds:
            self.outbox.push(frame, self, (self.stream.after or 0) + 1)
        elif self._held is None:
            self._held = [frame]
        elif len(self._held) < MAX_HELD:
            self._held.append(frame)

    def _is_open(self, entity_id: str, seq: int) -> bool:
        after = self.opened.get(entity_id)
        return after is not None and seq > after

    def _keep(self, message: EventMessage) -> None:
        if self._held is None:
            self._held = [message]
        elif len(self._held) < MAX_HELD:
            self._held.append(message)
        elif not self.stale:
            self.stale = True
            events = (kept["seq"] for kept in self._held if not isinstance(kept, Out))
            first = min(events, default=message["seq"])
            self.outbox.push(resync(self.name, first - 1))


class PlainSubscription(Subscription[OwnerT]):
    """The view of a client of the chat API: new messages that everybody in the room sees, and nothing else."""

    __slots__ = ()

    def deliver(self, message: EventMessage, frames: list[Out | None]) -> None:
        if self._holds:
            self._keep(message)
        elif self.is_whole and self.is_member and len(frames) > len(LEVELS) and message["seq"] > self.after:
            plain = frames[len(LEVELS)]
            if plain is not None:
                self.outbox.push(plain)

    def deliver_all(self, messages: Sequence[Shown]) -> None:
        for message, frames in messages:
            self.deliver(message, frames)


class Stream(Generic[OwnerT]):
    __slots__ = (
        "after",
        "filling",
        "group",
        "id",
        "listeners",
        "name",
        "opening",
        "pending",
        "rights",
        "scope",
        "subscriptions",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.id = stream_id(name)
        self.group = stream_group(self.id)
        self.subscriptions: dict[OwnerT, Subscription[OwnerT]] = {}
        # Who takes every event for many sockets: nobody's rights are asked.
        self.listeners: tuple[Listener, ...] = ()
        # The last event handed out; None until the head was read.
        self.after: int | None = None
        self.pending: dict[int, EventMessage] = {}
        # Of a room: what its readers' rights follow from, and the version at which they were looked at last.
        self.scope: str | None = None
        self.rights = 0
        self.opening: asyncio.Task[None] | None = None
        self.filling: asyncio.Task[None] | None = None


def stream_id(name: str) -> str:
    """`chronicle:<id>` → `<id>`."""
    return name.partition(":")[2]


def encoded(message: EventMessage) -> list[Out | None]:
    """The frames by level, ready for the wire; after them the plain one, if there is one."""
    texts, frames = message["frames"], list[Out | None]()
    for level in LEVELS:
        if level in texts:
            text = texts[level]
            frames.append(None if text is None else out(text))
        else:
            frames.append(frames[-1] if frames else None)
    if plain := texts.get(PLAIN):
        frames.append(out(plain))
    return frames
