"""Hunter, 5th edition: Desperation dice beside the regular ones; Overreach or Despair (core, “Desperation”)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contract.translation import _
from rules.dice import fifth
from rules.dice.base import (
    DESPERATION,
    REGULAR,
    Die,
    Operations,
    Outcome,
    Record,
    Rolled,
    Strategy,
    Verdict,
    adjust,
    difference,
    operation,
    roll_again,
    throw,
)
from rules.dice.source import Source
from rules.errors import Unprocessable
from rules.options import SheetWhole, declare

MOST = 5
VERDICTS = {
    "despair": Verdict("Despair", "despair", "#a60016", False),
    "overreach_critical": Verdict("Critical overreach", "overreach", "#fcbd79", True),
    "overreach": Verdict("Overreach", "overreach", "#e6a35c", True),
    "choice": Verdict("Overreach or Despair", "choice", "#ba1ebd", True),
    "total_failure": Verdict("Total failure", "total_failure", "#cf1723", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "critical": Verdict("Critical win", "critical", "#66ffcc", True),
    "success": Verdict("Success", "success", "#3ee33b", True),
}
OVERREACH, DESPAIR = "overreach", "despair"
CHOICES = ("", OVERREACH, DESPAIR)
# Not an outcome, but dice: Desperation joins a roll that was made without it.
JOIN = "add_desperation"


@dataclass(frozen=True, kw_only=True)
class RollOptions(fifth.RollOptions):
    """The options of a roll of a hunter."""

    desperation: bool | int | None = declare(
        SheetWhole(
            "Desperation",
            "Add the Desperation dice of the sheet",
            0,
            MOST,
            "desperation",
            "How many Desperation dice to add",
            slash="with_desperation",
            first=True,
        )
    )


@dataclass(frozen=True)
class Options(Record):
    """`desperation` dice are added to the pool; `despair` is a hunter in Despair, who has none to add.

    `spare` dice of Desperation may still join. `plain`: see `fifth.PLAIN`.
    """

    pool: int
    desperation: int = 0
    difficulty: int | None = None
    specialty: str = ""
    despair: bool = False
    spare: int = 0
    plain: bool = False

    def __post_init__(self) -> None:
        problems = fifth.judge(self, self.pool, by=RollOptions)
        problems.whole("desperation", self.desperation, 0, MOST)
        problems.whole("spare", self.spare, 0, MOST)
        problems.flag("despair", self.despair)
        if self.despair is True and self.desperation:
            problems.add("desperation", _("A hunter in Despair cannot draw on Desperation."))
        problems.settle()

    @property
    def dice(self) -> int:
        """The regular dice; Desperation comes on top."""
        return max(1, self.pool + bool(self.specialty))


def roll(options: Options, source: Source) -> Rolled:
    return Rolled(throw(options.dice, REGULAR, source) + throw(options.desperation, DESPERATION, source))


def mark(dice: Iterable[Die]) -> int:
    return int(any(die.kind == DESPERATION and die.value == 1 for die in dice))


def slug_of(options: Options, successes: int, pair: bool, shown: int, choice: str = "") -> str:
    """A 1 on a Desperation die: a failed action is Despair; a won one asks, win and Overreach or fail and Despair."""
    enough = successes >= fifth.goal(options.difficulty)
    if shown:
        if not enough or choice == DESPAIR:
            return "despair"
        if choice != OVERREACH:
            return "choice"
        return "overreach_critical" if pair else "overreach"
    if not enough:
        return "failure" if successes else "total_failure"
    return "critical" if pair else "success"


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    """Overreach raises the cell's Danger by one, Despair stays until the hunter finds back to the Drive."""
    successes, pair = fifth.tally(dice)
    slug = slug_of(options, successes, pair, mark(dice), choice)
    choices: tuple[str, ...] = (OVERREACH, DESPAIR) if slug == "choice" else ()
    if options.spare and not any(die.kind == DESPERATION for die in dice):
        choices = (JOIN,)
    operations: Operations = ()
    if slug == "despair":
        operations = (operation("despair", "set", True),)
    elif choice == OVERREACH and mark(dice):
        operations = adjust("danger", 1)
    return fifth.outcome(
        VERDICTS, slug, successes, options.difficulty, choices=choices, operations=operations
    )


def choose(options: Options, rolled: Rolled, choice: str) -> Rolled:
    """Overreach or Despair. Raises Unprocessable when the dice do not ask, or were answered."""
    if choice not in judge(options, rolled.dice, rolled.choice).choices:
        raise Unprocessable(_("There is nothing to choose between here."), "no_choice")
    return replace(rolled, choice=choice)


def join(options: Options, rolled: Rolled, source: Source) -> tuple[Options, Rolled]:
    """Desperation joins dice that lie already. Raises Unprocessable where none is left to join."""
    if JOIN not in judge(options, rolled.dice, rolled.choice).choices or rolled.rerolled:
        raise Unprocessable(_("Desperation dice can’t be added to this roll."), "no_choice")
    more = throw(options.spare, DESPERATION, source)
    joined = replace(options, desperation=options.spare, spare=0)
    return joined, replace(rolled, dice=rolled.dice + more)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    """Desperation dice are never rolled again, and nothing is once Overreach or Despair was chosen.

    Dice that failed into Despair still may: the point of Willpower comes before the outcome stands.
    """
    if rolled.rerolled or rolled.choice or options.plain:
        return ()
    return fifth.indexes(rolled.dice, fifth.regular)


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    if rolled.choice:
        raise Unprocessable(_("The outcome of this roll was already chosen."), "chosen")
    return roll_again(
        rolled, picked, fifth.indexes(rolled.dice, fifth.regular), source, most=fifth.MOST_AGAIN
    )


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    if not may_reroll(options, rolled):
        return []
    return fifth.offer(fifth.common_strategies(rolled))


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """What changes on the sheet now; `earlier` is the state whose consequences were applied before.

    So a reroll that turns Despair into a win takes the Despair back.
    """
    before = judge(options, earlier.dice, earlier.choice).operations if earlier else ()
    return difference(before, judge(options, rolled.dice, rolled.choice).operations)
