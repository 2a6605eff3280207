"""Chronicles of Darkness: eights win, tens roll again, and a chance die when nothing is left (CoD core 69–73).

Bonuses first, then penalties; a pool below one die is a chance die, on which only a 10 succeeds, a 1 is a dramatic
failure, and nothing rolls again. A rote action rolls each failed die once more; of a chance die too, but a dramatic
failure stands. What the second die of a chance shows counts in full: a 1 on it is a dramatic failure as well.

Where a lower number than the target rolls again (8-again against a target of 9), that die does both: it brings another
die and it is no success; it is not rolled once more for a rote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contract.translation import N_, _
from rules.dice.base import (
    CHANCE,
    EXTRA,
    REGULAR,
    ROTE,
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
from rules.dice.pool import PoolLine
from rules.dice.source import Source
from rules.dice.wounds import lines_cod
from rules.errors import Problems, Unprocessable
from rules.notices import Notice, notice
from rules.options import Flag, OptionSet, Text, Whole, declare, declared

# Dice that roll again may go on for ever; this many are far beyond what a table will ever see.
MAX_EXTRA = 200
MAX_POOL = 30
NO_AGAIN = 11
EXCEPTIONAL = 5
DRAMATIC = "dramatic_failure"
VERDICTS = {
    DRAMATIC: Verdict("Dramatic failure", "dramatic_failure", "#cd0e0e", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "success": Verdict("Success", "success", "#66ff33", True),
    "exceptional": Verdict("Exceptional success", "exceptional", "#66ffcc", True),
}


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options of a roll of Chronicles of Darkness."""

    bonus: int = declare(Whole("Bonus", "Extra dice", 0, MAX_POOL, start=0, first=True))
    penalty: int = declare(Whole("Penalty", "Fewer dice", 0, MAX_POOL, start=0, first=True))
    willpower: bool = declare(Flag("Willpower", "Spend Willpower for three dice", start=False, first=True))
    specialty: str = declare(Text("Specialty", "A specialty that helps", 100, start="", anywhere=True))
    rote: bool = declare(Flag("Rote", "Reroll every failed die once", start=False, anywhere=True))
    target: int = declare(
        Whole(
            "Success from", "A die succeeds from this number up; 8 if left out", 2, 10, start=8, anywhere=True
        )
    )
    again: int = declare(
        Whole(
            "Again from",
            "A die rolls again from this number up; 10 if left out, 11 for none",
            8,
            NO_AGAIN,
            start=10,
            anywhere=True,
        )
    )
    wound: int = declare(Whole("Wound penalty", "Dice lost to wounds", 0, 3, start=0))


@dataclass(frozen=True)
class Options(Record):
    """`again` is the lowest number that rolls again, 11 for none. `wound` is the penalty for wounds, at least 0.

    `willpower_left` None is that of somebody without a sheet.
    """

    pool: int
    bonus: int = 0
    penalty: int = 0
    specialty: str = ""
    willpower: bool = False
    rote: bool = False
    target: int = 8
    again: int = 10
    wound: int = 0
    willpower_left: int | None = None

    def __post_init__(self) -> None:
        problems = Problems()
        problems.whole("pool", self.pool, 0, MAX_POOL)
        RollOptions.judge(problems, self, *declared(RollOptions))
        problems.whole("willpower_left", self.willpower_left, 0, 10, none=True)
        if self.willpower and self.willpower_left == 0:
            problems.add("willpower", _("There is no Willpower left to spend."))
        problems.settle()

    @cached_property
    def lines(self) -> tuple[PoolLine, ...]:
        named = (
            PoolLine(N_("Bonus"), self.bonus),
            PoolLine(N_("Specialty"), int(bool(self.specialty)), specialty=self.specialty),
            PoolLine(N_("Willpower"), 3 * self.willpower),
            PoolLine(N_("Penalty"), -self.penalty),
        )
        return (
            PoolLine(N_("Pool"), self.pool),
            *(line for line in named if line.dice),
            *lines_cod(self.wound),
        )

    @cached_property
    def chance(self) -> bool:
        return sum(line.dice for line in self.lines) < 1

    @cached_property
    def dice(self) -> int:
        """One at least: the chance die."""
        return max(1, sum(line.dice for line in self.lines))

    def failed(self, value: int) -> bool:
        """Neither a success nor rolled again anyway."""
        return value < min(self.target, self.again)


