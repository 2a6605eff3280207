"""Signed-in viewers of the platform's gateway, from handshake to the whole snapshot."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from scripts.bench.client import Door, Viewer

GATEWAY = "/ws/gateway/"
TIMEOUT = 90.0
OnText = Callable[[Viewer, bytes], None]


@dataclass
class Arrival:
    """What one viewer was sent on its way in; `at` holds when each kind of frame came first."""

    at: dict[str, float] = field(default_factory=dict)
    largest: int = 0
    total: int = 0
    seq: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: tuple[str, ...] = ("hello",)

    def on_text(self, viewer: Viewer, payload: bytes) -> None:
        kind = kind_of(payload)
        if kind == "snapshot" or kind == "synced":
            self.largest = max(self.largest, len(payload))
            self.total += len(payload)
            body = orjson.loads(payload)
            self.seq = body["seq"]
            if body.get("part") != body.get("parts"):
                return
        if kind == "error":
            raise RuntimeError(payload.decode())
        self.at.setdefault(kind, time.perf_counter())
        if kind in self.wanted:
            self.done.set()

    async def until(self, *kinds: str) -> float:
        """When the first frame of one of these kinds was there, whole."""
        self.wanted = kinds
        while not any(kind in self.at for kind in kinds):
            self.done.clear()
            await asyncio.wait_for(self.done.wait(), TIMEOUT)
        return min(self.at[kind] for kind in kinds if kind in self.at)


def kind_of(payload: bytes) -> str:
    """Of a frame, without reading all of it: every frame starts with its type."""
    return payload[9 : payload.index(b'"', 9)].decode()


@dataclass
class Watcher:
    viewer: Viewer
    arrival: Arrival

    @classmethod
    async def enter(cls, door: Door, stream: str | None = None, since: int | None = None) -> "Watcher":
        """Returns with the hello, or, given a stream, with all of what it starts with."""
        arrival = Arrival()
        watcher = cls(await Viewer.open(door, arrival.on_text), arrival)
        await arrival.until("hello")
        if stream:
            await watcher.subscribe(stream, since)
        return watcher

    async def subscribe(self, stream: str, since: int | None = None) -> float:
        """How long it took until all was there."""
        self.arrival.at = {}
        frame: dict[str, Any] = {"type": "subscribe", "stream": stream}
        began = time.perf_counter()
        self.viewer.send(frame if since is None else frame | {"since": since})
        return await self.arrival.until("snapshot", "synced") - began

    def listen(self, on_text: OnText) -> None:
        self.viewer.on_text = on_text


def doors(port: int, sessions: Sequence[str]) -> list[Door]:
    return [Door(port, GATEWAY, session) for session in sessions]


async def enter_all(doors: Sequence[Door], streams: Sequence[str | None], at_once: int = 50) -> list[Watcher]:
    """Everybody, at most `at_once` on their way in; in the order of the doors. Who is in is kept alive meanwhile."""
    turn = asyncio.Semaphore(at_once)
    present: list[Watcher] = []

    async def one(door: Door, stream: str | None) -> Watcher:
        async with turn:
            watcher = await Watcher.enter(door, stream)
        present.append(watcher)
        return watcher

    alive = asyncio.ensure_future(heartbeats(present))
    try:
        return await asyncio.gather(*(one(door, stream) for door, stream in zip(doors, streams, strict=True)))
    finally:
        alive.cancel()


def leave_all(watchers: Sequence[Watcher]) -> None:
    for watcher in watchers:
        watcher.viewer.close()


async def heartbeats(watchers: Sequence[Watcher], seconds: float = 30) -> None:
    """Keeps them alive as pages do, spread over the interval; ends when it is cancelled."""
    while True:
        for watcher in tuple(watchers):
            if watcher.viewer.is_open:
                watcher.viewer.send({"type": "heartbeat"})
            await asyncio.sleep(seconds / max(len(watchers), 1))
        await asyncio.sleep(0 if watchers else 1)
