"""What `GET /bot/schema` answers: character types with their traits, rolls and checks with their options.

Slash commands are made of it. Pages and clients of the REST API get the same, and read more keys of a trait.
"""

from typing import Annotated, Literal

from pydantic import Field

from contract.base import Answer


class OptionChoice(Answer):
    value: str
    label: str


class NumberOption(Answer):
    """The second slash option of a number that the sheet may say too."""

    slash: str
    description: str


class OptionSchema(Answer):
    """An option of a roll or a check. `slash` is its name in Discord, `only` the one command that offers it.

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


class FieldSchema(Answer):
    """One value of a trait. `update_name` is what a change by an amount calls it: “willpower” is what is left of it."""

    path: str
    name: str
    label: str
    type: Literal["integer", "boolean", "choice", "text"]
    description: str = ""
    required: bool = False
    min: int | None = None
    max: int | None = None
    adjust: bool = False
    adjust_min: int | None = None
    adjust_max: int | None = None
    choices: tuple[str, ...] = ()
    choice_labels: Annotated[tuple[str, ...], Field(description="What people read of each choice")] = ()
    free_text: bool = False
    max_length: int | None = None
    update_name: str | None = None


class TraitSchema(Answer):
    slug: str
    label: str
    tracker: bool = False
    fields: tuple[FieldSchema, ...] = ()


class SplatSchema(Answer):
    """`command` is the slash command of its characters, which several types may share."""

    slug: str
    label: str
    edition: str
    command: str
    traits: tuple[TraitSchema, ...]

    @property
    def tracker_fields(self) -> tuple[FieldSchema, ...]:
        """The values of its tracker traits, in the order of the declaration."""
        return tuple(field for trait in self.traits if trait.tracker for field in trait.fields)


class Schema(DiceSchema):
    """The hash changes when anything in it does."""

    hash: str
    splats: tuple[SplatSchema, ...]

    @property
    def editions(self) -> tuple[str, ...]:
        """Those with character types, and those with dice alone."""
        of_dice = (roll.edition for roll in self.rolls if roll.edition)
        return tuple(dict.fromkeys([*(splat.edition for splat in self.splats), *of_dice]))
