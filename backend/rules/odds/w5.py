"""Exact odds of a Werewolf pool (5th edition). With `choice` brutal_gain, brutal outcomes are turned to use."""

from collections.abc import Sequence

from rules.dice import w5
from rules.dice.base import RAGE, Rolled
from rules.odds.base import Odds, Offer
from rules.odds.fifth import System
from rules.odds.states import LOSS, TEN, WIN, Face, Tally

FACES = (Face(w5.BRUTAL, False, mark=1), Face(LOSS.number - w5.BRUTAL, False), WIN, TEN)

SYSTEM = System(
    special=RAGE,
    faces=FACES,
    merge=lambda marks, more: min(w5.BRUTAL_DICE, marks + more),
    verdicts=w5.VERDICTS,
    pool=lambda options: (options.dice - options.rage_dice, options.rage_dice),
    rule=w5.slug_of,
    counted=w5.counted,
    mark=w5.mark,
    may_reroll=w5.may_reroll,
    strategies=w5.strategies,
)


def count(options: w5.Options, choice: str = "", reroll: str = "") -> Tally:
    return SYSTEM.count(options, choice, reroll)


def odds(options: w5.Options, choice: str = "", reroll: str = "") -> Odds:
    """The odds before the roll; `reroll` spends Willpower on up to three failed dice: "always", or "if_lost".

    Only regular dice are counted as rolled again: who rerolls Rage dice risks new brutal ones.
    """
    return SYSTEM.odds(options, choice, reroll)


def reroll_odds(options: w5.Options, rolled: Rolled, picked: Sequence[int], choice: str = "") -> Odds:
    """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
    return SYSTEM.reroll_odds(options, rolled, picked, choice)


def offers(options: w5.Options, rolled: Rolled) -> tuple[Offer, ...]:
    """Each strategy with its odds."""
    return SYSTEM.offers(options, rolled)
