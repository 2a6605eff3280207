"""One twenty-sided die and a modifier, against a difficulty or none. With advantage the higher of two dice counts, with
disadvantage the lower.

A natural 20 that reaches its difficulty is told apart, and a natural 1 that does not: what they mean beyond that, each
game says itself. Nothing is rolled again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice.base import DROPPED, REGULAR, Die, Outcome, Record, Rolled, Strategy, Verdict, die, throw
from rules.dice.source import Source
from rules.errors import Problems, Unprocessable
from rules.options import Choice, OptionSet, Whole, declare

SIDES = 20
MAX_MODIFIER = 100
ADVANTAGE, DISADVANTAGE = "advantage", "disadvantage"
BOTH = {ADVANTAGE: N_("Advantage"), DISADVANTAGE: N_("Disadvantage")}
VERDICTS = {
    "fumble": Verdict("Natural 1", "total_failure", "#cd0e0e", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "natural_1": Verdict("Natural 1", "neutral", "#000000", True),
    "total": Verdict("Total", "neutral", "#000000", True),
    "natural_20": Verdict("Natural 20", "neutral", "#000000", True),
    "success": Verdict("Success", "success", "#66ff33", True),
    "critical": Verdict("Natural 20", "critical", "#66ffcc", True),
}


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options of a roll with a twenty-sided die."""

    advantage: str = declare(
        Choice(
            "Advantage",
            "Of two dice the higher counts, or the lower",
            BOTH,
            start="",
            only="roll",
            first=True,
        )
    )
    difficulty: int | None = declare(Whole("Difficulty", "Total to reach", 1, 50, first=True))
    modifier: int = declare(Whole("Modifier", "Added to the total", -50, 50, start=0, first=True))


@dataclass(frozen=True)
class Options(Record):
    """`modifier` is all that is added: abilities, proficiency, what the table gives. `difficulty` None for none."""

    modifier: int
    difficulty: int | None = None
    advantage: str = ""

    def __post_init__(self) -> None:
        problems = Problems()
        problems.whole("modifier", self.modifier, -MAX_MODIFIER, MAX_MODIFIER)
        RollOptions.judge(problems, self, "difficulty", none=True)
        if self.advantage:
            RollOptions.judge(problems, self, "advantage")
        problems.settle()

    @property
    def dice(self) -> int:
        return 2 if self.advantage else 1


def roll(options: Options, source: Source) -> Rolled:
    """The die that counts is regular, the other one dropped."""
    dice = throw(options.dice, REGULAR, source, SIDES)
    values = [fallen.value for fallen in dice]
    kept = values.index(min(values) if options.advantage == DISADVANTAGE else max(values))
    return Rolled(
        tuple(
            fallen if place == kept else die(fallen.value, DROPPED, SIDES)
            for place, fallen in enumerate(dice)
        )
    )


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    """`successes` is the total."""
    natural = next(fallen.value for fallen in dice if fallen.kind == REGULAR)
    total = natural + options.modifier
    margin = None if options.difficulty is None else total - options.difficulty
    slug = slug_of(natural, margin)
    verdict = VERDICTS[slug]
    return Outcome(slug, verdict.label, verdict.tone, verdict.colour, verdict.passed, total, margin)


def slug_of(natural: int, margin: int | None) -> str:
    """The outcome of a natural number, by how far the total is from the difficulty; None where there is none."""
    if margin is None:
        return {1: "natural_1", SIDES: "natural_20"}.get(natural, "total")
    if margin >= 0:
        return "critical" if natural == SIDES else "success"
    return "fumble" if natural == 1 else "failure"


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    return []


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    raise Unprocessable(_("These dice can’t be rerolled."), "no_reroll")
