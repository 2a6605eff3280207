"""How long a viewer waits who opens a chronicle."""

import asyncio
import time

import orjson

from scripts.bench.client import Door, Viewer
from scripts.bench.numbers import median, milliseconds, ratio_of_rounds
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors

CHUNK_LIMIT = 512 * 1024
AIMS = {500: 0.060}


async def run(bench: Bench) -> list[Row]:
    shape = bench.production
    crowds = sorted(shape.world["sizes"].items(), key=lambda item: int(item[0]))
    return [await _size(bench, shape, int(size), crowd["stream"]) for size, crowd in crowds]


async def _size(bench: Bench, shape: Shape, size: int, stream: str) -> Row:
    ours: list[float] = []
    floor: list[float] = []
    largest = total = 0
    for _ in range(bench.options.rounds + 2):
        watcher = await Watcher.enter(doors(shape.gateway, shape.world["sessions"][:1])[0])
        ours.append(await watcher.subscribe(stream))
        largest, total = watcher.arrival.largest, watcher.arrival.total
        watcher.viewer.close()
        floor.append(await _floor(shape.floor_gateway, stream.partition(":")[2]))
    ours, floor = ours[2:], floor[2:]
    aim = AIMS.get(size)
    return Row(
        f"snapshot of {size} characters / three queries, .values(), orjson",
        f"{milliseconds(median(ours))}, {total / 1024:.0f} KB, largest frame {largest / 1024:.0f} KB",
        milliseconds(median(floor)),
        ratio_of_rounds(ours, floor),
        "frames < 512 KB" if aim is None else f"≤ {milliseconds(aim)}, frames < 512 KB",
        largest < CHUNK_LIMIT and (aim is None or median(ours) <= aim),
    )


async def _floor(port: int, chronicle: str) -> float:
    """Return the seconds from the request to the whole answer. Handshakes are not measured, nor are ours."""
    whole = asyncio.Event()

    def on_text(viewer: Viewer, payload: bytes) -> None:
        orjson.loads(payload)
        whole.set()

    viewer = await Viewer.open(Door(port, f"/ws/{chronicle}"), on_text)
    began = time.perf_counter()
    viewer.send({"type": "snapshot", "chronicle": chronicle})
    await asyncio.wait_for(whole.wait(), 60)
    taken = time.perf_counter() - began
    viewer.close()
    return taken
