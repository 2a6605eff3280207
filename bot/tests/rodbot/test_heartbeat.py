"""The process tells the backend how it is: connected, and when it was last used."""

from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.fake_backend import FakeBackend
from tests.rodbot.table import until


async def test_it_says_that_it_is_connected_and_when_a_command_was_used(
    fake: FakeBackend, bot: RodBot, mira: Person
) -> None:
    await until(lambda: fake.beats)
    assert (fake.beats[0].last_command_at, fake.beats[0].commands) == (None, 0)
    await mira.slash("help")
    now = bot.heartbeat.beat()
    assert (now.connected, now.servers, now.commands) == (True, len(bot.guilds), 1)
    assert now.last_command_at is not None
    assert now.latency is None or now.latency >= 0


async def test_it_says_when_the_connection_is_lost(bot: RodBot) -> None:
    for shard in bot.shards.values():
        await shard.disconnect()
    assert not bot.heartbeat.beat().connected
