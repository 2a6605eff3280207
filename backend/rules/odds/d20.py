"""Exact odds of a twenty-sided die, of the higher of two, and of the lower."""

from collections import defaultdict

from rules.dice.d20 import ADVANTAGE, SIDES, VERDICTS, Options, slug_of
from rules.odds.base import Odds, deviation, passed_share, sorted_outcomes


def odds(options: Options) -> Odds:
    shares = [ways(options.advantage, natural) / SIDES**options.dice for natural in range(1, SIDES + 1)]
    outcomes: dict[str, float] = defaultdict(float)
    for natural, share in enumerate(shares, 1):
        total = natural + options.modifier
        outcomes[
            slug_of(natural, None if options.difficulty is None else total - options.difficulty)
        ] += share
    least = 1 + options.modifier
    mean = sum(share * total for total, share in enumerate(shares, least))
    return Odds(
        outcomes=sorted_outcomes(outcomes, tuple(VERDICTS)),
        successes=tuple(shares),
        mean=mean,
        least=least,
        passed=None if options.difficulty is None else passed_share(outcomes, VERDICTS),
        deviation=deviation(shares, mean, least),
    )


def ways(advantage: str, natural: int) -> int:
    """In how many ways the dice show this number: of one die in one, of two alike as the higher or the lower."""
    if not advantage:
        return 1
    return 2 * natural - 1 if advantage == ADVANTAGE else 2 * (SIDES - natural) + 1
