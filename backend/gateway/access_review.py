"""Checks again what viewers may see, on open sockets and at once, after events that may have changed it."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence

from delivery.database import Database
from delivery.hub import Hub
from delivery.source import EventMessage, SourceUnavailable
from delivery.streams import Stream, Subscription
from gateway.access import CurrentAccess, current_access, is_room
from gateway.constants import CLOSE_TRY_LATER
from gateway.room_access import RoomRequest, room_access
from gateway.snapshots import character_frames
from gateway.viewer import Viewer

log = logging.getLogger(__name__)

# Viewers whose access is read in one go.
BATCH = 500


class AccessReview:
    """Reviews happen one after another: of two reads of the same rights the later one counts."""

    def __init__(self, hub: Hub[Viewer], database: Database) -> None:
        self._hub = hub
        self._database = database
        self._lock = asyncio.Lock()

    def rights_changed(self, stream: Stream[Viewer], message: EventMessage) -> None:
        """Pause the subscriptions that an event may concern before it is sent, and review their access."""
        subscriptions = tuple(stream.subscriptions.values())
        if message["users"] is not None:
            concerned = set(message["users"])
            subscriptions = tuple(held for held in subscriptions if held.user_id in concerned)
        self._start(subscriptions)

    def visibility_changed(self, stream: Stream[Viewer], message: EventMessage) -> None:
        """Send each viewer the character as it may be seen now: the card, and the sheet where it is open."""
        self._hub.spawn(self._resend(stream, message["entity_id"], message["seq"]))

    def review_all(self) -> None:
        rooms: list[Subscription[Viewer]] = []
        for stream in tuple(self._hub.streams.values()):
            if is_room(stream.name):
                rooms += stream.subscriptions.values()
            else:
                self._start(stream.subscriptions.values())
        self._start(rooms)

    def review_rooms(self, scope: str, version: int, users: Collection[str] | None) -> None:
        """What rights in these rooms follow from has changed: a server, or a conversation; for all or for some.

        A room whose first viewer is being asked for just now is looked at as well.
        """
        concerned: list[Subscription[Viewer]] = []
        for stream in self._hub.streams.values():
            if is_room(stream.name) and stream.scope in (scope, None):
                held = stream.subscriptions.values()
                concerned += [
                    subscription for subscription in held if users is None or subscription.user_id in users
                ]
                # Who missed a version looks at everybody before the next message.
                if stream.rights >= version - 1 > 0:
                    stream.rights = max(stream.rights, version)
        self._start(concerned)

    def _start(self, subscriptions: Iterable[Subscription[Viewer]], resend: bool = False) -> None:
        """Of one stream, or of rooms."""
        held = tuple(subscriptions)
        for subscription in held:
            subscription.hold()
        if held:
            self._hub.spawn(self._review(held, resend))

    async def _review(self, held: Sequence[Subscription[Viewer]], resend: bool) -> None:
        async with self._lock:
            for start in range(0, len(held), BATCH):
                await self._review_batch(held[start : start + BATCH], resend)

    async def _review_batch(self, held: Sequence[Subscription[Viewer]], resend: bool) -> None:
        try:
            accesses = await self._accesses(held)
        except SourceUnavailable as error:
            # Nobody can say what they may see: nothing more is shown, and they come back when somebody can.
            log.warning("rights of %d viewers of %s unknown: %s", len(held), held[0].name, error)
            for subscription in held:
                subscription.owner.stop(CLOSE_TRY_LATER)
            return
        for subscription, access in zip(held, accesses, strict=True):
            if resend or subscription.owner.is_affected(subscription, access):
                self._hub.spawn(subscription.owner.apply_access(subscription, access, resend))
            else:
                subscription.release()

    async def _accesses(self, held: Sequence[Subscription[Viewer]]) -> list[CurrentAccess]:
        name = held[0].name
        if is_room(name):
            asked = [RoomRequest(subscription.owner.identity, subscription.name) for subscription in held]
            return [CurrentAccess(access, {}) for access in await self._database.run(room_access, asked)]
        viewers = [(subscription.owner.identity, tuple(subscription.opened)) for subscription in held]
        return await self._database.run(current_access, name, viewers)

    async def _resend(self, stream: Stream[Viewer], character_id: str, seq: int) -> None:
        try:
            owner, frames = await self._database.run(character_frames, character_id, stream.name, seq)
        except SourceUnavailable as error:
            log.warning("character %s not sent again: %s", character_id, error)
            return
        subscriptions = tuple(stream.subscriptions.values())
        for subscription in subscriptions:
            if subscription.is_whole and not subscription.stale and frames:
                subscription.outbox.push(frames[subscription.level(owner)], subscription, seq + 1)
        opened = [subscription for subscription in subscriptions if character_id in subscription.opened]
        self._start(opened, resend=True)
