"""How a conflict is drawn: one embed whose description is the order. Pure, and never larger than Discord takes.

The order is a list of lines, not of fields: fifty participants fit. They are told in full where there is room, more
briefly where there is not, and what is left out even so is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import discord

from contract.notices import sentence
from rodbot.characters.cards import TITLE, linkable
from rodbot.conflicts.models import (
    ACT,
    CURRENT,
    DECLARE,
    DONE,
    GATHER,
    ORDER,
    SKIPPED,
    Conflict,
    Participant,
    Turn,
)
from rodbot.core.text import MESSAGE, clip, joined, plain, units

DESCRIPTION = 4000
EFFECTS = 900
ASIDE = 600
HERE, READY, NOT_YET, TICK = "📌", "◆", "◇", "✓"
COLOURS = {
    GATHER: 0x3D6FB4,
    ORDER: 0x7A4FB5,
    DECLARE: 0xC2820A,
    ACT: 0x2E8B57,
}
OVER = 0x6B6B6B
UNDECLARED, PASSED = "Undeclared", "Skipped"
# What the signs say.
WORDS = {
    HERE: "Now:",
    TICK: "Done:",
    f"{READY} ": "",
    f"{NOT_YET} ": "",
    "**": "",
    "`": "",
    " · ": ", ",
    "• ": "",
}
# How many lines before the current one stand above it where not all fit.
BEFORE = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a name and of an action is told, and whether a roll is told with its parts."""

    name: int
    action: int
    parts: bool


MEASURES = (Measure(60, 150, True), Measure(40, 60, False), Measure(28, 24, False))


def embed(conflict: Conflict, *, local: bool = False) -> discord.Embed:
    shown = discord.Embed(
        title=clip(_title(conflict), TITLE),
        url=linkable(conflict.url, local),
        colour=discord.Colour(COLOURS.get(conflict.phase, OVER) if conflict.open else OVER),
        description=_description(conflict),
    )
    shown.set_footer(text=clip(" · ".join(part for part in (conflict.label, conflict.hint) if part), 300))
    return shown


def text(conflict: Conflict) -> str:
    """The same for people who listen to it: words only, no signs."""
    lines = [_title(conflict), *_lines(conflict, MEASURES[1])]
    lines += [_effect(one.name, one.text, one.label) for one in conflict.effects]
    told = joined([*lines, plain(conflict.hint, 200)] if conflict.hint else lines, MESSAGE, 120)
    for sign, word in WORDS.items():
        told = told.replace(sign, word)
    return clip(told, MESSAGE)


def _title(conflict: Conflict) -> str:
    name = plain(conflict.title, 120) if conflict.title else "Conflict"
    turn = f" · round {conflict.round}" if conflict.round > 1 else ""
    return f"{name}{turn}: {plain(conflict.phase_label, 60)}"


def content(conflict: Conflict) -> str | None:
    """Whose turn it is. Whom a mention notifies, the message says."""
    if not conflict.mention or not conflict.open:
        return None
    what = "declare what you do" if conflict.phase == DECLARE else "it is your turn"
    return f"<@{conflict.mention}>, {what}."


def _description(conflict: Conflict) -> str:
    aside = [f"• {plain(sentence(notice), 200)}" for notice in conflict.notices]
    effects = [_effect(one.name, one.text, one.label) for one in conflict.effects]
    below = [part for part in (_cut(effects, EFFECTS, "Effects"), _cut(aside, ASIDE, "")) if part]
    room = DESCRIPTION - sum(units(part) + 2 for part in below)
    return "\n\n".join([_order(conflict, room), *below])


def _effect(name: str, text: str, label: str) -> str:
    whose = f"{plain(name, 40)}: " if name else ""
    return f"• {whose}{plain(text, 150)} ({plain(label, 60)})"


