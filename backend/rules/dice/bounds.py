"""How far from zero an expression can end: what a column and every reader of JSON can hold is known beforehand."""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil

from d20 import diceast as ast


@dataclass(frozen=True)
class Bound:
    """The value is at most `size` from zero; times some number up to `parts` it is a whole one."""

    size: int | Fraction = 0
    parts: int = 1

    def plus(self, other: "Bound") -> "Bound":
        return Bound(self.size + other.size, self.parts * other.parts)

    def times(self, other: "Bound") -> "Bound":
        return Bound(self.size * other.size, self.parts * other.parts)

    def over(self, other: "Bound") -> "Bound":
        """What it is divided by is one of its parts at least, or zero, which is refused when it happens."""
        return Bound(self.size * other.parts, self.parts * max(1, ceil(other.size * other.parts)))


def bound(node: ast.Node, extra: int) -> Bound:
    """Bound an expression; `extra` dice may be added by explosions."""
    if isinstance(node, ast.Literal):
        return _literal(node.value)
    if isinstance(node, ast.BinOp):
        return _put_together(node.op, bound(node.left, extra), bound(node.right, extra))
    if isinstance(node, ast.Dice | ast.NumberSet | ast.OperatedSet):
        return reduce(Bound.plus, _members(node, extra), Bound())
    return bound(node.children[0], extra)


def _literal(value: float) -> Bound:
    return Bound(abs(exact := Fraction(str(value))), exact.denominator)


def _put_together(op: str, left: Bound, right: Bound) -> Bound:
    if op in ("+", "-"):
        return left.plus(right)
    if op == "*":
        return left.times(right)
    if op == "/":
        return left.over(right)
    if op == "//":
        return Bound(left.size * right.parts + 1)
    if op == "%":
        return Bound(right.size, left.parts * right.parts)
    return Bound(1)


def _members(node: ast.Node, extra: int) -> list[Bound]:
    """What an operator picks from."""
    if isinstance(node, ast.Dice):
        return [Bound(100 if node.size == "%" else int(node.size))] * node.num
    if isinstance(node, ast.NumberSet):
        return [bound(value, extra) for value in node.values]
    if not isinstance(node, ast.OperatedSet):
        return [bound(node, extra)]
    members = _members(node.value, extra)
    for operation in node.operations:
        if operation.op in ("e", "ra"):
            members = members + members[:1] * extra
        elif operation.op in ("mi", "ma"):
            least = operation.sels[-1].num
            members = [Bound(max(member.size, least), member.parts) for member in members]
    return members
