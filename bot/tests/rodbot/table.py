"""A table to test at: the sandbox, the Discord process in this very process, and a backend of one's choice."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord
import pytest
from yarl import URL

from contract.schema import Schema
from rodbot.__main__ import point_at
from rodbot.client import RodBot
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rodbot.core.config import Config, load
from rodbot.core.discord_types import AppCommand, CommandTree
from rodbot.core.localised import Payload
from sandbox import limits
from sandbox.server import Sandbox
from sandbox.validation.commands import check_command
from sandbox.validation.forms import Form

Describe = Callable[[list[AppCommand], CommandTree], list[Payload]]


@asynccontextmanager
async def bot_at(box: Sandbox, backend_url: str, key: str, **env: str) -> AsyncIterator[RodBot]:
    """A started bot whose commands and guilds are known on both sides."""
    config = load(**box.env(), BACKEND_URL=backend_url, API_KEY=key, **env)
    with pytest.MonkeyPatch.context() as patch:
        keep_addresses(patch)
        patch.setattr("rodbot.client.CommandSets", shared_sets)
        for describe in (descriptions.for_server, descriptions.for_direct_messages):
            patch.setattr(descriptions, describe.__name__, shared_description(describe))
        patch.setattr("sandbox.changes.commands.check_command", check_once)
        async with running_bot(config) as bot:
            yield bot


def keep_addresses(patch: pytest.MonkeyPatch) -> None:
    """`point_at` changes classes of discord.py; the next test gets them back as they were."""
    patch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", URL("ws://nowhere.invalid"))
    patch.setattr(discord.asset.Asset, "BASE", discord.asset.Asset.BASE)


_sets: dict[str, CommandSets] = {}


def shared_sets(schema: Schema) -> CommandSets:
    """The same commands for the same schema in every process: making them is most of a start."""
    key = schema.model_dump_json()
    if key not in _sets:
        _sets[key] = CommandSets(schema)
    return _sets[key]


_described: dict[tuple[object, ...], list[Payload]] = {}


def shared_description(describe: Describe) -> Describe:
    """The same commands, which `shared_sets` keeps, are described to Discord once."""

    def described(commands: list[AppCommand], tree: CommandTree) -> list[Payload]:
        key = (describe.__name__, *map(id, commands))
        if key not in _described:
            _described[key] = describe(commands, tree)
        return _described[key]

    described.__name__ = describe.__name__
    return described


_sound: set[tuple[object, ...]] = set()


def check_once(command: Form) -> None:
    """The sandbox looks at a command whose very description was found sound, under the same limits, no second time."""
    key = (json.dumps(command.body), *(value for name, value in vars(limits).items() if name.isupper()))
    if key not in _sound:
        check_command(command)
        if not command.errors.tree:
            _sound.add(key)


@asynccontextmanager
async def running_bot(config: Config) -> AsyncIterator[RodBot]:
    point_at(config)
    bot = RodBot(config, content=config.message_content)
    bot.sync._debounce = 0.05
    task = asyncio.create_task(bot.start(config.token.get_secret_value()))
    try:
        await until(lambda: task.done() or (bot.is_ready() and len(bot.editions) == len(bot.guilds)))
        if task.done():
            await task
        await until(lambda: bot.registration.idle)
        await asyncio.sleep(0.15)
        yield bot
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await bot.close()


async def until(true: Callable[[], object], within: float = 8.0) -> None:
    for _ in range(int(within / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("It did not happen.")
