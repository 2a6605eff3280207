"""Rolls of any system: `/roll`, `/odds`, and `/sheet roll`, which builds its pool from the names of traits."""

import base64
import binascii
import re
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters.cards import notice_lines
from rodbot.core.bot import Interaction
from rodbot.core.embeds import TITLE
from rodbot.core.models import Json
from rodbot.core.options import Option, Values, command, given, number, yes
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.dice.calls import DiceCalls
from rodbot.dice.cards import percent
from rodbot.dice.options import (
    HIDE,
    MODIFIER,
    NAME,
    NOTES,
    POOL,
    SPECIALTY,
    VISIBILITY,
    character,
    difficulty,
    disciplines,
    pool_of,
    pools,
    roller,
    rolling,
)
from rodbot.dice.rolls import Chances, Odds

# What a person calls a system, and its name in the bot API.
SYSTEMS = {
    "Vampire (5th)": "v5",
    "Werewolf (5th)": "w5",
    "Hunter (5th)": "h5",
    "20th anniversary": "wod20",
    "Chronicles of Darkness": "cod",
    "Any dice": "general",
}
SYSTEM = Option("system", Literal[tuple(SYSTEMS)], "Whose rules; those of the character if left out")
_DICE = re.compile(r"(?<![^\W_])[0-9]*d([0-9]|%)", re.IGNORECASE)
OPTIONS = (
    difficulty(0, 50, "Successes needed, or from which number a die succeeds (20th)"),
    number("hunger", 0, 5, "Vampire: Hunger dice"),
    number("rage", 0, 5, "Werewolf: Rage dice"),
    number("desperation", 0, 5, "Hunter: Desperation dice"),
    SPECIALTY,
    MODIFIER,
    yes("willpower", "20th and Chronicles: spend Willpower"),
)
NAMES = ("difficulty", "hunger", "rage", "desperation", "specialty", "modifier", "willpower")
MORE = (
    yes("blood_surge", "Vampire: with a surge of the Blood"),
    number("nightmare", 0, 50, "20th: Nightmare dice of the pool"),
    yes("rote", "Chronicles: each failed die once more"),
    number("target", 2, 10, "Chronicles: from this number on a die succeeds"),
    number("again", 8, 11, "Chronicles: from this number on a die rolls again"),
)
MORE_NAMES = ("nightmare", "rote", "target", "again")


def system_of(values: Values) -> Json:
    """The system, if it is named. `3d6 + 2` needs no name: no pool of traits looks like it."""
    named = values.get("system")
    if named:
        return {"system": SYSTEMS[named]}
    return {"system": "general"} if _DICE.search(values["pool"]) else {}


def roll_body(values: Values) -> Json:
    """The body of a roll or of its odds."""
    options = given(values, *NAMES, *MORE_NAMES, "rouse", blood_surge="surge")
    return {"pool": values["pool"], "options": options, **system_of(values)}


roll = rolling(
    "roll",
    "Roll a pool by the names of traits, by a number, or any dice",
    [
        POOL,
        *OPTIONS,
        number("rouse", 0, 5, "Vampire: Rouse checks that come with the roll"),
        SYSTEM,
        character(),
        NAME,
        VISIBILITY,
        HIDE,
        NOTES,
    ],
    roll_body,
)


# /odds


async def _odds(interaction: Interaction, values: Values) -> Reply:
    body = {**roll_body(values), **roller(values), "chart": True, "pool": pool_of(values["pool"])}
    answer = await DiceCalls.of(interaction).odds(body)
    return charted(
        odds_lines(answer), f"Odds of {escape(values['pool'], 150)}", answer.chart, answer.text_mode
    )


odds = command(
    "odds",
    "What a pool is worth before it is rolled, exactly",
    [POOL, *OPTIONS, *MORE, SYSTEM, character(), NAME],
    _odds,
)


def odds_lines(answer: Odds) -> list[str]:
    """The odds in words, a line each."""
    lines = [f"Pool: {escape(answer.pool_text, 300)}"] if answer.pool_text else []
    lines += notice_lines(answer.notices)
    if answer.chances is None:
        return [*lines, "These dice are too many for exact odds."]
    lines += _chances(answer.chances)
    if answer.chances.mean is not None:
        average = "Total" if answer.system == "general" else "Successes"
        lines.append(f"{average} on average: {answer.chances.mean:.1f}")
    if answer.with_reroll and answer.with_reroll.win is not None:
        lines.append(f"With failures rolled again: {percent(answer.with_reroll.win)} success")
    return lines


def _chances(chances: Chances) -> list[str]:
    lines = [] if chances.win is None else [f"**{percent(chances.win)}** success"]
    return lines + [f"{escape(outcome.label, 60)}: {percent(outcome.chance)}" for outcome in chances.outcomes]


def charted(lines: list[str], title: str, chart: str, text_mode: bool, name: str = "odds.png") -> Reply:
    """The lines, with a chart that shows the same unless in text mode."""
    if text_mode:
        return Reply(
            content=clip(f"{title}\n{join_lines(lines, MESSAGE - 200, 40)}".replace("**", ""), MESSAGE)
        )
    embed = discord.Embed(title=clip(title, TITLE), description=join_lines(lines, 3500, 40))
    picture = _picture(chart)
    if picture:
        embed.set_image(url=f"attachment://{name}")
    return Reply(embeds=[embed], files=[(name, picture)] if picture else [])


def _picture(chart: str) -> bytes:
    try:
        return base64.b64decode(chart, validate=True)
    except (binascii.Error, ValueError):
        return b""


# /sheet roll

TRAIT = Range[str, 1, 60]
sheet = app_commands.Group(name="sheet", description="Rolls from a sheet")


def _from_sheet(values: Values) -> Json:
    """`hunger:No` leaves Hunger dice out; `blood_surge:No` is no surge."""
    named = [values.get(name) for name in ("trait", "trait2", "trait3")]
    options = given(values, "difficulty", "specialty", "modifier", "discipline", "rouse", "rouse_reroll")
    if values.get("hunger") is False:
        options["hunger"] = 0
    if values.get("blood_surge"):
        options["surge"] = True
    return {"pool": " + ".join(name for name in named if name), "options": options}


sheet.add_command(
    rolling(
        "roll",
        "Roll traits of your sheet, with all that it says of them",
        [
            Option("trait", TRAIT, "A trait, such as Strength", True, complete=pools),
            Option("trait2", TRAIT, "And another", complete=pools),
            Option("trait3", TRAIT, "And one more", complete=pools),
            Option("discipline", Range[str, 1, 50], "A discipline", complete=disciplines),
            MODIFIER,
            difficulty(),
            SPECIALTY,
            yes("blood_surge", "A surge of the Blood, by the sheet's Blood Potency"),
            number("rouse", 0, 5, "Rouse checks that come with the roll"),
            yes("rouse_reroll", "Two dice for each Rouse check"),
            yes("hunger", "No: without Hunger dice"),
            character("vampire5th", "human5th", "ghoul5th", "hunter5th", "werewolf5th"),
            VISIBILITY,
            HIDE,
            NOTES,
        ],
        _from_sheet,
    )
)
