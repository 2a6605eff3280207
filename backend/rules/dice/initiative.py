"""Who acts when: one die and a rating, and the order that follows.

20th (V20 core, chapter six): a ten-sided die + Dexterity + Wits; ties go to the higher rating, and who is equal in that
too acts at the same moment. Actions are declared from the slowest on, so the quick may answer, and are carried out from
the quickest on. Extra actions come after everybody's own, by the same order.
CoD (core, “Initiative”): a ten-sided die + the Initiative modifier; ties alike. Fantasy alike, by a
twenty-sided one.
5th: no such die. Where a table wants an order, everybody rolls one pool once: successes, then the larger pool.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.conflicts import EXTRA_ACTIONS, MODIFIER, RATING
from rules.dice import fifth
from rules.dice.base import REGULAR, Die, Record, throw
from rules.dice.source import Source
from rules.errors import Problems
from rules.options import OptionSet, Pool, Whole, declare

WITH_A_DIE = ("20th", "cod")


@dataclass(frozen=True, kw_only=True)
class InitiativeOptions(OptionSet):
    """`pool` is for tables of the 5th edition, where one roll decides; the rest goes with the die of the others."""

    rating: int | None = declare(
        Whole(
            "Rating",
            "Dexterity + Wits; the sheet’s if left out",
            *RATING,
            sheet="dexterity + wits",
            slash="dexterity_wits",
            editions=WITH_A_DIE,
        )
    )
    modifier: int = declare(
        Whole("Modifier", "Added to the initiative", *MODIFIER, start=0, editions=WITH_A_DIE)
    )
    extra_actions: int = declare(
        Whole("Extra actions", "Actions after the first", *EXTRA_ACTIONS, start=0, editions=WITH_A_DIE)
    )
    pool: str | int | None = declare(
        Pool(
            "Initiative dice",
            "If one roll of a pool decides: a number, or traits",
            200,
            first=True,
            completes="pool",
            editions=("5th",),
        )
    )


@dataclass(frozen=True)
class Options(Record):
    """`rating` is Dexterity + Wits, or the Initiative modifier of CoD and fantasy, which may be negative."""

    rating: int
    modifier: int = 0
    extra_actions: int = 0

    def __post_init__(self) -> None:
        problems = Problems()
        InitiativeOptions.judge(problems, self, "rating", "modifier", "extra_actions")
        problems.settle()


@dataclass(frozen=True)
class Options5th(Record):
    """`pool` is whatever the table rolls for its order, at least one die."""

    pool: int

    def __post_init__(self) -> None:
        problems = Problems()
        problems.whole("pool", self.pool, 1, 50)
        problems.settle()


@dataclass(frozen=True)
class Initiative(Record):
    """`value` is what counts, `tiebreak` what decides between equals."""

    parts = {"dice": Die}

    dice: tuple[Die, ...]
    value: int
    tiebreak: int
    extra_actions: int = 0


@dataclass(frozen=True)
class Turn(Record):
    """One action: whose (the index among the participants), and whether it is an extra one.

    `together` is the same number for those who act at the same moment.
    """

    who: int
    extra: bool
    together: int


def roll(options: Options, source: Source, sides: int = 10) -> Initiative:
    """For games that roll one die; never below 0."""
    dice = throw(1, REGULAR, source, sides)
    rating = options.rating + options.modifier
    return Initiative(dice, max(0, dice[0].value + rating), rating, options.extra_actions)


def roll5th(options: Options5th, source: Source) -> Initiative:
    dice = throw(options.pool, REGULAR, source)
    successes, _ = fifth.tally(dice)
    return Initiative(dice, successes, options.pool)


def acting(everybody: Sequence[Initiative]) -> list[Turn]:
    """The order in which actions are carried out: everybody's own from the quickest on, then the extra ones."""
    ranked = _ranked(everybody)
    own = [Turn(who, False, rank) for rank, who in ranked]
    extra = [Turn(who, True, rank) for rank, who in ranked for _ in range(everybody[who].extra_actions)]
    last = max((rank for rank, _ in ranked), default=-1) + 1
    return own + [Turn(turn.who, True, last + turn.together) for turn in extra]


def declaring(everybody: Sequence[Initiative]) -> list[Turn]:
    """The order in which actions are declared: own ones from the slowest on, then extra ones from the slowest on."""
    turns = acting(everybody)
    return [turn for extra in (False, True) for turn in reversed(turns) if turn.extra is extra]


def _ranked(everybody: Sequence[Initiative]) -> Iterable[tuple[int, int]]:
    """`(rank, index)`, the quickest first; equals share a rank and keep the order in which they came."""
    keys = [(initiative.value, initiative.tiebreak) for initiative in everybody]
    places = {key: rank for rank, key in enumerate(sorted(set(keys), reverse=True))}
    return sorted((places[key], who) for who, key in enumerate(keys))
