"""A disk that is full, under SQLite and under uploads; a clock that is set forth and back. The processes go on."""

import asyncio
import contextlib
import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from scripts import environment
from scripts.common import BACKEND
from scripts.pytest_services import need
from scripts.servers import Command
from tests.faults import proof
from tests.faults.doors import CSRF, BotDoor
from tests.faults.plan import Deed, Outcome
from tests.faults.stack import Part, Platform, platform
from tests.faults.viewers import Viewer

pytestmark = [pytest.mark.long, pytest.mark.redis, pytest.mark.timeout(400)]
ROOM = "There’s no room left to save anything. Nothing was changed: please tell the people who run this."
AWAY = "The database isn’t answering. Nothing was changed: please try again in a moment."
NO_PICTURE = "The picture cannot be stored at the moment. Nothing was changed."
ADMIN = {"username": "root", "password": "correct-horse-battery"}  # one of the personas
# The time of day as a file says it, for a process that has this loaded first. The clock that only counts seconds
# is left alone, as nobody sets it. (libfaketime does not bear the way in which Python sleeps.)
CLOCK = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset(void) {
    char text[32] = "";
    const char *path = getenv("CLOCK_OFFSET");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    return size > 0 ? strtol(text, 0, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
    return failed;
}

time_t time(time_t *kept) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept) *kept = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    need(mount and os.geteuid() == 0, "a small disk is mounted by root alone")
    made = subprocess.run([str(mount), "-t", "tmpfs", "-o", "size=16m", "small", place], check=False)
    need(made.returncode == 0, "no disk may be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(place: Path) -> Path:
    """To the last byte."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    return filler


@pytest.mark.req("S004-35")
async def test_a_full_disk_refuses_plainly_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "platform"
    folder.mkdir()
    places = {"DB_NAME": str(small_disk / "db.sqlite3"), "MEDIA_ROOT": str(small_disk / "media")}
    with platform(folder, "", None, gateways=1, threads=2, **places) as running:
        character = running.clerk(
            "create", owner="mira", name="Full Owl", chronicle=running.people["chronicle"]
        )
        filler = fill(small_disk)
        outcomes: list[Outcome] = []
        sentences: list[str] = []
        enough = asyncio.Event()
        writing = asyncio.create_task(write(BotDoor(running, "mira", character), outcomes, sentences, enough))
        async with asyncio.timeout(120):
            while len(sentences) < 3:  # noqa: ASYNC110  (polling is enough, and has no loose ends)
                await asyncio.sleep(0.05)
        assert await send_portrait(running, character) in ((503, NO_PICTURE), (503, ROOM), (503, AWAY))
        assert list((small_disk / "media").rglob("*.webp")) == []
        async with Viewer(
            running.gateway_ports[0], running.people["sessions"]["vesna"], running.people["stream"]
        ):
            pass  # who only looks is served
        filler.unlink()
        done = len(outcomes)
        async with asyncio.timeout(120):
            while len(outcomes) < done + 5:  # noqa: ASYNC110  (as above)
                await asyncio.sleep(0.05)
        enough.set()
        await writing
        assert set(sentences) <= {f"503 {ROOM}", f"503 {AWAY}"}
        assert f"503 {ROOM}" in sentences
        state = running.clerk("state", character=character)
        proof.nothing_lost_or_doubled(outcomes, state)
        proof.numbers_have_no_gap(state, running.clerk("numbers", stream=running.people["stream"]))
        proof.log_makes_state(state, outcomes)
        assert (await send_portrait(running, character))[0] == 200
        log = running.http.log.read_text()
        assert "the database has no room left" in log
        proof.log_is_quiet(log)


async def write(door: BotDoor, outcomes: list[Outcome], sentences: list[str], enough: asyncio.Event) -> None:
    try:
        for turn in itertools.takewhile(lambda _: not enough.is_set(), itertools.count()):
            outcomes.append(
                await door.insist(
                    Deed(f"full-{turn}", "set", "history", f"{turn} " + "moon" * 1300), sentences
                )
            )
    finally:
        await door.close()


async def send_portrait(running: Platform, character: str) -> tuple[int, str]:
    picture = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(picture, "PNG")
    picture.seek(0)
    session = running.people["sessions"]["mira"]
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": "image/png",
    }
    address = f"{running.base}/api/characters/{character}/portrait/"
    async with (
        aiohttp.ClientSession() as http,
        http.put(address, data=picture, headers=headers) as answer,
    ):
        return answer.status, str((await answer.json()).get("detail", ""))


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[tuple[Platform, Path]]:
    """The platform with a worker, each process of it by the time of day that the file says."""
    compiler = shutil.which("gcc")
    need(compiler, "gcc is not installed")
    offset, source, library = tmp_path / "offset", tmp_path / "clock.c", tmp_path / "clock.so"
    offset.write_text("+0\n")
    source.write_text(CLOCK)
    subprocess.run([str(compiler), "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    folder = tmp_path / "platform"
    folder.mkdir()
    faked = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(offset)}
    with platform(folder, "", None, gateways=1, threads=2, **faked) as running:
        work: Command = [environment.python(), BACKEND / "manage.py", "worker"]
        worker = Part("worker", work, running.env, folder / "worker.log", lambda: True).start()
        try:
            yield running, offset
        finally:
            worker.stop()


@pytest.mark.req("S004-36")
async def test_a_clock_that_jumps_wedges_nothing(clock: tuple[Platform, Path]) -> None:
    running, offset = clock
    people = running.people
    character = running.clerk("create", owner="mira", name="Timeless Owl", chronicle=people["chronicle"])
    door = BotDoor(running, "mira", character)
    outcomes: list[Outcome] = []
    async with Viewer(running.gateway_ports[0], people["sessions"]["vesna"], people["stream"]) as viewer:
        started = running.clerk("head", stream=people["stream"])
        for number, moved in enumerate(("+0", "+7200", "-7200", "+0")):
            offset.write_text(f"{moved}\n")
            for turn in range(3):
                outcomes.append(
                    await door.do(Deed(f"clock-{number}-{turn}", "adjust", "experience.total", 1))
                )
            await viewer.until(running.clerk("head", stream=people["stream"]))
            await signs_in(running)
            await a_worker_is_alive(running)
        assert viewer.connections == 1, "nobody was thrown out"
        assert [outcome.answers[0][0] for outcome in outcomes] == [200] * 12
        again = await door.do(outcomes[0].deed)
        assert again.event == outcomes[0].event, "a key is remembered"
        state = running.clerk("state", character=character)
        proof.nothing_lost_or_doubled(outcomes, state)
        proof.got_exactly(viewer, range(started + 1, running.clerk("head", stream=people["stream"]) + 1))
    await door.close()
    for part in (running.http, *running.gateways):
        proof.log_is_quiet(part.log.read_text())


async def signs_in(running: Platform) -> None:
    """With a password; by the token of now, and a ticket is taken too."""
    async with aiohttp.ClientSession(running.base) as http:
        async with http.post("/api/token/", json=ADMIN) as answer:
            assert answer.status == 200, await answer.text()
            token = (await answer.json())["access"]
        bearer = {"Authorization": f"Bearer {token}"}
        async with http.get("/api/characters/", headers=bearer) as answer:
            assert answer.status == 200, await answer.text()
        async with http.post("/api/gateway/ticket/", headers=bearer) as answer:
            assert answer.status == 201, await answer.text()
            ticket = (await answer.json())["ticket"]
        address = f"http://127.0.0.1:{running.gateway_ports[0]}/ws/gateway/?ticket={ticket}"
        async with http.ws_connect(address) as socket:
            assert (await socket.receive_json(timeout=30))["type"] == "hello"


async def a_worker_is_alive(running: Platform) -> None:
    async def health() -> dict[str, Any]:
        async with aiohttp.ClientSession(running.base) as http, http.get("/readyz") as answer:
            found: dict[str, Any] = (await answer.json())["checks"]
            return found

    async with asyncio.timeout(60):
        while (checks := (await health()))["worker"] != "ok":  # noqa: ASYNC110  (as above)
            await asyncio.sleep(0.5)
    assert checks["database"] == checks["redis"] == "ok"
