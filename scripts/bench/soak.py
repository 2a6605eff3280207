"""Memory over time: a day of play in minutes, with commands all the time and viewers who come and go."""

import asyncio
import itertools
import time

from scripts.bench import counters
from scripts.bench.bodies import targets
from scripts.bench.client import Audience, Http
from scripts.bench.numbers import growth
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, heartbeats, leave_all

COMMANDS_A_SECOND = 20
COMING_A_SECOND = 5
PRESENT = 100
FLAT = 0.05


async def run(bench: Bench) -> list[Row]:
    shape, seconds = bench.production, bench.options.soak_minutes * 60
    processes = {"Redis": bench.redis.process.pid, "MariaDB": bench.mariadb.process.pid}
    processes |= {name: pid for name, pid in shape.processes.items() if not name.startswith("floor")}
    audience = Audience(PRESENT)
    done = [0, 0]
    work = [
        asyncio.ensure_future(_command(shape, done)),
        asyncio.ensure_future(_come_and_go(shape, audience, min(bench.options.viewers, 5 * PRESENT), done)),
    ]
    samples: dict[str, list[float]] = {name: [] for name in processes}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        await asyncio.sleep(min(seconds / 60, 5))
        audience.forget()
        for task in work:
            if task.done():
                task.result()
        for name, pid in processes.items():
            samples[name].append(counters.memory(pid) / 2**20)
    for task in work:
        task.cancel()
    what = f"soak of {seconds / 60:g} min, {done[0]} changes, {done[1]} viewers: "
    return [_row(what, name, values) for name, values in samples.items()]


def _row(what: str, name: str, values: list[float]) -> Row:
    grown = growth(values)
    # The databases have no aim: they fill their buffers up to a set size.
    aim = ("", None) if name in ("Redis", "MariaDB") else (f"≤ {FLAT:.0%}", grown <= FLAT)
    shown = f"{values[0]:.1f} → {values[-1]:.1f} MB ({grown:+.1%} after warm-up)"
    return Row(f"{what}memory of {name}", shown, "", None, *aim)


async def _command(shape: Shape, done: list[int]) -> None:
    players = itertools.cycle(targets(shape.key, shape.world["large"]))
    http = await Http.open(shape.http)
    began = time.perf_counter()
    for number in itertools.count():
        await asyncio.sleep(began + number / COMMANDS_A_SECOND - time.perf_counter())
        await next(players).change(http)
        done[0] += 1


async def _come_and_go(shape: Shape, audience: Audience, people: int, done: list[int]) -> None:
    stream = shape.world["large"]["stream"]
    next_door = itertools.cycle(doors(shape.gateway, shape.world["sessions"][:people]))
    present: list[Watcher] = []
    alive = asyncio.ensure_future(heartbeats(present))
    try:
        while True:
            present.append(await Watcher.enter(next(next_door), stream))
            present[-1].listen(audience.on_text)
            done[1] += 1
            if len(present) > PRESENT:
                present.pop(0).viewer.close()
                await asyncio.sleep(1 / COMING_A_SECOND)
    finally:
        alive.cancel()
        leave_all(present)
