"""Werewolf, 5th edition: Rage dice in the place of regular ones, brutal outcomes, rites (core, “Rage” and “Rites”)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import (
    RAGE,
    REGULAR,
    Die,
    Operations,
    Outcome,
    Record,
    Rolled,
    Strategy,
    Verdict,
    roll_again,
    throw,
)
from rules.dice.source import Source
from rules.errors import Unprocessable
from rules.options import Flag, Whole, declare

VERDICTS = {
    "brutal": Verdict("Brutal outcome", "brutal", "#cd0e0e", False),
    "brutal_gain": Verdict("Brutal outcome used", "brutal", "#cd0e0e", True),
    "total_failure": Verdict("Total failure", "total_failure", "#ffcc00", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "critical": Verdict("Critical win", "critical", "#66ffcc", True),
    "success": Verdict("Success", "success", "#66ff33", True),
}
GAIN = "brutal_gain"
CHOICES = ("", GAIN)
# A Rage die of this much or less is brutal, two of them make a brutal outcome, worth so many successes.
BRUTAL = 2
BRUTAL_DICE = 2
GAINED = 4


@dataclass(frozen=True, kw_only=True)
class RollOptions(fifth.RollOptions):
    """The options of a roll of a werewolf; of a rite, with those who take part in it."""

    rage: int | None = declare(
        Whole("Rage", "Rage dice; the sheet’s if left out", 0, 5, first=True, sheet="rage")
    )
    trained: int = declare(
        Whole(
            "Trained in the rite",
            "Participants who know the rite: two dice and one Rage die each",
            0,
            20,
            start=0,
            slash="trained_participants",
            only="rite",
        )
    )
    participants: int = declare(
        Whole(
            "Others in the rite",
            "Participants who don’t know it: one die and one Rage die each",
            0,
            20,
            start=0,
            only="rite",
        )
    )
    rage_checks: int = declare(Whole("Rage checks", "Rage checks after the roll", 0, 5, start=0))
    rage_reroll: bool = declare(Flag("Two dice per Rage check", "Two dice for each Rage check", start=False))


@dataclass(frozen=True)
class Options(Record):
    """`trained` and `participants` take part in a rite: two dice and one die more, each with one of Rage.

    `plain`: see `fifth.PLAIN`.
    """

    pool: int
    rage: int = 0
    difficulty: int | None = None
    specialty: str = ""
    trained: int = 0
    participants: int = 0
    plain: bool = False

    def __post_init__(self) -> None:
        fifth.judge(self, self.pool, "rage", "trained", "participants", by=RollOptions).settle()

    @property
    def dice(self) -> int:
        return max(1, self.pool + bool(self.specialty) + 2 * self.trained + self.participants)

    @property
    def rage_dice(self) -> int:
        return min(self.rage + self.trained + self.participants, self.dice)


def roll(options: Options, source: Source) -> Rolled:
    return Rolled(
        throw(options.dice - options.rage_dice, REGULAR, source) + throw(options.rage_dice, RAGE, source)
    )


def brutal(die: Die) -> bool:
    return die.kind == RAGE and die.value <= BRUTAL


def mark(dice: Iterable[Die]) -> int:
    """Brutal dice, counted up to the two that matter."""
    return min(BRUTAL_DICE, sum(brutal(die) for die in dice))


def counted(successes: int, shown: int, choice: str) -> int:
    return successes + GAINED if choice == GAIN and shown >= BRUTAL_DICE else successes


def slug_of(options: Options, successes: int, pair: bool, shown: int, choice: str = "") -> str:
    """Two brutal dice fail whatever else lies there, unless violence serves: then with four successes more."""
    enough = successes >= fifth.goal(options.difficulty)
    if shown >= BRUTAL_DICE:
        return "brutal_gain" if choice == GAIN and enough else "brutal"
    if not enough:
        return "failure" if successes else "total_failure"
    return "critical" if pair else "success"


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    natural, pair = fifth.tally(dice)
    shown = mark(dice)
    successes = counted(natural, shown, choice)
    slug = slug_of(options, successes, pair, shown, choice)
    choices = (GAIN,) if slug == "brutal" and not choice else ()
    return fifth.outcome(VERDICTS, slug, successes, options.difficulty, choices=choices)


def choose(options: Options, rolled: Rolled, choice: str) -> Rolled:
    """Turns a brutal outcome to use. Raises Unprocessable when it is none, or was chosen before."""
    if choice not in judge(options, rolled.dice, rolled.choice).choices:
        raise Unprocessable(_("There is no brutal outcome to use here."), "no_choice")
    return replace(rolled, choice=choice)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    """Every die but the brutal ones, until the outcome was turned to use."""
    if rolled.rerolled or rolled.choice or options.plain:
        return ()
    return fifth.indexes(rolled.dice, lambda die: not brutal(die))


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    if rolled.choice:
        raise Unprocessable(_("The brutal outcome was already used."), "chosen")
    may = fifth.indexes(rolled.dice, lambda die: not brutal(die))
    return roll_again(rolled, picked, may, source, most=fifth.MOST_AGAIN)


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    if not may_reroll(options, rolled):
        return []
    failures = fifth.indexes(rolled.dice, fifth.lost)
    raging = fifth.indexes(rolled.dice, lambda die: die.kind == RAGE and BRUTAL < die.value < fifth.WINS)
    both = (failures + raging)[: fifth.MOST_AGAIN]
    with_rage = Strategy(
        "failures_rage", N_("Reroll failures with Rage"), both, N_("Failures, then Rage dice of 3 to 5")
    )
    return fifth.offer([*fifth.common_strategies(rolled), with_rage])


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """Nothing on the sheet follows from the dice alone."""
    return ()
