"""Arithmetic on measured values; seconds unless a name says otherwise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0…1) of all values do not exceed, interpolated between neighbours."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def ratio_of_rounds(ours: Sequence[float], floor: Sequence[float]) -> float:
    """Return the median of the ratios of each round: what disturbs a round affects both of its sides."""
    return median([value / base for value, base in zip(ours, floor, strict=True)])


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    return [median(values) for values in rounds]


def spread(rounds: Sequence[Sequence[float]]) -> str:
    """Format the median and the 95th percentile of all rounds together."""
    values = [value for taken in rounds for value in taken]
    return f"{milliseconds(median(values))} (p95 {milliseconds(percentile(values, 0.95))})"


@dataclass(frozen=True)
class Rung:
    """A rate of a ladder: how much of what was due arrived, and how late the last viewer had it."""

    rate: float
    due: int
    arrived: int
    p95: float

    def held(self, limit: float) -> bool:
        return self.arrived == self.due and self.p95 < limit


def highest_held(rungs: Sequence[Rung], limit: float) -> float:
    """Return the last rate before the first that failed; 0 when none held."""
    held = list(takewhile(lambda rung: rung.held(limit), rungs))
    return held[-1].rate if held else 0.0


def growth(samples: Sequence[float], warm_up: float = 0.25) -> float:
    """Compare the medians of the first and last third after the warm-up: 0.1 when the end is 10 % larger."""
    steady = samples[int(len(samples) * warm_up) :]
    third = max(len(steady) // 3, 1)
    return median(steady[-third:]) / median(steady[:third]) - 1
