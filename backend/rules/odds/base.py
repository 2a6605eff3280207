"""What odds are made of. A system is a module with `odds(options)` and `reroll_odds(options, rolled, picked)`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.dice.base import Record, Strategy


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


def convolve(one: Sequence[float], two: Sequence[float], most: int | None = None) -> list[float]:
    """The distribution of the sum of two independent numbers; with `most`, only up to that index."""
    length = len(one) + len(two) - 1
    result = [0.0] * (length if most is None else min(length, most + 1))
    for place, share in enumerate(one):
        if share:
            for index, other in enumerate(two[: max(0, len(result) - place)]):
                result[place + index] += share * other
    return result


def power(one: Sequence[float], times: int, most: int | None = None) -> list[float]:
    """The distribution of the sum of so many independent numbers alike."""
    result = [1.0]
    square = list(one)
    while times:
        if times & 1:
            result = convolve(result, square, most)
        times >>= 1
        if times:
            square = convolve(square, square, most)
    return result
