"""The feed of the Discord process: what the channels of each server are to show, in order (`bot.feed_frames`).

A nudge through the channel layer says where to look; the events themselves are read from the timeline, so none is
lost and none comes twice, whatever became of the nudge. `rod/asgi.py` hands it to the gateway.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from uuid import UUID

from bot.bridge_feed import BridgeFeed
from bot.digest import digest_frames
from bot.feed_frames import (
    EDITION_EVENTS,
    Played,
    Target,
    digest_is_due,
    editions_by_guild,
    editions_frames,
    message_frames,
    missed_frames,
    next_frames,
    notification_frames,
    targets,
)
from chat.log import MESSAGE
from contract.events import EventType
from contract.shards import ALL, Shards
from delivery.database import Database
from delivery.hub import AnyHub
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.source import SourceUnavailable
from delivery.streams import stream_id
from delivery.wire import encode, out
from timeline.message_links import positions, save_positions

log = logging.getLogger(__name__)
# Looking at everything takes at most one part in so many of the time: it only finds what a nudge was lost of.
IDLE = 20


class Feed:
    """The feed of one connection; `push` order is the order of events in each stream."""

    def __init__(self, hub: AnyHub, database: Database, options: Options, outbox: Outbox) -> None:
        self._hub = hub
        self._database = database
        self._options = options
        self._outbox = outbox
        # Stream id → up to where it was sent.
        self._sent: dict[str, int] = {}
        # Where a digest waits: up to where the messages that follow something are up to date.
        self._followed: dict[str, int] = {}
        # Notifications offered on this connection and not yet claimed.
        self._offered: set[UUID] = set()
        # Those of the process at the other end: it hears of no other server.
        self._shards = ALL
        self._nudged: set[str] = set()
        # By guild: the editions that were sent last; and the servers and chronicles where they may have changed.
        self._editions: dict[str, Played] = {}
        self._edited: set[str] = set()
        self._bridges = BridgeFeed(database, outbox)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, since: Mapping[str, int], shards: Shards) -> None:
        """Send what comes after the given positions; streams without one go on from what was posted, or from now."""
        self._hub.listen_to_feed()
        self._shards = shards
        known = _by_stream_id(since)
        found = await self._database.run(targets, None, shards)
        posted = await self._database.run(positions, found.keys() - known.keys())
        for key, target in found.items():
            if key not in posted:
                await self._start_stream(key, target, known.get(key))
            elif target.shows.digest:
                self._continue_digest(key, target, posted[key])
            elif 0 <= target.head - posted[key] <= self._options.max_missed:
                await self._catch_up(key, target, posted[key])
            else:
                await self._start_stream(key, target, None)
        # Streams that start now: from here on a restart knows what it missed.
        new = {key: self._sent[key] for key in found if key not in posted and key not in known}
        await self._database.run(save_positions, new)
        await self._offer_notifications()
        await self._send_editions(None)
        await self._bridges.start(shards)
        self._wake.set()
        self._task = self._hub.spawn(self._run())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def nudge(self, stream: str, event_type: str) -> None:
        """There is something new in this stream, an event of this type."""
        if event_type == MESSAGE or event_type == EventType.SERVER_UPDATED:
            self._bridges.nudge(stream)
            self._wake.set()
        if event_type == MESSAGE:
            return
        self._nudged.add(stream_id(stream))
        if event_type in EDITION_EVENTS:
            self._edited.add(stream_id(stream))
        self._wake.set()

    async def save_posted(self, posted: Mapping[str, int]) -> None:
        """Keep what the Discord process says is in the channels, up to what it was sent."""
        sent = {
            key: min(seq, self._sent[key])
            for key, seq in _by_stream_id(posted).items()
            if self._sent.get(key, -1) >= 0
        }
        await self._database.run(save_positions, sent)

    async def _start_stream(self, key: str, target: Target, since: int | None) -> None:
        if since is not None and 0 <= target.head - since <= self._options.max_missed:
            self._sent[key] = since
            return
        # Unknown here, or too long ago to be news: from now on.
        self._sent[key] = target.head
        self._push_position("synced" if since is None else "resync", target, target.head)
        await self._outbox.room()

    def _continue_digest(self, key: str, target: Target, after: int) -> None:
        """After a restart, where a digest waits for its day."""
        self._sent[key] = min(after, target.head)
        self._push_position("synced", target, self._sent[key])

    async def _catch_up(self, key: str, target: Target, after: int) -> None:
        """After a restart: the present state of each character that changed, not each change."""
        await self._push(await self._database.run(missed_frames, target, key, after))
        self._sent[key] = target.head
        self._push_position("synced", target, target.head)

    def _push_position(self, kind: str, target: Target, seq: int) -> None:
        self._outbox.push(encode({"type": kind, "stream": target.name, "seq": seq}))

    async def _push(self, texts: list[str]) -> None:
        for text in texts:
            self._outbox.push(out(text))
            await self._outbox.room()

    async def _run(self) -> None:
        """Look at the streams it was nudged about, and at all every `poll_interval`; thousands of them less often."""
        # All were looked at a moment ago.
        next_full = time.monotonic() + self._options.poll_interval
        while True:
            nudged, self._nudged = self._nudged, set()
            began = time.monotonic()
            full = began >= next_full
            try:
                if full or nudged:
                    await self._update(None if full else nudged, nudged)
                await self._bridges.update(everything=full)
            except SourceUnavailable as error:
                log.warning("feed: %s", error)
            if full:
                now = time.monotonic()
                next_full = now + max(self._options.poll_interval, (now - began) * IDLE)
            self._wake.clear()
            if not self._nudged and not self._bridges.waits:
                await self._sleep(next_full - time.monotonic())

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _update(self, wanted: set[str] | None, nudged: set[str]) -> None:
        """Send what is new in the wanted streams; None: in all."""
        await self._offer_notifications()
        edited, self._edited = self._edited, set()
        if edited or wanted is None:
            await self._send_editions(None if wanted is None else edited)
        for key, target in (await self._database.run(targets, wanted, self._shards)).items():
            if key not in self._sent:
                # A nudge about a server that has a tracker channel only now: what it was nudged about is shown.
                since = target.head - 1 if key in nudged and target.head > 0 else None
                await self._start_stream(key, target, since)
                await self._database.run(save_positions, {key: self._sent[key]})
            if target.shows.digest:
                await self._send_digest(key, target)
                continue
            while self._sent[key] < target.head:
                if not await self._send_next(key, target):
                    break

    async def _offer_notifications(self) -> None:
        """Each is offered once on a connection; the process that claims it sends it."""
        self._offered, texts = await self._database.run(
            notification_frames, frozenset(self._offered), self._shards
        )
        await self._push(texts)

    async def _send_editions(self, edited: set[str] | None) -> None:
        """Send which editions are played in the guilds of these servers and chronicles, None: in all, where that is
        otherwise than was sent."""
        found = await self._database.run(editions_by_guild, edited, self._shards)
        changed = {guild: played for guild, played in found.items() if self._editions.get(guild) != played}
        self._editions |= changed
        await self._push(editions_frames(changed))

    async def _send_digest(self, key: str, target: Target) -> None:
        """One summary a day; what has a message of its own does not wait for it."""
        run, after = self._database.run, self._sent[key]
        await self._push(await run(message_frames, target, key, self._followed.get(key, after)))
        self._followed[key] = target.head
        if after < target.head and await run(digest_is_due, key, after):
            await self._push(await run(digest_frames, target, key, after))
            self._sent[key] = target.head
            self._push_position("synced", target, target.head)

    async def _send_next(self, key: str, target: Target) -> bool:
        after = self._sent[key]
        seq, texts = await self._database.run(next_frames, target, key, after)
        await self._push(texts)
        self._sent[key] = seq
        return seq > after


def _by_stream_id(positions: Mapping[str, int]) -> dict[str, int]:
    return {stream_id(name): seq for name, seq in positions.items()}
