"""Every check of the 5th edition, in one place to import from. Each returns a `Check`.

A check has its steps with their dice, and the changes that follow, for a service to apply together. What the state of
a character does not allow raises Unprocessable before anything is rolled. Tracks tell themselves what overflowed
(Hunger past 5, a stain without a box), so it is not told twice here.
"""

from rules.dice.beast import (
    HUNGER_FRENZY_DIFFICULTY,
    despair_end,
    frenzy,
    frenzy_dice,
    rage_check,
    remorse,
    remorse_dice,
    stains,
)
from rules.dice.blood import (
    blush,
    mend,
    recover_willpower,
    rerolls,
    rouse,
    rouse_in_flesh,
    slake,
    spend_willpower,
    undamaged,
)
from rules.dice.compulsions import CLANS as COMPULSION_CLANS
from rules.dice.compulsions import compulsion
from rules.dice.resonance import RESONANCES, TEMPERAMENTS, resonance
from rules.dice.waking import Night, wake

__all__ = [
    "COMPULSION_CLANS",
    "HUNGER_FRENZY_DIFFICULTY",
    "RESONANCES",
    "TEMPERAMENTS",
    "Night",
    "blush",
    "compulsion",
    "despair_end",
    "frenzy",
    "frenzy_dice",
    "mend",
    "rage_check",
    "recover_willpower",
    "remorse",
    "remorse_dice",
    "rerolls",
    "resonance",
    "rouse",
    "rouse_in_flesh",
    "slake",
    "spend_willpower",
    "stains",
    "undamaged",
    "wake",
]
