"""`/v …`, `/w …`, `/dice …`, `/wake` and their like: every roll and check as the schema declares it.

A new check or option needs nothing here. By hand are `/v heal`, which is two checks, and `/blood check`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from discord import app_commands
from discord.app_commands import Range

from contract import endpoints
from contract.rolls import MakeCheck, MakeRoll
from contract.schema import CheckSchema, CommandSchema, DiceSchema, OptionSchema, RollSchema
from rodbot.characters.cards import reply as card_reply
from rodbot.core.calls import call, send
from rodbot.core.discord_types import AppCommand, Command, Interaction
from rodbot.core.options import Option, Values, command
from rodbot.core.reply import Reply
from rodbot.dice.buttons import reply
from rodbot.dice.declared import options_of, slash_options
from rodbot.dice.general import general_commands, sheet_group
from rodbot.dice.macros import macro_group
from rodbot.dice.options import (
    HIDE,
    NAME,
    NOTES,
    POOL,
    VISIBILITY,
    character,
    is_public,
    pool_of,
    roll_input,
    rolling,
)
from rodbot.dice.requests import request_command

ABOUT_GROUPS = {"blood": "A vampire’s blood pool"}
DICE = Option("dice", Range[str, 1, 200], "Any dice: 3d6 + 2d10 - 1, or 4d6kh3", True)


def dice_commands(dice: DiceSchema, edition: str) -> list[AppCommand]:
    """The command groups and commands of an edition's dice."""
    groups: dict[str, app_commands.Group] = {}
    alone: list[AppCommand] = []
    rolls = [roll for roll in dice.rolls if roll.edition == edition]
    checks = [check for check in dice.checks if check.edition == edition and check.command]
    for roll in rolls:
        groups[roll.group] = app_commands.Group(name=roll.group, description=roll.description)
        for made in roll.commands:
            groups[roll.group].add_command(_roll_command(roll, made))
    for check in checks:
        group, _, name = check.command.rpartition(" ")
        if not group:
            alone.append(_check_command(check, name))
            continue
        if group not in groups:
            groups[group] = app_commands.Group(name=group, description=ABOUT_GROUPS[group])
        groups[group].add_command(_check_command(check, name))
    for name, more in _by_hand(dice):
        if name in groups:
            groups[name].add_command(more)
    for roll in rolls:
        for general in _general_commands(dice):
            groups[roll.group].add_command(general)
    sheet = [sheet_group(dice)] if edition == "5th" else []
    return [*groups.values(), *sheet, *alone]


def commands_of_every_edition(dice: DiceSchema) -> list[AppCommand]:
    """`/roll`, `/odds`, `/macro`, `/request`."""
    return [*general_commands(dice), macro_group(dice), request_command(dice)]


# Rolls


def _roll_command(roll: RollSchema, made: CommandSchema) -> Command:
    offered = [option for option in roll.options if option.only in ("", made.name)]
    whose = [character(*roll.splats)] if roll.splats else []
    options = [POOL, *slash_options(offered), *whose, NAME, VISIBILITY, HIDE, NOTES]
    nobody = None if roll.splats else False

    def given(values: Values) -> MakeRoll:
        pool, typed = pool_of(values["pool"]), options_of(offered, values)
        return roll_input(MakeRoll, values, system=roll.slug, pool=pool, options=typed, character=nobody)

    return rolling(made.name, made.description, options, given)


def _general_commands(dice: DiceSchema) -> Iterator[Command]:
    """Each group needs commands of its own; Discord's groups share none."""
    for roll in dice.rolls:
        if not roll.edition:
            yield from (_general_command(roll, made) for made in roll.commands)


def _general_command(roll: RollSchema, made: CommandSchema) -> Command:
    def given(values: Values) -> MakeRoll:
        pool, typed = pool_of(values["dice"]), options_of(roll.options, values)
        return roll_input(MakeRoll, values, system=roll.slug, pool=pool, options=typed, character=False)

    options = [DICE, *slash_options(roll.options), VISIBILITY, NOTES]
    return rolling(made.name, made.description, options, given)


# Checks


def _check_command(check: CheckSchema, name: str) -> Command:
    def given(values: Values) -> MakeCheck:
        return roll_input(MakeCheck, values, check=check.slug, options=options_of(check.options, values))

    open_to_all = check.visibility == "public"
    return _checking(name, check, slash_options(_offered(check)), given, open_to_all)


def _offered(check: CheckSchema) -> Iterable[OptionSchema]:
    """Of several editions' options those of the command's."""
    return [option for option in check.options if not option.editions or check.edition in option.editions]


def _checking(
    name: str,
    check: CheckSchema,
    options: list[Option],
    given: Callable[[Values], MakeCheck],
    open_to_all: bool = True,
    text: str = "",
) -> Command:
    """One that not everybody sees is between the person, the sheet and the storyteller."""

    async def work(interaction: Interaction, values: Values) -> Reply:
        return reply(interaction, await call(interaction, endpoints.CHECK, given(values)))

    whose = [character(*check.splats), *([NAME] if check.nobody else [])]
    shown = [VISIBILITY] if open_to_all else []
    public = is_public if open_to_all else False
    return command(name, text or check.description, [*options, *whose, *shown, NOTES], work, public)


# By hand


def _by_hand(dice: DiceSchema) -> Iterator[tuple[str, Command]]:
    """Group and command."""
    mend = dice.check("mend")
    if mend:
        yield "v", _heal(mend)
    spent = dice.check("blood_use")
    if spent:
        yield "blood", command("check", "Show the character’s card", [character(*spent.splats)], _show_card)


def _heal(mend: CheckSchema) -> Command:
    def given(values: Values) -> MakeCheck:
        if values["what"] == "Willpower":
            return roll_input(MakeCheck, values, check="recover_willpower", options={})
        return roll_input(MakeCheck, values, check=mend.slug, options=options_of(mend.options, values))

    what = Option("what", Literal["Health", "Willpower"], "What to mend", True)
    text = "Mend superficial damage: Health (Rouse check) or Willpower (Resolve or Composure)"
    return _checking("heal", mend, [what, *slash_options(mend.options)], given, text=text)


async def _show_card(interaction: Interaction, values: Values) -> Reply:
    return card_reply(interaction, await send(interaction, endpoints.GET_CHARACTER, values))
