"""Parts of the platform die under load: nothing accepted is lost, nothing doubled, nobody ends in a wrong state."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from scripts.common import free_port
from tests.faults import proof
from tests.faults.doors import BotDoor, Door, WebDoor
from tests.faults.plan import Deed, Outcome
from tests.faults.stack import Part, Platform, gateway_part, listens, wsgi
from tests.faults.viewers import Viewer

WRITERS = 6
SENTENCE = "503 The database isn’t answering. Nothing was changed: please try again in a moment."
SAVING = "503 The database went away while it was saving."
_storms = itertools.count(1)


@dataclass
class Storm:
    """Writers that insist, and viewers that come back, around one character."""

    platform: Platform
    character: str
    viewers: list[Viewer]
    started: int
    # What these viewers see of the character's card: all of it, or what the table sees.
    level: str = "brief"
    # Seconds between two deeds of a writer: what many viewers are sent, this one process has to read.
    pause: float = 0
    number: int = field(default_factory=lambda: next(_storms))
    outcomes: list[Outcome] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    blowing: bool = True

    async def write(self, door: Door, writer: int) -> None:
        chance = random.Random(writer)
        with contextlib.suppress(asyncio.CancelledError):
            for turn in itertools.count():
                if not self.blowing:
                    break
                key = f"s{self.number}-{writer}-{turn}"
                deed = Deed(key, "adjust", "experience.total", chance.randint(1, 3))
                if turn % 5 == 4:
                    deed = Deed(key, "set", "hunger", chance.randint(0, 5))
                self.outcomes.append(await door.insist(deed, self.sentences))
                await asyncio.sleep(self.pause)
        await door.close()

    async def more(self, count: int) -> None:
        """Until so many more deeds were answered."""
        seconds = 30 + count * self.pause
        wanted = len(self.outcomes) + count
        async with asyncio.timeout(seconds):
            while len(self.outcomes) < wanted:  # noqa: ASYNC110  (polling is enough, and has no loose ends)
                await asyncio.sleep(0.02)

    async def check(self) -> proof.State:
        clerk = self.platform.clerk
        state = clerk("state", character=self.character)
        proof.nothing_lost_or_doubled(self.outcomes, state)
        proof.numbers_have_no_gap(state, clerk("numbers", stream=self.platform.people["stream"]))
        proof.log_makes_state(state, self.outcomes)
        last = state["events"][-1]["seq"]
        for viewer in self.viewers:
            await viewer.until(last)
            proof.got_exactly(viewer, range(self.started + 1, last + 1))
            proof.viewer_agrees(viewer, self.character, state, self.level)
        return state


NewStorm = Callable[..., contextlib.AbstractAsyncContextManager[Storm]]


@pytest.fixture
def storm(production: Platform) -> NewStorm:
    @contextlib.asynccontextmanager
    async def blow(
        platform: Platform = production, sessions: list[str] | None = None, ports: Any = None
    ) -> AsyncIterator[Storm]:
        people, clerk = platform.people, platform.clerk
        name = f"Storm Owl {random.getrandbits(32):x}"
        character = clerk("create", owner="mira", name=name, chronicle=people["chronicle"])
        if sessions:
            for trait in ("hunger", "experience"):
                clerk("show", owner="mira", character=character, trait=trait, level="table")
        level = "table" if sessions else "brief"
        sessions = sessions or [people["sessions"]["vesna"]] * 2 + [people["sessions"]["olga"]] * 2
        turn = itertools.cycle(ports or platform.gateway_ports)
        viewers = [Viewer(next(turn), session, people["stream"]) for session in sessions]
        for start in range(0, len(viewers), 20):
            async with asyncio.timeout(30):
                await asyncio.gather(*(viewer.come() for viewer in viewers[start : start + 20]))
        pause = len(viewers) / 1000
        running = Storm(platform, character, viewers, clerk("head", stream=people["stream"]), level, pause)
        staying = [asyncio.create_task(viewer.stay(0.05 + pause)) for viewer in viewers]
        doors = [
            (WebDoor if n % 2 else BotDoor)(platform, ("mira", "vesna", "olga")[n % 3], character)
            for n in range(WRITERS)
        ]
        writing = [asyncio.create_task(running.write(door, n)) for n, door in enumerate(doors)]
        try:
            await running.more(20)
            yield running
            running.blowing = False
            await asyncio.wait_for(asyncio.gather(*writing), 60)
            await running.check()
        finally:
            for task in (*writing, *staying):
                task.cancel()
            await asyncio.gather(*writing, *staying, return_exceptions=True)
            await asyncio.gather(*(viewer.leave() for viewer in viewers))

    return blow


@pytest.mark.long
@pytest.mark.redis
@pytest.mark.req("S004-35", "S004-36", "S004-39")
async def test_redis_dies_and_returns(production: Platform, storm: NewStorm):
    async with storm() as running:
        production.redis.kill()
        await running.more(150)
        production.redis.start()
        await running.more(100)
        assert not running.sentences, "a change was refused for want of Redis"
    logs_are_quiet(production, "limits are counted in memory")


@pytest.mark.long
@pytest.mark.req("S004-36", "S004-41")
async def test_one_message_in_ten_is_lost(production: Platform, storm: NewStorm, tmp_path):
    port = free_port()
    env = production.env | {"DJANGO_SETTINGS_MODULE": "tests.faults.lossy_settings"}
    lossy = Part("lossy", wsgi(port, 2, 2), env, tmp_path / "lossy.log", lambda: listens(port))
    lossy.start()
    try:
        async with storm(replace(production, http=lossy, http_port=port)) as running:
            await running.more(300)
    finally:
        lossy.stop()


@pytest.mark.long
@pytest.mark.timeout(200)
@pytest.mark.req("S004-36")
async def test_a_gateway_dies_with_two_hundred_viewers(production: Platform, storm: NewStorm, tmp_path):
    sessions = production.clerk("crowd", server=production.people["server"], count=200)
    port = free_port()
    doomed = gateway_part(9, port, production.env, tmp_path).start()
    try:
        async with storm(sessions=sessions, ports=[port]) as running:
            doomed.kill()
            await running.more(50)
            assert not any(viewer.is_open for viewer in running.viewers)
            doomed.start()
            await running.more(50)
    finally:
        doomed.stop()


@pytest.mark.long
@pytest.mark.req("S004-35")
async def test_the_backend_is_killed_in_a_stream_of_commands(production: Platform, storm: NewStorm, request):
    async with storm() as running:
        for _ in range(3 if request.config.option.long else 1):
            production.http.kill()
            production.http.start()
            await running.more(60)


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("count", [20, 1000])
@pytest.mark.req("S004-36")
async def test_a_gateway_worker_is_killed(production: Platform, storm: NewStorm, tmp_path, count):
    """One of two workers, as `run.sh` starts them. Who was with it comes back and misses nothing; a line says so."""
    sessions = production.clerk("crowd", server=production.people["server"], count=count)
    port = free_port()
    gateway = gateway_part(9, port, production.env, tmp_path, "--workers", "2").start()
    try:
        async with storm(sessions=sessions, ports=[port]) as running:
            served = {pid: viewers_of(pid, port) for pid in workers(gateway.pid)}
            victim = max(served, key=lambda pid: served[pid])
            assert served[victim] > 1
            wanted = sum(viewer.connections for viewer in running.viewers) + served[victim]
            os.kill(victim, signal.SIGKILL)
            async with asyncio.timeout(120):
                while sum(viewer.connections for viewer in running.viewers) < wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            await running.more(50)
            assert victim not in workers(gateway.pid)
    finally:
        gateway.stop()
    assert gateway.log.read_text().count(f"Child process [{victim}] died") == 1
    proof.log_is_quiet(gateway.log.read_text())


def workers(parent: int) -> list[int]:
    """The processes that serve; uvicorn's parent has a helper beside them."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()]


