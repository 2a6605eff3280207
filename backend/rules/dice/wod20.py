"""The 20th anniversary edition: ten-sided dice against a difficulty, ones that cancel, botches.

V20 core, chapter five: each die that reaches the difficulty is a success. Every one is set aside together with a die
that succeeded; so it costs an ordinary success as long as there is one, then a ten that counts twice. A botch is a one
where no die succeeded at all; successes that were merely cancelled make a failure.

Willpower, declared before the roll, is a success that nothing cancels. The modifier comes last, and not below none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rules.dice.base import (
    NIGHTMARE,
    REGULAR,
    Die,
    Operations,
    Outcome,
    Record,
    Rolled,
    Strategy,
    Verdict,
    adjust,
    roll_again,
    throw,
)
from rules.dice.pool import PoolLine
from rules.dice.source import Source
from rules.dice.wounds import INCAPACITATED, LEVELS, lines20th
from rules.errors import Problems
from rules.notices import Notice, notice
from rules.options import Flag, OptionSet, SheetWhole, Text, Whole, declare
from rules.text import counted

MAX_DICE = 50
VERDICTS = {
    "botch": Verdict("Botch", "botch", "#cd0e0e", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "success": Verdict("Success", "success", "#66ff33", True),
}


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options of a roll of the 20th edition."""

    difficulty: int = declare(
        Whole("Difficulty", "From this number on a die succeeds; 6 if left out", 2, 10, start=6, first=True)
    )
    willpower: bool = declare(
        Flag("Willpower", "Spend Willpower for a success that nothing cancels", start=False, first=True)
    )
    modifier: int = declare(Whole("Modifier", "Automatic successes, or fewer", -20, 20, start=0, first=True))
    specialty: str = declare(Text("Specialty", "A specialty that helps", 100, start="", anywhere=True))
    nightmare: bool | int | None = declare(
        SheetWhole(
            "Nightmare dice",
            "As many Nightmare dice as the sheet has",
            0,
            MAX_DICE,
            "nightmare",
            "How many of the dice are Nightmare dice",
            slash="sheet_nightmare",
            anywhere=True,
        )
    )
    no_botch: bool = declare(Flag("No botch", "Ones neither cancel nor botch", start=False))
    wounded: bool = declare(Flag("Wound penalty", "No: wounds take no dice", start=True))


@dataclass(frozen=True)
class Options(Record):
    """`pool` is that before wounds, `wound` the level of them (see `wounds.LEVELS`).

    `nightmare` dice are part of the pool (C20). `willpower_left` None is that of somebody without a sheet.
    `no_botch`: ones neither cancel nor botch, as for soaking damage.
    """

    pool: int
    difficulty: int = 6
    specialty: str = ""
    willpower: bool = False
    modifier: int = 0
    nightmare: int = 0
    wound: int = 0
    no_botch: bool = False
    willpower_left: int | None = None

    def __post_init__(self) -> None:
        problems = Problems()
        problems.whole("pool", self.pool, 1, MAX_DICE)
        named = ("difficulty", "specialty", "willpower", "modifier", "no_botch")
        RollOptions.judge(problems, self, *named)
        problems.whole("nightmare", self.nightmare, 0, MAX_DICE)
        problems.whole("wound", self.wound, 0, len(LEVELS) - 1)
        problems.whole("willpower_left", self.willpower_left, 0, 10, none=True)
        problems.settle()
        self._check_together(problems)

    def _check_together(self, problems: Problems) -> None:
        if self.nightmare > self.pool:
            problems.add(
                "nightmare",
                f"The pool has only {counted(self.pool, 'die', 'dice')}; all {self.nightmare} cannot be Nightmare.",
            )
        if self.willpower and self.willpower_left == 0:
            problems.add("willpower", "There is no Willpower left to spend.")
        problems.settle()

    @property
    def dice(self) -> int:
        """Wounds leave one die."""
        return max(1, self.pool - LEVELS[self.wound].penalty)

    @property
    def nightmare_dice(self) -> int:
        return min(self.nightmare, self.dice)

    @property
    def lines(self) -> tuple[PoolLine, ...]:
        return (PoolLine("Pool", self.pool), *lines20th(self.wound))


class Count(NamedTuple):
    """What the dice show: ones that cancel, successes, and among these the tens that count twice."""

    ones: int
    wins: int
    tens: int


def roll(options: Options, source: Source) -> Rolled:
    nightmare = options.nightmare_dice
    return Rolled(throw(options.dice - nightmare, REGULAR, source) + throw(nightmare, NIGHTMARE, source))


def count(options: Options, dice: Iterable[Die]) -> Count:
    values = [die.value for die in dice]
    return Count(
        ones=0 if options.no_botch else values.count(1),
        wins=sum(value >= options.difficulty for value in values),
        tens=values.count(10) if options.specialty else 0,
    )


def left_of(ones: int, wins: int, tens: int) -> int:
    """What is left of the successes once ones have cancelled."""
    ordinary = wins - tens
    if ones <= ordinary:
        return ordinary - ones + 2 * tens
    return 2 * max(0, tens - ones + ordinary)


def successes_of(options: Options, left: int) -> int:
    return max(0, left + options.willpower + options.modifier)


def slug_of(options: Options, left: int, bare: bool) -> str:
    """The outcome's slug; `bare`: a one and no die that succeeded. The odds use the same rule."""
    if successes_of(options, left):
        return "success"
    return "botch" if bare else "failure"


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    shown = count(options, dice)
    left = left_of(*shown)
    slug = slug_of(options, left, shown.ones > 0 and not shown.wins)
    verdict = VERDICTS[slug]
    return Outcome(
        slug,
        verdict.label,
        verdict.tone,
        verdict.colour,
        verdict.passed,
        successes_of(options, left),
        notices=tuple(_notices(options, dice)),
    )


def _notices(options: Options, dice: Iterable[Die]) -> Iterable[Notice]:
    wound = LEVELS[options.wound]
    if options.wound == INCAPACITATED:
        yield notice("incapacitated")
    if wound.penalty and options.pool - wound.penalty < 1:
        yield notice("one_die_left", level=wound.name, penalty=wound.penalty)
    if options.nightmare_dice < options.nightmare:
        left, wanted = options.nightmare_dice, options.nightmare
        yield notice("less_nightmare", dice=options.dice, nightmare=left, wanted=wanted)
    if tens := sum(die.kind == NIGHTMARE and die.value == 10 for die in dice):
        yield notice("nightmare_tens", tens=tens)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    return () if rolled.rerolled else tuple(range(len(rolled.dice)))


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    """Any dice once more, once. No rule of the core does this: it is for merits such as Luck."""
    return roll_again(rolled, picked, range(len(rolled.dice)), source, most=MAX_DICE)


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    again = may_reroll(options, rolled)
    return [Strategy("all", "Roll again", again, "The whole roll, for Luck and the like")] if again else []


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """The point of Willpower, with the first roll."""
    return adjust("willpower.current", -1) if options.willpower and earlier is None else ()
