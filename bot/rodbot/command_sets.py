"""Which commands a server and a direct message see, and how they are described to Discord."""

import hashlib
import json
from typing import Any

from discord import app_commands

from contract.schema import Schema
from rodbot.characters.type_commands import groups
from rodbot.core.discord_types import AppCommand, CommandTree
from rodbot.dice.commands import commands_of_every_edition, dice_commands
from rodbot.registry import COMMANDS

Payload = dict[str, Any]
DIRECT_MESSAGE = 1  # among Discord's interaction contexts
DICE_OF_THE_CHRONICLE = "Dice of the edition that is played in this channel"


class CommandSets:
    """The commands of servers, by the editions that are played there. One set serves all servers of the same ones."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.editions = schema.editions
        self._shared = [*commands_of_every_edition(schema), *COMMANDS]
        self._made: dict[tuple[str, ...], list[AppCommand]] = {}

    def of(self, *editions: str) -> list[AppCommand]:
        """The commands of all these editions, of which the first is the server's main one; the first edition's where
        none is known."""
        others = (edition for edition in self.editions if edition in editions[1:])
        known = tuple(name for name in dict.fromkeys((*editions[:1], *others)) if name in self.editions)
        known = known or self.editions[:1]
        if known not in self._made:
            self._made[known] = [*self._of_editions(known), *self._shared]
        return self._made[known]

    def anywhere(self) -> list[AppCommand]:
        """For direct messages: the commands of every edition."""
        return self.of(*self.editions)

    def _of_editions(self, editions: tuple[str, ...]) -> list[AppCommand]:
        """Of two groups of characters with one name the main edition's keeps it, and the other's carries its edition:
        `/vampire` and `/vampire20`. Of dice with one name one group is made, as the chronicle decides there.
        """
        found: dict[str, AppCommand] = {}
        for edition in editions:
            found |= {group.name: group for group in groups(self._schema, edition, frozenset(found))}
            for command in dice_commands(self._schema, edition):
                first = found.get(command.name)
                both = isinstance(first, app_commands.Group) and isinstance(command, app_commands.Group)
                found[command.name] = self._merged(first, command) if both else first or command
        return list(found.values())

    def _merged(self, first: app_commands.Group, second: app_commands.Group) -> app_commands.Group:
        """The dice of two editions under one word. What both roll is rolled as `/roll` does: by the character's dice,
        else by those of the chronicle."""
        merged = app_commands.Group(name=first.name, description=DICE_OF_THE_CHRONICLE)
        for_any = {command.name: command for command in commands_of_every_edition(self._schema)}
        mine, theirs = ({child.name: child for child in group.commands} for group in (first, second))
        for name, child in (theirs | mine).items():
            merged.add_command(for_any.get(name, child) if name in mine and name in theirs else child)
        return merged


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
