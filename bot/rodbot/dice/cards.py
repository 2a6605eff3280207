"""A roll as an embed and as words: an answer goes in, what Discord shows comes out.

Screen readers get the same in words: every shape has a word (`faces.py`), every colour stands beside a label.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from math import copysign, floor
from typing import NamedTuple

import discord

from contract.base import JsonObject
from contract.notices import sentence
from contract.rolls import BriefRoll, Chance, Chances, Die, Group, Outcome, Roll, RollAnswer, Step, Strategy
from rodbot.characters.cards import notice_lines, trait_lines
from rodbot.core.embeds import TITLE, add_fields, colour, linkable
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.dice.faces import by_kind, drawn, in_words

LONG = 900
# Odds below this are not shown on a card.
WORTH_SHOWING = 0.005
ORDINARY = ("success", "failure", "total_failure", "neutral")
PASSED, LOST = "✔", "✘"
MARKS = {
    "critical": "✦",
    "exceptional": "✦",
    "messy": "✹",
    "overreach": "⚠",
    "choice": "⚠",
    "bestial": "☠",
    "brutal": "▼",
    "botch": "✖",
    "dramatic_failure": "✖",
    "despair": "✖",
    "neutral": "•",
}


# What a check found out: its label, and whether it stands beside others.
FINDINGS = {
    "rule": ("Rule", False),
    "ends": ("Ends", False),
    "trigger": ("When", False),
    "disciplines": ("Disciplines", True),
    "moods": ("Moods", True),
    "page": ("Book", True),
}


class Part(NamedTuple):
    """A titled part of a card, drawn and in words."""

    label: str
    drawn: str
    words: str
    inline: bool = False


def percent(share: float) -> str:
    """`63 %`; what is neither impossible nor certain never looks so."""
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{whole(share * 100)} %"


def whole(number: float) -> int:
    """Round as people do: a half goes up, or down for what is lost. The rest of a float does not spoil a half."""
    return int(copysign(floor(abs(number) + 0.5 + 1e-9), number))


def odds_before(chances: Chances | None) -> str:
    """`Before the roll: 63 % success (8 % critical win, 4 % bestial failure)`"""
    if chances is None or chances.win is None:
        return ""
    if not winnable(chances):
        return ""
    named = ", ".join(
        f"{percent(outcome.chance)} {outcome.label.lower()}"
        for outcome in chances.outcomes
        if _notable(outcome)
    )
    return f"Before the roll: {percent(chances.win)} success" + (f" ({named})" if named else "")


def winnable(chances: Chances) -> bool:
    """Whether there is anything to win: dice that only add up, a resonance or a compulsion have nothing."""
    return not chances.outcomes or any(outcome.tone != "neutral" for outcome in chances.outcomes)


def counts_successes(roll: BriefRoll) -> bool:
    """Whether a number of successes means something: not for checks, nor for dice that are added up."""
    return roll.kind == "roll" and roll.system != "general"


def _notable(outcome: Chance) -> bool:
    return outcome.tone not in ORDINARY and outcome.chance >= WORTH_SHOWING


def mark(outcome: Outcome) -> str:
    """The sign of an outcome."""
    return MARKS.get(outcome.tone) or (PASSED if outcome.passed else LOST)


def result(roll: BriefRoll) -> str:
    """`4 successes against difficulty 3, 1 more than needed`; nothing where there is nothing to count."""
    outcome = roll.outcome
    if outcome.successes is None:
        return "against a hidden difficulty" if roll.difficulty_hidden else ""
    if roll.system == "general":
        count = f"{outcome.successes}"
    else:
        count = "1 success" if outcome.successes == 1 else f"{outcome.successes} successes"
    if roll.difficulty_hidden:
        return f"{count} against a hidden difficulty"
    if outcome.margin is None or roll.difficulty is None:
        return count
    return f"{count} against difficulty {roll.difficulty}, {_margin(outcome.margin)}"


def _margin(margin: int) -> str:
    if margin == 0:
        return "exactly enough"
    return f"{margin} more than needed" if margin > 0 else f"{-margin} missing"


def parts(roll: Roll) -> Iterator[Part]:
    """Everything there is to show of a roll, in its order."""
    if roll.pool.told and roll.pool.told != roll.title:
        yield _same("Pool", roll.pool.told)
    yield from _dice(roll)
    yield from (_step(roll, step) for step in roll.steps)
    yield from _again(roll)
    yield _result(roll)
    yield from _findings(roll.value or {})
    yield from (_attached(attached) for attached in roll.attached)
    yield from _changes(roll)
    if roll.note:
        yield _same("Notes", roll.note)
    if roll.struck:
        yield _same("Left out of statistics", roll.struck.reason or "struck")


def _same(label: str, text: str, inline: bool = False) -> Part:
    harmless = escape(text, LONG)
    return Part(label, harmless, harmless, inline)


def _dice(roll: Roll) -> Iterator[Part]:
    if roll.groups:
        yield from (_group(group) for group in roll.groups)
        return
    if roll.steps:
        return
    for label, dice in by_kind(roll.dice).items():
        yield Part(label, _drawn(roll, dice), _in_words(roll, dice), inline=True)


def _drawn(roll: Roll, dice: Iterable[Die]) -> str:
    return clip(drawn(roll.system, dice, roll.options), LONG)


def _in_words(roll: Roll, dice: Iterable[Die]) -> str:
    return clip(in_words(roll.system, dice, roll.options), LONG)


def _group(group: Group) -> Part:
    """Dice of an expression: those that do not count are in brackets."""
    values = [str(die.value) if die.kept else f"({die.value})" for die in group.dice]
    line = clip(f"{' '.join(values)} = {group.total}", LONG)
    return Part(escape(group.text or "Dice", 60), line, line, inline=True)


def _step(roll: Roll, step: Step) -> Part:
    sign = "" if step.passed is None else f"{PASSED} " if step.passed else f"{LOST} "
    word = "" if step.passed is None else "held. " if step.passed else "failed. "
    drawing = f"{sign}{_drawn(roll, step.dice)} {escape(step.text, 300) if step.text else ''}".strip()
    words = f"{word}{_in_words(roll, step.dice)} {escape(step.text, 300) if step.text else ''}".strip()
    return Part(escape(step.label, 80), drawing or "—", words or "—")


def _again(roll: Roll) -> Iterator[Part]:
    if not roll.rerolled:
        return
    pairs = [(old, roll.dice[index]) for old, index in zip(roll.before, roll.rerolled, strict=False)]
    drawing = [f"{_drawn(roll, [old])} → {_drawn(roll, [new])}" for old, new in pairs]
    words = [f"{_in_words(roll, [old])} became {_in_words(roll, [new])}" for old, new in pairs]
    yield Part("Rolled again", clip(", ".join(drawing), LONG), clip(", ".join(words), LONG))


def _result(roll: Roll) -> Part:
    label, count = escape(roll.outcome.label, 100), result(roll)
    notices = [escape(sentence(notice), 200) for notice in roll.outcome.notices]
    drawing = [f"{mark(roll.outcome)} **{label}**", *([count] if count else []), *notices]
    return Part(
        "Result", "\n".join(drawing), ". ".join([label, *([count] if count else []), *notices]), inline=False
    )


def _findings(value: JsonObject) -> Iterator[Part]:
    """The findings of a check: the rule of a compulsion, the nature of blood."""
    for key, (label, inline) in FINDINGS.items():
        found = value.get(key)
        if found:
            yield _same(label, ", ".join(map(str, found)) if isinstance(found, list) else str(found), inline)


def _attached(attached: Roll) -> Part:
    """A Rouse or Rage check that came with the roll, on one line."""
    lines = [_step(attached, step) for step in attached.steps]
    if not lines:
        label = escape(attached.outcome.label, 100)
        return Part(
            escape(attached.title, 80),
            f"{mark(attached.outcome)} {_drawn(attached, attached.dice)} {label}",
            f"{_in_words(attached, attached.dice)}: {label}",
        )
    return Part(
        escape(attached.title, 80),
        clip("\n".join(line.drawn for line in lines), LONG),
        clip(" ".join(line.words for line in lines), LONG),
    )


def _changes(roll: Roll) -> Iterator[Part]:
    """What changed on the sheet, each line once."""
    consequences = chain(roll.consequences, *(attached.consequences for attached in roll.attached))
    lines = dict.fromkeys(
        line
        for consequence in consequences
        for line in (
            *trait_lines(consequence.changes, consequence.labels),
            *notice_lines(consequence.notices),
        )
    )
    if lines:
        text = join_lines(list(lines), LONG, 12)
        yield Part("Changes", text, text.replace("**", ""))


def embed(answer: RollAnswer, *, local: bool = False) -> discord.Embed:
    """The roll as a card."""
    roll = answer.roll
    card = discord.Embed(title=clip(escape(roll.title), TITLE), colour=colour(roll.outcome.colour))
    card.set_author(name=_roller(answer), icon_url=linkable(roll.roller.avatar_url, local))
    card.set_thumbnail(url=linkable(roll.character.thumbnail if roll.character else None, local))
    card.set_footer(text=clip(_foot(answer), 400) or None)
    add_fields(card, ((part.label, part.drawn, part.inline) for part in parts(roll)))
    return card


def text(answer: RollAnswer) -> str:
    """The roll for screen readers."""
    roll = answer.roll
    lines = [f"{escape(_roller(answer), 200)}: {escape(roll.title, 200)}"]
    lines += [f"{part.label}: {part.words}" for part in parts(roll)]
    foot = _foot(answer)
    return clip(join_lines([*lines, *([escape(foot, 400)] if foot else [])], MESSAGE, 40), MESSAGE)


def _roller(answer: RollAnswer) -> str:
    roll = answer.roll
    names = [name for name in (roll.roller.name, sheet_name(roll)) if name]
    return clip(" · ".join(dict.fromkeys(names)) or "Somebody", TITLE)


def _foot(answer: RollAnswer) -> str:
    costs = {strategy.cost for strategy in answer.strategies if strategy.cost}
    cost = f"Rolling again costs {' or '.join(sorted(costs))}" if costs else ""
    chosen = answer.chosen if answer.chosen != sheet_name(answer.roll) else ""
    return " · ".join(part for part in (odds_before(answer.roll.chances), cost, chosen) if part)


def sheet_name(roll: BriefRoll) -> str:
    """Who rolled in the story: a character, or somebody without a sheet."""
    return roll.name or (roll.character.name if roll.character else "")


def offer(strategy: Strategy) -> str:
    """A button's label: `Reroll failures: 71 % (+12)`, the chance to win and the gain; `Avoid it: 90 % no mess`."""
    odds = strategy.odds.win if strategy.odds else None
    chance = strategy.chance if strategy.aim else odds
    if chance is None:
        return clip(strategy.label, 80)
    points = whole((strategy.gain or 0) * 100)
    gain = f" ({points:+d})".replace("-", "−") if points else ""
    aim = f" {strategy.aim}" if strategy.aim else ""
    return f"{clip(strategy.label, 50)}: {percent(chance)}{aim}{gain}"
