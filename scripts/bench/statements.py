"""SQL statements of a change and of a connect, counted by MariaDB."""

from scripts.bench import counters
from scripts.bench.change import statements
from scripts.bench.shapes import Bench, connect
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, leave_all

TIMES = 15
LARGEST = 500  # each of these connects reads the whole chronicle


async def run(bench: Bench) -> list[Row]:
    shape = bench.production
    change = await statements(bench, shape)
    rows = [_row("statements per change", change, 8, "≤ 8, better 5")]
    sizes = sorted(size for size in bench.options.sizes if size <= LARGEST)
    for size in (sizes[0], sizes[-1]):
        each = await _connect(bench, shape.world["sizes"][str(size)]["stream"])
        rows.append(_row(f"statements per connect, {size} characters", each, 5, "≤ 5, constant"))
    return rows


def _row(what: str, each: dict[str, float], limit: int, aim: str) -> Row:
    count = counters.count(each)
    return Row(what, f"{count:.3g} ({counters.in_words(each)})", aim=aim, met=round(count) <= limit)


async def _connect(bench: Bench, stream: str) -> dict[str, float]:
    """Count handshake, subscription and snapshot of the chronicle's owner.

    The median of several, as the gateway also asks for heads now and then.
    """
    shape = bench.production
    door = doors(shape.gateway, shape.world["sessions"][:1])[0]
    watchers = [await Watcher.enter(door, stream)]
    counts: list[dict[str, float]] = []
    with connect(bench.mariadb) as cursor:
        for _ in range(TIMES):
            before = counters.snapshot(cursor)
            watchers.append(await Watcher.enter(door, stream))
            counts.append(counters.difference(before, counters.snapshot(cursor), 1))
    leave_all(watchers)
    return sorted(counts, key=counters.count)[TIMES // 2]
