"""The viewers of one campaign in one process. What they get is read once, encoded once, and held back together.

A feed listens to the campaign's stream in the hub. With a delay, events wait here, in order; what takes something off
air does not wait: all that waits is read again as it may be published by now, and everybody gets a fresh snapshot.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from companion.selectors import live
from companion.selectors.live import Snapshot
from delivery.database import Database
from delivery.hub import AnyHub
from delivery.options import Options
from delivery.source import EventMessage, SourceUnavailable
from delivery.wire import Out, out
from gateway.constants import CLOSE_NOT_PUBLIC, CLOSE_TRY_LATER
from gateway.public_socket import PublicSocket

log = logging.getLogger(__name__)

# For so long one snapshot serves who comes, as long as nothing happens: with a delay the past moves on.
SNAPSHOT_SECONDS = 1.0


class _Held(NamedTuple):
    due: float
    seq: int
    frame: Out | None


class CampaignFeed:
    """`gone` is called when the last viewer has left."""

    def __init__(
        self, name: str, hub: AnyHub, database: Database, options: Options, gone: Callable[[str], None]
    ) -> None:
        self.name = name
        self._id = name.partition(":")[2]
        self._hub, self._database, self._options, self._gone = hub, database, options, gone
        self._sockets: set[PublicSocket] = set()
        self._delay = 0
        # The last event that viewers got.
        self._sent = 0
        self._waiting: deque[_Held] = deque()
        self._timer: asyncio.TimerHandle | None = None
        # What waits is being read again: until then nothing of it goes out.
        self._reading_again = 0
        self._snapshot: tuple[float, Snapshot, Out] | None = None
        self._loading: asyncio.Task[tuple[Snapshot, Out] | None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self._stream = hub.listen(name, self._receive)

    # Viewers

    def add(self, socket: PublicSocket) -> None:
        self._sockets.add(socket)

    async def begin(self, socket: PublicSocket, since: int | None) -> None:
        """Send what a new viewer needs first; live events follow."""
        try:
            await self._begin(socket, since)
        except SourceUnavailable as error:
            log.warning("campaign %s: %s", self._id, error)
            socket.stop(CLOSE_TRY_LATER)

    async def _begin(self, socket: PublicSocket, since: int | None) -> None:
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = self._hub.spawn(self._open())
        await asyncio.shield(self._opening)
        missed = None
        if since is not None:
            limit = self._options.max_missed_messages
            missed = await self._database.run(live.missed, self._id, since, limit)
        if missed is not None:
            socket.begin(missed[0], [out(text) for text in missed[1]])
            return
        loaded = await self._load()
        if loaded is None:
            socket.stop(CLOSE_NOT_PUBLIC)
        else:
            socket.begin(loaded[0].seq, [loaded[1]])

    def remove(self, socket: PublicSocket) -> None:
        self._sockets.discard(socket)
        if not self._sockets:
            self._hub.leave(self._stream, self._receive)
            if self._timer is not None:
                self._timer.cancel()
            self._gone(self.name)

    def close(self, code: int) -> None:
        for socket in tuple(self._sockets):
            socket.stop(code)

    async def _open(self) -> None:
        """From when this returns every later event arrives; those that the delay held back before are here."""
        await self._hub.ready(self._stream)
        await self._read_waiting()

    # Snapshots

    async def _load(self) -> tuple[Snapshot, Out] | None:
        """One reading for all who come at the same time; none while nothing has happened since the last."""
        now = asyncio.get_running_loop().time()
        if self._snapshot is not None:
            made, known, frame = self._snapshot
            unmoved = known.seq == self._stream.after and not self._delay
            if unmoved or (self._delay and now - made < SNAPSHOT_SECONDS):
                return known, frame
        if self._loading is None or self._loading.done():
            self._loading = self._hub.spawn(self._read_snapshot(now))
        return await asyncio.shield(self._loading)

    async def _read_snapshot(self, now: float) -> tuple[Snapshot, Out] | None:
        read = await self._database.run(live.snapshot, self._id)
        if read is None:
            return None
        frame = out(read.text)
        self._delay = read.delay
        self._snapshot = (now, read, frame)
        return read, frame

    # Events

    def _receive(self, message: EventMessage, frames: list[Out | None]) -> None:
        self._delay = message.get("delay", 0)
        due = asyncio.get_running_loop().time() + self._delay
        self._waiting.append(_Held(due, message["seq"], frames[0]))
        if message.get("takes_off"):
            self._snapshot = None
        if message.get("takes_off") and self._delay:
            self._reading_again += 1
            self._hub.spawn(self._take_off())
        self._send_due()

    def _send_due(self) -> None:
        """Send what is due, in order, and come back for the next."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._waiting and self._waiting[0].due <= now and not self._reading_again:
            held = self._waiting.popleft()
            self._send(held.seq, held.frame)
        if self._waiting and not self._reading_again:
            self._timer = loop.call_at(self._waiting[0].due, self._send_due)

    def _send(self, seq: int, frame: Out | None) -> None:
        self._sent = max(self._sent, seq)
        if frame is not None:
            for socket in tuple(self._sockets):
                socket.deliver(seq, frame)

    async def _take_off(self) -> None:
        """Something goes off air at once: what waits is published as it may be now, and everybody sees a new scene."""
        try:
            read = await self._read_snapshot(asyncio.get_running_loop().time())
            await self._read_waiting()
        except SourceUnavailable as error:
            log.warning("campaign %s: %s", self._id, error)
            self._waiting.clear()
            self.close(CLOSE_TRY_LATER)
            return
        finally:
            self._reading_again -= 1
        if read is None:
            self.close(CLOSE_NOT_PUBLIC)
        else:
            for socket in tuple(self._sockets):
                socket.replace(read[0].seq, read[1])
        self._send_due()

    async def _read_waiting(self) -> None:
        read = await self._database.run(live.waiting, self._id)
        now = asyncio.get_running_loop().time()
        held = [_Held(now + line.seconds, line.seq, out(line.text) if line.text else None) for line in read]
        newest = held[-1].seq if held else self._sent
        # What came while we read is behind what was read.
        self._waiting = deque([*held, *(other for other in self._waiting if other.seq > newest)])
        self._send_due()
