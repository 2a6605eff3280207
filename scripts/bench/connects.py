"""Signed-in viewers that come in all at once, as after a restart: how many a second one gateway process takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import uvloop

from scripts.bench import counters
from scripts.bench.client import Door, Viewer
from scripts.bench.numbers import median, ratio_of_rounds
from scripts.bench.options import HOUSE_MEMBERS
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, enter_all, leave_all

AT_ONCE = 100
AIM = 800
Enter = Callable[[], Awaitable[Callable[[], None]]]


def run(bench: Bench) -> list[Row]:
    return uvloop.run(_run(bench))


async def _run(bench: Bench) -> list[Row]:
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
    aim = {"hello": AIM}
    return [
        _row(
            f"authenticated connects/s{more} / {against}",
            rates[one],
            costs[one],
            rates[other],
            costs[other],
            aim.get(one),
        )
        for one, other, more, against in (
            ("hello", "floor", "", "session and user by the ORM"),
            ("ready", "floor", ", subscribed, with the snapshot", "session and user by the ORM"),
            ("hello", "bare", "", "bare handshake"),
        )
    ]


def _row(
    what: str,
    ours: list[float],
    spent: list[float],
    floor: list[float],
    floor_spent: list[float],
    aim: int | None,
) -> Row:
    shown = [
        f"{median(rate):.0f}/s, {median(cost) * 1000:.2f} ms CPU each"
        for rate, cost in ((ours, spent), (floor, floor_spent))
    ]
    met = None if aim is None else median(ours) >= aim
    return Row(what, shown[0], shown[1], ratio_of_rounds(ours, floor), "" if aim is None else f"≥ {aim}", met)


async def _measure(pid: int, enter: Enter, count: int) -> tuple[float, float]:
    """`(connects a second, CPU seconds of the gateway for each)`."""
    spent, began = counters.cpu(pid), time.perf_counter()
    leave = await enter()
    taken, spent = time.perf_counter() - began, counters.cpu(pid) - spent
    leave()
    await asyncio.sleep(1)  # the server cleans up; that is not part of anybody's arrival
    return count / taken, spent / count


def ours(shape: Shape, count: int, ready: bool) -> Enter:
    """Communities of 50, as most are: everybody who comes is told to those who are there."""
    houses = shape.world["houses"]
    streams = [houses[n // HOUSE_MEMBERS % len(houses)]["stream"] if ready else None for n in range(count)]

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
        viewers = await asyncio.gather(
            *(
                _enter(turn, Door(shape.floor_gateway, path, session), path == "/known")
                for session in sessions
            )
        )
        return lambda: _close(viewers)

    return enter


async def _enter(turn: asyncio.Semaphore, door: Door, is_greeted: bool) -> Viewer:
    greeted = asyncio.Event()
    async with turn:
        viewer = await Viewer.open(door, lambda viewer, payload: greeted.set())
        if is_greeted:
            await asyncio.wait_for(greeted.wait(), 60)
    return viewer


def _close(viewers: Sequence[Viewer]) -> None:
    for viewer in viewers:
        viewer.close()
