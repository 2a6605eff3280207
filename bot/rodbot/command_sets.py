"""Which commands a server and a direct message see, and their registration at Discord where they differ.

Discord's own copy is compared before anything is sent: a stored hash would be wrong after someone resets the
application, and the process keeps no state. Reading costs one cheap call a server at the start."""

import hashlib
import json
import logging
from typing import Any

import discord

from contract.schema import Schema
from rodbot.characters.type_commands import groups
from rodbot.core.discord_types import AppCommand, CommandTree
from rodbot.dice.commands import commands_of_every_edition, dice_commands
from rodbot.registry import COMMANDS

log = logging.getLogger(__name__)

Payload = dict[str, Any]
DIRECT_MESSAGE = 1  # among Discord's interaction contexts


class CommandSets:
    """The commands of each edition. One command object serves every server of its edition."""

    def __init__(self, schema: Schema) -> None:
        of_all = [*commands_of_every_edition(schema), *COMMANDS]
        self.by_edition: dict[str, list[AppCommand]] = {
            edition: [*groups(schema, edition), *dice_commands(schema, edition), *of_all]
            for edition in schema.editions
        }
        self.first = next(iter(self.by_edition))
        self._anywhere: dict[str, AppCommand] = {}
        for edition, commands in self.by_edition.items():
            for command in (*groups(schema, edition, frozenset(self._anywhere)), *commands):
                self._anywhere.setdefault(command.name, command)

    def of(self, edition: str) -> list[AppCommand]:
        return self.by_edition.get(edition) or self.by_edition[self.first]

    def anywhere(self) -> list[AppCommand]:
        """For direct messages: every type of every edition. Where two editions share a name the first has it, and the
        other's carries its number: `/vampire` and `/vampire20`."""
        return list(self._anywhere.values())


def for_server(commands: list[AppCommand], tree: CommandTree) -> list[Payload]:
    """Commands of a server, which carry no contexts as they exist only there."""
    return [
        _without(command.to_dict(tree), "contexts", "integration_types", "dm_permission")
        for command in commands
    ]


def for_direct_messages(commands: list[AppCommand], tree: CommandTree) -> list[Payload]:
    """Without commands that need a server, and without each option `player`."""
    payloads = [command.to_dict(tree) for command in commands if not command.guild_only]
    return [
        {**_without(_no_player(p), "integration_types", "dm_permission"), "contexts": [DIRECT_MESSAGE]}
        for p in payloads
    ]


def _without(payload: Payload, *keys: str) -> Payload:
    return {key: value for key, value in payload.items() if key not in keys}


def _no_player(payload: Payload) -> Payload:
    if "options" not in payload:
        return payload
    return {**payload, "options": [_no_player(o) for o in payload["options"] if o["name"] != "player"]}


def digest(payloads: list[Payload]) -> str:
    """The same for two descriptions of the same commands, whether or not they spell out defaults."""
    known = sorted((_essence(p) for p in payloads), key=lambda p: str(p["name"]))
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


_ESSENTIAL = [
    "name",
    "description",
    "type",
    "required",
    "choices",
    "options",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "autocomplete",
    "channel_types",
    "contexts",
    "value",
]


def _essence(payload: Payload) -> Payload:
    kept = {key: _number(payload[key]) for key in _ESSENTIAL if not _absent(payload.get(key))}
    for key in ("options", "choices"):
        if key in kept:
            kept[key] = [_essence(item) for item in kept[key]]
    return kept


def _absent(value: object) -> bool:
    return value is None or value is False or value in ([], "")


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


async def register(
    client: discord.Client, application: int, guild: int | None, wanted: list[Payload]
) -> bool:
    """Register the commands if they differ from Discord's; True if so. discord.py waits for rate limits."""
    http = client.http
    known: Any
    if guild is None:
        known = await http.get_global_commands(application)
    else:
        known = await http.get_guild_commands(application, guild)
    if digest([dict(command) for command in known]) == digest(wanted):
        return False
    if guild is None:
        await http.bulk_upsert_global_commands(application, payload=wanted)
    else:
        await http.bulk_upsert_guild_commands(application, guild, payload=wanted)
    log.info("Registered %d commands for %s", len(wanted), guild or "direct messages")
    return True
