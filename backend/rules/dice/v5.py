"""Vampire, 5th edition: regular dice, and Hunger dice in their place (core 117–122, 205–207)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import (
    HUNGER,
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
from rules.dice.blood_potency import blood_potency
from rules.dice.source import Source
from rules.options import Flag, SheetWhole, Text, Whole, declare

VERDICTS = {
    "bestial": Verdict("Bestial failure", "bestial", "#cd0e0e", False),
    "total_failure": Verdict("Total failure", "total_failure", "#ffcc00", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "messy": Verdict("Messy critical", "messy", "#ff0066", True),
    "critical": Verdict("Critical win", "critical", "#66ffcc", True),
    "success": Verdict("Success", "success", "#66ff33", True),
}
CHOICES = ("",)
# What the Hunger dice show: bits of a mark.
ONE, TEN = 1, 2
MAX_POTENCY = 10


@dataclass(frozen=True, kw_only=True)
class RollOptions(fifth.RollOptions):
    """The options of a roll of a vampire."""

    hunger: int | None = declare(
        Whole("Hunger", "Hunger dice; the sheet’s if left out", 0, 5, first=True, sheet="hunger")
    )
    surge: bool | int | None = declare(
        SheetWhole(
            "Blood Surge",
            "Blood Surge, by the sheet’s Blood Potency (core 218)",
            0,
            MAX_POTENCY,
            "blood_potency",
            "Blood Potency for a surge without a sheet",
            slash="blood_surge",
            first=True,
        )
    )
    rouse: int = declare(
        Whole("Rouse checks", "Rouse checks made with the roll (core 211)", 0, 5, start=0, anywhere=True)
    )
    rouse_reroll: bool = declare(
        Flag("Two dice per Rouse check", "Two dice for each Rouse check", start=False)
    )
    discipline: str = declare(Text("Discipline", "A discipline to add", 50, start="", completes="discipline"))
    discipline_bonus: bool = declare(
        Flag("Blood Potency bonus", "Only the Blood Potency bonus (core 216)", start=False)
    )
    level: int | None = declare(
        Whole("Level", "The power’s level: decides whether its Rouse checks have two dice", 1, 5)
    )


@dataclass(frozen=True)
class Options(Record):
    """`hunger` is that before the roll; `surge` the Blood Potency of a vampire that surges, None for no surge.

    A surge costs a Rouse check, which is its own roll (`checks.rouse`), and its Hunger comes after this one (core 218).
    `difficulty` None is one that nobody told: it is met by one success and shows no margin. `plain`: see `fifth.PLAIN`.
    """

    pool: int
    hunger: int = 0
    difficulty: int | None = None
    specialty: str = ""
    surge: int | None = None
    plain: bool = False

    def __post_init__(self) -> None:
        problems = fifth.judge(self, self.pool, "hunger", by=RollOptions)
        problems.whole("surge", self.surge, 0, MAX_POTENCY, none=True)
        if self.surge is not None and self.hunger == 5:
            problems.add(
                "surge",
                _("At Hunger 5 you can’t rouse the Blood at will, so no Blood Surge (core 211)."),
            )
        problems.settle()

    @property
    def dice(self) -> int:
        bonus = 0 if self.surge is None else blood_potency(self.surge).surge
        return max(1, self.pool + bonus + bool(self.specialty))

    @property
    def hunger_dice(self) -> int:
        return min(self.hunger, self.dice)

    @property
    def rouses(self) -> int:
        """Rouse checks that this roll itself costs."""
        return int(self.surge is not None)


def roll(options: Options, source: Source) -> Rolled:
    return Rolled(
        throw(options.dice - options.hunger_dice, REGULAR, source)
        + throw(options.hunger_dice, HUNGER, source)
    )


def mark(dice: Iterable[Die]) -> int:
    shown = {die.value for die in dice if die.kind == HUNGER}
    return ONE * (1 in shown) | TEN * (10 in shown)


def slug_of(options: Options, successes: int, pair: bool, shown: int, choice: str = "") -> str:
    """The outcome's slug from what counts of the dice; the odds use the same rule (core 120, 206–207)."""
    if successes < fifth.goal(options.difficulty):
        if shown & ONE:
            return "bestial"
        return "failure" if successes else "total_failure"
    if pair:
        return "messy" if shown & TEN else "critical"
    return "success"


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    successes, pair = fifth.tally(dice)
    slug = slug_of(options, successes, pair, mark(dice))
    # Either may end in a compulsion (core 208).
    offers = ("compulsion",) if slug in ("bestial", "messy") else ()
    return fifth.outcome(VERDICTS, slug, successes, options.difficulty, offers=offers)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    """Hunger dice are never rolled again (core 205)."""
    return () if rolled.rerolled or options.plain else fifth.indexes(rolled.dice, fifth.regular)


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    """One to three regular dice once more, once; the point of Willpower is `checks.spend_willpower`."""
    return roll_again(
        rolled, picked, fifth.indexes(rolled.dice, fifth.regular), source, most=fifth.MOST_AGAIN
    )


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    if not may_reroll(options, rolled):
        return []
    return fifth.offer(fifth.common_strategies(rolled) + _out_of_the_mess(options, rolled))


def _out_of_the_mess(options: Options, rolled: Rolled) -> list[Strategy]:
    """One ten on the Hunger dice stays: the pair breaks only if all regular tens go, and three can."""
    tens = fifth.indexes(rolled.dice, lambda die: die.kind == REGULAR and die.value == 10)
    messy = judge(options, rolled.dice).slug == "messy"
    if not messy or rolled.values(HUNGER).count(10) > 1 or len(tens) > fifth.MOST_AGAIN:
        return []
    both = (tens + fifth.indexes(rolled.dice, fifth.lost))[: fifth.MOST_AGAIN]
    return [
        Strategy(
            "messy", N_("Avoid the mess"), tens, N_("The regular tens, to break the pair"), avoids="messy"
        ),
        Strategy(
            "messy_failures",
            N_("Avoid the mess, reroll failures"),
            both,
            N_("The regular tens, then failures"),
            avoids="messy",
        ),
    ]


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """Nothing on the sheet follows from the dice alone."""
    return ()
