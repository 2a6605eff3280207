"""What odds are made of. A system is a module with `odds(options)` and `reroll_odds(options, rolled, picked)`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from contract.translation import _
from rules.dice.base import Record, Strategy, Verdict
from rules.errors import Invalid


@dataclass(frozen=True)
class Odds(Record):
    """`outcomes` maps the slugs of a system's VERDICTS to probabilities; those that cannot happen are missing.

    `successes[n]` is the probability of `least + n` successes, `beyond` that of more than are listed. `passed` is the
    probability of a win, `deviation` the standard deviation of the successes; None where nobody counted them.
    """

    outcomes: dict[str, float]
    successes: tuple[float, ...]
    mean: float
    least: int = 0
    beyond: float = 0.0
    passed: float | None = None
    deviation: float | None = None

    def at_least(self, number: int) -> float:
        """The probability of so many successes or more."""
        return min(1.0, sum(self.successes[max(0, number - self.least) :]) + self.beyond)


@dataclass(frozen=True)
class Offer(Record):
    """A way to roll again, and exactly what it would do."""

    parts = {"strategy": Strategy, "odds": Odds}

    strategy: Strategy
    odds: Odds


def sorted_outcomes(outcomes: Mapping[str, float], order: Sequence[str]) -> dict[str, float]:
    """Those that can happen, in the order of the verdicts."""
    return {slug: outcomes[slug] for slug in order if outcomes.get(slug)}


def picked_dice(picked: Iterable[int], may: Iterable[int]) -> frozenset[int]:
    """The indexes of dice to roll again. Raises Invalid for none, for one twice, and for one that may not."""
    chosen = tuple(picked)
    if not chosen or len(set(chosen)) != len(chosen) or not set(chosen) <= set(may):
        raise Invalid.field("picked", _("Pick different dice that can be rerolled."))
    return frozenset(chosen)


def passed_share(outcomes: Mapping[str, float], verdicts: Mapping[str, Verdict]) -> float:
    return min(1.0, sum(share for slug, share in outcomes.items() if verdicts[slug].passed))


def deviation(shares: Sequence[float], mean: float, least: int = 0) -> float:
    """The standard deviation of a number whose shares begin at `least`."""
    return sqrt(sum(share * (number - mean) ** 2 for number, share in enumerate(shares, least)))


def convolve(shares: Sequence[float], others: Sequence[float], most: int | None = None) -> list[float]:
    """The distribution of the sum of two independent numbers; with `most`, only up to that index."""
    length = len(shares) + len(others) - 1
    result = [0.0] * (length if most is None else min(length, most + 1))
    for place, share in enumerate(shares):
        if share:
            for index, other in enumerate(others[: max(0, len(result) - place)]):
                result[place + index] += share * other
    return result


def power(shares: Sequence[float], times: int, most: int | None = None) -> list[float]:
    """The distribution of the sum of so many independent numbers alike."""
    result = [1.0]
    square = list(shares)
    while times:
        if times & 1:
            result = convolve(result, square, most)
        times >>= 1
        if times:
            square = convolve(square, square, most)
    return result
