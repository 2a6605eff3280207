"""Webhooks of channels: made by the bot, posting under other names, in threads and forums (case DISC-11)."""

import asyncio
import io
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import defaults
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.state import objects, permissions
from tests.sandbox.sample_bot import PNG, SampleBot


@pytest.fixture
def table(bot: SampleBot) -> discord.TextChannel:
    channel = bot.get_channel(int(defaults.TABLE))
    assert isinstance(channel, discord.TextChannel)
    return channel


@pytest.fixture
async def hook(table: discord.TextChannel) -> discord.Webhook:
    return await table.create_webhook(name="Chronicle Keeper", avatar=PNG)


async def test_a_webhook_is_made_listed_changed_and_taken_away(
    box: Sandbox, bot: SampleBot, table: discord.TextChannel, hook: discord.Webhook
) -> None:
    (heard,) = await bot.event("webhooks_update")
    assert heard == table
    assert (hook.name, hook.user, hook.channel_id) == ("Chronicle Keeper", bot.user, table.id)
    assert hook.avatar
    assert await hook.avatar.read() == PNG
    assert [each.id for each in await table.webhooks()] == [hook.id]
    assert [each.token for each in await table.guild.webhooks()] == [hook.token]
    await hook.edit(name="Night Court", channel=table.guild.get_channel(int(defaults.TRACKER)))
    assert (await bot.fetch_webhook(hook.id)).name == "Night Court"
    assert await table.webhooks() == []
    await hook.delete()
    with pytest.raises(discord.NotFound) as gone:
        await bot.fetch_webhook(hook.id)
    assert gone.value.code == 10015


async def test_the_token_alone_is_enough(box: Sandbox, hook: discord.Webhook) -> None:
    async with aiohttp.ClientSession() as session:
        alone = discord.Webhook.partial(hook.id, hook.token or "", session=session)
        assert (await alone.fetch(prefer_auth=False)).name == "Chronicle Keeper"
        sent = await alone.send("hello", wait=True)
        assert (await alone.fetch_message(sent.id)).content == "hello"
        wrong = discord.Webhook.partial(hook.id, "wrong", session=session)
        with pytest.raises(discord.HTTPException) as refused:
            await wrong.send("hello")
        assert refused.value.code == 50027
        await alone.delete(prefer_auth=False)
        with pytest.raises(discord.NotFound) as gone:
            await alone.send("hello")
        assert gone.value.code == 10015


async def test_a_message_has_the_name_and_picture_that_it_is_sent_with(
    bot: SampleBot, mira: Person, hook: discord.Webhook
) -> None:
    since, picture = len(bot.seen), f"{mira.base_url}/cdn/avatars/1/owl.png"
    embed = discord.Embed(description="A quote")
    files = [discord.File(io.BytesIO(PNG), "dot.png")]
    sent = await hook.send(
        f"Hail, <@{defaults.MIRA}> @everyone",
        username="Night Owl",
        avatar_url=picture,
        embed=embed,
        files=files,
        allowed_mentions=discord.AllowedMentions.none(),
        wait=True,
    )
    (heard,) = await bot.event("message", since)
    assert (heard.author.display_name, heard.author.bot, heard.author.id) == ("Night Owl", True, hook.id)
    assert (heard.webhook_id, heard.application_id) == (hook.id, int(defaults.APPLICATION_ID))
    assert (heard.mentions, heard.mention_everyone) == ([], False)
    assert await heard.attachments[0].read() == PNG
    assert await heard.author.display_avatar.read()
    seen = await mira.wait_for_message(lambda m: m["id"] == str(sent.id))
    assert (seen["author"]["username"], seen["embeds"][0]["description"]) == ("Night Owl", "A quote")
    plain = await hook.send("As myself", wait=True)
    assert plain.author.name == "Chronicle Keeper"


async def test_a_webhook_edits_and_deletes_its_own_messages_alone(
    bot: SampleBot, mira: Person, table: discord.TextChannel, hook: discord.Webhook
) -> None:
    sent = await hook.send("first", wait=True)
    await sent.edit(content="second", attachments=[discord.File(io.BytesIO(PNG), "dot.png")])
    seen = await mira.wait_for_message(lambda m: m["content"] == "second")
    assert [seen["author"]["username"], len(seen["attachments"])] == ["Chronicle Keeper", 1]
    await sent.delete()
    await mira.wait_for(lambda event: event["type"] == "message_delete", since=0)
    bots_own = await table.send("not the webhook's")
    for act in (hook.fetch_message(bots_own.id), hook.edit_message(bots_own.id, content="x")):
        with pytest.raises(discord.NotFound) as missing:
            await act
        assert missing.value.code == 10008
    kept = await hook.send("who manages messages deletes it", wait=True)
    with pytest.raises(discord.Forbidden):
        await (await table.fetch_message(kept.id)).edit(content="x")
    await (await table.fetch_message(kept.id)).delete()


