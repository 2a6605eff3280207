"""A bot with a command for every corner of discord.py that the sandbox must serve."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from typing import Any, Literal, cast

import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands

from sandbox.server import Sandbox
from tests.sandbox.sample_views import Counter, Labelled, Layout, Newest, Panel, Pickers, Question


def wire(patch: pytest.MonkeyPatch, box: Sandbox) -> None:
    """Points discord.py at the sandbox, as rodbot does."""
    patch.setattr(discord.http.Route, "BASE", box.api_base)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(box.gateway_url))
    patch.setattr(discord.asset.Asset, "BASE", box.cdn_base)


class Group(app_commands.Group):
    inner = app_commands.Group(name="inner", description="Nested")

    @app_commands.command(description="One level down")
    async def one(self, interaction: discord.Interaction, hunger: app_commands.Range[int, 0, 5]) -> None:
        await interaction.response.send_message(f"one {hunger}")

    @inner.command(description="Two levels down")
    async def two(self, interaction: discord.Interaction, name: app_commands.Range[str, 2, 10]) -> None:
        await interaction.response.send_message(f"two {name}")


class SampleBot(commands.AutoShardedBot):
    """`guild` gets one command of its own; events are collected as (name, arguments)."""

    def __init__(self, *, intents: discord.Intents | None = None, guild: str = "", **options: Any) -> None:
        options = {"shard_count": 1, "guild_ready_timeout": 0.05, **options}
        super().__init__("!", intents=intents or discord.Intents.all(), help_command=None, **options)
        self.own_guild = discord.Object(int(guild)) if guild else None
        self.seen: list[tuple[str, tuple[Any, ...]]] = []
        self.news = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The real one sleeps 5 s before a second shard and every new identify."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        self.seen.append((event, args))
        self.news.set()

    async def event(self, name: str, since: int = 0) -> tuple[Any, ...]:  # type: ignore[override]
        """The arguments of the first such event; discord.py's decorator of this name is not needed here."""
        async with asyncio.timeout(5):
            while not (arguments := [args for event, args in self.seen[since:] if event == name]):
                self.news.clear()
                await self.news.wait()
        return arguments[0]

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        self.add_dynamic_items(Counter)
        for command in COMMANDS:
            self.tree.add_command(command)
        await self.tree.sync()
        if self.own_guild is not None:
            self.tree.add_command(guild_only, guild=self.own_guild)
            await self.tree.sync(guild=self.own_guild)


@app_commands.command(name="here", description="Only in this server")
async def guild_only(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("only here")


@app_commands.command(description="Every kind of option")
async def everything(
    interaction: discord.Interaction,
    text: str,
    number: int,
    part: float,
    flag: bool,
    person: discord.Member,
    role: discord.Role,
    channel: discord.TextChannel,
    anyone: discord.Member | discord.Role,
    file: discord.Attachment,
    pick: Literal["red", "black"],
) -> None:
    size = len(await file.read())
    words = [
        text,
        number,
        part,
        flag,
        person.display_name,
        role.name,
        channel.name,
        anyone.id,
        size,
        pick,
    ]
    await interaction.response.send_message(" | ".join(str(word) for word in words))


@app_commands.command(description="Completes")
async def find(interaction: discord.Interaction, who: str, age: int = 0) -> None:
    await interaction.response.send_message(f"found {who}")


@find.autocomplete("who")
async def find_who(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    if current == "slow":
        await asyncio.sleep(2)
    if current == "broken":
        return [app_commands.Choice(name="x" * 101, value="x")]
    names = ("Night Owl", "Nightingale", "Raven")
    return [app_commands.Choice(name=n, value=n) for n in names if current.lower() in n.lower()]


@app_commands.command(description="Thinks before it answers")
async def think(interaction: discord.Interaction, secret: bool = False) -> None:
    await interaction.response.defer(thinking=True, ephemeral=secret)
    await interaction.followup.send("thought", ephemeral=secret)
    more = await interaction.followup.send("more", wait=True)
    await more.edit(content="more, edited")
    await interaction.edit_original_response(content="thought twice")


@app_commands.command(description="Answers too late")
async def sleepy(interaction: discord.Interaction, seconds: float) -> None:
    await asyncio.sleep(seconds)
    try:
        await interaction.response.send_message("just in time")
    except discord.NotFound as error:
        cast(SampleBot, interaction.client).dispatch("too_late", error.code)


@app_commands.command(description="Answers twice")
async def twice(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("once")
    interaction.response._response_type = None
    try:
        await interaction.response.send_message("twice")
    except discord.HTTPException as error:
        await interaction.edit_original_response(content=f"{error.status} {error.code}")


@app_commands.command(description="Sends files")
async def files(interaction: discord.Interaction) -> None:
    file = discord.File(io.BytesIO(PNG), "dot.png", description="a dot")
    embed = discord.Embed(title="With a picture").set_image(url="attachment://dot.png")
    await interaction.response.send_message(file=file, embed=embed)
    message = await interaction.original_response()
    note = discord.File(io.BytesIO(b"hello"), "note.txt")
    await message.edit(attachments=[*message.attachments, note])


@app_commands.command(description="Goes away again")
async def brief(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("soon gone", ephemeral=True)
    await interaction.delete_original_response()


@app_commands.command(description="Buttons and a menu")
async def panel(interaction: discord.Interaction, secret: bool = False) -> None:
    await interaction.response.send_message("panel", view=Panel(), ephemeral=secret)


@app_commands.command(description="All menus")
async def pickers(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("pick", view=Pickers())


@app_commands.command(description="Counts")
async def count(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(
        "count 0", view=discord.ui.View(timeout=None).add_item(Counter(0))
    )


@app_commands.command(description="Components V2")
async def layout(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=Layout(), file=discord.File(io.BytesIO(PNG), "dot.png"))


@app_commands.command(description="A modal")
async def ask(interaction: discord.Interaction, kind: Literal["old", "new", "newest"] = "old") -> None:
    kinds = {"old": Question, "new": Labelled, "newest": Newest}
    await interaction.response.send_modal(kinds[kind]())


@app_commands.command(description="Only in direct messages")
@app_commands.dm_only()
async def whisper(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(f"to {interaction.user.name}")


@app_commands.command(description="For administrators")
@app_commands.default_permissions(administrator=True)
@app_commands.guild_only()
async def rule(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("ruled")


@app_commands.context_menu(name="Who is this")
async def who(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"this is {member.display_name}")


@app_commands.context_menu(name="Quote")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}")


COMMANDS = (
    Group(name="group", description="A group"),
    everything,
    find,
    think,
    sleepy,
    twice,
    files,
    brief,
    panel,
    pickers,
    count,
    layout,
    ask,
    whisper,
    rule,
    who,
    quote,
)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@contextlib.asynccontextmanager
async def running(box: Sandbox, bot: discord.Client) -> AsyncIterator[None]:
    """Until it is ready; an exception that ends the bot ends the test."""
    task = asyncio.create_task(bot.start(box.token))
    ready = asyncio.create_task(bot.wait_until_ready())
    await asyncio.wait([task, ready], timeout=10, return_when=asyncio.FIRST_COMPLETED)
    try:
        if not ready.done():
            ready.cancel()
            if task.done():
                task.result()
            raise TimeoutError("the bot did not become ready")
        yield
        if task.done():
            task.result()
    finally:
        await bot.close()
        await asyncio.wait([task], timeout=5)
