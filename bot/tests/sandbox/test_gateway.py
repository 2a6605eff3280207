"""Sessions: identify, resume, reconnect, shards, intents, compression, nonsense."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import defaults
from sandbox.delivery import connection
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import SampleBot, running, wire


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits up to a second and more before it comes back after a broken connection."""
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda self: 0.05)


async def test_a_dropped_connection_is_resumed_without_loss(
    box: Sandbox, bot: SampleBot, mira: Person
) -> None:
    since = len(bot.seen)
    assert box.drop_gateway("drop") == 1
    await asyncio.sleep(0.02)
    await mira.say("while you were gone")
    await bot.event("resumed", since)
    (message,) = await bot.event("message", since)
    assert message.content == "while you were gone"
    assert [name for name, _ in bot.seen[since:]].count("message") == 1
    assert not [name for name, _ in bot.seen[since:] if name == "shard_ready"]


async def test_a_command_typed_during_the_gap_is_answered(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    box.drop_gateway("drop")
    await asyncio.sleep(0.02)
    assert (await mira.slash("group one", hunger=1)).content == "one 1"


async def test_asked_to_reconnect(bot: SampleBot, mira: Person) -> None:
    since = len(bot.seen)
    assert await mira.call("POST", "faults/gateway", {"action": "reconnect"}) == {"connections": 1}
    await bot.event("resumed", since)
    assert (await mira.slash("group one", hunger=2)).content == "one 2"


async def test_an_invalid_session_starts_anew(bot: SampleBot, mira: Person) -> None:
    since = len(bot.seen)
    await mira.call("POST", "faults/gateway", {"action": "invalid_session"})
    await bot.event("shard_ready", since)
    assert not [name for name, _ in bot.seen[since:] if name.endswith("resumed")]
    assert (await mira.slash("group one", hunger=3)).content == "one 3"


async def test_a_resumable_invalid_session_is_resumed(bot: SampleBot, mira: Person) -> None:
    since = len(bot.seen)
    await mira.call("POST", "faults/gateway", {"action": "invalid_session", "resumable": True})
    await bot.event("resumed", since)


async def test_a_wrong_token(box: Sandbox) -> None:
    async with SampleBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")


async def test_intents_that_are_not_granted(monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    box.gateway.granted = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(box, SampleBot()):
            await asyncio.sleep(5)
    async with running(box, SampleBot(intents=discord.Intents.default())):
        assert box.gateway.online


@pytest.mark.parametrize("allowed", [True, False])
async def test_what_people_write_is_an_intent_of_its_own(
    monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    async with Sandbox(message_content=allowed) as box:
        wire(monkeypatch, box)
        bot = SampleBot(intents=discord.Intents.default() | discord.Intents(members=True))
        async with running(box, bot):
            flags = (await bot.application_info()).flags
            assert flags == bot.application_flags
            assert (flags.gateway_message_content_limited, flags.gateway_guild_members_limited) == (
                allowed,
                True,
            )
        bot = SampleBot(intents=discord.Intents.default() | discord.Intents(message_content=True))
        if allowed:
            async with running(box, bot), Person(box.base_url, user="mira") as mira:
                await mira.say("hello")
                assert (await bot.event("message"))[0].content == "hello"
            return
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(box, bot):
                await asyncio.sleep(5)


async def test_what_is_not_asked_for_is_not_sent(box: Sandbox, mira: Person) -> None:
    few = discord.Intents(guilds=True, guild_messages=True)
    bot = SampleBot(intents=few)
    async with running(box, bot):
        await mira.say("a secret")
        (hidden,) = await bot.event("message")
        assert hidden.content == ""
        since = len(bot.seen)
        await mira.say(f"<@{box.application_id}> not so secret")
        (shown,) = await bot.event("message", since)
        assert "not so secret" in shown.content
        await mira.call("PUT", f"guilds/{defaults.NIGHT_COURT}/members/mira", {"nick": "Owl"})
        await mira.say("nobody hears this", channel="@dm")
        since = len(bot.seen)
        await mira.say("last")
        await bot.event("message", since)
        assert not [name for name, _ in bot.seen if name in ("member_update", "typing")]
        assert len([name for name, _ in bot.seen if name == "message"]) == 3


async def test_shards_get_their_own_guilds(box: Sandbox, mira: Person) -> None:
    box.shards = 2
    bot = SampleBot(shard_count=None)
    async with running(box, bot), Person(box.base_url, user="sam") as sam:
        shards = {guild.name: guild.shard_id for guild in bot.guilds}
        assert shards == {
            "Night Court": (int(defaults.NIGHT_COURT) >> 22) % 2,
            "Other Court": (int(defaults.OTHER_COURT) >> 22) % 2,
        }
        assert len(set(shards.values())) == 2
        assert (await mira.slash("group one", hunger=1)).content == "one 1"
        assert (await sam.slash("group one", hunger=2)).content == "one 2"
        assert (await mira.slash("whisper", channel="@dm")).content == "to mira"


class ZlibContext:
    """As discord.py reads the stream where zstandard is not installed (its own class is not even defined here)."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self.context = zlib.decompressobj()

    def decompress(self, data: bytes) -> str:
        assert data.endswith(b"\x00\x00\xff\xff")
        return self.context.decompress(data).decode()


@pytest.mark.parametrize("context", [discord.utils._ActiveDecompressionContext, ZlibContext])
async def test_both_compressions(monkeypatch: pytest.MonkeyPatch, box: Sandbox, context: Any) -> None:
    monkeypatch.setattr(discord.utils, "_ActiveDecompressionContext", context)
    asked: list[str] = []
    original = discord.http.HTTPClient.ws_connect

    async def watched(self: discord.http.HTTPClient, url: str, **more: Any) -> Any:
        asked.append(url)
        return await original(self, url, **more)

    monkeypatch.setattr(discord.http.HTTPClient, "ws_connect", watched)
    async with running(box, SampleBot()), Person(box.base_url, user="mira") as mira:
        assert (await mira.slash("group one", hunger=1)).content == "one 1"
    assert f"compress={context.COMPRESSION_TYPE}" in asked[0]


async def converse(
    box: Sandbox, *frames: Any, query: str = "?v=10"
) -> tuple[list[dict[str, Any]], int | None]:
    """What the gateway says to raw frames, and its close code."""
    heard: list[dict[str, Any]] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(box.gateway_url + query) as socket:
        for frame in frames:
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        async with asyncio.timeout(3):
            async for message in socket:
                heard.append(json.loads(message.data))
        return heard, socket.close_code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{broken", 4002),
        ("[]", 4002),
        ({"op": 99, "d": None}, 4003),
        ({"op": 8, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "x", "intents": 0}}, 4004),
        ({"op": 2, "d": {"token": "TOKEN"}}, 4013),
        ({"op": 2, "d": {"token": "TOKEN", "intents": -1}}, 4013),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 0, "shard": [2, 2]}}, 4010),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 0, "shard": "x"}}, 4010),
    ],
)
async def test_nonsense_closes_with_discords_codes(box: Sandbox, frame: Any, code: int) -> None:
    text = (frame if isinstance(frame, str) else json.dumps(frame)).replace("TOKEN", box.token)
    _, closed = await converse(box, text)
    assert closed == code


async def test_more_nonsense(box: Sandbox) -> None:
    identify = {"op": 2, "d": {"token": box.token, "intents": 1}}
    assert (await converse(box, identify, identify))[1] == 4005
    assert (await converse(box, identify, {"op": 99, "d": 1}))[1] == 4001
    assert (await converse(box, query="?v=6"))[1] == 4012
    assert (await converse(box, *[{"op": 1, "d": None}] * 130))[1] == 4008
    assert (await converse(box, "x" * (connection.LARGEST_FRAME + 1)))[1] == 1009


async def test_heartbeat_before_identify_and_resume_of_nothing(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox
) -> None:
    monkeypatch.setattr(connection, "ROUND_TRIP", 0)
    resume = {"op": 6, "d": {"token": box.token, "session_id": "gone", "seq": 3}}
    heard, _ = await converse(box, {"op": 1, "d": None}, resume, "{end")
    assert sorted(frame["op"] for frame in heard) == [9, 10, 11]
    assert next(frame for frame in heard if frame["op"] == 9)["d"] is False


async def test_a_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    monkeypatch.setattr(connection, "HEARTBEAT_MS", 60)
    _, closed = await converse(box)
    assert closed == 4009


async def test_the_page_learns_when_the_bot_comes_and_goes(box: Sandbox, mira: Person) -> None:
    async with running(box, SampleBot()):
        await box.wait_for_bot(within=1)
        await mira.wait_for(lambda event: event == {"type": "bot", "online": True}, since=0)
        assert (await mira.world())["app"]["online"]
    await mira.wait_for(lambda event: event == {"type": "bot", "online": False}, since=0)
