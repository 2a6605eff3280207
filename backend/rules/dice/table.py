"""A dice expression worked out, given a way to throw a die.

Operators mean what d20 documents: k keep, p drop, rr reroll until it no longer fits, ro reroll once, e explode, ra
explode one, mi and ma count at least and at most. Dice are picked in the order in which they lie.

The same walk rolls and replays: who throws the recorded dice again in their order comes to the same total.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub

from d20 import diceast as ast

from contract.translation import _
from rules.dice.base import DROPPED, EXTRA, REGULAR, Die, die
from rules.dice.expression import COMPARES, MAX_EXTRA, Amount, Selectors, fits, refuse

# The face of a die of that size; see `expression.faces`.
Draw = Callable[[int | str], int]


@dataclass(eq=False)
class Part:
    """A number with what it is made of. What is not kept counts nothing."""

    value: Amount = 0
    made_of: list["Part"] = field(default_factory=list)
    kept: bool = True

    @property
    def members(self) -> list["Part"]:
        """What an operator picks from."""
        return [self]

    @property
    def total(self) -> Amount:
        return self.value if self.kept else 0

    def drop(self) -> None:
        self.kept = False
        for part in self.made_of:
            part.drop()


@dataclass(eq=False)
class Thrown(Part):
    """A die: `places` are its faces among all that have fallen, the last one counts. `value` is after `mi` and `ma`."""

    places: list[int] = field(default_factory=list)
    exploded: bool = False


@dataclass(eq=False)
class Many(Part):
    """Numbers in brackets, or the dice of one `3d6`: then with its size, and with what was written."""

    size: int | str = 0
    node: ast.Node = None

    @property
    def text(self) -> str:
        return str(self.node)

    @property
    def members(self) -> list[Part]:
        return self.made_of

    @property
    def total(self) -> Amount:
        return sum((part.total for part in self.made_of), 0) if self.kept else 0


@dataclass
class Table:
    """An expression being rolled: every die in the order in which they were rolled."""

    draw: Draw
    fallen: list[Die] = field(default_factory=list)
    handfuls: list[Many] = field(default_factory=list)
    extra: int = 0
    stopped: bool = False

    def roll(self, tree: ast.Node) -> Amount:
        """Raises Invalid where the numbers do not work out."""
        total = self._part(tree.roll).total
        counted = {die.places[-1] for many in self.handfuls for die in dice_of(many) if die.kept}
        for place, fallen in enumerate(self.fallen):
            if place not in counted:
                self.fallen[place] = die(fallen.value, DROPPED, fallen.sides)
        return total

    def _part(self, node: ast.Node) -> Part:
        evaluate = EVALUATE.get(type(node))
        # Else brackets around one number, or what is noted behind one.
        return evaluate(self, node) if evaluate else self._part(node.value)

    def _signed(self, node: ast.UnOp) -> Part:
        inner = self._part(node.value)
        return Part(-inner.total if node.op == "-" else inner.total, [inner])

    def _put_together(self, node: ast.BinOp) -> Part:
        left, right = self._part(node.left), self._part(node.right)
        if node.op in TESTS:
            holding = [part for part in left.members if part.kept and TESTS[node.op](part.value, right.total)]
            return Part(len(holding), [left, right])
        return Part(worked(node.op, left.total, right.total), [left, right])

    def _listed(self, node: ast.NumberSet) -> Part:
        return Many(made_of=[self._part(part) for part in node.values])

    def _handful(self, node: ast.Dice) -> Many:
        many = Many(size=node.size, node=node)
        many.made_of = [self._die(many.size) for _ in range(node.num)]
        self.handfuls.append(many)
        return many

    def _die(self, size: int | str, kind: str = REGULAR) -> Thrown:
        face = self.draw(size)
        self.fallen.append(die(face, kind, 100 if size == "%" else int(size)))
        return Thrown(face, places=[len(self.fallen) - 1])

    def _operated(self, node: ast.OperatedSet) -> Part:
        many = self._part(node.value)
        for operation in node.operations:
            WORK[operation.op](self, many, operation.sels)
        if isinstance(node.value, ast.Dice) and isinstance(many, Many):
            many.node = node
        return many

    def _keep(self, many: Part, selectors: Selectors) -> None:
        chosen = set(map(id, selected(many, selectors)))
        for part in many.members:
            if id(part) not in chosen:
                part.drop()

    def _drop(self, many: Part, selectors: Selectors) -> None:
        for part in selected(many, selectors):
            part.drop()

    def _reroll(self, many: Part, selectors: Selectors) -> None:
        for part in selected(many, selectors):
            while fits(selectors, part.value) and self._may_add():
                self._again(many, part)

    def _reroll_once(self, many: Part, selectors: Selectors) -> None:
        for part in selected(many, selectors):
            if self._may_add():
                self._again(many, part)

    def _again(self, many: Part, part: Part) -> None:
        assert isinstance(many, Many)
        assert isinstance(part, Thrown)
        fresh = self._die(many.size, EXTRA)
        part.value = fresh.value
        part.places += fresh.places

    def _explode(self, many: Part, selectors: Selectors) -> None:
        waiting = selected(many, selectors)
        while waiting:
            added = [self._another(many, die) for die in waiting if self._may_add()]
            waiting = [die for die in added if fits(selectors, die.value)]

    def _explode_once(self, many: Part, selectors: Selectors) -> None:
        for part in selected(many, selectors)[:1]:
            if self._may_add():
                self._another(many, part)

    def _another(self, many: Part, because: Part) -> Part:
        assert isinstance(many, Many)
        assert isinstance(because, Thrown)
        because.exploded = True
        fresh = self._die(many.size, EXTRA)
        many.made_of.append(fresh)
        return fresh

    def _at_least(self, many: Part, selectors: Selectors) -> None:
        for part in many.members:
            part.value = max(part.value, selectors[-1].num)

    def _at_most(self, many: Part, selectors: Selectors) -> None:
        for part in many.members:
            part.value = min(part.value, selectors[-1].num)

    def _may_add(self) -> bool:
        self.stopped = self.stopped or self.extra >= MAX_EXTRA
        self.extra += not self.stopped
        return not self.stopped


Work = Callable[[Table, Part, Selectors], None]
WORK: dict[str, Work] = {
    "k": Table._keep,
    "p": Table._drop,
    "rr": Table._reroll,
    "ro": Table._reroll_once,
    "ra": Table._explode_once,
    "e": Table._explode,
    "mi": Table._at_least,
    "ma": Table._at_most,
}


EVALUATE: dict[type, Callable[[Table, ast.Node], Part]] = {
    ast.Literal: lambda table, node: Part(exact(node.value)),
    ast.UnOp: Table._signed,
    ast.BinOp: Table._put_together,
    ast.NumberSet: Table._listed,
    ast.Dice: Table._handful,
    ast.OperatedSet: Table._operated,
    ast.OperatedDice: Table._operated,
}


def dice_of(many: Many) -> list[Thrown]:
    return [part for part in many.made_of if isinstance(part, Thrown)]


def selected(many: Part, selectors: Selectors) -> list[Part]:
    """The kept members that any selector picks, in their order on the table."""
    kept = [part for part in many.members if part.kept]
    totals = [part.total for part in kept]
    chosen: set[int] = set()
    for selector in selectors:
        if selector.cat in ("l", "h"):
            ranked = sorted(range(len(kept)), key=totals.__getitem__, reverse=selector.cat == "h")
            chosen.update(ranked[: selector.num])
        else:
            compare, number = COMPARES[selector.cat], selector.num
            chosen.update([place for place, total in enumerate(totals) if compare(total, number)])
    return [kept[place] for place in sorted(chosen)]


def exact(value: float) -> Amount:
    """A literal as it was written: 0.1 is a tenth."""
    return value if isinstance(value, int) else Fraction(str(value))


def worked(op: str, left: Amount, right: Amount) -> Amount:
    """Two numbers put together. Raises Invalid for a division by zero."""
    if op in DIVIDES and not right:
        raise refuse(_("You can’t divide by zero."))
    return SIGNS[op](left, right)


TESTS = {"<": lt, ">": gt, "==": eq, ">=": ge, "<=": le, "!=": ne}
DIVIDES = {"/": lambda left, right: Fraction(left) / right, "//": floordiv, "%": mod}
SIGNS: dict[str, Callable[[Amount, Amount], Amount]] = {"+": add, "-": sub, "*": mul, **DIVIDES}
