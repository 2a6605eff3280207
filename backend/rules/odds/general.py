"""Exact odds of sums of dice: `3d6 + 2d10 - 1`, `2 * 1d4`, `4d6kh3`; None for what is no such sum, or too much of one.

Counts are whole numbers until the last division.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import comb
from typing import NamedTuple

from d20 import diceast as ast

from rules.dice.expression import faces, parse
from rules.dice.general import VERDICTS, Options
from rules.odds.base import Odds, deviation, passed_share, sorted_outcomes

# Additions of whole numbers, about a tenth of a microsecond each.
MAX_WORK = 300_000


class Sums(NamedTuple):
    """`ways[n]` is in how many ways the sum is `least + n`."""

    least: int
    ways: list[int]


class Term(NamedTuple):
    """So many dice of a size, each times a whole number; `keep` of them, the highest or the lowest."""

    times: int
    number: int
    size: int | str
    keep: int
    highest: bool = True

    @property
    def step(self) -> int:
        return abs(self.times) * (10 if self.size == "%" else 1)

    @property
    def sides(self) -> int:
        return len(faces(self.size))


class _NoSum(Exception):
    pass


def odds(options: Options) -> Odds | None:
    try:
        found = list(_terms(parse(options.expression).roll, 1))
    except _NoSum:
        return None
    terms = [term for term in found if isinstance(term, Term)]
    if _work(terms) > MAX_WORK:
        return None
    sums = Sums(sum(term for term in found if isinstance(term, int)) + options.modifier, [1])
    for term in terms:
        sums = _together(sums, _of(term))
    return _odds_of(options, sums)


def _terms(node: ast.Node, times: int) -> Iterator[Term | int]:
    match node:
        case ast.Parenthetical() | ast.AnnotatedNumber():
            yield from _terms(node.value, times)
        case ast.UnOp():
            yield from _terms(node.value, -times if node.op == "-" else times)
        case ast.BinOp(op="+" | "-"):
            yield from _terms(node.left, times)
            yield from _terms(node.right, times if node.op == "+" else -times)
        case ast.BinOp(op="*", left=ast.Literal(value=int() as factor), right=other):
            yield from _terms(other, times * factor)
        case ast.BinOp(op="*", left=other, right=ast.Literal(value=int() as factor)):
            yield from _terms(other, times * factor)
        case ast.Literal(value=int() as value):
            yield times * value
        case ast.Dice() | ast.OperatedDice() if not times:
            yield 0
        case ast.Dice():
            yield Term(times, node.num, node.size, node.num)
        case ast.OperatedDice():
            yield _kept(node, times)
        case _:
            raise _NoSum


def _kept(node: ast.OperatedDice, times: int) -> Term:
    """`kh3` and its like; nothing else about dice is a plain sum."""
    operations = [(operation.op, sel.cat, sel.num) for operation in node.operations for sel in operation.sels]
    number = node.value.num
    match operations:
        case [("k", "h" | "l" as end, keep)]:
            return Term(times, number, node.value.size, min(keep, number), end == "h")
        case [("p", "h" | "l" as end, dropped)]:
            return Term(times, number, node.value.size, max(0, number - dropped), end == "l")
    raise _NoSum


def _work(terms: list[Term]) -> int:
    lengths = [term.keep * (term.sides - 1) * term.step + 1 for term in terms]
    own = sum(
        term.number * length if term.keep == term.number else term.sides * term.number**2 * length
        for term, length in zip(terms, lengths, strict=True)
    )
    reached, joined = 1, 0
    for length in lengths:
        joined += reached * length if reached > 1 else 0
        reached += length
    return own + joined


def _of(term: Term) -> Sums:
    ways = _all(term) if term.keep == term.number else _some(term)
    least = min(faces(term.size)) * term.keep * abs(term.times)
    if term.times < 0:
        return Sums(-least - len(ways) + 1, ways[::-1])
    return Sums(least, ways)


def _all(term: Term) -> list[int]:
    """Each die more: a sliding sum over as many places as it has faces."""
    ways = [1]
    width = term.sides * term.step
    for _ in range(term.number):
        before = ways
        ways = [0] * (len(before) + width - term.step)
        for place in range(len(ways)):
            come = before[place] if place < len(before) else 0
            gone = before[place - width] if 0 <= place - width < len(before) else 0
            ways[place] = come - gone + (ways[place - term.step] if place >= term.step else 0)
    return ways


def _some(term: Term) -> list[int]:
    """Face by face from the end that is kept: in how many ways so many dice show these faces, by the sum kept."""
    table: dict[int, dict[int, int]] = {0: {0: 1}}
    ranks = range(term.sides)
    for rank in reversed(ranks) if term.highest else ranks:
        grown: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for thrown, sums in table.items():
            for same in range(term.number - thrown + 1):
                orders = comb(term.number - thrown, same)
                more = min(same, max(0, term.keep - thrown)) * rank * term.step
                for total, ways in sums.items():
                    grown[thrown + same][total + more] += orders * ways
        table = grown
    length = term.keep * (term.sides - 1) * term.step + 1
    return [table[term.number].get(total, 0) for total in range(length)]


def _together(sums: Sums, others: Sums) -> Sums:
    ways = [0] * (len(sums.ways) + len(others.ways) - 1)
    for place, left in enumerate(sums.ways):
        if left:
            for index, right in enumerate(others.ways, place):
                ways[index] += left * right
    return Sums(sums.least + others.least, ways)


def _odds_of(options: Options, sums: Sums) -> Odds:
    every = sum(sums.ways)
    mean = sum(number * ways for number, ways in enumerate(sums.ways, sums.least)) / every
    shares = tuple(ways / every for ways in sums.ways)
    if options.difficulty is None:
        outcomes = {"total": 1.0}
    else:
        reached = sum(sums.ways[max(0, options.difficulty - sums.least) :])
        outcomes = {"success": reached / every, "failure": (every - reached) / every}
    return Odds(
        outcomes=sorted_outcomes(outcomes, tuple(VERDICTS)),
        successes=shares,
        mean=mean,
        least=sums.least,
        passed=passed_share(outcomes, VERDICTS),
        deviation=deviation(shares, mean, sums.least),
    )
