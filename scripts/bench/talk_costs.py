"""What one message costs beside the floor, and what a person costs who has a chat open and says nothing."""

from scripts.bench import counters
from scripts.bench.change import one_update, repeat
from scripts.bench.client import Http, close_all
from scripts.bench.memory import settled
from scripts.bench.numbers import median, medians, milliseconds, ratio_of_rounds, spread
from scripts.bench.options import SMALL_MEMBERS
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.bench.talk import authors
from scripts.bench.watchers import Watcher, doors, enter_all, leave_all

MEMORY = 25.0  # KiB
WARM_UP = 100  # people who fill the shared caches and pools


async def one_author(bench: Bench) -> list[Row]:
    """Measure a post over REST and the floor's one UPDATE, in turns."""
    shape, options = bench.production, bench.options
    sides = [
        (await Http.open(shape.http), authors(shape)[0], "http"),
        (await Http.open(shape.floor_http), one_update(shape), "floor-http"),
    ]
    taken: list[list[list[float]]] = [[], []]
    spent: list[list[float]] = [[], []]
    for turn in range(options.rounds + 1):
        for side, (http, call, process) in enumerate(sides):
            before = counters.cpu(shape.processes[process])
            seconds = await repeat(http, call, options.samples)
            if turn:  # the first warms up
                taken[side].append(seconds)
                spent[side].append((counters.cpu(shape.processes[process]) - before) / options.samples)
    close_all(http for http, _, _ in sides)
    shown = [milliseconds(median(side)) for side in spent]
    slower = ratio_of_rounds(medians(taken[0]), medians(taken[1]))
    return [
        Row("message, one author / DRF and one UPDATE", spread(taken[0]), spread(taken[1]), slower),
        Row(
            "processor time of a message / DRF and one UPDATE",
            shown[0],
            shown[1],
            ratio_of_rounds(spent[0], spent[1]),
        ),
    ]


async def idle(bench: Bench) -> Row:
    """Measure people with a page of chat: the room, their server and its rooms, and their own stream."""
    # Two fresh processes: allocators round up differently from run to run.
    size = (await _size(bench) + await _size(bench)) / 2
    count = bench.options.idle - WARM_UP
    what = f"memory per idle chatter, with a room, a server with its rooms and an own stream, {count} of them"
    return Row(what, f"{size:.1f} KiB", aim=f"≤ {MEMORY:g} KiB", met=size <= MEMORY)


async def _size(bench: Bench) -> float:
    count = bench.options.idle
    with bench.fresh("rod.asgi:application") as (port, pid):
        watchers = await _enter(bench, port, 0, WARM_UP)
        before = await settled(pid)
        watchers += await _enter(bench, port, WARM_UP, count)
        after = await settled(pid)
        leave_all(watchers)
    return (after - before) / (count - WARM_UP) / 1024


async def _enter(bench: Bench, port: int, first: int, last: int) -> list[Watcher]:
    world = bench.production.world
    places = [world["small"][number // SMALL_MEMBERS] for number in range(first, last)]
    watchers = await enter_all(
        doors(port, world["sessions"][first:last]), [place["room"] for place in places]
    )
    for watcher, place, person in zip(watchers, places, world["people"][first:last], strict=True):
        watcher.viewer.send({"type": "subscribe", "stream": place["server"], "rooms": True})
        watcher.viewer.send({"type": "subscribe", "stream": f"user:{person}"})
        await watcher.arrival.until("snapshot")
    return watchers
