"""Who is present in the streams that this process serves: read once, then kept up to date by announcements.

A thousand people who come to one stream would each ask Redis for the thousand, and each be told to the thousand: here
one read serves all, and what happens within a moment goes out as one frame.
"""

import asyncio
import time
from collections.abc import Iterable

from delivery.hub import AnyHub
from delivery.streams import OwnerT, Stream
from gateway.frames import presence as presence_frame
from gateway.presence import OFFLINE, Presence

# An announcement may be lost: after so many seconds the next who comes has the stream read again.
MAX_AGE = 30.0


class PresenceCache:
    def __init__(self, presence: Presence, hub: AnyHub, batch_seconds: float) -> None:
        self._presence = presence
        self._hub = hub
        self._batch_seconds = batch_seconds
        self._known: dict[str, dict[str, str]] = {}
        self._read_at: dict[str, float] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}
        # What was announced while a stream was being read; it is newer than what was read.
        self._meanwhile: dict[str, dict[str, str]] = {}
        self._unsent: dict[str, dict[str, str]] = {}

    def of_stream(self, stream: str) -> dict[str, str]:
        """User id → status, of those who are not offline. `read` it first."""
        return self._known.get(stream, {})

    async def read(self, stream: str) -> None:
        """Make sure that `of_stream` is at most MAX_AGE seconds old."""
        if time.monotonic() - self._read_at.get(stream, -MAX_AGE) < MAX_AGE:
            return
        if stream not in self._reading:
            self._meanwhile[stream] = {}
            self._reading[stream] = self._hub.spawn(self._read(stream))
        await asyncio.shield(self._reading[stream])

    def update(self, user: str, status: str, streams: Iterable[str]) -> None:
        """Keep somebody's status in these streams, and send it to their viewers in a moment."""
        if not self._unsent:
            asyncio.get_running_loop().call_later(self._batch_seconds, self._send)
        for name in streams:
            if name not in self._hub.streams:
                continue
            if name in self._meanwhile:
                self._meanwhile[name][user] = status
            if name in self._known:
                _put(self._known[name], user, status)
            self._unsent.setdefault(name, {})[user] = status

    def forget_unused(self) -> None:
        for name in self._known.keys() - self._hub.streams.keys():
            del self._known[name], self._read_at[name]

    async def _read(self, stream: str) -> None:
        try:
            present = await self._presence.of_stream(stream)
            for user, status in self._meanwhile[stream].items():
                _put(present, user, status)
            self._known[stream], self._read_at[stream] = present, time.monotonic()
        finally:
            del self._meanwhile[stream], self._reading[stream]

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, {}
        for name, users in unsent.items():
            stream = self._hub.streams.get(name)
            if stream is not None:
                _send_to_viewers(stream, users)


def _send_to_viewers(stream: Stream[OwnerT], users: dict[str, str]) -> None:
    frame = presence_frame(stream.name, users)
    for subscription in tuple(stream.subscriptions.values()):
        subscription.aside(frame)


def _put(present: dict[str, str], user: str, status: str) -> None:
    if status == OFFLINE:
        present.pop(user, None)
    else:
        present[user] = status
