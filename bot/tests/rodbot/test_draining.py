"""Before it ends, a process finishes what it has begun."""

import asyncio
import contextlib
import logging
import signal

import pytest

from rodbot.client import RodBot
from rodbot.core import draining
from sandbox.defaults import TRACKER
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.contract import STREAM
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import until
from tests.rodbot.test_process import process
from tests.rodbot.test_tracker_feed import frame


async def test_a_command_that_has_begun_is_answered_and_then_nothing_more_is_taken(
    bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    fake.hold = 0.5
    asked = asyncio.create_task(mira.slash("vampire update", hunger=1))
    await until(lambda: fake.calls())
    drained = asyncio.create_task(bot.drain())
    later = asyncio.create_task(mira.slash("help"))
    assert (await asked).content or (await asked).embeds
    assert (await later).content or (await later).embeds
    await drained
    assert all(shard.is_closed() for shard in bot.shards.values())
    assert fake.beats[-1].stopped


async def test_what_waits_for_its_channel_is_posted_and_what_comes_later_is_for_the_next_process(
    box: Sandbox, bot: RodBot, fake: FakeBackend
) -> None:
    await until(lambda: fake.sockets)
    box.faults.add({"route": f"*/channels/{TRACKER}/messages", "method": "POST", "status": 503})
    await fake.tell(frame(5))
    await until(lambda: not box.faults.waiting)
    drained = asyncio.create_task(bot.drain())
    await asyncio.sleep(0)
    await fake.tell(frame(6))
    await drained
    posts = box.recorder.find("POST", f"/channels/{TRACKER}/messages")
    assert [entry["status"] for entry in posts] == [503, 200]
    await until(lambda: [sent for sent in fake.frames if sent["type"] == "posted"])
    positions = [sent["positions"] for sent in fake.frames if sent["type"] == "posted"]
    assert positions == [{STREAM: 5}]


async def test_what_takes_too_long_is_left_and_said(
    bot: RodBot,
    fake: FakeBackend,
    mira: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(draining, "FINISH", 0.1)
    monkeypatch.setattr(draining, "LAST", 0.1)
    fake.hold = 3
    asked = asyncio.create_task(mira.slash("vampire update", hunger=1))
    await until(lambda: fake.calls())
    with caplog.at_level(logging.WARNING):
        await bot.drain()
    assert "answers or posts were not finished in time" in caplog.text
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked


@pytest.mark.long
async def test_sigterm_lets_a_real_process_answer_first(box: Sandbox, fake: FakeBackend) -> None:
    child = await process(**box.env(), BACKEND_URL=fake.url, API_KEY=KEY)
    await until(lambda: len(box.recorder.find("PUT", "/commands")) == 3, 20)
    async with Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira:
        fake.hold = 1.5
        asked = asyncio.create_task(mira.slash("vampire update", hunger=1))
        await until(lambda: fake.calls())
        child.send_signal(signal.SIGTERM)
        answer = await asked
        said, _ = await asyncio.wait_for(child.communicate(), 10)
    assert answer.content or answer.embeds
    assert child.returncode == 0
    assert "what has begun is finished first" in said.decode()
    assert "Traceback" not in said.decode()
