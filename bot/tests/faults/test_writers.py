"""Sixteen writers through every door at one character, with undos and retries: nothing is lost, nothing doubled."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from scripts import environment
from scripts.common import ROOT
from tests.faults import proof
from tests.faults.doors import BotDoor, Door, WebDoor
from tests.faults.plan import Outcome, deeds
from tests.faults.stack import Platform
from tests.faults.viewers import Viewer, fold

OPERATIONS, LONG = 160, 10_000
BY_BOT, BY_WEB, BY_SERVICE = 6, 6, 4
PEOPLE = ("mira", "vesna", "olga")


async def write(door: Door, writer: int, count: int) -> list[Outcome]:
    try:
        return [await door.do(deed) for deed in deeds(writer, count)]
    finally:
        await door.close()


@contextlib.asynccontextmanager
async def writers_by_service(
    platform: Platform, character: str, count: int
) -> AsyncIterator[Callable[[], Awaitable[list[Outcome]]]]:
    """Start those without a door; what comes waits for the end of all of them."""
    numbers = range(BY_BOT + BY_WEB, BY_BOT + BY_WEB + BY_SERVICE)
    about = [
        {"owner": PEOPLE[number % len(PEOPLE)], "character": character, "writer": number, "count": count}
        for number in numbers
    ]
    process = await asyncio.create_subprocess_exec(
        str(environment.python()),
        *("-m", "tests.faults.service_writer", json.dumps(about)),
        env=platform.env,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )

    async def outcomes() -> list[Outcome]:
        output, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()[-3000:]
        return [
            Outcome(deed, [tuple(answer) for answer in answers[deed.key]])
            for number, answers in zip(numbers, json.loads(output), strict=True)
            for deed in deeds(number, count)
        ]

    try:
        assert process.stdout is not None
        await process.stdout.readline()  # it is ready: the others need not be done before it begins
        yield outcomes
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
async def audience(own_database: Platform) -> AsyncIterator[list[Viewer]]:
    """On both gateways, with the sheet open and without."""
    people, clerk = own_database.people, own_database.clerk
    character = clerk("create", owner="mira", name="Contested Owl", chronicle=people["chronicle"])
    session, stream = people["sessions"]["vesna"], people["stream"]
    viewers = [
        Viewer(port, session, stream, sheet=sheet)
        for port in own_database.gateway_ports
        for sheet in ("", character)
    ]
    for viewer in viewers:
        await viewer.connect()
    yield viewers
    for viewer in viewers:
        await viewer.leave()


@pytest.mark.timeout(900)
@pytest.mark.req("S004-30", "S004-35", "S004-36", "S004-41")
async def test_sixteen_writers_at_one_character(own_database: Platform, audience, request):
    platform, people, clerk = own_database, own_database.people, own_database.clerk
    character = audience[1].sheet
    start = clerk("head", stream=people["stream"])
    total = LONG if request.config.option.long else OPERATIONS
    count = total // (BY_BOT + BY_WEB + BY_SERVICE)
    doors: Iterator[Door] = (
        (BotDoor if number < BY_BOT else WebDoor)(platform, PEOPLE[number % 3], character)
        for number in range(BY_BOT + BY_WEB)
    )
    async with writers_by_service(platform, character, count) as by_service:
        work = [write(door, number, count) for number, door in enumerate(doors)]
        outcomes = list(itertools.chain(*await asyncio.gather(*work, by_service())))

    state = clerk("state", character=character)
    accepted = proof.nothing_lost_or_doubled(outcomes, state)
    assert accepted == len(state["events"]) - 1 > len(outcomes) / 3
    proof.numbers_have_no_gap(state, clerk("numbers", stream=people["stream"]))
    proof.log_makes_state(state, outcomes)
    last = state["events"][-1]["seq"]
    for viewer in audience:
        await viewer.until(last)
        proof.got_exactly(viewer, range(start + 1, last + 1))
        proof.viewer_agrees(viewer, character, state)
    await history_makes_state(platform, character, state)


async def history_makes_state(platform: Platform, character: str, state: proof.State) -> None:
    """Read page by page through the public API, and replayed from the start."""
    session = platform.people["sessions"]["vesna"]
    door = WebDoor(platform, "vesna", character)
    events, before = [], ""
    while True:
        path = f"/api/characters/{character}/history/?limit=100{before}"
        async with door.http.get(path, headers={"Cookie": f"sessionid={session}"}) as answer:
            page = (await answer.json())["events"]
        events += page
        if not page or page[-1]["version"] == 1:
            break
        before = f"&before={page[-1]['version']}"
    await door.close()
    assert [event["version"] for event in reversed(events)] == list(range(1, state["version"] + 1))
    fields: dict[str, object] = {}
    for event in reversed(events):
        fold(fields, {path: after for path, (_, after) in event["changes"].items()})
    assert fields == state["full"]
