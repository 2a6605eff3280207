"""How many messages a channel has in a run, and what reading it cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    few: int = 10_000
    many: int = 1_000_000
    rounds: int = 30


@dataclass(frozen=True)
class Costs:
    """Seconds: of the newest page, a page around a time, a search with 100 hits, unread counts, one keyed SELECT."""

    newest: float
    around: float
    found: float
    unread: float
    floor: float


@dataclass(frozen=True)
class Figures:
    sizes: Sizes
    few: Costs
    many: Costs
