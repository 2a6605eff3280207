"""What one die brings by itself where operators look at each die alone: rerolled, exploded, counted at least, kept by
its face. Exact shares; of explosions without end what is rarer than LEAST is left out.
"""

from collections.abc import Callable, Sequence
from math import log
from typing import Final

from d20 import diceast as ast

from rules.dice.expression import fits
from rules.dice.table import TESTS

LEAST: Final = 1e-16
MAX_FACES: Final = 300
# Times that a die explodes before it is rarer than LEAST, times its faces.
MAX_CHAIN: Final = 1500
# What a die brings, by amount: `shares[n]` is the share of n.
Shares = list[float]


class NotAlone(Exception):
    """An operator looks at several dice, such as `kh3` after a reroll."""


class TooMuch(Exception):
    """It would take too long."""


def contribution(
    faces: Sequence[int], operations: Sequence[ast.SetOperator], counted: tuple[str, int] | None = None
) -> Shares:
    """Return what a die brings with all that it adds; `counted` (`(">=", 7)`): 1 for each die that holds it.

    Raises NotAlone, TooMuch.
    """
    if len(faces) > MAX_FACES:
        raise TooMuch
    if any(
        operation.op == "ra" or any(sel.cat in ("l", "h") for sel in operation.sels)
        for operation in operations
    ):
        raise NotAlone
    return _Die(faces, operations, counted).thrown(0)


class _Die:
    """A die on its way through the operators."""

    def __init__(
        self, faces: Sequence[int], operations: Sequence[ast.SetOperator], counted: tuple[str, int] | None
    ) -> None:
        self._faces, self._operations, self._counted = faces, operations, counted
        self._known: dict[tuple[int, int], Shares] = {}
        self._chains: dict[int, Shares] = {}
        self._work: dict[str, Callable[[int, ast.SetOperator, int], Shares]] = {
            "rr": self._reroll,
            "ro": self._reroll_once,
            "mi": lambda at, operation, face: self._brings(at + 1, max(face, operation.sels[-1].num)),
            "ma": lambda at, operation, face: self._brings(at + 1, min(face, operation.sels[-1].num)),
            "k": lambda at, operation, face: (
                self._brings(at + 1, face) if fits(operation.sels, face) else [1.0]
            ),
            "p": lambda at, operation, face: (
                [1.0] if fits(operation.sels, face) else self._brings(at + 1, face)
            ),
            "e": self._explode,
        }

    def thrown(self, at: int) -> Shares:
        """A die with any face, before the operator at that place."""
        return _average([self._brings(at, face) for face in self._faces])

    def _brings(self, at: int, face: int) -> Shares:
        if (at, face) not in self._known:
            self._known[at, face] = self._worked_out(at, face)
        return self._known[at, face]

    def _worked_out(self, at: int, face: int) -> Shares:
        if at < len(self._operations):
            operation = self._operations[at]
            return self._work[operation.op](at, operation, face)
        if self._counted is None:
            return [0.0] * face + [1.0]
        test, number = self._counted
        return [0.0, 1.0] if TESTS[test](face, number) else [1.0]

    def _reroll(self, at: int, operation: ast.SetOperator, face: int) -> Shares:
        """Until it fits no longer: any other face is as likely as any other."""
        if not fits(operation.sels, face):
            return self._brings(at + 1, face)
        return _average(
            [self._brings(at + 1, other) for other in self._faces if not fits(operation.sels, other)]
        )

    def _reroll_once(self, at: int, operation: ast.SetOperator, face: int) -> Shares:
        return self.thrown(at + 1) if fits(operation.sels, face) else self._brings(at + 1, face)

    def _explode(self, at: int, operation: ast.SetOperator, face: int) -> Shares:
        own = self._brings(at + 1, face)
        if not fits(operation.sels, face):
            return own
        if at not in self._chains:
            self._chains[at] = self._chain(at, operation)
        return _added(own, self._chains[at])

    def _chain(self, at: int, operation: ast.SetOperator) -> Shares:
        """What an explosion adds: dice that explode on, ended by one that does not. A geometric series."""
        ends = [self._brings(at + 1, face) for face in self._faces if not fits(operation.sels, face)]
        goes_on = [self._brings(at + 1, face) for face in self._faces if fits(operation.sels, face)]
        share = len(goes_on) / len(self._faces)
        if share and log(LEAST) / log(share) * len(self._faces) > MAX_CHAIN:
            raise TooMuch
        last, more = _average(ends), _average(goes_on) if goes_on else [1.0]
        found, reached, left = [0.0], [1.0], 1.0
        while left > LEAST:
            found = _sum(found, [part * left * (1 - share) for part in _added(reached, last)])
            reached, left = _added(reached, more), left * share
        return found


def _sum(shares: Shares, others: Shares) -> Shares:
    longer, shorter = (shares, others) if len(shares) >= len(others) else (others, shares)
    return [*(left + right for left, right in zip(longer, shorter, strict=False)), *longer[len(shorter) :]]


def _average(many: list[Shares]) -> Shares:
    total = [0.0] * max(map(len, many))
    for shares in many:
        for place, share in enumerate(shares):
            total[place] += share
    return [share / len(many) for share in total]


def _added(shares: Shares, others: Shares) -> Shares:
    """The distribution of the sum of both."""
    result = [0.0] * (len(shares) + len(others) - 1)
    for place, share in enumerate(shares):
        if share:
            for index, other in enumerate(others, place):
                result[index] += share * other
    return result
