"""What the platform asks of a machine: memory for a large picture, connections to PostgreSQL, seconds to start."""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from scripts import dev, environment
from scripts.bench.change import Call, one_update
from scripts.bench.client import Http, close_all
from scripts.bench.numbers import median, ratio_of_rounds
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.common import BACKEND, ROOT, ScriptError, free_port, spawn, stop, wait_until
from scripts.common import run as run_program

MEGABYTE = 2**20
MEMORY = 200 * MEGABYTE
AT_ONCE, TIMES, CONNECTIONS = 60, 4, 20
FIRST, SECOND = 60.0, 8.0  # seconds until `dev.sh` serves a page, on a quiet machine
LONGEST = 600.0


async def run(bench: Bench) -> list[Row]:
    return [_picture(), await _connections(bench), *_starts(bench)]


def _picture() -> Row:
    ours, floor = _memory_of_picture("ours"), _memory_of_picture("floor")
    what = "memory of a grey PNG of 8000×5000 as a portrait / Pillow decodes it"
    shown = [f"{size / MEGABYTE:.0f} MB" for size in (ours, floor, MEMORY)]
    return Row(what, shown[0], shown[1], ours / floor, f"≤ {shown[2]}", ours <= MEMORY)


def _memory_of_picture(side: str) -> int:
    command: list[str | Path] = [environment.python(), "-m", "scripts.bench.picture", side]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(ROOT)])}
    return int(run_program(command, "The memory of a picture could not be measured:", env=env))


async def _connections(bench: Bench) -> Row:
    shape = bench.on_postgres
    sessions = itertools.cycle(shape.world["sessions"])

    async def front_page(http: Http) -> None:
        answer = await http.call("GET", "/", headers={"Cookie": f"sessionid={next(sessions)}"})
        if answer.status != 200:
            raise ScriptError(f"the front page answered {answer.status}")

    with psycopg.connect(shape.env["DATABASE_URL"], autocommit=True) as database:
        ours = await _most_connections(database, "on-postgres", shape.http, front_page)
        floor = await _most_connections(database, "floor-on-postgres", shape.floor_http, one_update(shape))
    what = f"connections to PostgreSQL, development, {AT_ONCE} requests at once, {TIMES} times / Django's own threads"
    return Row(what, str(ours), str(floor), ours / floor, f"< {CONNECTIONS}", ours < CONNECTIONS)


async def _most_connections(
    database: psycopg.Connection[tuple[int]], name: str, port: int, call: Call
) -> int:
    clients = [await Http.open(port) for _ in range(AT_ONCE)]
    most = 0
    for _ in range(TIMES):
        answers = asyncio.gather(*map(call, clients))
        while not answers.done():
            await asyncio.sleep(0.01)
            counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            most = max(most, *(database.execute(counted, [name]).fetchone() or ()))
        await answers
    close_all(clients)
    return most


def _starts(bench: Bench) -> list[Row]:
    """A first start with packages that pip has in its cache, and later ones."""
    clone = bench.folder / "clone"
    run_program(["git", "clone", "-q", ROOT, clone], "The checkout could not be cloned:")
    packages, first = _install(bench.folder / "packages"), _until_served(clone)
    ours, floor = [], []
    for _ in range(bench.options.rounds):
        ours.append(_until_served(clone))
        floor.append(_until_listening(bench))
    return [
        _start_row("first start of dev.sh / pip installs the same packages", [first], [packages], FIRST),
        _start_row("next start of dev.sh / uvicorn with DRF", ours, floor, SECOND),
    ]


def _start_row(what: str, ours: Sequence[float], floor: Sequence[float], aim: float) -> Row:
    taken, ratio = median(ours), ratio_of_rounds(ours, floor)
    return Row(what, f"{taken:.1f} s", f"{median(floor):.1f} s", ratio, f"≤ {aim:g} s", taken <= aim)


def _install(folder: Path) -> float:
    began = time.perf_counter()
    problem = "The packages could not be installed:"
    run_program([sys.executable, "-m", "venv", folder], problem)
    options = ["-q", "--no-compile", "-c", str(environment.CONSTRAINTS)]
    pip: list[str | Path] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        *options,
        *environment.running_pins(),
    ]
    run_program(pip, problem)
    return time.perf_counter() - began


def _until_served(clone: Path) -> float:
    """Return the seconds from the command to the first page."""
    port, sandbox = free_port(), free_port()
    options = ["--yes", "--port", str(port), "--sandbox-port", str(sandbox)]
    began, log = time.perf_counter(), clone.with_suffix(".log")
    with log.open("w") as output:
        process = spawn([clone / "scripts" / "dev.sh", *options], cwd=clone, output=output)
    try:
        served = wait_until(
            lambda: process.poll() is not None or dev.answers(f"http://localhost:{port}/"), LONGEST
        )
        if not served or process.poll() is not None:
            raise ScriptError(f"dev.sh did not start:\n{log.read_text()[-2000:]}")
        return time.perf_counter() - began
    finally:
        stop(process)


def _until_listening(bench: Bench) -> float:
    began = time.perf_counter()
    with bench.fresh("scripts.bench.floor.http:asynchronous", bench.on_postgres):
        return time.perf_counter() - began
