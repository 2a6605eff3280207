"""Channel messages, reactions, pins and typing, as discord.py's own objects use them."""

import io

import discord
import pytest

from sandbox import defaults
from sandbox.person import Person, Refused
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import PNG, SampleBot


@pytest.fixture
def table(bot: SampleBot) -> discord.TextChannel:
    channel = bot.get_channel(int(defaults.TABLE))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_send_edit_delete(bot: SampleBot, mira: Person, table: discord.TextChannel) -> None:
    message = await table.send("first")
    await message.edit(content="second", embed=discord.Embed(title="T"))
    seen = await mira.wait_for_message(lambda m: m["content"] == "second")
    assert seen["edited_timestamp"]
    assert seen["embeds"] == [{"type": "rich", "title": "T"}]
    await message.delete()
    await mira.wait_for(lambda event: event["type"] == "message_delete", since=0)
    with pytest.raises(discord.NotFound) as missing:
        await table.fetch_message(message.id)
    assert missing.value.code == 10008


async def test_history_in_pages(bot: SampleBot, table: discord.TextChannel) -> None:
    for number in range(7):
        await table.send(f"m{number}")
    names = [message.content async for message in table.history(limit=None)]
    assert names == [f"m{number}" for number in reversed(range(7))]
    middle = [message async for message in table.history(limit=7)][3]
    assert [m.content async for m in table.history(before=middle, limit=2)] == ["m2", "m1"]
    assert [m.content async for m in table.history(after=middle, limit=2)] == ["m4", "m5"]
    assert [m.content async for m in table.history(around=middle, limit=3)] == ["m4", "m3", "m2"]


async def test_replies_and_mentions(bot: SampleBot, mira: Person, table: discord.TextChannel) -> None:
    sent = await mira.say("who calls?", channel="table")
    original = await table.fetch_message(int(sent["id"]))
    text = f"<@{defaults.MIRA}> <@&{defaults.PLAYER_ROLE}> @everyone"
    quiet = discord.AllowedMentions(users=True, roles=False, everyone=False)
    reply = await original.reply(text, allowed_mentions=quiet)
    assert reply.reference
    assert reply.reference.message_id == original.id
    assert [user.name for user in reply.mentions] == ["mira"]
    assert (reply.role_mentions, reply.mention_everyone) == ([], False)


async def test_files(bot: SampleBot, table: discord.TextChannel) -> None:
    message = await table.send(file=discord.File(io.BytesIO(PNG), "a dot?.png"))
    assert await message.attachments[0].read() == PNG
    assert message.attachments[0].filename == "a_dot_.png"
    edited = await message.edit(content="without", attachments=[])
    assert edited.attachments == []


async def test_reactions(bot: SampleBot, mira: Person, table: discord.TextChannel) -> None:
    message = await table.send("vote")
    await message.add_reaction("👍")
    await mira.react({"id": str(message.id)}, "👍")
    reaction, user = await bot.event("reaction_add", since=_after(bot, "reaction_add"))
    assert (str(reaction.emoji), user.name) == ("👍", "mira")
    fresh = await table.fetch_message(message.id)
    assert (fresh.reactions[0].count, fresh.reactions[0].me) == (2, True)
    assert {user.name async for user in fresh.reactions[0].users()} == {"mira", "Chronicle Keeper"}
    await message.remove_reaction("👍", discord.Object(int(defaults.MIRA)))
    await message.clear_reactions()
    assert (await table.fetch_message(message.id)).reactions == []
    with pytest.raises(discord.HTTPException) as unknown:
        await message.add_reaction("none:123")
    assert unknown.value.code == 10014


def _after(bot: SampleBot, name: str) -> int:
    """The place behind the first such event, of the bot itself."""
    return next((i + 1 for i, (event, _) in enumerate(bot.seen) if event == name), 0)


async def test_pins_typing_and_bulk_delete(bot: SampleBot, mira: Person, table: discord.TextChannel) -> None:
    messages = [await table.send(f"m{number}") for number in range(3)]
    await messages[0].pin()
    assert [message.id async for message in table.pins()] == [messages[0].id]
    await messages[0].unpin()
    async with table.typing():
        await mira.wait_for(lambda event: event["type"] == "typing", since=0)
    await table.delete_messages(messages[1:])
    assert [m["content"] for m in await mira.messages("table")] == ["m0"]


