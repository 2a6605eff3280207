"""What `GET /bot/schema` says of dice: rolls and checks with their options, of which slash commands are made."""

from typing import Literal

from contract.base import Answer


class OptionChoice(Answer):
    value: str
    label: str


class NumberOption(Answer):
    """The second slash option of a number that the sheet may say too."""

    slash: str
    description: str


class OptionSchema(Answer):
    """What a roll or a check can be told. `slash` is its name in Discord, `only` the one command that offers it.

    A `sheet_integer` is a number or `true`, for that of the sheet: as slash options a yes or no, and a number.
    """

    name: str
    slash: str
    type: Literal["integer", "sheet_integer", "boolean", "text", "pool", "choice"]
    label: str
    description: str
    start: bool | int | str | None = None
    by_sheet: bool = False
    required: bool = False
    only: str = ""
    completes: str = ""
    editions: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    max_length: int | None = None
    choices: tuple[OptionChoice, ...] = ()
    free_text: bool = False
    number: NumberOption | None = None


class CommandSchema(Answer):
    name: str
    description: str


class RollSchema(Answer):
    """One system of dice: its command group, the commands in it that roll, and whose sheets it is for."""

    slug: str
    label: str
    edition: str
    group: str
    description: str
    commands: tuple[CommandSchema, ...]
    splats: tuple[str, ...]
    options: tuple[OptionSchema, ...]


class CheckSchema(Answer):
    """`command` is its slash command, in a group or by itself; empty where one is written by hand. `nobody`: it needs
    no sheet. `visibility` is who sees it if nothing else is said."""

    slug: str
    label: str
    description: str
    command: str
    edition: str
    splats: tuple[str, ...]
    nobody: bool
    visibility: str
    options: tuple[OptionSchema, ...]


class DiceSchema(Answer):
    """`any_roll`: the options of commands for dice of any system."""

    rolls: tuple[RollSchema, ...] = ()
    any_roll: tuple[OptionSchema, ...] = ()
    checks: tuple[CheckSchema, ...] = ()

    def check(self, slug: str) -> CheckSchema | None:
        return next((check for check in self.checks if check.slug == slug), None)
