"""What the Discord process gets: every change that a channel of its server shows, in order (`gateway.feed_frames`).

A nudge through the channel layer says where to look; the events themselves are read from the timeline, so none is
lost and none comes twice, whatever became of the nudge.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

from delivery.outbox import Outbox
from delivery.source import SourceUnavailable
from delivery.wire import out
from gateway.digest import summary
from gateway.feed_frames import Target, digest_is_due, followed, missed, targets, tracked
from gateway.frames import outgoing
from gateway.notifications import offered
from timeline.feed import keep, positions

if TYPE_CHECKING:
    from gateway.process import Process

log = logging.getLogger(__name__)


class Feed:
    def __init__(self, process: "Process", outbox: Outbox) -> None:
        self._process = process
        self._outbox = outbox
        self._after: dict[str, int] = {}
        # Where a digest waits: up to where the messages that follow something are up to date.
        self._followed: dict[str, int] = {}
        # Notifications offered on this connection and not yet claimed.
        self._offered: set[UUID] = set()
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[Any] | None = None

    async def start(self, since: dict[str, int]) -> None:
        """From the given positions on; streams without one begin now, and are told with `synced`."""
        self._process.hub.listen_to_feed()
        self._process.feeds.add(self)
        known = _by_id(since)
        found = await self._process.database.run(targets)
        posted = await self._process.database.run(positions, found.keys() - known.keys())
        for stream_id, target in found.items():
            if stream_id in posted and target.shows.digest:
                self._go_on(stream_id, target, posted[stream_id])
            elif (
                stream_id in posted
                and 0 <= target.head - posted[stream_id] <= self._process.options.max_missed
            ):
                await self._make_up(stream_id, target, posted[stream_id])
            else:
                await self._begin(stream_id, target, known.get(stream_id))
        # Where it all begins: from here on a restart knows what it missed.
        fresh = {one: self._after[one] for one in found if one not in posted and one not in known}
        await self._process.database.run(keep, fresh)
        await self._notifications()
        self._wake.set()
        self._task = self._process.hub.spawn(self._run())

    def stop(self) -> None:
        self._process.feeds.discard(self)
        if self._task is not None:
            self._task.cancel()

    def nudge(self, stream_name: str) -> None:
        self._dirty.add(stream_name.partition(":")[2])
        self._wake.set()

    async def _begin(self, stream_id: str, target: Target, since: int | None) -> None:
        missed = target.head - since if since is not None else None
        if since is not None and missed is not None and 0 <= missed <= self._process.options.max_missed:
            self._after[stream_id] = since
            return
        # Unknown here, or too long ago to be news: from now on.
        self._after[stream_id] = target.head
        self._tell("synced" if since is None else "resync", target, target.head)
        await self._outbox.room()

    def _go_on(self, stream_id: str, target: Target, after: int) -> None:
        """After a restart, where a digest waits for its day."""
        self._after[stream_id] = min(after, target.head)
        self._tell("synced", target, self._after[stream_id])

    def _tell(self, kind: str, target: Target, seq: int) -> None:
        self._outbox.push(outgoing.encode({"type": kind, "stream": target.name, "seq": seq}))

    async def _make_up(self, stream_id: str, target: Target, after: int) -> None:
        """After a restart: the present state of whoever changed, not each change."""
        await self._push(await self._process.database.run(missed, target, stream_id, after))
        self._after[stream_id] = target.head
        self._tell("synced", target, target.head)

    async def _push(self, texts: list[str]) -> None:
        for text in texts:
            self._outbox.push(out(text))
            await self._outbox.room()

    async def keep(self, posted: dict[str, int]) -> None:
        """What the Discord process says is in the channels. Of what it was never given it can say nothing."""
        known = {
            one: min(seq, after)
            for one, seq in _by_id(posted).items()
            if (after := self._after.get(one, -1)) >= 0
        }
        await self._process.database.run(keep, known)

    async def _run(self) -> None:
        """Looks at the streams it was nudged about, and now and then at all of them."""
        interval = self._process.options.poll_interval
        # All were looked at a moment ago.
        next_full = self._process.now() + interval
        while True:
            dirty, self._dirty = self._dirty, set()
            full = self._process.now() >= next_full
            try:
                await self._look(dirty, full)
            except SourceUnavailable as error:
                log.warning("feed: %s", error)
            if full:
                next_full = self._process.now() + interval
            self._wake.clear()
            if not self._dirty:
                await self._rest(next_full - self._process.now())

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _look(self, dirty: set[str], full: bool) -> None:
        if not dirty and not full:
            return
        await self._notifications()
        wanted = None if full else list(dirty)
        for stream_id, target in (await self._process.database.run(targets, wanted)).items():
            if stream_id not in self._after:
                # A nudge about a server that has a tracker channel only now: what it was nudged about is shown.
                nudged = stream_id in dirty and target.head > 0
                await self._begin(stream_id, target, target.head - 1 if nudged else None)
                await self._process.database.run(keep, {stream_id: self._after[stream_id]})
            if target.shows.digest:
                await self._digest(stream_id, target)
                continue
            while self._after[stream_id] < target.head:
                if not await self._advance(stream_id, target):
                    break

    async def _notifications(self) -> None:
        """Each is offered once on a connection; whoever takes it sends it."""
        self._offered, texts = await self._process.database.run(offered, frozenset(self._offered))
        await self._push(texts)

    async def _digest(self, stream_id: str, target: Target) -> None:
        """One summary a day; what has a message of its own does not wait for it."""
        run, after = self._process.database.run, self._after[stream_id]
        await self._push(await run(followed, target, stream_id, self._followed.get(stream_id, after)))
        self._followed[stream_id] = target.head
        if after < target.head and await run(digest_is_due, stream_id, after):
            await self._push(await run(summary, target, stream_id, after))
            self._after[stream_id] = target.head
            self._tell("synced", target, target.head)

    async def _advance(self, stream_id: str, target: Target) -> bool:
        after = self._after[stream_id]
        seq, texts = await self._process.database.run(tracked, target, stream_id, after)
        await self._push(texts)
        self._after[stream_id] = seq
        return seq > after


def _by_id(positions: dict[str, int]) -> dict[str, int]:
    return {name.partition(":")[2]: seq for name, seq in positions.items()}
