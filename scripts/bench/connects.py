"""How many signed-in viewers a second a gateway process takes when they come all at once, as after a restart."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from scripts.bench import counters
from scripts.bench.client import Door, Viewer, close_all
from scripts.bench.numbers import median, ratio_of_rounds
from scripts.bench.options import SMALL_MEMBERS
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, enter_all, leave_all

AT_ONCE = 100
AIM = 800
Enter = Callable[[], Awaitable[Callable[[], None]]]


async def run(bench: Bench) -> list[Row]:
    shape, count = bench.production, bench.options.viewers
    sides = {
        "hello": (shape.processes["gateway"], ours(shape, count, ready=False)),
        "ready": (shape.processes["gateway"], ours(shape, count, ready=True)),
        "floor": (shape.processes["floor-gateway"], floor(shape, count, "/known")),
        "bare": (shape.processes["floor-gateway"], floor(shape, count, "/ws")),
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    costs: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(bench.options.rounds):
        for name, (pid, enter) in sides.items():
            rate, cost = await _measure(pid, enter, count)
            rates[name].append(rate)
            costs[name].append(cost)
    shown = {
        name: f"{median(rates[name]):.0f}/s, {median(costs[name]) * 1000:.2f} ms CPU each" for name in sides
    }

    def row(what: str, ours: str, floor: str, aim: str = "", met: bool | None = None) -> Row:
        ratio = ratio_of_rounds(rates[ours], rates[floor])
        return Row(f"authenticated connects/s{what}", shown[ours], shown[floor], ratio, aim, met)

    aim = (f"≥ {AIM}", median(rates["hello"]) >= AIM)
    return [
        row(" / session and user by the ORM", "hello", "floor", *aim),
        row(", subscribed, with the snapshot / session and user by the ORM", "ready", "floor"),
        row(" / bare handshake", "hello", "bare", *aim),
    ]


async def _measure(pid: int, enter: Enter, count: int) -> tuple[float, float]:
    """Return `(connects a second, CPU seconds of the gateway for each)`."""
    spent, began = counters.cpu(pid), time.perf_counter()
    leave = await enter()
    taken, spent = time.perf_counter() - began, counters.cpu(pid) - spent
    leave()
    await asyncio.sleep(1)  # the server cleans up; that is not part of anybody's arrival
    return count / taken, spent / count


def ours(shape: Shape, count: int, ready: bool) -> Enter:
    """Enter communities of 50, as most are: those present get the presence of each who comes."""
    small = shape.world["small"]
    streams = [small[n // SMALL_MEMBERS % len(small)]["stream"] if ready else None for n in range(count)]

    async def enter() -> Callable[[], None]:
        watchers: Sequence[Watcher] = await enter_all(
            doors(shape.gateway, shape.world["sessions"][:count]), streams, AT_ONCE
        )
        return lambda: leave_all(watchers)

    return enter


def floor(shape: Shape, count: int, path: str) -> Enter:
    async def enter() -> Callable[[], None]:
        turn = asyncio.Semaphore(AT_ONCE)
        sessions = shape.world["sessions"][:count]
        doors = [Door(shape.floor_gateway, path, session) for session in sessions]
        viewers = await asyncio.gather(*(_enter(turn, door, path == "/known") for door in doors))
        return lambda: close_all(viewers)

    return enter


async def _enter(turn: asyncio.Semaphore, door: Door, is_greeted: bool) -> Viewer:
    greeted = asyncio.Event()
    async with turn:
        viewer = await Viewer.open(door, lambda viewer, payload: greeted.set())
        if is_greeted:
            await asyncio.wait_for(greeted.wait(), 60)
    return viewer
