"""SQL statements through the running servers, as MariaDB itself counts them."""

import uvloop

from scripts.bench import counters
from scripts.bench.change import statements
from scripts.bench.shapes import Bench, connect
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, leave_all

TIMES = 15
LARGEST = 500  # each of these connects reads the whole chronicle


def run(bench: Bench) -> list[Row]:
    return uvloop.run(_run(bench))


async def _run(bench: Bench) -> list[Row]:
    shape = bench.production
    change = await statements(bench, shape)
    rows = [_row("statements per change", change, 8, "≤ 8, better 5")]
    sizes = sorted(size for size in bench.options.sizes if size <= LARGEST)
    for size in (sizes[0], sizes[-1]):
        place = shape.world["sizes"][str(size)]
        each = await _connect(bench, place["stream"])
        rows.append(_row(f"statements per connect, {size} characters", each, 5, "≤ 5, constant"))
    return rows


def _row(what: str, each: dict[str, float], limit: int, aim: str) -> Row:
    found = counters.count(each)
    return Row(what, f"{found:.3g} ({counters.in_words(each)})", aim=aim, met=round(found) <= limit)


async def _connect(bench: Bench, stream: str) -> dict[str, float]:
    """Handshake, subscription and snapshot of the chronicle's owner: the usual one of several, as the gateway also
    asks for heads now and then.
    """
    shape = bench.production
    door = doors(shape.gateway, shape.world["sessions"][:1])[0]
    watchers = [await Watcher.enter(door, stream)]
    found: list[dict[str, float]] = []
    with connect(bench.mariadb) as cursor:
        for _ in range(TIMES):
            before = counters.snapshot(cursor)
            watchers.append(await Watcher.enter(door, stream))
            found.append(counters.difference(before, counters.snapshot(cursor), 1))
    leave_all(watchers)
    return sorted(found, key=counters.count)[TIMES // 2]
