"""Exact odds of a Werewolf pool (5th edition). With `choice` brutal_gain, brutal outcomes are turned to use."""

from rules.dice import w5
from rules.dice.base import RAGE
from rules.odds.fifth import System
from rules.odds.states import LOSS, TEN, WIN, Face

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
# Only regular dice are counted as rolled again: a reroll of Rage dice risks new brutal ones.
count, odds, reroll_odds, offers = SYSTEM.count, SYSTEM.odds, SYSTEM.reroll_odds, SYSTEM.offers
