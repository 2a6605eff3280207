"""Plain arithmetic on measured values; seconds unless a name says otherwise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of all values do not exceed, interpolated between neighbours."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def ratio_of_rounds(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of each round: what disturbs one round touches both of its sides."""
    return median([one / other for one, other in zip(ours, floor, strict=True)])


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


@dataclass(frozen=True)
class Rung:
    """One rate of a ladder: how much of what was due arrived, and how late the last viewer had it."""

    rate: float
    due: int
    arrived: int
    p95: float

    def held(self, limit: float) -> bool:
        return self.arrived == self.due and self.p95 < limit


def highest_held(rungs: Sequence[Rung], limit: float) -> float:
    """The last rate before the first that failed; 0 when none held."""
    best = 0.0
    for rung in rungs:
        if not rung.held(limit):
            break
        best = rung.rate
    return best


def growth(samples: Sequence[float], warm_up: float = 0.25) -> float:
    """How much larger the end is than the beginning after the warm-up: medians of the first and last third."""
    steady = samples[int(len(samples) * warm_up) :]
    third = max(len(steady) // 3, 1)
    return median(steady[-third:]) / median(steady[:third]) - 1