def _cut(lines: Sequence[str], room: int, head: str) -> str:
    if not lines:
        return ""
    return "\n".join([*([f"**{head}**"] if head else []), joined(list(lines), room, len(lines))])


def _order(conflict: Conflict, room: int) -> str:
    """Everybody in as many words as there is room for."""
    lines: list[str] = []
    for measure in MEASURES:
        lines = list(_lines(conflict, measure))
        if sum(units(line) + 1 for line in lines) <= room:
            break
    at = next((n for n, line in enumerate(lines) if line.startswith(HERE)), 0)
    return "\n".join(_window(lines, room, at)) or "Nobody takes part yet."


def _window(lines: list[str], room: int, at: int) -> list[str]:
    """Whole lines as long as they fit, the one at `at` among them; how many are left out is said."""
    if sum(units(line) + 1 for line in lines) <= room:
        return lines
    start, end, left = max(0, at - BEFORE), max(0, at - BEFORE), room - 80
    while end < len(lines) and units(lines[end]) < left:
        left -= units(lines[end]) + 1
        end += 1
    while end == len(lines) and start and units(lines[start - 1]) < left:
        start -= 1
        left -= units(lines[start]) + 1
    above = [f"… {start} before"] if start else []
    below = [f"… and {len(lines) - end} more; the title leads to all of them"] if end < len(lines) else []
    return [*above, *lines[start:end], *below]


def _lines(conflict: Conflict, measure: Measure) -> Iterator[str]:
    people = {one.id: one for one in conflict.participants}
    if conflict.phase == GATHER or not conflict.turns:
        yield from (_person(one, measure) for one in conflict.participants)
        return
    categories = dict(conflict.categories)
    moments = groupby(conflict.turns, key=lambda turn: (turn.extra, turn.together))
    for place, (_, turns) in enumerate(moments, 1):
        for turn in turns:
            yield _turn(turn, place, people.get(turn.participant), conflict, categories, measure)


def _person(one: Participant, measure: Measure) -> str:
    told = f": {_rolled(one, measure)}" if one.joined and (one.roll or one.value is not None) else ""
    ready = READY if one.joined else NOT_YET
    return f"{ready} {_named(one.name, one, measure)}{told}{'' if one.joined else ': waiting'}"


def _rolled(one: Participant, measure: Measure) -> str:
    return plain(one.roll, 60) if measure.parts and one.roll else str(one.value)


def _named(name: str, one: Participant | None, measure: Measure) -> str:
    marks = []
    if one and one.gone:
        marks.append("left the server")
    if one and one.hidden:
        marks.append("hidden")
    told = f" ({', '.join(marks)})" if marks else ""
    return f"**{plain(name, measure.name)}**{told}"


def _turn(
    turn: Turn,
    place: int,
    one: Participant | None,
    conflict: Conflict,
    categories: dict[str, str],
    measure: Measure,
) -> str:
    rolled = _rolled(one, measure) if one and one.value is not None and not turn.extra else ""
    # “1.” would make a list that Discord numbers anew, and equals have the same number.
    head = f"{_mark(turn, conflict.phase)}`{place}` {_named(turn.name, one, measure)}"
    extra = f"extra action {turn.number}" if turn.extra else ""
    said = _said(turn, categories, measure) if conflict.phase in (DECLARE, ACT) else ""
    return " · ".join(part for part in (head, extra, rolled, said) if part)


def _mark(turn: Turn, phase: str) -> str:
    if turn.state == CURRENT or (phase == ACT and turn.ready):
        return f"{HERE} "
    return f"{TICK} " if turn.state == DONE else ""


def _said(turn: Turn, categories: dict[str, str], measure: Measure) -> str:
    if turn.state == SKIPPED:
        return PASSED
    if not turn.action:
        return UNDECLARED if turn.state != DONE else ""
    kind = categories.get(turn.category, "")
    return f"{plain(turn.action, measure.action)}{f' ({plain(kind, 40)})' if kind and measure.parts else ''}"
