"""A conflict as one embed whose description is the order of turns, never larger than Discord takes.

The order is a list of lines, not of fields: fifty participants fit. They are shown in full where there is room, more
briefly where there is not, and those left out even so are counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import discord

from contract.conflicts import Conflict, InitiativeRoll, Participant, Turn
from contract.labels import label
from contract.notices import sentence
from contract.translation import N_, _, n_
from rodbot.core.embeds import TITLE, linkable
from rodbot.core.text import MESSAGE, clip, escape, join_lines, units

GATHER, ORDER, DECLARE, ACT = "gather", "order", "declare", "act"
CURRENT, DONE, SKIPPED = "current", "done", "skipped"
DESCRIPTION = 4000
EFFECTS = 900
NOTICES = 600
HERE, READY, NOT_YET, TICK = "📌", "◆", "◇", "✓"
COLOURS = {
    GATHER: 0x3D6FB4,
    ORDER: 0x7A4FB5,
    DECLARE: 0xC2820A,
    ACT: 0x2E8B57,
}
OVER = 0x6B6B6B
UNDECLARED, PASSED = N_("Undeclared"), N_("Skipped")
# The signs in words.
WORDS = {
    HERE: N_("Now:"),
    TICK: N_("Done:"),
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
    """How many characters of a name and of an action are shown, and whether a roll is shown with its parts."""

    name: int
    action: int
    parts: bool


MEASURES = (Measure(60, 150, True), Measure(40, 60, False), Measure(28, 24, False))


def embed(conflict: Conflict, *, local: bool = False) -> discord.Embed:
    """The conflict as a card."""
    card = discord.Embed(
        title=clip(_title(conflict), TITLE),
        url=linkable(conflict.url, local),
        colour=discord.Colour(COLOURS.get(conflict.phase, OVER) if conflict.open else OVER),
        description=_description(conflict),
    )
    card.set_footer(
        text=clip(" · ".join(part for part in (_(conflict.label), _(conflict.hint)) if part), 300)
    )
    return card


def text(conflict: Conflict) -> str:
    """The conflict for screen readers: words only, no signs."""
    lines = [_title(conflict), *_lines(conflict, MEASURES[1])]
    lines += [_effect(effect.name, effect.text, label(effect.label)) for effect in conflict.effects]
    words = join_lines([*lines, escape(_(conflict.hint), 200)] if conflict.hint else lines, MESSAGE, 120)
    for sign, word in WORDS.items():
        words = words.replace(sign, _(word))
    return clip(words, MESSAGE)


def _title(conflict: Conflict) -> str:
    name = escape(conflict.title, 120) if conflict.title else _("Conflict")
    turn = [_("round {number}", number=conflict.round)] if conflict.round > 1 else []
    return f"{' · '.join([name, *turn])}: {escape(_(conflict.phase_label), 60)}"


def content(conflict: Conflict) -> str | None:
    """Whose turn it is. `Reply.notify` decides whom the mention notifies."""
    if not conflict.mention or not conflict.open:
        return None
    player = f"<@{conflict.mention}>"
    if conflict.phase == DECLARE:
        return _("{player}, declare your action.", player=player)
    return _("{player}, it’s your turn.", player=player)


def _description(conflict: Conflict) -> str:
    notices = [f"• {escape(sentence(notice), 200)}" for notice in conflict.notices]
    effects = [_effect(effect.name, effect.text, label(effect.label)) for effect in conflict.effects]
    below = [part for part in (_cut(effects, EFFECTS, _("Effects")), _cut(notices, NOTICES, "")) if part]
    room = DESCRIPTION - sum(units(part) + 2 for part in below)
    return "\n\n".join([_order(conflict, room), *below])


def _effect(name: str, text: str, lasts: str) -> str:
    target = f"{escape(name, 40)}: " if name else ""
    return f"• {target}{escape(text, 150)} ({escape(lasts, 60)})"


def _cut(lines: Sequence[str], room: int, head: str) -> str:
    if not lines:
        return ""
    return "\n".join([*([f"**{head}**"] if head else []), join_lines(list(lines), room, len(lines))])


def _order(conflict: Conflict, room: int) -> str:
    """All participants, as fully as there is room for."""
    lines: list[str] = []
    for measure in MEASURES:
        lines = list(_lines(conflict, measure))
        if sum(units(line) + 1 for line in lines) <= room:
            break
    at = next((n for n, line in enumerate(lines) if line.startswith(HERE)), 0)
    return "\n".join(_window(lines, room, at)) or _("Nobody has joined yet.")


def _window(lines: list[str], room: int, at: int) -> list[str]:
    """Whole lines as long as they fit, the one at `at` among them, and how many were left out."""
    if sum(units(line) + 1 for line in lines) <= room:
        return lines
    start, end, left = max(0, at - BEFORE), max(0, at - BEFORE), room - 80
    while end < len(lines) and units(lines[end]) < left:
        left -= units(lines[end]) + 1
        end += 1
    while end == len(lines) and start and units(lines[start - 1]) < left:
        start -= 1
        left -= units(lines[start]) + 1
    after = len(lines) - end
    above = [n_("… {count} before", "… {count} before", start)] if start else []
    below = [
        n_(
            "… and {count} more; the title opens the list",
            "… and {count} more; the title opens the list",
            after,
        )
    ]
    return [*above, *lines[start:end], *(below if after else [])]


def _lines(conflict: Conflict, measure: Measure) -> Iterator[str]:
    participants = {participant.id: participant for participant in conflict.participants}
    if conflict.phase == GATHER or not conflict.turns:
        yield from (_participant(participant, measure) for participant in conflict.participants)
        return
    categories = {category.slug: category.label for category in conflict.categories}
    moments = groupby(conflict.turns, key=lambda turn: (turn.extra, turn.together))
    for place, (_moment, turns) in enumerate(moments, 1):
        for turn in turns:
            yield _turn(turn, place, participants.get(turn.participant), conflict, categories, measure)


def _participant(participant: Participant, measure: Measure) -> str:
    name = _name(participant.name, participant, measure)
    if not participant.joined:
        return " ".join([NOT_YET, _("{name}: waiting", name=name)])
    return f"{READY} {name}" + (f": {_roll(participant.roll, measure)}" if participant.roll else "")


def _roll(roll: InitiativeRoll, measure: Measure) -> str:
    return escape(label(roll.text), 60) if measure.parts else str(roll.value)


def _name(name: str, participant: Participant | None, measure: Measure) -> str:
    marks = []
    if participant and participant.gone:
        marks.append(_("left the server"))
    if participant and participant.hidden:
        marks.append(_("hidden"))
    return f"**{escape(name, measure.name)}**" + (f" ({', '.join(marks)})" if marks else "")


def _turn(
    turn: Turn,
    place: int,
    participant: Participant | None,
    conflict: Conflict,
    categories: dict[str, str],
    measure: Measure,
) -> str:
    rolled = participant.roll if participant and not turn.extra else None
    roll = _roll(rolled, measure) if rolled else ""
    # “1.” would make a list that Discord numbers by itself, and equals have the same number.
    head = f"{_mark(turn, conflict.phase)}`{place}` {_name(turn.name, participant, measure)}"
    extra = _("extra action {number}", number=turn.number) if turn.extra else ""
    action = _action(turn, categories, measure) if conflict.phase in (DECLARE, ACT) else ""
    return " · ".join(part for part in (head, extra, roll, action) if part)


def _mark(turn: Turn, phase: str) -> str:
    if turn.state == CURRENT or (phase == ACT and turn.ready):
        return f"{HERE} "
    return f"{TICK} " if turn.state == DONE else ""


def _action(turn: Turn, categories: dict[str, str], measure: Measure) -> str:
    if turn.state == SKIPPED:
        return _(PASSED)
    if not turn.action:
        return _(UNDECLARED) if turn.state != DONE else ""
    category = categories.get(turn.category, "")
    kind = f" ({escape(_(category), 40)})" if category and measure.parts else ""
    return f"{escape(turn.action, measure.action)}{kind}"
