"""Threads and forums: what the bot reads, opens and hears of, and who may write there (case DISC-02)."""

import aiohttp
import discord
import orjson
import pytest

from sandbox import defaults
from sandbox.person import Person, Refused
from sandbox.server import Sandbox
from sandbox.state import objects, permissions
from tests.sandbox.sample_bot import SampleBot, running, wire
from tests.sandbox.test_commands import everything


@pytest.fixture
def guild(bot: SampleBot) -> discord.Guild:
    guild = bot.get_guild(int(defaults.NIGHT_COURT))
    assert guild is not None
    return guild


@pytest.fixture
def table(guild: discord.Guild) -> discord.TextChannel:
    table = guild.get_channel(int(defaults.TABLE))
    assert isinstance(table, discord.TextChannel)
    return table


async def forum(box: Sandbox) -> dict[str, object]:
    night_court = box.world.guilds[defaults.NIGHT_COURT]
    return box.actions.add_channel(night_court, "stories", kind=objects.FORUM)


async def test_a_persons_thread_is_heard_of_and_written_in(bot: SampleBot, mira: Person) -> None:
    made = await mira.thread("Elysium", "table")
    (heard,) = await bot.event("thread_create")
    assert (heard.id, heard.name, heard.parent_id) == (int(made["id"]), "Elysium", int(defaults.TABLE))
    await mira.say("Good evening", channel="Elysium")
    sent = await heard.send("Welcome")
    assert [message["content"] for message in await mira.messages("Elysium")] == ["Good evening", "Welcome"]
    await sent.edit(content="Be welcome")
    reply = await mira.slash("everything", channel="Elysium", options=everything())
    assert reply.message is not None
    assert reply.message["channel_id"] == made["id"]


async def test_the_bot_opens_threads_and_a_message_has_one_alone(
    bot: SampleBot, table: discord.TextChannel, mira: Person
) -> None:
    thread = await table.create_thread(name="Plans", type=discord.ChannelType.public_thread)
    assert thread.owner_id == int(defaults.APPLICATION_ID)
    message = await table.send("Who comes?")
    of_message = await message.create_thread(name="Guests")
    assert of_message.id == message.id
    with pytest.raises(discord.HTTPException) as error:
        await message.create_thread(name="Guests again")
    assert error.value.code == 160004
    active = await table.guild.active_threads()
    assert {thread.name for thread in active} == {"Plans", "Guests"}


async def test_a_forum_has_posts_and_no_messages(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    made = await forum(box)
    channel = await bot.fetch_channel(int(str(made["id"])))
    assert isinstance(channel, discord.ForumChannel)
    with pytest.raises(discord.HTTPException) as error:
        await bot.http.send_message(channel.id, params=discord.http.handle_message_parameters("x"))
    assert error.value.code == 50008
    post, first = await channel.create_thread(name="The Prince is dead", content="Who did it?")
    assert post.id == first.id
    theirs = await mira.thread("The heir", "stories", content="It is me")
    assert [m["content"] for m in await mira.messages(theirs["id"])] == ["It is me"]
    with pytest.raises(Refused):
        await mira.thread("Nothing said", "stories")
    with pytest.raises(Refused):
        await mira.say("x", channel="stories")


async def test_archived_threads_open_by_a_message_and_locked_ones_do_not(
    bot: SampleBot, table: discord.TextChannel, mira: Person
) -> None:
    thread = await table.create_thread(name="Plans", type=discord.ChannelType.public_thread)
    sent = await thread.send("one")
    await thread.edit(archived=True)
    with pytest.raises(discord.HTTPException) as error:
        await sent.edit(content="two")
    assert error.value.code == 50083
    assert [t.name async for t in table.archived_threads()] == ["Plans"]
    since = len(bot.seen)
    await mira.say("I open it", channel=str(thread.id))
    (heard,) = await bot.event("raw_thread_update", since)
    assert not heard.data["thread_metadata"]["archived"]
    await thread.edit(locked=True)
    with pytest.raises(Refused):
        await mira.say("x", channel=str(thread.id))
    await thread.delete()
    await bot.event("thread_delete")
    with pytest.raises(Refused):
        await mira.messages(str(thread.id))


async def test_permissions_are_those_of_the_parent(
    box: Sandbox, bot: SampleBot, mira: Person, vesna: Person
) -> None:
    made = await mira.thread("Elysium", "table")
    mute = {"id": defaults.NIGHT_COURT, "type": 0, "allow": "0"}
    parent = box.world.channels[defaults.TABLE]
    box.actions.edit_channel(
        parent, {"permission_overwrites": [mute | {"deny": str(permissions.SEND_MESSAGES_IN_THREADS)}]}
    )
    with pytest.raises(Refused):
        await mira.say("x", channel=made["id"])
    await mira.say("In the channel itself", channel="table")
    box.actions.edit_channel(
        parent, {"permission_overwrites": [mute | {"deny": str(permissions.VIEW_CHANNEL)}]}
    )
    with pytest.raises(Refused):
        await mira.messages(made["id"])
    assert await vesna.messages(made["id"]) == []


async def test_a_private_thread_is_for_those_in_it(bot: SampleBot, mira: Person, jonas: Person) -> None:
    made = await mira.thread("A secret", "table", private=True)
    with pytest.raises(Refused):
        await jonas.messages(made["id"])
    assert "A secret" not in str(await jonas.world())
    assert "A secret" in str(await mira.world())


async def test_active_threads_come_with_the_guild(
    box: Sandbox, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mira.thread("Elysium", "table")
    old = await mira.thread("Forgotten", "table")
    await mira.archive(old["id"])
    wire(monkeypatch, box)
    later = SampleBot()
    async with running(box, later):
        guild = later.get_guild(int(defaults.NIGHT_COURT))
        assert guild is not None
        assert [thread.name for thread in guild.threads] == ["Elysium"]


async def test_disc_10_text_in_a_binary_frame_is_read(box: Sandbox) -> None:
    identify = {"op": 2, "d": {"token": box.token, "intents": 1, "properties": {}}}
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{box.gateway_url}?v=10") as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_bytes(orjson.dumps(identify))
        assert (await socket.receive_json())["t"] == "READY"


async def test_disc_10_ones_guilds_come_with_counts(box: Sandbox, bot: SampleBot) -> None:
    plain = [guild async for guild in bot.fetch_guilds(with_counts=False)]
    assert plain[0].approximate_member_count is None
    counted = {guild.name: guild async for guild in bot.fetch_guilds(with_counts=True)}
    assert counted["Night Court"].approximate_member_count == 4
    assert counted["Night Court"].approximate_presence_count == 0
