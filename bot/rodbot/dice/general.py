"""Rolls of any system: `/roll`, `/odds`, and `/sheet roll`, which builds its pool from the names of traits."""

import base64
import binascii
import re

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import endpoints
from contract.roll_fields import Value
from contract.rolls import SUMS, Chances, GetOdds, MakeRoll, Odds
from contract.schema import DiceSchema, RollSchema
from contract.translation import N_, _, decimal
from rodbot.characters.cards import notice_lines
from rodbot.core.caller import caller_of
from rodbot.core.calls import call
from rodbot.core.discord_types import AppCommand, Interaction
from rodbot.core.embeds import TITLE
from rodbot.core.options import Option, Values, command, input_of, yes
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, percent
from rodbot.dice.cards import winnable
from rodbot.dice.declared import options_of, slash_options
from rodbot.dice.options import (
    HIDE,
    NAME,
    NOTES,
    POOL,
    VISIBILITY,
    character,
    pool_of,
    pools,
    roll_input,
    rolling,
)

_DICE = re.compile(r"(?<![^\W_])[0-9]*d([0-9]|%)", re.IGNORECASE)
TRAIT = Range[str, 1, 60]


class AnyRoll:
    """Commands for dice of any system: their options, and the inputs made of them."""

    def __init__(self, dice: DiceSchema) -> None:
        self._declared = dice.any_roll
        self.options = slash_options(dice.any_roll)
        choices = tuple((_label(roll, dice), roll.slug) for roll in dice.rolls)
        self.system = Option("system", str, "Rules (default: the character’s)", choices=choices)

    def options_of(self, values: Values) -> dict[str, Value]:
        return options_of(self._declared, values)

    def pool_of(self, values: Values) -> dict[str, object]:
        """The pool, and the system if it is named. `3d6 + 2` needs no name: no pool of traits looks like it."""
        pool, system = values.get("pool"), values.get("system")
        return {"pool": pool_of(pool), "system": system or ("general" if _DICE.search(pool or "") else None)}

    def roll(self, values: Values) -> MakeRoll:
        return roll_input(MakeRoll, values, options=self.options_of(values), **self.pool_of(values))


def _label(roll: RollSchema, dice: DiceSchema) -> str:
    """Where an edition has several kinds of dice, with its name."""
    shared = [other for other in dice.rolls if other.edition == roll.edition]
    return f"{roll.label} ({roll.edition})" if len(shared) > 1 else roll.label


def general_commands(dice: DiceSchema) -> list[AppCommand]:
    """`/roll` and `/odds`, for every edition."""
    any_roll = AnyRoll(dice)
    whose = [any_roll.system, character(), NAME]
    roll = rolling(
        "roll",
        "Roll a pool of traits, a number of dice, or any dice",
        [POOL, *any_roll.options, *whose, VISIBILITY, HIDE, NOTES],
        any_roll.roll,
    )

    async def work(interaction: Interaction, values: Values) -> Reply:
        return await _odds(interaction, any_roll, values)

    text = "Exact odds of a pool before you roll it"
    return [roll, command("odds", text, [POOL, *any_roll.options, *whose], work)]


# /odds


async def _odds(interaction: Interaction, any_roll: AnyRoll, values: Values) -> Reply:
    given = input_of(GetOdds, {}, **any_roll.roll(values).model_dump(exclude_unset=True), chart=True)
    answer = await call(interaction, endpoints.GET_ODDS, given)
    is_charted = bool(answer.chart) and not caller_of(interaction).text_mode
    title = _("Odds of {pool}", pool=escape(answer.pool.as_sum() or values["pool"], 200))
    return charted(interaction, odds_lines(answer, charted=is_charted), title, answer.chart)


def odds_lines(answer: Odds, *, charted: bool = False) -> list[str]:
    """The odds in words, a line each, without what a chart beside them shows."""
    if answer.chances is None:
        return notice_lines(answer.notices)
    lines = _chances(answer.chances, charted)
    if answer.chances.mean is not None:
        average = (
            N_("Average total: {number}") if answer.system in SUMS else N_("Average successes: {number}")
        )
        lines.append(_(average, number=decimal(answer.chances.mean, 1)))
    if answer.with_reroll and answer.with_reroll.win is not None:
        chance = percent(answer.with_reroll.win)
        lines.append(_("With failures rolled again: {chance} success", chance=chance))
    return lines + notice_lines(answer.notices)


def _chances(chances: Chances, charted: bool) -> list[str]:
    if not winnable(chances) and len(chances.outcomes) == 1:
        return []
    won = chances.win is not None and winnable(chances)
    lines = ["## " + _("{chance} success", chance=percent(chances.win or 0))] if won else []
    return (
        lines
        if charted
        else lines
        + [f"{escape(_(outcome.label), 60)}: {percent(outcome.chance)}" for outcome in chances.outcomes]
    )


def charted(
    interaction: Interaction, lines: list[str], title: str, chart: str | None, name: str = "odds.png"
) -> Reply:
    """The lines, with a chart that shows the same unless in text mode."""
    if caller_of(interaction).text_mode:
        return Reply(
            content=clip(
                f"{title}\n{join_lines(lines, MESSAGE - 200, 40)}".replace("**", "").replace("## ", ""),
                MESSAGE,
            )
        )
    embed = discord.Embed(title=clip(title, TITLE), description=join_lines(lines, 3500, 40))
    picture = _picture(chart or "")
    if picture:
        embed.set_image(url=f"attachment://{name}")
    return Reply(embeds=[embed], files=[(name, picture)] if picture else [])


def _picture(chart: str) -> bytes:
    try:
        return base64.b64decode(chart, validate=True)
    except (binascii.Error, ValueError):
        return b""


# /sheet roll


def sheet_group(dice: DiceSchema, system: str = "v5") -> app_commands.Group:
    """`/sheet roll`: the options are those of a vampire; what another sheet does not have is refused in words."""
    declared = [option for roll in dice.rolls if roll.slug == system for option in roll.options]
    offered = [option for option in declared if option.name != "hunger"]
    splats = [splat for roll in dice.rolls if roll.edition == "5th" for splat in roll.splats]

    def roll(values: Values) -> MakeRoll:
        """`hunger:No` leaves Hunger dice out."""
        traits = [values.get(name) for name in ("trait", "trait2", "trait3")]
        options = options_of(offered, values)
        if values.get("hunger") is False:
            options["hunger"] = 0
        pool = " + ".join(name for name in traits if name)
        return roll_input(MakeRoll, values, pool=pool_of(pool), options=options)

    group = app_commands.Group(name="sheet", description="Rolls from a sheet")
    group.add_command(
        rolling(
            "roll",
            "Roll traits of your sheet, with everything it says about them",
            [
                Option("trait", TRAIT, "A trait, such as Strength", True, complete=pools),
                Option("trait2", TRAIT, "Another trait", complete=pools),
                Option("trait3", TRAIT, "And another trait", complete=pools),
                *slash_options(offered),
                yes("hunger", "No: roll without Hunger dice"),
                character(*dict.fromkeys(splats)),
                VISIBILITY,
                HIDE,
                NOTES,
            ],
            roll,
        )
    )
    return group
