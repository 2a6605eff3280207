"""What an idle viewer costs a gateway process that has served nobody before."""

import asyncio

import uvloop

from scripts.bench import counters
from scripts.bench.client import Door, Viewer
from scripts.bench.options import HOUSE_MEMBERS
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.bench.watchers import doors, enter_all, leave_all

AIM = 23.0
FIRST = 100  # they fill caches and pools that all others share


def run(bench: Bench) -> list[Row]:
    return uvloop.run(_run(bench))


async def _run(bench: Bench) -> list[Row]:
    # Two fresh processes each: allocators round up differently from run to run.
    ours = (await _ours(bench) + await _ours(bench)) / 2
    floor = (await _floor(bench) + await _floor(bench)) / 2
    count = bench.options.idle - FIRST
    what = f"memory per idle viewer, signed in and subscribed, {count} of them / bare uvicorn socket"
    return [Row(what, f"{ours:.1f} KiB", f"{floor:.1f} KiB", ours / floor, f"≤ {AIM:g} KiB", ours <= AIM)]


async def _ours(bench: Bench) -> float:
    world, count = bench.production.world, bench.options.idle
    streams = [world["houses"][n // HOUSE_MEMBERS]["stream"] for n in range(count)]
    with bench.fresh("rod.asgi:application") as (port, pid):
        entrances = doors(port, world["sessions"][:count])
        first = await enter_all(entrances[:FIRST], streams[:FIRST])
        before = await _settled(pid)
        more = await enter_all(entrances[FIRST:], streams[FIRST:])
        after = await _settled(pid)
        leave_all([*first, *more])
    return (after - before) / (count - FIRST) / 1024


async def _floor(bench: Bench) -> float:
    count = bench.options.idle
    with bench.fresh("scripts.bench.floor.gateway:application") as (port, pid):
        viewers = [await Viewer.open(Door(port), _nothing) for _ in range(FIRST)]
        before = await _settled(pid)
        viewers += [await Viewer.open(Door(port), _nothing) for _ in range(count - FIRST)]
        after = await _settled(pid)
        for viewer in viewers:
            viewer.close()
    return (after - before) / (count - FIRST) / 1024


def _nothing(viewer: Viewer, payload: bytes) -> None:
    """Nobody reads these."""


async def _settled(pid: int) -> int:
    """Once it no longer moves."""
    known = counters.memory(pid)
    for _ in range(20):
        await asyncio.sleep(1)
        now = counters.memory(pid)
        if abs(now - known) < 32 * 1024:
            return now
        known = now
    return known
