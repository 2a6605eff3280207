"""Throws of the 5th edition by brute force, written from the rules alone: nothing here uses the engine or its odds."""

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import NamedTuple

# Successes are those that count; see the three systems below.
Shares = dict[tuple[str, int], Fraction]


class Facts(NamedTuple):
    """Of some dice: sixes and more, tens, ones, ones and twos."""

    wins: int
    tens: int
    ones: int
    low: int


@cache
def throws(number: int) -> Counter[Facts]:
    """All 10^number throws of so many dice, one by one."""
    return Counter(
        Facts(
            sum(value > 5 for value in values),
            values.count(10),
            values.count(1),
            sum(value < 3 for value in values),
        )
        for values in product(range(1, 11), repeat=number)
    )


def successes(plain: Facts, special: Facts) -> int:
    return plain.wins + special.wins + 2 * ((plain.tens + special.tens) // 2)


def v5(plain: Facts, special: Facts, need: int) -> tuple[str, int]:
    total = successes(plain, special)
    if total == 0 or total < need:
        return ("bestial" if special.ones else "total_failure" if total == 0 else "failure"), total
    if plain.tens + special.tens < 2:
        return "success", total
    return ("messy" if special.tens else "critical"), total


def w5(plain: Facts, special: Facts, need: int) -> tuple[str, int]:
    total = successes(plain, special)
    if special.low > 1:
        return "brutal", total
    if total == 0:
        return "total_failure", total
    if total < need:
        return "failure", total
    return ("critical" if plain.tens + special.tens > 1 else "success"), total


def w5_gain(plain: Facts, special: Facts, need: int) -> tuple[str, int]:
    slug, total = w5(plain, special, need)
    if slug != "brutal":
        return slug, total
    return ("brutal_gain" if total + 4 >= need else "brutal"), total + 4


def h5(plain: Facts, special: Facts, need: int) -> tuple[str, int]:
    total = successes(plain, special)
    won = total > 0 and total >= need
    if special.ones:
        return ("choice" if won else "despair"), total
    if not won:
        return ("failure" if total else "total_failure"), total
    return ("critical" if plain.tens + special.tens > 1 else "success"), total


Rule = Callable[[Facts, Facts, int], tuple[str, int]]


def shares(rule: Rule, plain: int, special: int, need: int) -> Shares:
    """The exact distribution of a pool of plain and special dice."""
    found: Counter[tuple[str, int]] = Counter()
    for faces, ways in throws(plain).items():
        for other, more in throws(special).items():
            found[rule(faces, other, need)] += ways * more
    return {key: Fraction(number, 10 ** (plain + special)) for key, number in found.items()}


# Faces that differ for no rule, with how many of ten they are: a value that stands for each.
PLAIN_FACES = {2: 5, 6: 4, 10: 1}
SPECIAL_FACES = {1: 1, 2: 1, 3: 3, 6: 4, 10: 1}


def facts(values: tuple[int, ...]) -> Facts:
    return Facts(
        sum(value > 5 for value in values),
        values.count(10),
        values.count(1),
        sum(value < 3 for value in values),
    )


def _faces(faces: dict[int, int], number: int) -> Iterator[tuple[tuple[int, ...], int]]:
    for values in product(faces, repeat=number):
        ways = 1
        for value in values:
            ways *= faces[value]
        yield values, ways


def shares_with_willpower(
    rule: Rule, plain: int, special: int, need: int, only_lost: bool, won: set[str]
) -> Shares:
    """As `shares`, and then the first three failed plain dice again: always, or only if the roll was lost."""
    found: Counter[tuple[str, int]] = Counter()
    for values, ways in _faces(PLAIN_FACES, plain):
        for others, more in _faces(SPECIAL_FACES, special):
            hungry = facts(others)
            again = min(3, sum(value <= 5 for value in values))
            if only_lost and rule(facts(values), hungry, need)[0] in won:
                again = 0
            kept = sorted(values)[again:]
            for fresh, still_more in _faces(PLAIN_FACES, again):
                key = rule(facts((*kept, *fresh)), hungry, need)
                found[key] += ways * more * still_more * 10 ** (3 - again)
    return {key: Fraction(number, 10 ** (plain + special + 3)) for key, number in found.items()}
