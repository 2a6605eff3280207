"""A guild of thousands: synced through the bot API, its permissions checked, its desk opened."""

import json
import time
from collections.abc import Mapping

import orjson

from scripts import environment
from scripts.bench import counters
from scripts.bench.client import Http
from scripts.bench.numbers import milliseconds
from scripts.bench.shapes import Bench, Shape, connect
from scripts.bench.table import Row
from scripts.common import ScriptError
from scripts.common import run as run_program

MEMBERS, BATCH, ROLES = 5000, 1000, 250
GUILD, PEOPLE = 9 * 10**17, 8 * 10**17


async def run(bench: Bench) -> list[Row]:
    return [*await _sync(bench), *_inside(bench.production)]


async def _sync(bench: Bench) -> list[Row]:
    """Sync as the Discord process does after a start: the guild, then its members in batches with their range."""
    http = await Http.open(bench.production.http)
    rows = []
    for what in ("for the first time", "again, nothing changed"):
        with connect(bench.mariadb) as cursor:
            before, began = counters.snapshot(cursor), time.perf_counter()
            calls = await _sync_guild(http, bench.production.key)
            taken = time.perf_counter() - began
            each = counters.difference(before, counters.snapshot(cursor), 1)
        shown = f"{taken:.2f} s, {calls} calls, {counters.count(each):.0f} statements"
        rows.append(Row(f"sync of a guild of {MEMBERS} members and {ROLES} roles, {what}", shown))
    return rows


async def _sync_guild(http: Http, key: str) -> int:
    await _put(http, key, "", _guild())
    for start in range(0, MEMBERS, BATCH):
        end = min(start + BATCH, MEMBERS)
        after = str(PEOPLE + start - 1) if start else None
        until = str(PEOPLE + end - 1) if end < MEMBERS else None
        members = [_member(number) for number in range(start, end)]
        body = {"members": members, "complete": False, "after": after, "until": until}
        await _put(http, key, "/members", body)
    return 1 + MEMBERS // BATCH


async def _put(http: Http, key: str, path: str, body: Mapping[str, object]) -> None:
    headers = {"Authorization": f"Api-Key {key}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = f"bench-{time.perf_counter_ns()}"
    answer = await http.call("PUT", f"/bot/servers/{GUILD}{path}", orjson.dumps(body), headers)
    if answer.status != 200:
        raise ScriptError(f"The sync was refused: {answer.body[:500]!r}")


def _guild() -> dict[str, object]:
    roles = [{"id": str(GUILD), "name": "@everyone", "color": 0, "position": 0, "permissions": "1024"}]
    roles += [
        {"id": str(GUILD + n), "name": f"Role {n}", "color": n, "position": n, "permissions": "0"}
        for n in range(1, ROLES)
    ]
    about = {"name": "The largest court", "icon": None, "owner_id": str(PEOPLE)}
    return about | {"roles": roles, "channels": []}


def _member(number: int) -> dict[str, object]:
    name = f"courtier{number}"
    held = [str(GUILD + 1 + (number + step) % (ROLES - 1)) for step in range(3)]
    return {
        "id": str(PEOPLE + number),
        "username": name,
        "global_name": name.title(),
        "avatar": None,
        "nick": None,
        "roles": held,
        "permissions": "1024",
        "bot": False,
    }


def _inside(shape: Shape) -> list[Row]:
    """Measure in a process with Django, against the same MariaDB."""
    size = max(size for size in map(int, shape.world["sizes"]) if size <= 500)
    wanted = {"stream": shape.world["sizes"][str(size)]["stream"], "guild": str(GUILD)}
    command = [str(environment.python()), "-m", "scripts.bench.rights", json.dumps(wanted)]
    figures = json.loads(run_program(command, "Permissions and desk could not be measured:", env=shape.env))
    desk = f"{milliseconds(figures['desk'])}, {figures['queries']} queries"
    return [
        Row("permission checks/s, rights known", f"{figures['warm']:.0f}/s"),
        Row("permission checks/s, each of somebody new (one query)", f"{figures['cold']:.0f}/s"),
        Row(f"storyteller's desk, {figures['shown']} of {size} characters", desk),
    ]
