"""`/luck` and the menu on a person: what the dice gave, against what was expected."""

import discord
from discord import app_commands

from contract import endpoints
from contract.characters import CharacterInput
from contract.luck import CheckLuck, GetLuck, Luck, SystemLuck
from rodbot.characters import history
from rodbot.characters.cards import reply
from rodbot.characters.names import character_names
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
        raise Refused("Ask about a character, about a player, or about everyone.")
    return await _chart(interaction, input_of(GetLuck, values, chart=True))


async def _chart(interaction: Interaction, asked: GetLuck) -> Reply:
    answer = await call(interaction, endpoints.GET_LUCK, asked)
    title = f"Luck of {escape(answer.of.name, 100)}"
    return charted(interaction, lines(answer), title, answer.chart, "luck.png")


luck = command(
    "luck",
    "What the dice gave, against what was to be expected",
    [
        Option("character", Short, "One of your characters", complete=character_names()),
        Option("player", discord.User, "A player; yourself if nothing is given"),
        yes("everyone", "The whole table"),
        number("days", 1, 3650, "Only the last days"),
    ],
    _luck,
)


def lines(answer: Luck) -> list[str]:
    """The luck in words, a line for each system, outcome and check."""
    if not (answer.systems or answer.checks):
        return ["Nothing was rolled yet."]
    text = [escape(answer.text, 300)] if answer.rolls and answer.text else []
    for system in answer.systems:
        text += _system(system)
    text += [_check(check) for check in answer.checks]
    if answer.struck:
        text.append(f"Left out by a storyteller: {answer.struck}.")
    if answer.cut:
        text.append("Only the newest rolls were counted.")
    return text


def _system(system: SystemLuck) -> list[str]:
    """Dice that are added up have no average over several expressions, and nothing to win without a difficulty."""
    head = f"**{escape(system.label, 60)}**: {_rolls(system.rolls)}"
    if system.mean is not None and system.expected is not None:
        head += f", {system.mean:.2f} successes each, {system.expected:.2f} expected"
    tallies = [tally for tally in system.outcomes if tally.tone != "neutral"]
    return [head, *(_line(tally.label, tally.count, tally.expected) for tally in tallies)]


def _check(check: CheckLuck) -> str:
    """How often a check held; of one that cannot fail, such as a resonance, how often it was made."""
    if all(tally.tone == "neutral" for tally in check.outcomes):
        return f"{escape(check.label, 60)}: {_rolls(check.rolls)}"
    return _line(f"{check.label} held, of {check.rolls}", check.passed, check.expected)


def _rolls(number: int) -> str:
    return f"{number} roll{'' if number == 1 else 's'}"


def _line(label: str, count: int, expected: float) -> str:
    return f"{escape(label, 80)}: {count}, {expected:.1f} expected"


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
    return await history.page(interaction, None, player=_other(interaction, user))


def _other(interaction: Interaction, user: discord.User | discord.Member) -> str | None:
    return None if user.id == interaction.user.id else str(user.id)


MENUS: tuple[app_commands.ContextMenu, ...] = (sheet_menu, luck_menu, history_menu)