async def test_prefix_commands_and_what_people_say(bot: SampleBot, mira: Person) -> None:
    @bot.command()
    async def ping(context: object) -> None:
        await context.reply("pong")  # type: ignore[attr-defined]

    await mira.say("!ping")
    await mira.wait_for_message(lambda message: message["content"] == "pong")


async def test_a_person_may_not_say_just_anything(bot: SampleBot, mira: Person) -> None:
    for wrong in ("", "  ", "x" * 2001):
        with pytest.raises(Refused) as refused:
            await mira.say(wrong)
        assert refused.value.status == 422


async def test_permissions_of_bot_and_person(
    box: Sandbox, bot: SampleBot, mira: Person, vesna: Person
) -> None:
    bot_role = str(int(defaults.NIGHT_COURT) + 1)
    hidden = {"id": defaults.NIGHT_COURT, "type": 0, "allow": "0", "deny": str(1 << 10)}
    await vesna.call("PATCH", f"channels/{defaults.TRACKER}", {"permission_overwrites": [hidden]})
    tracker = bot.get_channel(int(defaults.TRACKER))
    assert isinstance(tracker, discord.TextChannel)
    with pytest.raises(discord.Forbidden) as no_access:
        await tracker.send("hello")
    assert no_access.value.code == 50001
    with pytest.raises(Refused) as refused:
        await mira.say("hello", channel=defaults.TRACKER)
    assert refused.value.status == 404
    assert "tracker" not in [c["name"] for c in (await mira.world())["guilds"][0]["channels"]]
    await vesna.say("the owner sees all", channel="tracker")
    silent = {"id": bot_role, "type": 0, "allow": "0", "deny": str(1 << 11)}
    await vesna.call("PATCH", f"channels/{defaults.TRACKER}", {"permission_overwrites": [silent]})
    with pytest.raises(discord.Forbidden) as no_words:
        await tracker.send("hello")
    assert no_words.value.code == 50013


async def test_another_ones_message_cannot_be_edited(
    bot: SampleBot, mira: Person, table: discord.TextChannel
) -> None:
    sent = await mira.say("mine", channel="table")
    message = await table.fetch_message(int(sent["id"]))
    with pytest.raises(discord.Forbidden) as refused:
        await message.edit(content="yours")
    assert refused.value.code == 50005
    await message.delete()  # the bot may manage messages


async def test_unknown_things_have_discords_codes(bot: SampleBot, table: discord.TextChannel) -> None:
    for look, code in (
        (bot.fetch_channel(1), 10003),
        (bot.fetch_guild(1), 10004),
        (bot.fetch_user(1), 10013),
        (table.guild.fetch_member(1), 10013),
        (table.guild.fetch_member(int(defaults.SAM)), 10007),
        (table.fetch_message(1), 10008),
    ):
        with pytest.raises(discord.NotFound) as missing:
            await look
        assert missing.value.code == code


async def test_an_empty_message(bot: SampleBot, table: discord.TextChannel) -> None:
    for options in ({"content": " "}, {"embed": discord.Embed()}, {}):
        with pytest.raises(discord.HTTPException) as refused:
            await table.send(**options)
        assert refused.value.code == 50006


async def test_a_person_edits_deletes_answers_and_attaches(
    bot: SampleBot, mira: Person, jonas: Person, vesna: Person
) -> None:
    sent = await mira.say("frist", channel="table")
    await bot.event("message")
    since = len(bot.seen)
    await mira.edit(sent, "first")
    (edited,) = await bot.event("raw_message_edit", since)
    assert (edited.message.content, bool(edited.message.edited_at)) == ("first", True)
    note = {"filename": "note.txt", "content_type": "text/plain", "data": "aGk="}
    await jonas.say("", channel="table", reply=sent["id"], attachments=[note])
    (answer,) = await bot.event("message", since)
    assert answer.type is discord.MessageType.reply
    assert answer.reference.resolved.content == "first"
    assert await answer.attachments[0].read() == b"hi"
    for not_allowed in (jonas.edit(sent, "hijacked"), jonas.delete(sent), vesna.edit(sent, "no")):
        with pytest.raises(Refused) as refused:
            await not_allowed
        assert refused.value.status == 403
    with pytest.raises(Refused):
        await mira.edit(sent, "x" * 2001)
    await mira.delete(sent)
    (deleted,) = await bot.event("raw_message_delete", since)
    assert deleted.message_id == int(sent["id"])
    assert (await mira.messages("table"))[-1]["referenced_message"] is None
    await vesna.delete({"id": str(answer.id)})
    assert await mira.messages("table") == []
