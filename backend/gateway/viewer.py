"""What one socket looks at: its streams and open sheets, and what becomes of them when access changes."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from contract.translation import N_
from delivery.database import Database
from delivery.hub import Hub
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.source import SourceUnavailable
from delivery.streams import Subscription
from delivery.wire import Out, out
from gateway.access import (
    Access,
    CurrentAccess,
    character_access,
    is_room,
    no_such,
    normalised,
    sheet_access,
)
from gateway.batching import Batcher
from gateway.connections import ConnectionManager
from gateway.constants import CLOSE_TRY_LATER
from gateway.credentials import Identity
from gateway.feed import Feed
from gateway.frames import Ref, rights, sheet_closed, with_presence, with_ref
from gateway.presence_tracker import PresenceTracker, is_shared
from gateway.requests import SubscribeRequest, SubscribeResult
from gateway.snapshots import sheet
from gateway.typing import Typing
from gateway.watched_rooms import Watched
from rules.errors import Limit, NotFound

log = logging.getLogger(__name__)

NOT_SUBSCRIBED = N_("This connection doesn’t have that stream.")
# Missed events that are written in one go.
PORTION = 50
# Storyteller, member.
Role = tuple[bool, bool]


class Hints(Protocol):
    """What is said in rooms that nobody has open (`gateway.unread`)."""

    async def watch(self, viewer: "Viewer", name: str) -> None: ...


class Shared(Protocol):
    """What all sockets of a process share (`gateway.process`)."""

    options: Options
    database: Database
    hub: "Hub[Viewer]"
    presence: PresenceTracker
    manager: ConnectionManager
    subscribe: Batcher[SubscribeRequest, SubscribeResult | None]

    @property
    def unread(self) -> "Hints": ...

    def now(self) -> float: ...

    def open_feed(self, outbox: Outbox) -> Feed: ...

    def close_feed(self, feed: Feed) -> None: ...


class Viewer(ABC):
    __slots__ = (
        "_busy",
        "_shared",
        "_typing",
        "id",
        "identity",
        "opened",
        "outbox",
        "status",
        "subscriptions",
        "watched",
    )

    def __init__(self, shared: Shared, id: str, identity: Identity, outbox: Outbox, status: str) -> None:
        self._shared = shared
        self.id = id
        self.identity = identity
        self.outbox = outbox
        self.status = status
        self.subscriptions: dict[str, Subscription[Viewer]] = {}
        # Open character → the name of its stream.
        self.opened: dict[str, str] = {}
        # Server → the rooms of which this socket hears there.
        self.watched: dict[str, Watched] = {}
        self._typing: Typing | None = None
        # Frames and changes of access are handled one after another.
        self._busy = asyncio.Lock()

    @abstractmethod
    def stop(self, code: int) -> None:
        """End the socket."""

    async def touch(self, seconds: float) -> None:
        """This socket's person is there, for so many seconds."""
        if self.identity.user_id is not None:
            streams = [name for name, subscription in self.subscriptions.items() if subscription.is_whole]
            await self._shared.presence.touch(self.identity.user_id, self.id, self.status, streams, seconds)

    def leave_all(self) -> None:
        if self._typing is not None:
            self._typing.end_all()
        for subscription in self.subscriptions.values():
            self._shared.hub.unsubscribe(subscription)
        self.subscriptions.clear()
        self.opened.clear()

    # Streams

    async def subscribe(self, stream: str, since: int | None, ref: Ref, rooms: bool = False) -> None:
        """Send what was missed since then, or a snapshot; live events follow. Raises NotFound, Limit.

        `rooms`: hear of the rooms of a server too.
        """
        name = normalised(stream)
        self._check_room(name)
        # First of all, so that nothing that happens from here on is missed: a change of rights least of all.
        subscription = self._held_subscription(name)
        try:
            await self._shared.hub.ready(subscription.stream)
            if rooms and name.startswith("server:"):
                await self._shared.unread.watch(self, name)
            await self._catch_up(subscription, since, ref)
        finally:
            self._forget_if_unused(subscription)
            subscription.release()

    def unsubscribe(self, stream: str) -> None:
        subscription = self.subscriptions.get(stream)
        if subscription is None or not subscription.is_whole:
            raise NotFound(NOT_SUBSCRIBED, code="not_subscribed")
        subscription.is_whole = False
        self._forget_if_unused(subscription)

    async def type(self, stream: str, is_typing: bool) -> None:
        """Tell the others in a room that this person types, or has stopped. Raises NotFound, NotAllowed."""
        subscription = self.subscriptions.get(stream)
        if subscription is None or not subscription.is_whole or not is_room(stream):
            raise NotFound(NOT_SUBSCRIBED, code="not_subscribed")
        if self._typing is None:
            self._typing = Typing(self.identity, self._shared.database)
        await self._typing.tell(stream, is_typing)

    def stop_typing(self, stream: str) -> None:
        if self._typing is not None:
            self._typing.end(stream)

    def _check_room(self, name: str) -> None:
        limit = self._shared.options.max_subscriptions
        if name not in self.subscriptions and len(self.subscriptions) >= limit:
            sentence = N_("One connection can have up to {limit} streams.")
            raise Limit(sentence, code="too_many_subscriptions", limit=limit)

    def _held_subscription(self, name: str) -> "Subscription[Viewer]":
        """The subscription to that stream, held: events wait until what they follow has been sent."""
        subscription = self.subscriptions.get(name)
        if subscription is None:
            subscription = self._shared.hub.subscribe(self, self.outbox, name, self.identity.user_id)
            # The stream's own text is the key, one for all its viewers.
            self.subscriptions[subscription.name] = subscription
        subscription.hold()
        return subscription

    async def _catch_up(
        self,
        subscription: "Subscription[Viewer]",
        since: int | None = None,
        ref: Ref = None,
        before: Role | None = None,
    ) -> None:
        """Send what was missed, or a snapshot; live events follow. Raises NotFound to those who may not have it.

        `before`: the role was that until now, and a change of it is sent first. The role is read again here: it may
        have changed once more since somebody heard of a change.
        """
        name = subscription.name
        result = await self._shared.subscribe.load(SubscribeRequest(self.identity, name, since, ref))
        if result is None:
            subscription.is_whole = False
            raise no_such(name)
        if self.identity.user_id is not None:
            await self._shared.presence.enter(self.identity.user_id, self.id, self.status, name)
        now = _role(result.access)
        if before is not None and before != now:
            self.outbox.push(rights(name, result.access.role, gained=now > before))
        if result.missed is not None:
            await self._send_missed(name, result.seq, result.missed, ref)
        else:
            await self._send_snapshot(name, result.parts)
        subscription.is_storyteller, subscription.is_member = now
        subscription.begins, subscription.stream.scope = result.access.begins, result.access.scope
        subscription.is_whole, subscription.stale, subscription.after = True, False, result.seq

    async def _send_snapshot(self, name: str, parts: Sequence[Out]) -> None:
        *first, last = parts
        for part in first:
            self.outbox.push(part)
            await self.outbox.room()
        # Nothing is waited for after this: people who come or go from here on are announced to this viewer.
        self.outbox.push(with_presence(last, self._present(name)))

    async def _send_missed(self, name: str, seq: int, texts: list[str], ref: Ref) -> None:
        for number, text in enumerate(texts, 1):
            self.outbox.push(out(text))
            await self.outbox.room()
            if number % PORTION == 0:
                # Even a client that takes everything at once must not keep the loop from the others.
                await asyncio.sleep(0)
        synced = {"type": "synced", "stream": name, "seq": seq, "presence": self._present(name)}
        self.outbox.push(with_ref(synced, ref))

    def _present(self, name: str) -> dict[str, str]:
        me = {self.identity.user_id: self.status} if self.identity.user_id and is_shared(name) else {}
        return me | self._shared.presence.cache.of_stream(name)

    def _forget_if_unused(self, subscription: "Subscription[Viewer]") -> None:
        if not subscription.is_whole and not subscription.opened:
            self.stop_typing(subscription.name)
            self.watched.pop(subscription.name, None)
            self.subscriptions.pop(subscription.name, None)
            self._shared.hub.unsubscribe(subscription)

    # Sheets

    async def open(self, character_id: str, ref: Ref) -> None:
        """Send a character's sheet; its events follow, with the stream or without it. Raises NotFound, Limit."""
        access = await self._shared.database.run(character_access, self.identity, character_id)
        limit = self._shared.options.max_sheets
        if len(self.opened) >= limit:
            sentence = N_("One connection can have up to {limit} open sheets.")
            raise Limit(sentence, code="too_many_sheets", limit=limit)
        self._check_room(access.ref.name)
        subscription = self._held_subscription(access.ref.name)
        try:
            await self._shared.hub.ready(subscription.stream)
            if not subscription.is_whole:
                subscription.is_storyteller, subscription.is_member = _role(access)
            await self._send_sheet(subscription, character_id, ref)
        finally:
            self._forget_if_unused(subscription)
            subscription.release()

    def close(self, character_id: str) -> None:
        name = self.opened.pop(character_id, None)
        subscription = self.subscriptions.get(name) if name else None
        if subscription is None:
            raise NotFound(N_("This sheet isn’t open here."), code="not_open")
        subscription.opened.pop(character_id, None)
        self._forget_if_unused(subscription)

    async def _send_sheet(
        self, subscription: "Subscription[Viewer]", character_id: str, ref: Ref = None
    ) -> None:
        seq, character = await self._shared.database.run(
            sheet, self.identity, character_id, subscription.stream.id
        )
        body = {"type": "sheet", "stream": subscription.name, "seq": seq, "character": character}
        self.outbox.push(with_ref(body, ref))
        await self.outbox.room()
        subscription.opened[str(character.id)] = seq
        self.opened[str(character.id)] = subscription.name

    # Access

    def is_affected(self, subscription: "Subscription[Viewer]", current: CurrentAccess) -> bool:
        """False when that access changes nothing here, and nothing is under way that it might change."""
        return (
            self._busy.locked()
            or (subscription.is_whole and not _is_same(subscription, current.stream))
            or any(not _is_same(subscription, current.sheets.get(pk)) for pk in subscription.opened)
        )

    async def apply_access(
        self, subscription: "Subscription[Viewer]", current: CurrentAccess, resend: bool = False
    ) -> None:
        """Drop or resend whatever this viewer may no longer (or now) see, then release the held subscription.

        `resend`: open sheets are sent again even when the role is the same, as what it may see is not.
        """
        try:
            async with self._busy:
                before = (subscription.is_storyteller, subscription.is_member)
                if subscription.is_whole:
                    await self._apply_stream_access(subscription, current.stream, before)
                for character_id in tuple(subscription.opened):
                    access = current.sheets.get(character_id)
                    if character_id not in current.sheets:  # opened since access was read
                        access = await self._shared.database.run(sheet_access, self.identity, character_id)
                    await self._apply_sheet_access(subscription, character_id, access, before, resend)
        except SourceUnavailable as error:
            # Nobody can say what may be seen: the client comes back when somebody can.
            log.warning("socket %s: access unknown, %s", self.id, error)
            self.stop(CLOSE_TRY_LATER)
        finally:
            subscription.release()

    async def _apply_stream_access(
        self, subscription: "Subscription[Viewer]", access: Access | None, before: Role
    ) -> None:
        if access is None:
            self._lose(subscription)
        elif not _is_same(subscription, access):
            try:
                await self._catch_up(subscription, before=before)
            except NotFound:  # lost in this very moment
                self._lose(subscription)

    def _lose(self, subscription: "Subscription[Viewer]") -> None:
        subscription.is_whole = False
        self.outbox.push(rights(subscription.name, "none", lost=True))
        self._forget_if_unused(subscription)

    async def _apply_sheet_access(
        self,
        subscription: "Subscription[Viewer]",
        character_id: str,
        access: Access | None,
        before: Role,
        resend: bool,
    ) -> None:
        if access is None:
            self.outbox.push(sheet_closed(subscription.name, character_id))
            self.close(character_id)
        elif resend or before != _role(access):
            subscription.is_storyteller, subscription.is_member = _role(access)
            await self._send_sheet(subscription, character_id)


def _role(access: Access) -> Role:
    return access.is_storyteller, access.is_member


def _is_same(subscription: Subscription[Viewer], access: Access | None) -> bool:
    known = subscription.is_storyteller, subscription.is_member, subscription.begins
    return access is not None and known == (*_role(access), access.begins)
