"""The 20th anniversary edition: ten-sided dice against a difficulty, ones that cancel, botches.

V20 core, chapter five: each die that reaches the difficulty is a success, each one cancels. Printings differ about a
one and a ten that counts twice (`READINGS`): it is set aside together with a die, ordinary ones first, or it takes one
success. A botch is a one where no die succeeded at all; successes that were merely cancelled make a failure.

Willpower, declared before the roll, is a success that no one cancels (V20 266), so such a roll never botches. The
modifier comes last, and not below none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contract.translation import N_, _, n_
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
from rules.errors import Invalid, Problems, Unprocessable
from rules.notices import Notice, notice
from rules.options import Flag, OptionSet, SheetWhole, Text, Whole, declare

# What labels are made of.
ROLL_AGAIN = N_("Roll again")

MAX_DICE = 50
# What a one takes: a die that succeeded, or one success.
DICE, SUCCESSES = "dice", "successes"
READINGS = (DICE, SUCCESSES)
# Notices from which a hidden difficulty could be computed.
TELLING = frozenset(("ones_take_dice", "ones_take_successes"))
VERDICTS = {
    "botch": Verdict("Botch", "botch", "#cd0e0e", False),
    "failure": Verdict("Failure", "failure", "#000000", False),
    "success": Verdict("Success", "success", "#66ff33", True),
}


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options of a roll of the 20th edition."""

    difficulty: int = declare(
        Whole("Difficulty", "A die succeeds from this number up; 6 if left out", 2, 10, start=6, first=True)
    )
    willpower: bool = declare(
        Flag("Willpower", "Spend Willpower for a success nothing cancels", start=False, first=True)
    )
    modifier: int = declare(
        Whole("Modifier", "Automatic successes to add or take away", -20, 20, start=0, first=True)
    )
    specialty: str = declare(Text("Specialty", "A specialty that helps", 100, start="", anywhere=True))
    nightmare: bool | int | None = declare(
        SheetWhole(
            "Nightmare dice",
            "As many Nightmare dice as on the sheet",
            0,
            MAX_DICE,
            "nightmare",
            "How many of the dice are Nightmare dice",
            slash="sheet_nightmare",
            anywhere=True,
        )
    )
    no_botch: bool = declare(Flag("No botch", "Ones neither cancel nor botch", start=False))
    wounded: bool = declare(Flag("Wound penalty", "No: wounds don’t take dice", start=True))
    rage_penalty: bool = declare(
        Flag("Rage over Willpower", "No: Rage above Willpower takes no dice from social pools", start=True)
    )


