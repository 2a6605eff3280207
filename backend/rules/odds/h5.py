"""Exact odds of a Hunter pool (5th edition). With `choice` overreach or despair, that is always chosen."""

from collections.abc import Sequence

from rules.dice import h5
from rules.dice.base import DESPERATION, Rolled
from rules.odds.base import Odds, Offer
from rules.odds.fifth import System
from rules.odds.states import LOSS, TEN, WIN, Face, Tally, keep

FACES = (Face(1, False, mark=1), Face(LOSS.number - 1, False), WIN, TEN)

SYSTEM = System(
    special=DESPERATION,
    faces=FACES,
    merge=keep,
    verdicts=h5.VERDICTS,
    pool=lambda options: (options.dice, options.desperation),
    rule=h5.slug_of,
    counted=lambda successes, marks, choice: successes,
    mark=h5.mark,
    may_reroll=h5.may_reroll,
    strategies=h5.strategies,
)


def count(options: h5.Options, choice: str = "", reroll: str = "") -> Tally:
    return SYSTEM.count(options, choice, reroll)


def odds(options: h5.Options, choice: str = "", reroll: str = "") -> Odds:
    """The odds before the roll; `reroll` spends Willpower on up to three failed dice: "always", or "if_lost"."""
    return SYSTEM.odds(options, choice, reroll)


def reroll_odds(options: h5.Options, rolled: Rolled, picked: Sequence[int], choice: str = "") -> Odds:
    """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
    return SYSTEM.reroll_odds(options, rolled, picked, choice)


def offers(options: h5.Options, rolled: Rolled) -> tuple[Offer, ...]:
    """Each strategy with its odds."""
    return SYSTEM.offers(options, rolled)
