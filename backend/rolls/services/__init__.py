"""The only place where rolls are made and changed: one call, one transaction, one event."""

from rolls.services.checking import check
from rolls.services.common import Done, RollInput
from rolls.services.revisions import choose, reroll, reveal, strike
from rolls.services.rolling import odds, odds_of_nobody, roll

__all__ = [
    "Done",
    "RollInput",
    "check",
    "choose",
    "odds",
    "odds_of_nobody",
    "reroll",
    "reveal",
    "roll",
    "strike",
]
