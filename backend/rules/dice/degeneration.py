"""Degeneration of the 20th anniversary edition: a virtue against the loss of a dot of Humanity or of a Path.

V20 core 309–312: Conscience, or Conviction on the Paths that know no conscience, against 8 as a rule. A failure costs a
dot of the morality; a botch a dot of the virtue too, and brings a derangement. Without a dot of the virtue one die is
rolled. Where nothing is left to lose, there is nothing to roll for.
"""

from dataclasses import dataclass
from functools import cached_property

from contract.translation import N_, _
from rules.dice import wod20
from rules.dice.base import REGULAR, Check, Record, Step, adjust, throw
from rules.dice.source import Source
from rules.errors import Problems, Unprocessable
from rules.notices import notice
from rules.options import Choice, OptionSet, Whole, declare

# What labels are made of.
AGAINST = N_("difficulty")

DIFFICULTY = 8
CONSCIENCE, CONVICTION = "conscience", "conviction"
VIRTUES = {CONSCIENCE: "Conscience", CONVICTION: "Conviction"}
# The moralities that keep a conscience; every other Path has Conviction in its place.
OF_CONSCIENCE = frozenset({"", "humanity", "path of honorable accord"})
LABELS = {
    "success": N_("No degeneration"),
    "failure": N_("Degeneration"),
    "botch": N_("Degeneration, botched"),
}


def virtue_of(morality: str) -> str:
    """The virtue of a morality, by its name as the sheet has it."""
    return CONSCIENCE if morality.strip().casefold() in OF_CONSCIENCE else CONVICTION


@dataclass(frozen=True, kw_only=True)
class DegenerationOptions(OptionSet):
    difficulty: int = declare(Whole("Difficulty", "8 if left out", 2, 10, start=DIFFICULTY))
    virtue: str | None = declare(Choice("Virtue", "The sheet’s path decides if left out", VIRTUES))


@dataclass(frozen=True)
class Options(Record):
    """`path` names the trait that is lost, `value` its dots; `dots` are those of the virtue, kept as `conscience`."""

    path: str
    value: int
    virtue: str = CONSCIENCE
    dots: int = 1
    difficulty: int = DIFFICULTY

    def __post_init__(self) -> None:
        problems = Problems()
        DegenerationOptions.judge(problems, self, "virtue", "difficulty")
        problems.settle()

    @cached_property
    def roll(self) -> wod20.Options:
        return wod20.Options(pool=max(1, self.dots), difficulty=self.difficulty)


def degeneration(asked: Options, source: Source) -> Check:
    """Raises Unprocessable where the morality is at 0 already."""
    if asked.value < 1:
        raise Unprocessable(_("There is no dot left to lose."), "nothing_to_lose")
    dice = throw(asked.roll.dice, REGULAR, source)
    outcome = wod20.judge(asked.roll, dice)
    lost = () if outcome.passed else adjust(asked.path, -1)
    worse = adjust(CONSCIENCE, -1) if outcome.slug == "botch" and asked.dots else ()
    label = f"{VIRTUES[asked.virtue]} ({AGAINST} {asked.difficulty})"
    return Check(
        slug="degeneration",
        label=LABELS[outcome.slug],
        tone=outcome.tone,
        colour=outcome.colour,
        passed=outcome.passed,
        steps=(Step("degeneration", label, dice, outcome.passed),),
        operations=(*lost, *worse),
        notices=(notice("derangement"),) if outcome.slug == "botch" else (),
        successes=outcome.successes,
    )
