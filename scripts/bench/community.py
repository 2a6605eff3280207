"""A community of thousands: its guild mirrored through the bot API, its rights asked, its desk opened."""

import json
import subprocess
import time
from typing import Any

import orjson
import uvloop

from scripts import environment
from scripts.bench import counters
from scripts.bench.client import Http
from scripts.bench.numbers import milliseconds
from scripts.bench.shapes import Bench, Shape, connect
from scripts.bench.table import Row
from scripts.common import ROOT, ScriptError

MEMBERS, BATCH, ROLES = 5000, 1000, 250
GUILD, PEOPLE = 9 * 10**17, 8 * 10**17


def run(bench: Bench) -> list[Row]:
    return [*uvloop.run(_sync(bench)), *_inside(bench.production)]


async def _sync(bench: Bench) -> list[Row]:
    """As the Discord process does it after a start: the guild, then its members in batches that say whom they cover."""
    http = await Http.open(bench.production.http)
    rows = []
    for what in ("for the first time", "again, nothing changed"):
        with connect(bench.mariadb) as cursor:
            before, began = counters.snapshot(cursor), time.perf_counter()
            calls = await _mirror(http, bench.production.key)
            taken = time.perf_counter() - began
            each = counters.difference(before, counters.snapshot(cursor), 1)
        told = f"{taken:.2f} s, {calls} calls, {counters.count(each):.0f} statements"
        rows.append(Row(f"sync of a guild of {MEMBERS} members and {ROLES} roles, {what}", told))
    return rows


async def _mirror(http: Http, key: str) -> int:
    await _put(http, key, "", _guild())
    people = sorted(range(MEMBERS))
    for start in range(0, MEMBERS, BATCH):
        batch = people[start : start + BATCH]
        after = str(PEOPLE + start - 1) if start else None
        until = str(PEOPLE + batch[-1]) if start + BATCH < MEMBERS else None
        body = {"members": [_member(one) for one in batch], "complete": False, "after": after, "until": until}
        await _put(http, key, "/members", body)
    return 1 + MEMBERS // BATCH


async def _put(http: Http, key: str, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Api-Key {key}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = f"bench-{time.perf_counter_ns()}"
    answer = await http.call("PUT", f"/bot/servers/{GUILD}{path}", orjson.dumps(body), headers)
    if answer.status != 200:
        raise ScriptError(f"The mirror was refused: {answer.body[:500]!r}")


def _guild() -> dict[str, Any]:
    roles = [{"id": str(GUILD), "name": "@everyone", "color": 0, "position": 0, "permissions": "1024"}]
    roles += [
        {"id": str(GUILD + n), "name": f"Role {n}", "color": n, "position": n, "permissions": "0"}
        for n in range(1, ROLES)
    ]
    return {
        "name": "The largest court",
        "icon": None,
        "owner_id": str(PEOPLE),
        "roles": roles,
        "channels": [],
    }


def _member(number: int) -> dict[str, Any]:
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
    """Measured in a process of the backend's own kind, against the same MariaDB."""
    size = max(int(one) for one in shape.world["sizes"] if int(one) <= 500)
    wanted = {"stream": shape.world["sizes"][str(size)]["stream"], "guild": str(GUILD)}
    command = [str(environment.python()), "-m", "scripts.bench.rights", json.dumps(wanted)]
    done = subprocess.run(command, env=dict(shape.env), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ScriptError(f"Rights and desk could not be measured:\n{done.stderr[-3000:]}")
    found = json.loads(done.stdout)
    return [
        Row("permission checks/s, rights known", f"{found['warm']:.0f}/s"),
        Row("permission checks/s, each of somebody new (one query)", f"{found['cold']:.0f}/s"),
        Row(
            f"storyteller's desk, {found['shown']} of {size} characters",
            f"{milliseconds(found['desk'])}, {found['queries']} queries",
        ),
    ]
