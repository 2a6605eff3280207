"""A roll as an embed and as words: an answer goes in, what Discord shows comes out.

Screen readers get the same in words: every shape has a word (`faces.py`), every colour stands beside a label.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import discord

from contract.base import JsonObject
from contract.labels import label
from contract.notices import sentence
from contract.rolls import SUMS, BriefRoll, Chances, Die, Group, Outcome, Roll, RollAnswer, Strategy
from contract.translation import N_, _, n_
from rodbot.characters.cards import notice_lines, trait_lines
from rodbot.core.embeds import TITLE, colour, linkable
from rodbot.core.text import MESSAGE, clip, escape, join_lines, percent, whole
from rodbot.dice.faces import LABELS, NO_EMOJI, by_kind, drawn, in_words

LONG, DESCRIPTION = 1800, 3800
PASSED, LOST = "✔", "✘"
# A step of a check that held or failed, drawn and in words.
SIGNS = {True: (PASSED, N_("held.")), False: (LOST, N_("failed."))}
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


# What a check found out, in a sentence. The last ones are small print.
FINDINGS = {
    "rule": "{found}",
    "ends": "{found}",
    "trigger": N_("When: {found}"),
    "disciplines": N_("Disciplines: {found}"),
    "moods": N_("Moods: {found}"),
    "page": N_("Book: {found}"),
}
SMALL = ("moods", "page")
# As many dice as fit on one line of a phone are shown larger.
LARGE = 10


class Line(NamedTuple):
    """A line of a card, drawn and in words."""

    drawn: str
    words: str


def odds_before(chances: Chances | None) -> str:
    """`Before the roll: 63 % success`; nothing where there is nothing to win."""
    if chances is None or chances.win is None or not winnable(chances):
        return ""
    return _("Before the roll: {chance} success", chance=percent(chances.win))


def winnable(chances: Chances) -> bool:
    """Whether there is anything to win: dice that only add up, a resonance or a compulsion have nothing."""
    return not chances.outcomes or any(outcome.tone != "neutral" for outcome in chances.outcomes)


def counts_successes(roll: BriefRoll) -> bool:
    """Whether a number of successes means something: not for checks, nor for dice that are added up."""
    return roll.kind == "roll" and roll.system not in SUMS


def mark(outcome: Outcome) -> str:
    """The sign of an outcome."""
    return MARKS.get(outcome.tone) or (PASSED if outcome.passed else LOST)


def result(roll: BriefRoll) -> str:
    """`4 successes against difficulty 3, 1 more than needed`; nothing where there is nothing to count."""
    outcome = roll.outcome
    if _is_counted_only(roll):
        return _("at difficulty {difficulty}", difficulty=roll.difficulty) if roll.difficulty else ""
    if outcome.successes is None or outcome.tone == "neutral":
        return _("against a hidden difficulty") if roll.difficulty_hidden else ""
    count = str(outcome.successes) if roll.system in SUMS else _successes(outcome.successes)
    if roll.difficulty_hidden:
        return _("{successes} against a hidden difficulty", successes=count)
    if outcome.margin is None or roll.difficulty is None:
        return count
    return _(
        _against(outcome.margin), successes=count, difficulty=roll.difficulty, number=abs(outcome.margin)
    )


def _successes(number: int) -> str:
    return n_("{count} success", "{count} successes", number) if number else _("No successes")


def _against(margin: int) -> str:
    """The sentence for this margin."""
    if margin == 0:
        return N_("{successes} against difficulty {difficulty}, exactly enough")
    if margin < 0:
        return N_("{successes} against difficulty {difficulty}, {number} missing")
    return N_("{successes} against difficulty {difficulty}, {number} more than needed")


def lines(roll: Roll, emoji: Mapping[str, str] = NO_EMOJI) -> Iterator[Line]:
    """Everything there is to show of a roll, the outcome first."""
    yield _outcome(roll)
    yield from _dice(roll, emoji)
    yield from _again(roll, emoji)
    yield from map(_same, filter(None, [result(roll)]))
    yield from (_same(sentence(notice)) for notice in roll.outcome.notices)
    yield from _findings(roll.value or {})
    yield from (line for attached in roll.attached for line in _attached(attached, emoji))
    yield from _changes(roll)
    if roll.note:
        note = escape(roll.note, LONG)
        yield Line(f"> {note}", _("Note: {note}", note=note))
    if roll.struck:
        yield _small(_excluded(roll.struck.reason))


def _excluded(reason: str | None) -> str:
    return (
        _("Excluded from statistics: {reason}", reason=reason) if reason else _("Excluded from statistics.")
    )


def _same(text: str) -> Line:
    harmless = escape(text, LONG)
    return Line(harmless, harmless)


def _small(text: str) -> Line:
    harmless = escape(text, LONG)
    return Line(f"-# {harmless}", harmless)


def headline(roll: BriefRoll) -> str:
    """The outcome in a few words. Where no number of successes is needed it is that number; a check that has no name
    for it says what came of its one step."""
    outcome = roll.outcome
    if outcome.label == roll.title and len(roll.steps) == 1 and roll.steps[0].text:
        return sentence(roll.steps[0].text).removesuffix(".")
    if roll.system in SUMS and outcome.tone == "neutral" and roll.kind == "roll":
        return f"{label(outcome.label)}: {outcome.successes}"
    return _successes(outcome.successes or 0) if _is_counted_only(roll) else label(outcome.label)


def _is_counted_only(roll: BriefRoll) -> bool:
    """Whether nothing but a number of successes came out."""
    outcome = roll.outcome
    is_plain = outcome.tone in ("success", "failure") and outcome.successes is not None
    return is_plain and counts_successes(roll) and outcome.margin is None and not roll.difficulty_hidden


def _outcome(roll: Roll) -> Line:
    words = escape(headline(roll), 100)
    sign = "" if roll.outcome.tone == "neutral" or _only_finds(roll) else f"{mark(roll.outcome)} "
    return Line(f"## {sign}{words}", words)


def _only_finds(roll: Roll) -> bool:
    """Whether it is a check whose dice neither win nor lose, such as a resonance."""
    is_plain = roll.outcome.tone in ("success", "failure")
    return is_plain and bool(roll.steps) and all(step.passed is None for step in roll.steps)


def _dice(roll: Roll, emoji: Mapping[str, str]) -> Iterator[Line]:
    if roll.groups:
        yield from _same_line(map(_group, roll.groups))
    elif _only_finds(roll):
        yield from _same_line(_steps(roll, emoji))
    elif roll.steps:
        yield from _steps(roll, emoji, beside=[roll.title])
    elif roll.dice:
        kinds = by_kind(roll.dice)
        drawing = " ".join(_drawn(roll, dice, emoji) for dice in kinds.values())
        words = "\n".join(f"{_kind(kind)}: {_in_words(roll, dice)}" for kind, dice in kinds.items())
        yield Line(clip(f"### {drawing}" if len(roll.dice) <= LARGE else drawing, LONG), clip(words, LONG))


def _same_line(parts: Iterable[Line]) -> Iterator[Line]:
    """The parts on one line; nothing where there are none."""
    shown = list(parts)
    if not shown:
        return
    drawing, words = zip(*shown, strict=True)
    yield Line(clip(" · ".join(drawing), LONG), clip(", ".join(words), LONG))


def _kind(kind: str) -> str:
    return _(LABELS.get(kind) or escape(kind, 40).capitalize())


def _drawn(roll: Roll, dice: Iterable[Die], emoji: Mapping[str, str]) -> str:
    return drawn(roll.system, dice, roll.options, emoji)


def _in_words(roll: Roll, dice: Iterable[Die]) -> str:
    return in_words(roll.system, dice, roll.options)


def _group(group: Group) -> Line:
    """Dice of an expression: those that do not count are in brackets."""
    values = [str(die.value) if die.kept else f"({die.value})" for die in group.dice]
    name = escape(group.text or _("Dice"), 60)
    line = f"{name}: {' '.join(values)} = {group.total}"
    return Line(line, line)


def _steps(roll: Roll, emoji: Mapping[str, str], beside: Sequence[str] = ()) -> Iterator[Line]:
    """A line for each step. Of one alone the sign and what stands `beside` it or in the headline are left out."""
    is_alone = len(roll.steps) == 1 and bool(beside)
    left_out = {*beside, f"{headline(roll)}."} if is_alone else {""}
    for step in roll.steps:
        head = "" if step.label in left_out else f"{escape(label(step.label), 80)}: "
        said = sentence(step.text)
        text = escape(said, 300) if said and said not in left_out else ""
        # Dice that only find something out carry no mark.
        system = "" if step.passed is None else roll.system
        sign, word = ("", "") if step.passed is None or is_alone else SIGNS[step.passed]
        drawing = [sign, drawn(system, step.dice, roll.options, emoji), text]
        words = [_(word), in_words(system, step.dice, roll.options), text]
        if any(drawing):
            yield Line(head + " ".join(filter(None, drawing)), head + " ".join(filter(None, words)))
        elif head:
            yield _same(label(step.label))


def _again(roll: Roll, emoji: Mapping[str, str]) -> Iterator[Line]:
    if not roll.rerolled:
        return
    pairs = [(old, roll.dice[index]) for old, index in zip(roll.before, roll.rerolled, strict=False)]
    drawing = [f"{_drawn(roll, [old], emoji)} → {_drawn(roll, [new], emoji)}" for old, new in pairs]
    words = [
        _("{old} became {new}", old=_in_words(roll, [old]), new=_in_words(roll, [new])) for old, new in pairs
    ]
    yield Line(_rolled_again(drawing), _rolled_again(words))


def _rolled_again(dice: Sequence[str]) -> str:
    return clip(_("Rolled again: {dice}", dice=", ".join(dice)), LONG)


def _findings(value: JsonObject) -> Iterator[Line]:
    """The findings of a check: the rule of a compulsion, the nature of blood."""
    for key, finding in FINDINGS.items():
        found = value.get(key)
        if found:
            parts = found if isinstance(found, list) else [found]
            text = _(finding, found=", ".join(_(str(part)) for part in parts))
            yield _small(text) if key in SMALL else _same(text)


def _attached(attached: Roll, emoji: Mapping[str, str]) -> Iterator[Line]:
    """A Rouse or Rage check that came with the roll, a line for each."""
    if attached.steps:
        yield from _steps(attached, emoji)
        return
    outcome, title = escape(label(attached.outcome.label), 100), escape(label(attached.title), 80)
    yield Line(
        f"{title}: {mark(attached.outcome)} {_drawn(attached, attached.dice, emoji)} {outcome}",
        f"{title}: {_in_words(attached, attached.dice)}: {outcome}",
    )


def _changes(roll: Roll) -> Iterator[Line]:
    """What changed on the sheet, each line once."""
    consequences = chain(roll.consequences, *(attached.consequences for attached in roll.attached))
    changed = dict.fromkeys(
        line
        for consequence in consequences
        for line in (
            *trait_lines(consequence),
            *notice_lines(consequence.notices),
        )
    )
    if changed:
        text = join_lines(list(changed), LONG, 12)
        yield Line(text, text.replace("**", ""))


def embed(answer: RollAnswer, *, local: bool = False, emoji: Mapping[str, str] = NO_EMOJI) -> discord.Embed:
    """The roll as a card: who rolled what, small; the outcome, large; the dice, and what came of them."""
    roll = answer.roll
    shown = [line.drawn for line in lines(roll, emoji)]
    card = discord.Embed(
        description=join_lines([*shown, *cost(answer)], DESCRIPTION, 40), colour=colour(roll.outcome.colour)
    )
    card.set_author(name=_head(roll), icon_url=linkable(roll.roller.avatar_url, local))
    card.set_thumbnail(url=linkable(roll.character.thumbnail if roll.character else None, local))
    return card


def text(answer: RollAnswer) -> str:
    """The roll for screen readers."""
    first, *others = (line.words for line in lines(answer.roll))
    return clip(join_lines([f"{escape(_head(answer.roll), 300)}: {first}", *others], MESSAGE, 40), MESSAGE)


def _head(roll: Roll) -> str:
    """`Mira · Night Owl · Strength 3 + Brawl 2`; not escaped, an author's line shows everything as it is."""
    names = dict.fromkeys(name for name in (roll.roller.name, sheet_name(roll)) if name)
    return clip(" · ".join([*(names or [_("Somebody")]), roll.pool.as_sum() or label(roll.title)]), TITLE)


def cost(answer: RollAnswer) -> list[str]:
    """What rolling again costs, in small print; nothing where it is free."""
    costs = sorted({_(strategy.cost) for strategy in answer.strategies if strategy.cost})
    return ["-# " + _("Rolling again costs {cost}.", cost=escape(" / ".join(costs), 100))] if costs else []


def sheet_name(roll: BriefRoll) -> str:
    """Who rolled in the story: a character, or somebody without a sheet."""
    return roll.name or (roll.character.name if roll.character else "")


def offer(strategy: Strategy) -> str:
    """A button's label: `Reroll failures: 71 % (+12)`, the chance to win and the gain; `Avoid it: 90 % no mess`. Of a
    roll that is won and stays so there is nothing to say.
    """
    odds = strategy.odds.win if strategy.odds else None
    chance = strategy.chance if strategy.aim else odds
    points = whole((strategy.gain or 0) * 100)
    if chance is None or (chance >= 1 and not points and not strategy.aim):
        return clip(label(strategy.label), 80)
    gain = f" ({points:+d})".replace("-", "−") if points else ""
    aim = f" {_(strategy.aim)}" if strategy.aim else ""
    return f"{clip(label(strategy.label), 50)}: {percent(chance)}{aim}{gain}"
