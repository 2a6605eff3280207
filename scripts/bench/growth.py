"""What a change and a resume cost after years of play: measured before and after the tables have grown.

The floor's own table does not grow, so other load on the machine cancels out.
"""

import time
from dataclasses import dataclass

from scripts.bench.bodies import Target
from scripts.bench.change import one_update, repeat, small_targets
from scripts.bench.client import Http, close_all
from scripts.bench.counters import Cursor
from scripts.bench.numbers import median, milliseconds
from scripts.bench.shapes import Bench, Shape, connect
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors

MISSED = 50
RESUMES = 6  # a round
FLAT = 1.3
AIM = f"flat (≤ {FLAT})"
OWNERS = 50  # of new characters, with their chronicles
STORED = 2048  # bytes that a change may leave behind: the event, the key, their indexes


@dataclass(frozen=True)
class Cost:
    """Medians in seconds, those of the floor from the same rounds."""

    change: float
    resume: float
    floor: float

    def against(self, other: "Cost") -> tuple[float, float]:
        change = (self.change / self.floor) / (other.change / other.floor)
        return change, (self.resume / self.floor) / (other.resume / other.floor)


async def run(bench: Bench) -> list[Row]:
    shape, options = bench.production, bench.options
    target = small_targets(shape)[1]
    stream = shape.world["small"][1]["stream"]
    grow_events(bench, target.character, options.events[0])
    small = await _cost(bench, shape, target, stream)
    grow_events(bench, target.character, options.events[1])
    large = await _cost(bench, shape, target, stream)
    rows = _rows(f"{options.events[0]:,} → {options.events[1]:,} events of one character", small, large)
    rows.append(await _stored(bench, shape, target))
    grow_characters(bench, target.character, options.characters[1])
    crowded = await _cost(bench, shape, target, stream)
    return rows + _rows(f"{options.characters[0]:,} → {options.characters[1]:,} characters", large, crowded)


def _rows(what: str, before: Cost, after: Cost) -> list[Row]:
    change, resume = after.against(before)
    floor = f"{milliseconds(before.floor)} → {milliseconds(after.floor)}"
    shown = (
        ("change", before.change, after.change, change),
        (f"resume with {MISSED} missed events", before.resume, after.resume, resume),
    )
    return [
        Row(
            f"{name}, {what}",
            f"{milliseconds(old)} → {milliseconds(new)}",
            floor,
            factor,
            AIM,
            factor <= FLAT,
        )
        for name, old, new, factor in shown
    ]


async def _stored(bench: Bench, shape: Shape, target: Target) -> Row:
    """What the database keeps of a change: the pages of events and keys, with their indexes."""
    times = 50 * bench.options.samples
    http = await Http.open(shape.http)
    with connect(bench.mariadb) as cursor:
        before = _pages(cursor)
        await repeat(http, target.change, times)
        each = (_pages(cursor) - before) / times
    http.close()
    return Row(
        "stored of a change, with its key", f"{each:,.0f} bytes", aim=f"≤ {STORED}", met=each <= STORED
    )


def _pages(cursor: Cursor) -> int:
    """Bytes of the pages that hold rows and entries of the indexes."""
    cursor.execute("ANALYZE TABLE rod.events, rod.idempotency_keys")
    cursor.fetchall()
    cursor.execute(
        "SELECT SUM(stat_value) * @@innodb_page_size FROM mysql.innodb_index_stats WHERE database_name = 'rod'"
        " AND table_name IN ('events', 'idempotency_keys') AND stat_name = 'n_leaf_pages'"
    )
    return int(cursor.fetchone()[0])


