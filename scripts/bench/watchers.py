"""Signed-in viewers of the platform's gateway, from handshake to the whole snapshot."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

from scripts.bench.client import Door, Viewer, close_all

GATEWAY = "/ws/gateway/"
TIMEOUT = 90.0
# What answers a subscription.
WHOLE = ("snapshot", "chat_snapshot", "synced")
OnText = Callable[[Viewer, bytes], None]


@dataclass
class Arrival:
    """What a viewer gets while it connects; `at` holds when each kind of frame came first."""

    at: dict[str, float] = field(default_factory=dict)
    largest: int = 0
    total: int = 0
    seq: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: tuple[str, ...] = ("hello",)

    def on_text(self, viewer: Viewer, payload: bytes) -> None:
        kind = kind_of(payload)
        if kind in WHOLE:
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
        """Wait for a frame of one of these kinds, and return when it was whole."""
        self.wanted = kinds
        while not any(kind in self.at for kind in kinds):
            self.done.clear()
            await asyncio.wait_for(self.done.wait(), TIMEOUT)
        return min(self.at[kind] for kind in kinds if kind in self.at)


def kind_of(payload: bytes) -> str:
    """Return a frame's type without parsing it: every frame starts with its type."""
    return payload[9 : payload.index(b'"', 9)].decode()


@dataclass
class Watcher:
    viewer: Viewer
    arrival: Arrival

    @classmethod
    async def enter(cls, door: Door, stream: str | None = None, since: int | None = None) -> "Watcher":
        """Connect, and return after the hello or, with a stream, after its whole snapshot."""
        arrival = Arrival()
        watcher = cls(await Viewer.open(door, arrival.on_text), arrival)
        await arrival.until("hello")
        if stream:
            await watcher.subscribe(stream, since)
        return watcher

    async def subscribe(self, stream: str, since: int | None = None) -> float:
        """Subscribe, and return the seconds until all was there."""
        self.arrival.at = {}
        frame: dict[str, str | int] = {"type": "subscribe", "stream": stream}
        began = time.perf_counter()
        self.viewer.send(frame if since is None else frame | {"since": since})
        return await self.arrival.until(*WHOLE) - began

    def listen(self, on_text: OnText) -> None:
        self.viewer.on_text = on_text


def doors(port: int, sessions: Sequence[str]) -> list[Door]:
    return [Door(port, GATEWAY, session) for session in sessions]


async def enter_all(doors: Sequence[Door], streams: Sequence[str | None], at_once: int = 50) -> list[Watcher]:
    """Connect all, at most `at_once` at a time, and keep alive who is connected; in the order of the doors."""
    turn = asyncio.Semaphore(at_once)
    present: list[Watcher] = []

    async def enter(door: Door, stream: str | None) -> Watcher:
        async with turn:
            watcher = await Watcher.enter(door, stream)
        present.append(watcher)
        return watcher

    alive = asyncio.ensure_future(heartbeats(present))
    try:
        return await asyncio.gather(*map(enter, doors, streams))
    finally:
        alive.cancel()


def leave_all(watchers: Sequence[Watcher]) -> None:
    close_all(watcher.viewer for watcher in watchers)


async def heartbeats(watchers: Sequence[Watcher], seconds: float = 30) -> None:
    """Send heartbeats as pages do, spread over the interval, until cancelled."""
    while True:
        for watcher in tuple(watchers):
            if watcher.viewer.is_open:
                watcher.viewer.send({"type": "heartbeat"})
            await asyncio.sleep(seconds / max(len(watchers), 1))
        await asyncio.sleep(0 if watchers else 1)
