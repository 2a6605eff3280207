"""A local server must not be its own judge: everything is held against Discord's published description."""

import io
import os
from pathlib import Path
from typing import Any

import discord
import pytest

from sandbox import defaults
from sandbox.person import Person
from sandbox.server import Sandbox
from scripts.pytest_services import need
from tests.sandbox.openapi_description import Description
from tests.sandbox.sample_bot import PNG, SampleBot
from tests.sandbox.test_commands import everything

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def description() -> Description:
    path = Path(
        os.environ.get("DISCORD_OPENAPI") or REPOSITORY.parent / "shared" / "discord" / "openapi.json"
    )
    need(path.is_file(), f"Discord's OpenAPI description is not at {path} (set DISCORD_OPENAPI)")
    return Description(path)


async def walk(bot: SampleBot, mira: Person) -> None:
    """Every endpoint that this project uses, and the errors on the way."""
    await mira.slash("everything", options=everything())
    await mira.complete("find", "who", "night")
    await mira.slash("think")
    await mira.slash("files")
    await mira.slash("layout")
    await mira.slash("twice")
    panel = await mira.slash("panel")
    for label in ("Update", "Silent"):
        await mira.click(panel, label)
    opened = await mira.click(panel, "Ask")
    await mira.submit(opened, {opened.modal["components"][0]["components"][0]["custom_id"]: "fine"})
    pickers = await mira.slash("pickers")
    await mira.select(pickers, defaults.VESNA, "pick:user")
    await mira.menu("Who is this", defaults.JONAS)
    await mira.submit(await mira.slash("ask", kind="new"), {"clan": ["Brujah"], "rival": [defaults.JONAS]})
    await mira.slash("count")
    await channel_calls(bot, mira)
    await webhook_calls(bot)
    await guild_calls(bot)


async def channel_calls(bot: SampleBot, mira: Person) -> None:
    table = await bot.fetch_channel(int(defaults.TABLE))
    assert isinstance(table, discord.TextChannel)
    message = await table.send("x", embed=_embed(), file=discord.File(io.BytesIO(PNG), "dot.png"))
    await message.edit(content="y")
    await message.add_reaction("👍")
    await message.pin()
    assert [pin.id async for pin in table.pins()] == [message.id]
    await message.reply("z")
    assert [m async for m in table.history(limit=5)]
    async with table.typing():
        await table.fetch_message(message.id)
    await message.delete()
    with pytest.raises(discord.NotFound):
        await table.fetch_message(message.id)
    with pytest.raises(discord.HTTPException):
        await table.send("x" * 2001)
    user = await bot.fetch_user(int(defaults.MIRA))
    await user.send("hello")
    await mira.call("POST", "faults", {"route": "*/messages", "status": 429, "retry_after": 0.01})
    await table.send("after a while")


async def webhook_calls(bot: SampleBot) -> None:
    table = await bot.fetch_channel(int(defaults.TABLE))
    assert isinstance(table, discord.TextChannel)
    hook = await table.create_webhook(name="Keeper", avatar=PNG)
    sent = await hook.send("x", username="Night Owl", avatar_url="https://example.org/a.png", wait=True)
    await hook.send("y")
    await sent.edit(content="z", attachments=[discord.File(io.BytesIO(PNG), "dot.png")])
    await hook.fetch_message(sent.id)
    await sent.delete()
    assert await table.webhooks()
    assert await table.guild.webhooks()
    await hook.edit(name="Keeper of keys")
    await hook.fetch()
    await hook.fetch(prefer_auth=False)
    await bot.fetch_webhook(hook.id)
    with pytest.raises(discord.HTTPException):
        await hook.send("x", username="Discord")
    await hook.delete()


async def guild_calls(bot: SampleBot) -> None:
    guild = await bot.fetch_guild(int(defaults.NIGHT_COURT))
    assert [member async for member in guild.fetch_members()]
    mira = await guild.fetch_member(int(defaults.MIRA))
    role = await guild.create_role(name="Prince")
    await mira.add_roles(role)
    await mira.edit(nick="Owl")
    await role.edit(name="Baron")
    await role.delete()
    await guild.fetch_roles()
    channel = await guild.create_text_channel("crypt")
    await channel.edit(topic="dark")
    await channel.delete()
    await guild.fetch_channels()
    dot = await bot.create_application_emoji(name="dot", image=PNG)
    assert await bot.fetch_application_emojis()
    await dot.edit(name="point")
    await dot.delete()
    await bot.application_info()
    assert [g async for g in bot.fetch_guilds()]
    await bot.tree.fetch_commands()


def _embed() -> discord.Embed:
    embed = discord.Embed(
        title="T", description="D", colour=5, url="https://example.org", timestamp=discord.utils.utcnow()
    )
    embed.set_author(name="A", icon_url="https://example.org/a.png").set_footer(text="F")
    return embed.set_thumbnail(url="attachment://dot.png").add_field(name="n", value="v")


async def test_requests_and_answers_fit_the_description(
    box: Sandbox, bot: SampleBot, mira: Person, description: Description
) -> None:
    await walk(bot, mira)
    findings = description.check(box.recorded)
    assert findings == [], "\n".join(str(finding) for finding in findings)
    templates = {description.operation(e["method"], e["path"])[0] for e in box.recorded}
    assert len(templates) >= 40, sorted(templates)


async def test_the_check_finds_what_is_wrong(
    box: Sandbox, bot: SampleBot, mira: Person, description: Description
) -> None:
    await mira.slash("panel")
    entry = box.recorder.find("POST", "/callback")[0]

    def problems(**changes: Any) -> list[str]:
        return [finding.where for finding in description.check([{**entry, **changes}])]

    assert problems() == []
    assert problems(path="/no/such/path") == ["request"]
    assert problems(status=302) == ["answer 302"]
    assert problems(body={"type": 99}) == ["request"]
    assert problems(body={"type": 4, "data": {"content": "x" * 2001}}) == ["request"]
    assert problems(answer={"interaction": {}}) == ["answer 200"]
    assert problems(status=400, answer={"message": "no code"}) == ["answer 400"]
    # Discord takes an integer for a snowflake and text for a number.
    body = {"content": "x", "flags": "0", "message_reference": {"message_id": 5}}
    path = f"/channels/{defaults.TABLE}/messages"
    assert (
        description.check([{**entry, "path": path, "body": body, "status": 204, "answer": None}])[0].where
        == "answer 204"
    )