async def _cost(bench: Bench, shape: Shape, target: Target, stream: str) -> Cost:
    ours, floor = await Http.open(shape.http), await Http.open(shape.floor_http)
    plain = one_update(shape)
    await repeat(ours, target.change, MISSED + 10)
    changes, resumes, floors = [], [], []
    for _ in range(bench.options.rounds):
        changes += await repeat(ours, target.change, bench.options.samples // 2)
        floors += await repeat(floor, plain, bench.options.samples // 2)
        resumes += [await _resume(shape, stream) for _ in range(RESUMES)]
    close_all([ours, floor])
    return Cost(median(changes), median(resumes), median(floors))


async def _resume(shape: Shape, stream: str) -> float:
    """Return the seconds until a viewer that comes back has what it missed."""
    door = doors(shape.gateway, shape.world["sessions"][50:51])[0]
    before = await Watcher.enter(door, stream)
    before.viewer.close()
    after = await Watcher.enter(door)
    taken = await after.subscribe(stream, before.arrival.seq - MISSED)
    after.viewer.close()
    return taken


def grow_events(bench: Bench, character: str, wanted: int) -> None:
    """Copy the character's last event until its chronicle has so many."""
    with connect(bench.mariadb) as cursor:
        cursor.execute("USE rod")
        stream, version, seq = _position(cursor, character)
        missing = wanted - seq
        if missing <= 0:
            return
        began = time.perf_counter()
        columns = _columns(cursor, "events", leave_out=("id", "seq", "version"))
        cursor.execute(
            f"INSERT INTO events (id, seq, version, {columns})"  # noqa: S608  (columns as the database names them)
            f" SELECT {_new_id(cursor, 'events')}, {seq} + numbers.seq, {version} + numbers.seq, {columns}"
            f" FROM (SELECT * FROM events WHERE entity_id = %s AND version = %s LIMIT 1) AS model"
            f" CROSS JOIN seq_1_to_{missing} AS numbers",
            (_id(cursor, "events", character), version),
        )
        cursor.execute("UPDATE streams SET seq = seq + %s WHERE id = %s", (missing, stream))
        cursor.execute(
            "UPDATE characters SET version = version + %s WHERE id = %s",
            (missing, _id(cursor, "characters", character)),
        )
        cursor.execute("ANALYZE TABLE events")
        print(f"{missing:,} events written in {time.perf_counter() - began:.0f} s", flush=True)


def grow_characters(bench: Bench, character: str, wanted: int) -> None:
    """Insert characters of other players in other chronicles; short sheets, as only their number matters."""
    with connect(bench.mariadb) as cursor:
        cursor.execute("USE rod")
        model = _id(cursor, "characters", character)
        left_out = ("id", "name_key", "owner_id", "chronicle_id", "sheet")
        columns = _columns(cursor, "characters", leave_out=left_out)
        cursor.execute(
            "SELECT owner_id, chronicle_id FROM characters WHERE id <> %s LIMIT %s", (model, OWNERS)
        )
        owners = cursor.fetchall()
        for number, (owner, chronicle) in enumerate(owners, 1):
            cursor.execute(
                f"INSERT INTO characters (id, name_key, owner_id, chronicle_id, sheet, {columns})"  # noqa: S608  (as above)
                f" SELECT {_new_id(cursor, 'characters')}, CONCAT('grown ', numbers.seq), %s, %s,"
                f" '{{\"hunger\": 2}}', {columns} FROM (SELECT {columns} FROM characters WHERE id = %s) AS model"
                f" CROSS JOIN seq_{number}_to_{wanted}_step_{len(owners)} AS numbers",
                (owner, chronicle, model),
            )
        cursor.execute("ANALYZE TABLE characters")


def _position(cursor: Cursor, character: str) -> tuple[object, int, int]:
    cursor.execute(
        "SELECT events.stream_id, characters.version, streams.seq FROM characters"
        " JOIN events ON events.entity_id = characters.id AND events.version = characters.version"
        " JOIN streams ON streams.id = events.stream_id WHERE characters.id = %s",
        (_id(cursor, "characters", character),),
    )
    stream, version, seq = cursor.fetchone()
    return stream, version, seq


def _columns(cursor: Cursor, table: str, leave_out: tuple[str, ...]) -> str:
    cursor.execute(f"SHOW COLUMNS FROM {table}")
    return ", ".join(f"`{row[0]}`" for row in cursor.fetchall() if row[0] not in leave_out)


def _is_native(cursor: Cursor, table: str) -> bool:
    """Tell whether ids are of MariaDB's own type, or text without dashes."""
    cursor.execute(f"SHOW COLUMNS FROM {table} LIKE 'id'")
    return bool(cursor.fetchone()[1] == "uuid")


def _new_id(cursor: Cursor, table: str) -> str:
    return "UUID()" if _is_native(cursor, table) else "REPLACE(UUID(), '-', '')"


def _id(cursor: Cursor, table: str, value: str) -> str:
    return value if _is_native(cursor, table) else value.replace("-", "")
