"""Exact odds of a Hunter pool (5th edition). With `choice` overreach or despair, that is always chosen."""

from rules.dice import h5
from rules.dice.base import DESPERATION
from rules.odds.fifth import System
from rules.odds.states import LOSS, TEN, WIN, Face, keep

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
count, odds, reroll_odds, offers = SYSTEM.count, SYSTEM.odds, SYSTEM.reroll_odds, SYSTEM.offers
