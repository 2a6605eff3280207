"""Where numbers come from. A source is handed to every roll, so a test can hand in a list."""

import random
import secrets
from collections.abc import Callable, Iterable

# A whole number from 1 to the number of sides.
Source = Callable[[int], int]


def system() -> Source:
    """The operating system's generator; what play uses."""
    return lambda sides: secrets.randbelow(sides) + 1


def listed(values: Iterable[int]) -> Source:
    """Exactly these, in this order. LookupError when they are used up, ValueError when one does not fit the die."""
    waiting = iter(values)

    def draw(sides: int) -> int:
        value = next(waiting, None)
        if value is None:
            raise LookupError("the listed source is used up")
        if not 1 <= value <= sides:
            raise ValueError(f"{value} is on no die with {sides} sides")
        return value

    return draw


def seeded(seed: int) -> Source:
    """The same numbers every time, quickly: for tests and benchmarks, never for play."""
    draw = random.Random(seed).random  # noqa: S311 -- repeatable is the point
    return lambda sides: int(draw() * sides) + 1
