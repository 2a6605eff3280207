"""Which commands a server and a direct message see, and telling Discord so only when it does not know.

Discord's own copy is compared before anything is sent: a hash in a file of ours would lie after someone
resets the
application, and the process is to keep no state. Reading costs one cheap call a server at the start."""

import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands

from rodbot.characters.type_commands import groups
from rodbot.core.models import Schema
from rodbot.registry import PLAYED, WRITTEN, Made

log = logging.getLogger(__name__)

Payload = dict[str, Any]
DIRECT_MESSAGE = 1  # among Discord's interaction contexts


class CommandSets:
    """The commands of each edition. One command object serves every server of its edition."""

    def __init__(self, schema: Schema) -> None:
        self.by_edition: dict[str, list[Made]] = {
            edition: [*groups(schema, edition), *PLAYED.get(edition, ()), *WRITTEN]
            for edition in dict.fromkeys([*schema.editions, *PLAYED])
        }
        self.first = next(iter(self.by_edition))
        self._anywhere: dict[str, Made] = {}
        for edition, made in self.by_edition.items():
            for one in (*groups(schema, edition, frozenset(self._anywhere)), *made):
                self._anywhere.setdefault(one.name, one)

    def of(self, edition: str) -> list[Made]:
        return self.by_edition.get(edition) or self.by_edition[self.first]

    def anywhere(self) -> list[Made]:
        """For direct messages: every type of every edition. Where two editions share a word the first has it, and the
        other's carries its number: `/vampire` and `/vampire20`."""
        return list(self._anywhere.values())


def for_server(made: list[Made], tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Commands of a server carry no contexts: they exist there and nowhere else."""
    return [
        _without(command.to_dict(tree), "contexts", "integration_types", "dm_permission") for command in made
    ]


def for_direct_messages(made: list[Made], tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Without what needs a server: the group `server` and each option `player`."""
    payloads = [command.to_dict(tree) for command in made if not command.guild_only]
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
    """The same for two descriptions of the same commands, however many defaults they spell out."""
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
    """True when Discord had to be told. Its rate limits are waited for inside discord.py."""
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
