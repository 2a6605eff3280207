"""Several Discord processes of one bot: each has its own shards, they begin in turn, one does what is done once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from contract.identify import TurnTaken
from rodbot.client import RodBot
from rodbot.core import identify
from rodbot.core.backend import BackendDown
from rodbot.core.identify import SessionStarts
from sandbox import defaults
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at, until

COURTS = int(defaults.NIGHT_COURT), int(defaults.OTHER_COURT)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox(shards=2, max_concurrency=1, identify_seconds=0.3) as sandbox:
        yield sandbox


@asynccontextmanager
async def both(box: Sandbox, fake: FakeBackend) -> AsyncIterator[list[RodBot]]:
    """The processes of shard 0 and of shard 1, started one after the other."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                bot_at(box, fake.url, KEY, DISCORD_SHARDS="2", DISCORD_SHARD_RANGE=number)
            )
            for number in "01"
        ]


def guild_of(shard: int) -> int:
    return next(guild for guild in COURTS if (guild >> 22) % 2 == shard)


async def test_each_process_has_its_own_servers_and_the_first_does_what_is_done_once(
    box: Sandbox, fake: FakeBackend
) -> None:
    async with both(box, fake) as bots, Person(box.base_url, user="mira", guild="Night Court") as mira:
        assert [[guild.id for guild in bot.guilds] for bot in bots] == [[guild_of(0)], [guild_of(1)]]
        assert [list(bot.editions) for bot in bots] == [[guild_of(0)], [guild_of(1)]]
        feeds = [frame["shards"] for frame in fake.frames if frame["type"] == "feed"]
        assert feeds == ["0-0/2", "1-1/2"]
        await mira.slash("help")
        await mira.slash("help", channel="@dm")
        night = (int(defaults.NIGHT_COURT) >> 22) % 2
        counts = [bot.heartbeat.beat().commands for bot in bots]
        assert sum(counts) == 2
        assert counts[0] >= 1, "direct messages are on shard 0"
        assert counts[night] >= 1
        beats = [bot.heartbeat.beat() for bot in bots]
        assert [(beat.shards, beat.connected_shards) for beat in beats] == [("0-0/2", [0]), ("1-1/2", [1])]
        assert [bot.is_first for bot in bots] == [True, False]
        everywhere = box.recorder.find("PUT", f"/applications/{box.application_id}/commands")
        assert len(everywhere) == 1


async def test_processes_that_start_at_once_identify_in_turn(box: Sandbox, fake: FakeBackend) -> None:
    async with AsyncExitStack() as stack:
        starts = [
            stack.enter_async_context(
                bot_at(box, fake.url, KEY, DISCORD_SHARDS="4", DISCORD_SHARD_RANGE=served)
            )
            for served in ("0-1", "2-3")
        ]
        await asyncio.gather(*starts)
        assert sorted(shard for _, shard in box.gateway.starts.log) == [0, 1, 2, 3]
        assert box.gateway.starts.refused == 0
        # A session that Discord ends takes its turn too.
        box.drop_gateway("invalid_session")
        await until(lambda: len(box.gateway.starts.log) == 8)
        assert box.gateway.starts.refused == 0


class Limits:
    """What Discord answers, one after the other; the last one again and again."""

    def __init__(self, *remaining: int) -> None:
        self.remaining = list(remaining)

    async def __call__(self) -> tuple[int, discord.SessionStartLimits]:
        left = self.remaining.pop(0) if len(self.remaining) > 1 else self.remaining[0]
        limits = {"total": 1000, "remaining": left, "reset_after": 7_200_000, "max_concurrency": 1}
        return 4, discord.SessionStartLimits(**cast(Any, limits))


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, which takes no time."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(identify, "asyncio", SimpleNamespace(sleep=sleep))
    return waits


async def test_a_start_that_would_use_up_the_day_waits_and_says_so(
    slept: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    starts = SessionStarts(cast(Any, None), Limits(3, 1000))
    with caplog.at_level(logging.WARNING):
        await starts.enough()
    assert slept == [7201.0]
    assert (
        "Discord lets this bot begin 3 more sessions of 1000 a day, and 4 are to begin here." in caplog.text
    )
    assert datetime.now(UTC).strftime("Waiting until %Y-") in caplog.text
    await SessionStarts(cast(Any, None), Limits(3)).enough(2)
    assert len(slept) == 1


async def test_without_the_backend_a_shard_waits_a_while_and_begins(slept: list[float]) -> None:
    async def down(*_: object) -> TurnTaken:
        raise BackendDown("gone", maybe_done=False)

    await SessionStarts(cast(Any, SimpleNamespace(report=down)), Limits(1000)).turn(3)
    assert len(slept) == 1
    assert slept[0] >= identify.APART[0]


async def test_what_waits_for_its_turn_asks_again(slept: list[float]) -> None:
    answers = [False, False, True]

    async def report(*_: object) -> TurnTaken:
        return TurnTaken(granted=answers.pop(0))

    await SessionStarts(cast(Any, SimpleNamespace(report=report)), Limits(1000)).turn(3)
    assert (len(slept), answers) == (2, [])
