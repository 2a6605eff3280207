"""`/luck` and the menu on a person: what the dice gave, against what was expected."""

import discord
from discord import app_commands

from contract import endpoints
from contract.characters import CharacterInput
from contract.luck import CheckLuck, GetLuck, Luck, SystemLuck
from contract.translation import _, decimal, n_
from rodbot.characters import history
from rodbot.characters.cards import reply
from rodbot.characters.names import character_names
from rodbot.core.caller import caller_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, command, input_of, number, yes
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import escape
from rodbot.dice.general import charted


async def _luck(interaction: Interaction, values: Values) -> Reply:
    wanted = [name for name in ("character", "player", "everyone") if values.get(name)]
    if len(wanted) > 1:
        raise Refused(_("Choose a character, a player or everyone, but only one of them."))
    return await _chart(interaction, input_of(GetLuck, values, chart=True))


async def _chart(interaction: Interaction, asked: GetLuck) -> Reply:
    answer = await call(interaction, endpoints.GET_LUCK, asked)
    title = _("Luck of {name}", name=escape(_(answer.of.name), 100))
    is_charted = bool(answer.chart) and not caller_of(interaction).text_mode
    return charted(interaction, lines(answer, charted=is_charted), title, answer.chart, "luck.png")


luck = command(
    "luck",
    "Your dice: actual results against expected ones",
    [
        Option("character", Short, "One of your characters", complete=character_names()),
        Option("player", discord.User, "Player (default: you)"),
        yes("everyone", "The whole table"),
        number("days", 1, 3650, "Only the last … days"),
    ],
    _luck,
)


def lines(answer: Luck, *, charted: bool = False) -> list[str]:
    """The luck in words, a line for each system, outcome and check, without what a chart beside them shows."""
    if not (answer.systems or answer.checks):
        return [_("Nothing has been rolled yet.")]
    text = [escape(answer.text, 300)] if answer.rolls and answer.text else []
    for system in answer.systems:
        text += _system(system)[: 1 if charted else None]
    text += [_check(check) for check in answer.checks]
    if answer.struck:
        text.append(_("Excluded by a storyteller: {number}.", number=answer.struck))
    if answer.cut:
        text.append(_("Only the newest rolls were counted."))
    return text


def _system(system: SystemLuck) -> list[str]:
    """Dice that are added up have no average over several expressions, and nothing to win without a difficulty."""
    head = f"**{escape(_(system.label), 60)}**: {_rolls(system.rolls)}"
    if system.mean is not None and system.expected is not None:
        means = {"mean": decimal(system.mean, 2), "expected": decimal(system.expected, 2)}
        head += ", " + _("{mean} successes each, {expected} expected", **means)
    tallies = [tally for tally in system.outcomes if tally.tone != "neutral"]
    return [head, *(_line(_(tally.label), tally.count, tally.expected) for tally in tallies)]


def _check(check: CheckLuck) -> str:
    """How often a check held; of one that cannot fail, such as a resonance, how often it was made."""
    if all(tally.tone == "neutral" for tally in check.outcomes):
        return f"{escape(_(check.label), 60)}: {_rolls(check.rolls)}"
    return _(
        "{check}: {passed} of {count} passed, {expected} expected",
        check=escape(_(check.label), 80),
        passed=check.passed,
        count=check.rolls,
        expected=decimal(check.expected, 1),
    )


def _rolls(number: int) -> str:
    return n_("{count} roll", "{count} rolls", number)


def _line(label: str, count: int, expected: float) -> str:
    return _(
        "{label}: {number}, {expected} expected",
        label=escape(label, 80),
        number=count,
        expected=decimal(expected, 1),
    )


# The menu on a person


@app_commands.context_menu(name="Sheet")
@app_commands.guild_only()
@replying
async def sheet_menu(interaction: Interaction, user: discord.User | discord.Member) -> Reply:
    shown = CharacterInput(player=_other(interaction, user))
    return reply(interaction, await call(interaction, endpoints.GET_CHARACTER, shown))


@app_commands.context_menu(name="Luck")
@app_commands.guild_only()
@replying
async def luck_menu(interaction: Interaction, user: discord.User | discord.Member) -> Reply:
    return await _chart(interaction, GetLuck(player=str(user.id), chart=True))


@app_commands.context_menu(name="History")
@app_commands.guild_only()
@replying
async def history_menu(interaction: Interaction, user: discord.User | discord.Member) -> Reply:
    return await history.page(interaction, {"player": _other(interaction, user)})


def _other(interaction: Interaction, user: discord.User | discord.Member) -> str | None:
    return None if user.id == interaction.user.id else str(user.id)


MENUS: tuple[app_commands.ContextMenu, ...] = (sheet_menu, luck_menu, history_menu)
