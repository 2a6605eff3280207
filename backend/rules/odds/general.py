"""Exact odds of sums of dice: `3d6 + 2d10 - 1`, `4d6kh3`, `2d6e6`, `10d10>=7`; else None, and `why_none` says why.

Where all faces are alike counts are whole numbers until the last division. Dice that are rerolled, exploded or counted
(`odds/each_die.py`) have shares.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import comb
from typing import NamedTuple

from d20 import diceast as ast

from rules.dice.expression import COMPARISONS, faces, parse
from rules.dice.general import VERDICTS, Options
from rules.notices import Notice, notice
from rules.odds.base import Odds, deviation, passed_share, power, sorted_outcomes
from rules.odds.each_die import NotAlone, TooMuch, contribution

# Additions of whole numbers, about a tenth of a microsecond each.
MAX_WORK = 300_000


class Sums(NamedTuple):
    """`ways[n]` is in how many ways the sum is `least + n`, or its share."""

    least: int
    ways: Sequence[int | float]


class Term(NamedTuple):
    """So many dice of a size, each times a whole number; `keep` of them, the highest or the lowest."""

    times: int
    number: int
    size: int | str
    keep: int
    highest: bool = True

    @property
    def step(self) -> int:
        return abs(self.times)

    @property
    def sides(self) -> int:
        return len(faces(self.size))


class Loose(NamedTuple):
    """So many dice that each bring so much on their own, each times a whole number."""

    times: int
    number: int
    shares: list[float]

    @property
    def length(self) -> int:
        return (self.number * (len(self.shares) - 1)) * abs(self.times) + 1


class _NoSum(Exception):
    """`code` is that of the notice that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def odds(options: Options) -> Odds | None:
    try:
        return _odds(options)
    except _NoSum:
        return None


def why_none(options: Options) -> Notice | None:
    """Why there are no odds; None where there are."""
    try:
        _odds(options)
    except _NoSum as reason:
        return notice(reason.code)
    return None


def _odds(options: Options) -> Odds:
    found = list(_terms(parse(options.expression).roll, 1))
    terms = [term for term in found if isinstance(term, Term)]
    loose = [term for term in found if isinstance(term, Loose)]
    if _work(terms, loose) > MAX_WORK:
        raise _NoSum("odds_too_large")
    sums = Sums(sum(term for term in found if isinstance(term, int)) + options.modifier, [1])
    for term in terms:
        sums = _together(sums, _of(term))
    if loose:
        sums = _as_shares(sums)
        for each in loose:
            sums = _together(sums, _of_loose(each))
    return _odds_of(options, sums)


def _as_shares(sums: Sums) -> Sums:
    every = sum(sums.ways)
    return Sums(sums.least, [ways / every for ways in sums.ways])


def _of_loose(term: Loose) -> Sums:
    shares = power(term.shares, term.number)
    spread = [0.0] * ((len(shares) - 1) * abs(term.times) + 1)
    spread[:: abs(term.times)] = shares
    return Sums(0, spread) if term.times > 0 else Sums(1 - len(spread), spread[::-1])


def _terms(node: ast.Node, times: int) -> Iterator[Term | Loose | int]:
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
        case ast.BinOp(op=op, left=ast.Dice() | ast.OperatedDice(), right=ast.Literal(value=int())) if (
            op in COMPARISONS
        ):
            yield _each(node.left, times, (op, node.right.value)) if times else 0
        case ast.Dice() | ast.OperatedDice() if not times:
            yield 0
        case ast.Dice():
            yield Term(times, node.num, node.size, node.num)
        case ast.OperatedDice():
            yield _kept(node, times)
        case _:
            raise _NoSum("odds_unknown")


def _each(node: ast.Dice | ast.OperatedDice, times: int, counted: tuple[str, int] | None = None) -> Loose:
    """Dice that each bring something whatever the others show."""
    dice, operations = (node, []) if isinstance(node, ast.Dice) else (node.value, node.operations)
    try:
        return Loose(times, dice.num, contribution(faces(dice.size), operations, counted))
    except NotAlone:
        raise _NoSum("odds_unknown") from None
    except TooMuch:
        raise _NoSum("odds_too_large") from None


def _kept(node: ast.OperatedDice, times: int) -> Term | Loose:
    """`kh3` and its like on dice of which all faces are alike; else each die on its own."""
    operations = [(operation.op, sel.cat, sel.num) for operation in node.operations for sel in operation.sels]
    number = node.value.num
    match operations:
        case [("k", "h" | "l" as end, keep)]:
            return Term(times, number, node.value.size, min(keep, number), end == "h")
        case [("p", "h" | "l" as end, dropped)]:
            return Term(times, number, node.value.size, max(0, number - dropped), end == "l")
    return _each(node, times)


def _work(terms: list[Term], loose: list[Loose]) -> int:
    lengths = [term.keep * (term.sides - 1) * term.step + 1 for term in terms]
    own = sum(
        term.number * length if term.keep == term.number else term.sides * term.number**2 * length
        for term, length in zip(terms, lengths, strict=True)
    )
    own += sum((term.number * len(term.shares)) ** 2 // 2 if term.number > 1 else 0 for term in loose)
    reached, joined = 1, 0
    for length in (*lengths, *(term.length for term in loose)):
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
    ways: list[int | float] = [0] * (len(sums.ways) + len(others.ways) - 1)
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
