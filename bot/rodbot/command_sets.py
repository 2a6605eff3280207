"""Which commands a server and a direct message see."""

from discord import app_commands

from contract.schema import Schema
from rodbot.characters.type_commands import groups
from rodbot.core.discord_types import AppCommand, ChatCommand
from rodbot.dice.commands import commands_of_every_edition, dice_commands
from rodbot.registry import COMMANDS

DICE_OF_THE_CHRONICLE = "Dice of the edition played in this channel"


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
                if isinstance(first, app_commands.Group) and isinstance(command, app_commands.Group):
                    found[command.name] = self._merged(first, command)
                else:
                    found.setdefault(command.name, command)
        return list(found.values())

    def _merged(self, first: app_commands.Group, second: app_commands.Group) -> app_commands.Group:
        """The dice of two editions under one word. What both roll is rolled as `/roll` does: by the character's dice,
        else by those of the chronicle."""
        merged = app_commands.Group(name=first.name, description=DICE_OF_THE_CHRONICLE)
        commands = commands_of_every_edition(self._schema)
        for_any: dict[str, ChatCommand] = {
            each.name: each for each in commands if not isinstance(each, app_commands.ContextMenu)
        }
        mine, theirs = ({child.name: child for child in group.commands} for group in (first, second))
        for name, child in (theirs | mine).items():
            merged.add_command(for_any.get(name, child) if name in mine and name in theirs else child)
        return merged
