"""The only place where rolls come about and change: one call, one transaction, one event."""

from rolls.services.after import choose, reroll, reveal, strike
from rolls.services.check import check
from rolls.services.common import Answer, Ask
from rolls.services.make import make, odds, odds_of_nobody

__all__ = ["Answer", "Ask", "check", "choose", "make", "odds", "odds_of_nobody", "reroll", "reveal", "strike"]
