"""Filters for rolls and odds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from contract.dice_faces import face
from contract.luck import CheckLuck
from contract.rolls import SUMS, BriefRoll, Chances, Consequence, Die
from contract.translation import N_, _, n_
from main.templatetags.forms import problem_at, problem_of
from main.templatetags.sheet import moment
from rules.odds.chart import Bar, percent, shape_of

register = template.Library()
# Forms about dice and conflicts tell what was refused as all others do.
register.simple_tag(problem_at, takes_context=True)
register.simple_tag(problem_of, takes_context=True)
register.filter(moment)

# What a die is besides a regular one.
KINDS = {
    "bonus": N_("bonus"),
    "chance": N_("chance"),
    "desperation": N_("desperation"),
    "dropped": N_("dropped"),
    "exploded": N_("exploded"),
    "extra": N_("extra"),
    "hunger": N_("hunger"),
    "nightmare": N_("nightmare"),
    "rage": N_("rage"),
}


@register.filter
def share(value: float | None) -> str:
    """Format 0.614 as 61.4 %."""
    return "–" if value is None else percent(value)


@register.filter
def winnable(chances: Chances | None) -> bool:
    """Whether there is anything to win: dice that only add up, or a resonance, have nothing."""
    return chances is not None and any(outcome.tone != "neutral" for outcome in chances.outcomes)


@register.filter
def can_fail(check: CheckLuck) -> bool:
    """Whether a check holds or fails, and does not only find something out."""
    return any(tally.tone != "neutral" for tally in check.outcomes)


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key, key)


@dataclass(frozen=True)
class ShownDie:
    """A die of a roll with its face: shape and words say what it is, colour only adds."""

    value: int
    kind: str
    shape: str
    meanings: tuple[str, ...]
    again: bool

    @property
    def words(self) -> str:
        return ", ".join(map(_, self.meanings))

    @property
    def look(self) -> str:
        """For the style sheet, in every language the same."""
        return "-".join(self.meanings).replace(" ", "-")


@register.filter
def shown_dice(roll: BriefRoll) -> list[ShownDie]:
    """The dice of a roll, in the order in which they fell."""
    return [_shown(roll, number, die) for number, die in enumerate(roll.dice)]


def _shown(roll: BriefRoll, number: int, die: Die) -> ShownDie:
    # What only finds something out, as an initiative does, has no die that wins.
    shown = face(roll.system, die, roll.options) if roll.outcome.tone != "neutral" else None
    again = number in roll.rerolled
    meanings = (
        shown.word if shown else "",
        "" if die.kind == "regular" else KINDS.get(die.kind, die.kind),
        N_("rolled again") if again else "",
    )
    shape = shown.shape if shown else ""
    return ShownDie(die.value, die.kind, shape, tuple(filter(None, meanings)), again)


@register.filter
def trait_changes(consequence: Consequence) -> list[tuple[str, str, str]]:
    """What a roll changed on the sheet: each trait's label, and its value before and after."""
    return [
        (
            consequence.label_of(path),
            consequence.in_words(path, before) or _("nothing"),
            consequence.in_words(path, after) or _("nothing"),
        )
        for path, (before, after) in consequence.changes.items()
    ]


@register.filter
def sums(system: str) -> bool:
    """Whether these dice are added up, and no successes are counted."""
    return system in SUMS


@register.filter
def announced(roll: BriefRoll) -> str:
    """The result in one sentence, for a screen reader."""
    outcome, dice = roll.outcome, shown_dice(roll)
    is_sum = roll.system in SUMS
    counted = outcome.successes is not None and not is_sum and outcome.tone != "neutral"
    successes = ", " + n_("{count} success", "{count} successes", outcome.successes or 0) if counted else ""
    total = f", {outcome.successes}" if outcome.successes is not None and is_sum else ""
    fell = ", ".join(f"{die.value} {die.words}".strip() for die in dice)
    shown = _("Dice: {dice}.", dice=fell) if fell else ""
    return f"{outcome.label}{successes}{total}. {shown}".strip()


@register.inclusion_tag("main/parts/bars.html")
def bar_chart(bars: Sequence[Bar]) -> dict[str, object]:
    """Draw bars whose words have the size of the page's: each with its shape, its name and its number."""
    return {"bars": [_bar(bar) for bar in bars]}


def _bar(bar: Bar) -> dict[str, object]:
    shape = shape_of(bar.tone)
    return {
        "label": bar.label,
        "tone": bar.tone,
        "points": " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points),
        "filled": shape.filled,
        "share": percent(bar.share),
        # Numbers of a drawing, the same in every language.
        "width": f"{bar.share * 100:.1f}",
        "expected": None if bar.expected is None else percent(bar.expected),
        "mark": None if bar.expected is None else f"{bar.expected * 100:.1f}",
    }
