"""A roll as an embed and as words. Pure: an answer goes in, what Discord is to show comes out.

Who listens gets the same in words: every shape has one (`dice_faces`), every colour stands beside a label.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import discord

from contract.notices import sentence
from rodbot.characters import cards
from rodbot.core.models import Json
from rodbot.core.text import MESSAGE, clip, joined, plain, units
from rodbot.dice.faces import by_kind, drawn, told
from rodbot.dice.rolls import Chance, Chances, Die, Outcome, Roll, RollAnswer, Step, Strategy

LONG = 900
# Odds below this are not worth a word on a card.
WORTH_TELLING = 0.005
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


class Part(NamedTuple):
    """One titled part of a card, drawn and in words."""

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
    return f"{round(share * 100)} %"


def before(chances: Chances | None) -> str:
    """`Before the roll: 63 % success (8 % critical win, 4 % bestial failure)`"""
    if chances is None or chances.win is None:
        return ""
    if all(o.tone == "neutral" for o in chances.outcomes) and chances.outcomes:
        return "" if chances.mean is None else f"On average: {chances.mean:.1f}"
    named = ", ".join(f"{percent(o.chance)} {o.label.lower()}" for o in chances.outcomes if _notable(o))
    return f"Before the roll: {percent(chances.win)} success" + (f" ({named})" if named else "")


def _notable(of: Chance) -> bool:
    return of.tone not in ORDINARY and of.chance >= WORTH_TELLING


def mark(outcome: Outcome) -> str:
    return MARKS.get(outcome.tone) or (PASSED if outcome.passed else LOST)


def result(roll: Roll) -> str:
    """`4 successes against difficulty 3, 1 more than needed`; nothing where there is nothing to count."""
    found = roll.outcome
    if found.successes is None:
        return ""
    if roll.system == "general":
        count = f"{found.successes}"
    else:
        count = "1 success" if found.successes == 1 else f"{found.successes} successes"
    if roll.difficulty_hidden:
        return f"{count} against a hidden difficulty"
    if found.margin is None or roll.difficulty is None:
        return count
    return f"{count} against difficulty {roll.difficulty}, {_margin(found.margin)}"


def _margin(margin: int) -> str:
    if margin == 0:
        return "exactly enough"
    return f"{margin} more than needed" if margin > 0 else f"{-margin} missing"


def parts(roll: Roll) -> Iterator[Part]:
    """Everything that a roll has to tell, in the order in which it is told."""
    if roll.told and roll.told != roll.title:
        yield _same("Pool", roll.told)
    yield from _dice(roll)
    yield from (_step(roll, step) for step in roll.steps)
    yield from _again(roll)
    yield _result(roll)
    yield from _found(roll.value)
    yield from (_attached(one) for one in roll.attached)
    yield from _changes(roll)
    if roll.note:
        yield _same("Notes", roll.note)
    if roll.struck:
        yield _same("Left out of statistics", roll.struck)


def _same(label: str, text: str, inline: bool = False) -> Part:
    harmless = plain(text, LONG)
    return Part(label, harmless, harmless, inline)


def _dice(roll: Roll) -> Iterator[Part]:
    if roll.groups:
        yield from (_group(group) for group in roll.groups)
        return
    if roll.steps:
        return
    for label, dice in by_kind(roll.dice).items():
        yield Part(label, _drawn(roll, dice), _told(roll, dice), inline=True)


def _drawn(roll: Roll, dice: Iterable[Die]) -> str:
    return clip(drawn(roll.system, dice, roll.options), LONG)


def _told(roll: Roll, dice: Iterable[Die]) -> str:
    return clip(told(roll.system, dice, roll.options), LONG)


def _group(group: Json) -> Part:
    """Dice of an expression: those that do not count are in brackets."""
    shown = [str(d["value"]) if d.get("kept", True) else f"({d['value']})" for d in group.get("dice") or ()]
    line = clip(f"{' '.join(shown)} = {group.get('total')}", LONG)
    return Part(plain(str(group.get("text") or "Dice"), 60), line, line, inline=True)


def _step(roll: Roll, step: Step) -> Part:
    sign = "" if step.passed is None else f"{PASSED} " if step.passed else f"{LOST} "
    word = "" if step.passed is None else "held. " if step.passed else "failed. "
    shown = f"{sign}{_drawn(roll, step.dice)} {plain(step.text, 300) if step.text else ''}".strip()
    words = f"{word}{_told(roll, step.dice)} {plain(step.text, 300) if step.text else ''}".strip()
    return Part(plain(step.label, 80), shown or "—", words or "—")


def _again(roll: Roll) -> Iterator[Part]:
    if not roll.rerolled:
        return
    pairs = [(old, roll.dice[index]) for old, index in zip(roll.before, roll.rerolled, strict=False)]
    shown = [f"{_drawn(roll, [old])} → {_drawn(roll, [new])}" for old, new in pairs]
    words = [f"{_told(roll, [old])} became {_told(roll, [new])}" for old, new in pairs]
    yield Part("Rolled again", clip(", ".join(shown), LONG), clip(", ".join(words), LONG))


def _result(roll: Roll) -> Part:
    label, count = plain(roll.outcome.label, 100), result(roll)
    notices = [plain(sentence(notice), 200) for notice in roll.outcome.notices]
    shown = [f"{mark(roll.outcome)} **{label}**", *([count] if count else []), *notices]
    return Part(
        "Result", "\n".join(shown), ". ".join([label, *([count] if count else []), *notices]), inline=False
    )


def _found(value: Json) -> Iterator[Part]:
    """What a check found out: the rule of a compulsion, the nature of blood, a place in the order."""
    for key, label in (("rule", "Rule"), ("ends", "Ends"), ("trigger", "When")):
        if value.get(key):
            yield _same(label, str(value[key]))
    for key, label in (("disciplines", "Disciplines"), ("moods", "Moods")):
        if value.get(key):
            yield _same(label, ", ".join(map(str, value[key])), inline=True)
    if value.get("page"):
        yield _same("Book", str(value["page"]), inline=True)


def _attached(one: Roll) -> Part:
    """A Rouse or Rage check that came with the roll, on one line."""
    lines = [_step(one, step) for step in one.steps]
    if not lines:
        return Part(
            plain(one.title, 80),
            f"{mark(one.outcome)} {_drawn(one, one.dice)} {plain(one.outcome.label, 100)}",
            f"{_told(one, one.dice)}: {plain(one.outcome.label, 100)}",
        )
    return Part(
        plain(one.title, 80),
        clip("\n".join(line.drawn for line in lines), LONG),
        clip(" ".join(line.words for line in lines), LONG),
    )


def _changes(roll: Roll) -> Iterator[Part]:
    """What changed on the sheet, and nothing else of it."""
    told_once: dict[str, None] = {}
    for event in (*roll.consequences, *(e for one in roll.attached for e in one.consequences)):
        told_once |= dict.fromkeys(cards.changed(event))
    if told_once:
        text = joined(list(told_once), LONG, 12)
        yield Part("Changes", text, text.replace("**", ""))


def embed(answer: RollAnswer, *, local: bool = False) -> discord.Embed:
    roll = answer.roll
    shown = discord.Embed(
        title=clip(plain(roll.title), cards.TITLE), colour=cards.colour(roll.outcome.colour)
    )
    shown.set_author(name=_who(answer), icon_url=cards.linkable(roll.roller_avatar, local))
    shown.set_thumbnail(url=cards.linkable(roll.portrait, local))
    shown.set_footer(text=clip(_foot(answer), 400) or None)
    room = cards.EMBED - cards.size(shown)
    for part in list(parts(roll))[: cards.FIELDS]:
        room -= units(part.label) + units(part.drawn)
        if room < 0:
            break
        shown.add_field(name=part.label, value=part.drawn, inline=part.inline)
    return shown


def text(answer: RollAnswer) -> str:
    """The same for people who listen to it."""
    roll = answer.roll
    lines = [f"{plain(_who(answer), 200)}: {plain(roll.title, 200)}"]
    lines += [f"{part.label}: {part.words}" for part in parts(roll)]
    foot = _foot(answer)
    return clip(joined([*lines, *([plain(foot, 400)] if foot else [])], MESSAGE, 40), MESSAGE)


def _who(answer: RollAnswer) -> str:
    roll = answer.roll
    names = [name for name in (roll.roller, roll.name) if name]
    return clip(" · ".join(dict.fromkeys(names)) or "Somebody", cards.TITLE)


def _foot(answer: RollAnswer) -> str:
    costs = {one.cost for one in answer.strategies if one.cost}
    cost = f"Rolling again costs {' or '.join(sorted(costs))}" if costs else ""
    chosen = answer.chosen if answer.chosen and answer.chosen != answer.roll.name else ""
    return " · ".join(part for part in (before(answer.roll.chances), cost, chosen) if part)


def offer(strategy: Strategy) -> str:
    """A button's label: `Reroll failures: 71 % (+12)`, the chance to win and what is gained by it."""
    if strategy.win is None:
        return clip(strategy.label, 80)
    gain = f" ({strategy.gain * 100:+.0f})".replace("-", "−") if strategy.gain else ""
    return f"{clip(strategy.label, 55)}: {percent(strategy.win)}{gain}"
