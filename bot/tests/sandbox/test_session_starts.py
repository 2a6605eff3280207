"""How many sessions may begin, and how fast: as Discord counts them."""

import asyncio

import discord
import pytest

from sandbox.delivery import sessions
from sandbox.delivery.starts import DAY, SessionStarts
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import SampleBot, running


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_of_each_bucket_one_shard_begins_in_five_seconds_and_all_in_a_day_are_counted() -> None:
    clock = Clock()
    starts = SessionStarts(2, 10, 5.0, clock)
    assert [starts.take(shard) for shard in (0, 1, 2, 3)] == [True, True, False, False]
    clock.now += 5
    assert starts.take(2)
    assert (starts.refused, starts.show()["remaining"]) == (2, 5)
    assert starts.show()["reset_after"] == round((DAY - 5) * 1000)
    clock.now += DAY
    assert starts.show()["remaining"] == 10


class HastyBot(SampleBot):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await asyncio.sleep(0.1)


async def test_who_identifies_too_fast_gets_an_invalid_session(box: Sandbox) -> None:
    box.shards = 2
    box.gateway.starts = SessionStarts(1, 1000, 0.35)
    bot = HastyBot(shard_count=None)
    async with running(box, bot):
        assert {guild.shard_id for guild in bot.guilds} == {0, 1}
        assert box.gateway.starts.refused > 0
        limits = await bot.fetch_session_start_limits()
        assert (limits.max_concurrency, limits.total) == (1, 1000)
        assert limits.remaining == 1000 - 2 - box.gateway.starts.refused


async def test_past_the_number_of_a_day_the_token_is_no_longer_taken(box: Sandbox) -> None:
    box.gateway.starts = SessionStarts(1, 1, 0.0)
    async with running(box, SampleBot()):
        with pytest.raises(discord.ConnectionClosed) as closed:
            async with running(box, SampleBot()):
                pass
    assert closed.value.code == 4004


async def test_too_many_servers_for_a_shard_want_more_shards(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "GUILDS_OF_A_SHARD", 1)
    with pytest.raises(discord.ConnectionClosed) as closed:
        async with running(box, SampleBot()):
            pass
    assert closed.value.code == 4011
