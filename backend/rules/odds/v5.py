"""Exact odds of a Vampire pool (5th edition)."""

from collections.abc import Sequence

from rules.dice import v5
from rules.dice.base import HUNGER, Rolled
from rules.odds.base import Odds, Offer
from rules.odds.fifth import System
from rules.odds.states import LOSS, Face, Tally, keep

# A 1, a 2 to 5, a 6 to 9, a 10: the first and the last leave their mark.
FACES = (
    Face(1, False, mark=v5.ONE),
    Face(LOSS.number - 1, False),
    Face(4, True),
    Face(1, True, ten=True, mark=v5.TEN),
)

SYSTEM = System(
    special=HUNGER,
    faces=FACES,
    merge=keep,
    verdicts=v5.VERDICTS,
    pool=lambda options: (options.dice - options.hunger_dice, options.hunger_dice),
    rule=v5.slug_of,
    counted=lambda successes, marks, choice: successes,
    mark=v5.mark,
    may_reroll=v5.may_reroll,
    strategies=v5.strategies,
)


def count(options: v5.Options, choice: str = "", reroll: str = "") -> Tally:
    return SYSTEM.count(options, choice, reroll)


def odds(options: v5.Options, choice: str = "", reroll: str = "") -> Odds:
    """The odds before the roll; `reroll` spends Willpower on up to three failed dice: "always", or "if_lost"."""
    return SYSTEM.odds(options, choice, reroll)


def reroll_odds(options: v5.Options, rolled: Rolled, picked: Sequence[int], choice: str = "") -> Odds:
    """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
    return SYSTEM.reroll_odds(options, rolled, picked, choice)


def offers(options: v5.Options, rolled: Rolled) -> tuple[Offer, ...]:
    """Each strategy with its odds."""
    return SYSTEM.offers(options, rolled)