def roll(options: Options, source: Source) -> Rolled:
    if options.chance:
        return Rolled(_roll_chance(options, source))
    dice = list(throw(options.dice, REGULAR, source))
    if options.rote:
        dice += throw(sum(options.failed(die.value) for die in dice), ROTE, source)
    return Rolled((*dice, *_explosions(options, dice, source)))


def _roll_chance(options: Options, source: Source) -> tuple[Die, ...]:
    first = throw(1, CHANCE, source)
    again = options.rote and 1 < first[0].value < 10
    return first + throw(int(again), ROTE, source)


def _explosions(
    options: Options, dice: Iterable[Die], source: Source, room: int = MAX_EXTRA
) -> tuple[Die, ...]:
    extra: list[Die] = []
    owed = _exploding(options, dice)
    while owed and len(extra) < room:
        added = throw(min(owed, room - len(extra)), EXTRA, source)
        extra += added
        owed = _exploding(options, added)
    return tuple(extra)


def _exploding(options: Options, dice: Iterable[Die]) -> int:
    return sum(die.value >= options.again for die in dice)


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    if options.chance:
        slug, successes = _judge_chance(dice[-1].value)
    else:
        successes = sum(die.value >= options.target for die in dice)
        slug = slug_of(successes)
    # A player may make a failure a dramatic one, for a Beat (core, “Dramatic failure”).
    choices = (DRAMATIC,) if slug == "failure" and not choice else ()
    if choice == DRAMATIC and slug == "failure":
        slug = DRAMATIC
    verdict = VERDICTS[slug]
    return Outcome(
        slug,
        verdict.label,
        verdict.tone,
        verdict.colour,
        verdict.passed,
        successes,
        choices=choices,
        notices=tuple(_notices(options, dice)),
    )


def choose(options: Options, rolled: Rolled, choice: str) -> Rolled:
    """The failure becomes a dramatic one. Raises Unprocessable (`no_choice`)."""
    if choice not in judge(options, rolled.dice, rolled.choice).choices:
        raise Unprocessable(_("Only a failure can become a dramatic failure."), "no_choice")
    return replace(rolled, choice=choice)


def _judge_chance(value: int) -> tuple[str, int]:
    if value == 1:
        return DRAMATIC, 0
    return ("success", 1) if value == 10 else ("failure", 0)


def slug_of(successes: int) -> str:
    if successes >= EXCEPTIONAL:
        return "exceptional"
    return "success" if successes else "failure"


def succeeded(options: Options, die: Die) -> bool:
    """For drawing: a chance die wants a 10, whatever the target."""
    return die.value >= (10 if options.chance else options.target)


def _notices(options: Options, dice: Sequence[Die]) -> Iterable[Notice]:
    if options.chance:
        yield notice("chance_die")
    elif _exploding(options, dice) > sum(die.kind == EXTRA for die in dice):
        yield notice("reroll_limit", most=MAX_EXTRA)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    """Dice that failed and were not rolled again for a rote; never a chance die."""
    if options.chance or rolled.rerolled or rolled.choice:
        return ()
    done = any(die.kind == ROTE for die in rolled.dice)
    return tuple(
        index
        for index, die in enumerate(rolled.dice)
        if options.failed(die.value) and not (done and die.kind == REGULAR)
    )


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    """Failed dice once more, once: for powers that make an action rote afterwards. New tens roll again as well."""
    chosen = tuple(picked)
    again = roll_again(rolled, chosen, may_reroll(options, rolled), source, most=len(rolled.dice))
    fresh = [again.dice[index] for index in chosen]
    room = MAX_EXTRA - sum(die.kind == EXTRA for die in rolled.dice)
    extra = _explosions(options, fresh, source, room)
    return Rolled((*again.dice, *extra), again.rerolled, again.before, again.choice)


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    failed = may_reroll(options, rolled)
    return (
        [Strategy("failures", N_("Reroll failures"), failed, N_("Every die that failed"))] if failed else []
    )


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """The point of Willpower is on no sheet: there are none of these games yet."""
    return ()