async def test_in_threads_and_forums(
    box: Sandbox, bot: SampleBot, mira: Person, table: discord.TextChannel, hook: discord.Webhook
) -> None:
    made = await mira.thread("Elysium", "table")
    thread = discord.Object(int(made["id"]))
    sent = await hook.send("in the thread", thread=thread, wait=True)
    assert [m["content"] for m in await mira.messages("Elysium")] == ["in the thread"]
    assert box.world.channels[made["id"]]["member_ids"] == [defaults.MIRA]
    with pytest.raises(discord.NotFound):
        await hook.edit_message(sent.id, content="without saying where")
    await hook.edit_message(sent.id, content="changed", thread=thread)
    await hook.delete_message(sent.id, thread=thread)
    with pytest.raises(discord.NotFound) as elsewhere:
        await hook.send("x", thread=discord.Object(int(defaults.TRACKER)))
    assert elsewhere.value.code == 10003
    with pytest.raises(discord.HTTPException) as no_forum:
        await hook.send("x", thread_name="A post")
    assert no_forum.value.code == 220003
    forum = box.actions.add_channel(box.world.guilds[defaults.NIGHT_COURT], "stories", kind=objects.FORUM)
    stories = await bot.fetch_channel(int(forum["id"]))
    assert isinstance(stories, discord.ForumChannel)
    in_forum = await stories.create_webhook(name="Stories")
    with pytest.raises(discord.HTTPException) as nowhere:
        await in_forum.send("x")
    assert nowhere.value.code == 220001
    post = await in_forum.send("It begins", thread_name="The heir", wait=True)
    assert [m["content"] for m in await mira.messages(str(post.id))] == ["It begins"]


async def test_limits_and_permissions(
    box: Sandbox, bot: SampleBot, table: discord.TextChannel, vesna: Person
) -> None:
    hooks = [await table.create_webhook(name=f"w{number}") for number in range(15)]
    with pytest.raises(discord.HTTPException) as full:
        await table.create_webhook(name="one too many")
    assert full.value.code == 30007
    for wrong in ({"username": "Discordia"}, {"username": "x" * 81}, {"content": "x" * 2001}, {}):
        with pytest.raises(discord.HTTPException) as refused:
            await hooks[0].send(**{"content": "" if not wrong else "x", **wrong})  # type: ignore[arg-type]
        assert refused.value.code == (50035 if wrong else 50006), wrong
    bot_role = str(int(defaults.NIGHT_COURT) + 1)
    deny = {"id": bot_role, "type": 0, "allow": "0", "deny": str(permissions.MANAGE_WEBHOOKS)}
    await vesna.call("PATCH", f"channels/{defaults.TABLE}", {"permission_overwrites": [deny]})
    for act in (table.webhooks(), table.create_webhook(name="w"), bot.fetch_webhook(hooks[0].id)):
        with pytest.raises(discord.Forbidden) as forbidden:
            await act
        assert forbidden.value.code == 50013
    await hooks[0].send("the token still works")


async def test_a_webhook_goes_with_its_channel_and_outlives_a_restart(
    box: Sandbox, bot: SampleBot, table: discord.TextChannel, hook: discord.Webhook, tmp_path: Any
) -> None:
    async with Sandbox(tmp_path / "state.json") as first:
        channel = first.world.channels[defaults.TABLE]
        made = first.hooks.add(channel, "Stays", None)
    async with Sandbox(tmp_path / "state.json") as second:
        assert second.world.webhooks.get(made["id"], made["token"])["name"] == "Stays"
    box.actions.remove_channel(box.world.channels[defaults.TABLE])
    with pytest.raises(discord.NotFound):
        await hook.send("x")


async def test_too_many_at_once_are_told_to_wait() -> None:
    async with Sandbox(rate_limits=True) as box, aiohttp.ClientSession() as session:
        hook = box.hooks.add(box.world.channels[defaults.TABLE], "w", None)
        address = f"{box.api_base}/webhooks/{hook['id']}/{hook['token']}"

        async def send() -> int:
            async with session.post(address, json={"content": "x"}) as answer:
                return answer.status

        assert sorted(await asyncio.gather(*(send() for _ in range(6)))) == [204] * 5 + [429]
