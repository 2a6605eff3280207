"""Memory of an idle viewer in a fresh gateway process."""

import asyncio

from scripts.bench import counters
from scripts.bench.client import Door, Viewer, close_all
from scripts.bench.options import SMALL_MEMBERS
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.bench.watchers import doors, enter_all, leave_all

AIM = 23.0
WARM_UP = 100  # viewers that fill the shared caches and pools


async def run(bench: Bench) -> list[Row]:
    # Two fresh processes each: allocators round up differently from run to run.
    ours = (await _ours(bench) + await _ours(bench)) / 2
    floor = (await _floor(bench) + await _floor(bench)) / 2
    count = bench.options.idle - WARM_UP
    what = f"memory per idle viewer, signed in and subscribed, {count} of them / bare uvicorn socket"
    return [Row(what, f"{ours:.1f} KiB", f"{floor:.1f} KiB", ours / floor, f"≤ {AIM:g} KiB", ours <= AIM)]


async def _ours(bench: Bench) -> float:
    world, count = bench.production.world, bench.options.idle
    streams = [world["small"][n // SMALL_MEMBERS]["stream"] for n in range(count)]
    with bench.fresh("rod.asgi:application") as (port, pid):
        all_doors = doors(port, world["sessions"][:count])
        watchers = await enter_all(all_doors[:WARM_UP], streams[:WARM_UP])
        before = await settled(pid)
        watchers += await enter_all(all_doors[WARM_UP:], streams[WARM_UP:])
        after = await settled(pid)
        leave_all(watchers)
    return (after - before) / (count - WARM_UP) / 1024


async def _floor(bench: Bench) -> float:
    count = bench.options.idle
    with bench.fresh("scripts.bench.floor.gateway:application") as (port, pid):
        viewers = [await Viewer.open(Door(port), _nothing) for _ in range(WARM_UP)]
        before = await settled(pid)
        viewers += [await Viewer.open(Door(port), _nothing) for _ in range(count - WARM_UP)]
        after = await settled(pid)
        close_all(viewers)
    return (after - before) / (count - WARM_UP) / 1024


def _nothing(viewer: Viewer, payload: bytes) -> None:
    """Ignore a frame."""


async def settled(pid: int) -> int:
    """Return the memory of a process once it no longer changes."""
    known = counters.memory(pid)
    for _ in range(20):
        await asyncio.sleep(1)
        now = counters.memory(pid)
        if abs(now - known) < 32 * 1024:
            return now
        known = now
    return known
