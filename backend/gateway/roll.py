"""Who is present in the streams that this process serves: read once, kept up to date by what is told.

A thousand people who come to one stream would each ask Redis for the thousand, and each be told to the thousand: here
one answer serves all, and what happens within a moment goes out as one frame.
"""

import asyncio
import time

from delivery.hub import Hub
from delivery.streams import Stream
from gateway.frames import outgoing
from gateway.presence import OFFLINE, Presence

# A message may be lost: after so many seconds the next who comes has it read again.
FRESH = 30.0


class Roll:
    def __init__(self, presence: Presence, hub: Hub, batch_seconds: float) -> None:
        self._presence = presence
        self._hub = hub
        self._batch_seconds = batch_seconds
        self._known: dict[str, dict[str, str]] = {}
        self._read_at: dict[str, float] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}
        # What was told while a stream was being read; it is newer than what was read.
        self._meanwhile: dict[str, dict[str, str]] = {}
        self._news: dict[str, dict[str, str]] = {}

    def of(self, stream: str) -> dict[str, str]:
        """User id → status, of those who are not offline. `read` it first."""
        return self._known.get(stream, {})

    async def read(self, stream: str) -> None:
        if time.monotonic() - self._read_at.get(stream, -FRESH) < FRESH:
            return
        if stream not in self._reading:
            self._meanwhile[stream] = {}
            self._reading[stream] = self._hub.spawn(self._read(stream))
        await asyncio.shield(self._reading[stream])

    def hear(self, user: str, status: str, streams: list[str]) -> None:
        """Somebody's status in these streams: kept, and told to their viewers in a moment."""
        if not self._news:
            asyncio.get_running_loop().call_later(self._batch_seconds, self._tell)
        for name in streams:
            if name not in self._hub.streams:
                continue
            if name in self._meanwhile:
                self._meanwhile[name][user] = status
            if name in self._known:
                _put(self._known[name], user, status)
            self._news.setdefault(name, {})[user] = status

    def forget_unused(self) -> None:
        for name in self._known.keys() - self._hub.streams.keys():
            del self._known[name], self._read_at[name]

    async def _read(self, stream: str) -> None:
        try:
            found = await self._presence.of_stream(stream)
            for user, status in self._meanwhile[stream].items():
                _put(found, user, status)
            self._known[stream], self._read_at[stream] = found, time.monotonic()
        finally:
            del self._meanwhile[stream], self._reading[stream]

    def _tell(self) -> None:
        news, self._news = self._news, {}
        for name, users in news.items():
            stream = self._hub.streams.get(name)
            if stream is not None:
                self._tell_viewers(stream, users)

    def _tell_viewers(self, stream: Stream, users: dict[str, str]) -> None:
        frame = outgoing.presence(stream.name, users)
        for subscription in tuple(stream.subscriptions.values()):
            if subscription.is_whole and not subscription.stale:
                subscription.outbox.push(frame, subscription, (stream.after or 0) + 1)


def _put(known: dict[str, str], user: str, status: str) -> None:
    if status == OFFLINE:
        known.pop(user, None)
    else:
        known[user] = status
