"""Throws of the 20th edition and of Chronicles of Darkness by brute force, from the rules alone: no engine, no odds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

D10 = range(1, 11)
TENTH = Fraction(1, 10)
Shares = dict[tuple[str, int], Fraction]


def wod20(
    values: Sequence[int],
    difficulty: int,
    specialty: bool,
    no_botch: bool,
    willpower: bool,
    modifier: int,
    ones_take_dice: bool = True,
) -> tuple[str, int]:
    """Dice are set aside in pairs, as at a table: a one with an ordinary success if there is one, else with a ten.

    By the other reading each one strikes a single success off the list.
    """
    worth = sorted(2 if specialty and value == 10 else 1 for value in values if value >= difficulty)
    ones = 0 if no_botch else sum(value == 1 for value in values)
    hit = bool(worth)
    if not ones_take_dice:
        worth = [1] * sum(worth)
    for _ in range(ones):
        if worth:
            worth.pop(0)
    total = max(0, sum(worth) + (1 if willpower else 0) + modifier)
    if total > 0:
        return "success", total
    return ("botch" if ones and not hit and not willpower else "failure"), 0


def wod20_shares(dice: int, kept: Sequence[int] = (), **rules: Any) -> Shares:
    found = Counter(wod20([*kept, *values], **rules) for values in product(D10, repeat=dice))
    return {key: Fraction(number, 10**dice) for key, number in found.items()}


@cache
def chain(target: int, again: int, depth: int) -> dict[int, Fraction]:
    """The successes of one die and of those that follow it, `depth` deep; the last one brings no more."""
    found: Counter[int] = Counter()
    for value in D10:
        follows = chain(target, again, depth - 1) if value >= again and depth > 1 else {0: Fraction(1)}
        for more, share in follows.items():
            found[(value >= target) + more] += share * TENTH
    return dict(found)


def _cod_die(target: int, again: int, rote: bool, depth: int) -> dict[int, Fraction]:
    """One die of the pool, with all that it brings."""
    found: Counter[int] = Counter()
    for value in D10:
        won, explodes = value >= target, value >= again
        once_more = explodes or (rote and not won)
        for more, share in (chain(target, again, depth) if once_more else {0: Fraction(1)}).items():
            found[won + more] += share * TENTH
    return dict(found)


def cod_shares(dice: int, target: int, again: int, rote: bool, depth: int) -> dict[str, float]:
    """Outcomes of every combination of what the single dice may bring."""
    single = _cod_die(target, again, rote, depth)
    found: dict[str, float] = Counter()
    for successes, share in _combined(single, dice):
        found["exceptional" if successes > 4 else "success" if successes else "failure"] += share
    return dict(found)


def _combined(shares: dict[int, Fraction], dice: int) -> Iterator[tuple[int, float]]:
    plain = [(number, float(share)) for number, share in shares.items() if share > Fraction(1, 10**9)]
    for together in product(plain, repeat=dice):
        share = 1.0
        for _, part in together:
            share *= part
        yield sum(number for number, _ in together), share