@dataclass(frozen=True)
class Options(Record):
    """`pool` is that before wounds, `wound` the level of them (see `wounds.LEVELS`).

    `nightmare` dice are part of the pool (C20). `willpower_left` None is that of somebody without a sheet.
    `no_botch`: ones neither cancel nor botch, as for soaking damage. `ones` is one of `READINGS`. `again` names what
    allows rolling again, such as a merit; without it nothing does.
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
    ones: str = DICE
    again: str = ""

    def __post_init__(self) -> None:
        problems = Problems()
        problems.whole("pool", self.pool, 1, MAX_DICE)
        named = ("difficulty", "specialty", "willpower", "modifier", "no_botch")
        RollOptions.judge(problems, self, *named)
        problems.whole("nightmare", self.nightmare, 0, MAX_DICE)
        problems.whole("wound", self.wound, 0, len(LEVELS) - 1)
        problems.whole("willpower_left", self.willpower_left, 0, 10, none=True)
        problems.one_of("ones", self.ones, READINGS)
        problems.words("again", self.again, 100)
        problems.settle()
        self._check_together(problems)

    def _check_together(self, problems: Problems) -> None:
        if self.nightmare > self.pool:
            problems.add(
                "nightmare",
                n_(
                    "The pool has only {count} die, so {nightmare} can’t be Nightmare dice.",
                    "The pool has only {count} dice, so {nightmare} can’t be Nightmare dice.",
                    self.pool,
                    nightmare=self.nightmare,
                ),
            )
        if self.willpower and self.willpower_left == 0:
            problems.add("willpower", _("There is no Willpower left to spend."))
        problems.settle()

    @property
    def dice(self) -> int:
        """Wounds leave one die, where the table lets them (`refuse_impossible`)."""
        return max(1, self.pool - LEVELS[self.wound].penalty)

    @property
    def nightmare_dice(self) -> int:
        return min(self.nightmare, self.dice)

    @property
    def lines(self) -> tuple[PoolLine, ...]:
        return (PoolLine(N_("Pool"), self.pool), *lines20th(self.wound))


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


def refuse_impossible(pool: int, wound: int, last_die: bool = False) -> None:
    """Raise unless there is a die to roll. With `last_die`, a house rule, wounds leave one.

    The incapacitated do nothing, and a pool without dice is no action (V20 282; so says its Health chart).
    """
    if pool < 1:
        raise Invalid.field("pool", _("No dice are left in this pool, so the action isn’t possible."))
    level = LEVELS[wound]
    refuse_incapacitated(wound)
    if pool <= level.penalty and not last_die:
        raise Unprocessable(
            n_(
                "{level} takes {count} die of {pool}: that action isn’t possible. With the house rule “Wounds and "
                "the last die”, one die always stays.",
                "{level} takes {count} dice of {pool}: that action isn’t possible. With the house rule “Wounds and "
                "the last die”, one die always stays.",
                level.penalty,
                level=_(level.name),
                pool=pool,
            ),
            "no_dice",
        )


def refuse_incapacitated(wound: int) -> None:
    """Raise for somebody who can do nothing at all, not even wait for a turn."""
    if wound == INCAPACITATED:
        raise Unprocessable(_("{level}: no action is possible.", level=_(LEVELS[wound].name)), "no_dice")


def left_of(ones: int, wins: int, tens: int, reading: str = DICE) -> int:
    """What is left of the successes once ones have cancelled."""
    if reading == SUCCESSES:
        return max(0, wins + tens - ones)
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
    return "botch" if bare and not options.willpower else "failure"


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    shown = count(options, dice)
    left = left_of(*shown, options.ones)
    slug = slug_of(options, left, shown.ones > 0 and not shown.wins)
    verdict = VERDICTS[slug]
    return Outcome(
        slug,
        verdict.label,
        verdict.tone,
        verdict.colour,
        verdict.passed,
        successes_of(options, left),
        notices=tuple(_notices(options, dice, shown)),
    )


def _notices(options: Options, dice: Iterable[Die], shown: Count) -> Iterable[Notice]:
    wound = LEVELS[options.wound]
    if left_of(*shown, DICE) != left_of(*shown, SUCCESSES):
        yield notice("ones_take_dice") if options.ones == DICE else notice("ones_take_successes")
    if options.wound == INCAPACITATED:
        yield notice("incapacitated")
    if wound.penalty and options.pool - wound.penalty < 1:
        yield notice("one_die_left", level=wound.name, penalty=wound.penalty)
    if options.nightmare_dice < options.nightmare:
        left, wanted = options.nightmare_dice, options.nightmare
        yield notice("less_nightmare", dice=options.dice, nightmare=left, wanted=wanted)
    if tens := nightmares(dice):
        yield notice("nightmare_tens", tens=tens)


def nightmares(dice: Iterable[Die]) -> int:
    """Tens on Nightmare dice: each is a point of Nightmare (C20 274)."""
    return sum(die.kind == NIGHTMARE and die.value == 10 for die in dice)


def may_reroll(options: Options, rolled: Rolled) -> tuple[int, ...]:
    """No rule of the core rolls dice again: a merit or a house rule does."""
    return () if rolled.rerolled or not options.again else tuple(range(len(rolled.dice)))


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    """Any dice once more, once."""
    return roll_again(rolled, picked, range(len(rolled.dice)), source, most=MAX_DICE)


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    dice = may_reroll(options, rolled)
    return [Strategy("all", f"{ROLL_AGAIN} ({options.again})", dice, N_("The whole roll"))] if dice else []


def consequences(options: Options, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
    """The point of Willpower, with the first roll; Nightmare for each ten on its dice."""
    spent = adjust("willpower.current", -1) if options.willpower and earlier is None else ()
    before = nightmares(earlier.dice) if earlier else 0
    return spent + adjust("nightmare.temporary", nightmares(rolled.dice) - before)
