"""The sandbox falls ill on demand, and discord.py lives through it as it does with the real thing."""

import aiohttp
import discord
import pytest

from sandbox import defaults
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import SampleBot

MESSAGES = f"/api/v10/channels/{defaults.TABLE}/messages"


@pytest.fixture
def table(bot: SampleBot) -> discord.TextChannel:
    channel = bot.get_channel(int(defaults.TABLE))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_429_is_waited_for(box: Sandbox, mira: Person, table: discord.TextChannel) -> None:
    await mira.call("POST", "faults", {"route": MESSAGES, "status": 429, "times": 2, "retry_after": 0.05})
    assert (await table.send("patience")).content == "patience"
    assert [entry["status"] for entry in box.recorder.find("POST", "/messages")] == [429, 429, 200]


async def test_429_for_everything(mira: Person, table: discord.TextChannel) -> None:
    fault = {"route": "/api/v10/*", "status": 429, "retry_after": 0.05, "global": True}
    await mira.call("POST", "faults", fault)
    assert (await table.send("patience")).content == "patience"


async def test_429_without_the_via_header_is_a_ban(mira: Person, table: discord.TextChannel) -> None:
    await mira.call("POST", "faults", {"route": MESSAGES, "status": 429, "via": False})
    with pytest.raises(discord.HTTPException) as banned:
        await table.send("no")
    assert banned.value.status == 429


async def test_502_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, mira: Person, table: discord.TextChannel
) -> None:
    async def at_once(_: float) -> None: ...

    await mira.call("POST", "faults", {"route": MESSAGES, "status": 502, "method": "POST"})
    monkeypatch.setattr(discord.http.asyncio, "sleep", at_once)
    assert (await table.send("again")).content == "again"
    assert [entry["status"] for entry in box.recorder.find("POST", "/messages")] == [502, 200]


async def test_faults_can_be_taken_back(mira: Person, table: discord.TextChannel) -> None:
    await mira.call("POST", "faults", {"route": MESSAGES, "status": 429, "times": 9, "retry_after": 30})
    await mira.call("DELETE", "faults")
    assert await table.send("fine")


async def test_the_recorder_holds_bodies_and_answers(mira: Person, table: discord.TextChannel) -> None:
    await mira.call("DELETE", "recorded")
    await table.send("on the record")
    (entry,) = await mira.call("GET", "recorded")
    assert (entry["method"], entry["status"]) == ("POST", 200)
    assert entry["body"]["content"] == "on the record"
    assert entry["answer"]["content"] == "on the record"
    assert "Bot " not in str(entry)


async def test_a_connection_that_ends_without_an_answer(
    box: Sandbox, mira: Person, table: discord.TextChannel
) -> None:
    await mira.call("POST", "faults", {"route": MESSAGES, "status": 0})
    with pytest.raises(aiohttp.ClientError):
        await table.send("lost before")
    await mira.call("POST", "faults", {"route": MESSAGES, "status": 0, "late": True})
    with pytest.raises(aiohttp.ClientError):
        await table.send("lost after")
    assert [message["content"] for message in await mira.messages("table")] == ["lost after"]
