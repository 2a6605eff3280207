"""Exact odds of a Vampire pool (5th edition)."""

from rules.dice import v5
from rules.dice.base import HUNGER
from rules.odds.fifth import System
from rules.odds.states import LOSS, Face, keep

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
count, odds, reroll_odds, offers = SYSTEM.count, SYSTEM.odds, SYSTEM.reroll_odds, SYSTEM.offers