def viewers_of(pid: int, port: int) -> int:
    """How many open connections to this port are with this process."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here, is_open = f":{port:04X}", "01"
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(here) and row[3] == is_open}
    held: set[str] = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            held.add(os.readlink(file))
    return len(sockets & held)


@pytest.mark.parametrize("how", ["killed", pytest.param("stopped", marks=pytest.mark.long)])
@pytest.mark.req("S004-35", "S004-36")
async def test_the_database_goes_and_returns(production: Platform, storm: NewStorm, how):
    await away_and_back(production, storm, how)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.req("S004-35", "S004-36")
async def test_postgresql_is_stopped_and_returns(postgres_platform: Platform, storm: NewStorm):
    await away_and_back(postgres_platform, storm, "stopped")


async def away_and_back(platform: Platform, storm: NewStorm, how: str) -> None:
    assert platform.database is not None
    async with storm(platform) as running:
        platform.database.kill() if how == "killed" else platform.database.stop()
        async with asyncio.timeout(30):
            while len(running.sentences) < WRITERS * 2:  # noqa: ASYNC110  (as above)
                await asyncio.sleep(0.05)
        await told_on_the_socket(platform)
        await platform.database.start_beside()
        await running.more(100)
    assert SENTENCE in running.sentences
    assert all(sentence == SENTENCE or sentence.startswith(SAVING) for sentence in running.sentences), set(
        running.sentences
    )
    logs_are_quiet(platform, "the database does not answer")


def logs_are_quiet(platform: Platform, words: str) -> None:
    """Some process said so, each at most once a minute, and nobody showed a traceback."""
    logs = [part.log.read_text() for part in (platform.http, *platform.gateways)]
    assert any(words in log for log in logs)
    for log in logs:
        proof.log_is_quiet(log)


async def told_on_the_socket(production: Platform) -> None:
    """Who comes now is asked to come again; nobody is taken for a stranger."""
    people = production.people
    viewer = Viewer(production.gateway_ports[0], people["sessions"]["mira"], people["stream"])
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(5):
            await viewer.connect()
    await asyncio.sleep(0.1)
    assert viewer.close_code == 1013
    await viewer.leave()
