"""The grammar of dice expressions is d20's; this bounds what may be asked for. `table` works it out.

d20 (PyPI) brings the grammar that players know from other tables: `4d6kh3`, `2d6e6`, `(1d8, 1d6)kh1`. Its own
evaluation draws from one generator of the whole process, picks dice in no fixed order and limits nothing but their
number; so only its parser is used.

Spellings of other dice bots are read as their players mean them (`6d6!`, `4d6d1`, `5d10t8`, `3d6 # damage`), or refused
with ours. A comparison counts the dice that hold it: `10d10>=7`.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from operator import eq, gt, lt

import d20
from d20 import diceast as ast

from contract.lookup import WIDTHLESS
from contract.translation import N_, _
from rules.dice.bounds import bound
from rules.errors import Invalid
from rules.text import clean

MAX_TEXT = 200
MAX_DICE = 300
MAX_EXTRA = 200  # dice that explosions and rerolls add
MAX_SIDES = 10_000
MAX_NUMBER = 1_000_000
MAX_TOTAL = 1_000_000_000  # a column of the database holds twice that
MAX_DEPTH = 20
MAX_SELECTORS = 20

SPELLINGS = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "≧": ">=", "≦": "<="}
)
AROUND_D = re.compile(r"(?<=[0-9]) *d *(?=[0-9%])")
COMMENT = re.compile(r"#.*$")
REPEATED = re.compile(r"^\s*\d+\s*#")
# Some dice, as the beginning of what another bot writes behind them.
SOME = r"(\d*d(?:\d+|%))"
# What players of other bots write, and ours.
READ = (
    (re.compile(r"=([<>])"), r"\1="),
    (re.compile(r"(?<![<>=!])=(?!=)"), "=="),
    (re.compile(r"(?<=[\d%]) +(?=(?:[kpd][hl]|[ke!t]|rr|ro|ra|mi|ma)[<>]?\d)"), ""),
    (re.compile(r"(?<=[\d%])([kd][hl])(?![\d<>])"), r"\g<1>1"),
    (re.compile(SOME + r"!(?=[<>]?\d)"), r"\1e"),
    (re.compile(r"(\d*d(\d+))!(?![!po=<>\d])"), r"\1e\2"),
    (re.compile(SOME + r"dl?(\d+)"), r"\1pl\2"),
    (re.compile(SOME + r"dh(\d+)"), r"\1ph\2"),
    (re.compile(SOME + r"t(\d+)(?!\d*f)"), r"\1>=\2"),
)
# What could be meant in several ways, and what to write instead.
REFUSED = (
    (
        re.compile(SOME + r"!(?!=\d)"),
        N_("Dice that explode are written with e and what explodes, such as 6d6e6 or 5d10e>8."),
    ),
    (
        re.compile(SOME + r"t\d+f"),
        N_("Ones don’t take successes away here: 5d10>=8 counts the dice that reach 8."),
    ),
    (re.compile(SOME + r"f\d"), N_("Failures aren’t counted here: 5d10>=8 counts the dice that reach 8.")),
    (
        re.compile(SOME + r"k\d+(?![\dk])"),
        N_("Write kh3 to keep the three highest dice, kl3 for the three lowest."),
    ),
    (
        re.compile(SOME + r"(?:r(?![roa])|rh|rl)"),
        N_("Write rr1 to reroll ones until there are none, ro1 to reroll them once."),
    ),
)
COMPARISONS = frozenset((">=", "<=", ">", "<", "==", "!="))

Amount = int | Fraction
Selectors = Sequence[ast.SetSelector]


def refuse(sentence: str) -> Invalid:
    return Invalid.field("expression", sentence)


@lru_cache(maxsize=512)
def parse(text: str) -> ast.Node:
    """The tree of an expression whose work is bounded; nobody changes it. Raises Invalid."""
    if len(text) > MAX_TEXT:
        raise refuse(
            _(
                "An expression may have {most} characters; this has {length}.",
                most=MAX_TEXT,
                length=len(text),
            )
        )
    plain = _as_here(text)
    if not plain:
        raise refuse(_("Write dice, such as 3d6 + 2."))
    try:
        # A parser of its own: the shared one keeps a cache that threads would corrupt.
        tree = d20.Roller().parse(plain)
    except d20.RollSyntaxError as error:
        raise refuse(_not_understood(error)) from None
    _check(tree)
    return tree


def _as_here(text: str) -> str:
    """The expression in our own spelling. Raises Invalid for what other bots mean in several ways."""
    wide = unicodedata.normalize("NFKC", WIDTHLESS.sub("", text)).translate(SPELLINGS).lower()
    if REPEATED.search(wide):
        raise refuse(_("One roll at a time: write the dice alone, without a number and “#” before them."))
    plain = AROUND_D.sub("d", COMMENT.sub("", wide).strip())
    for pattern, ours in READ:
        plain = pattern.sub(ours, plain)
    for pattern, sentence in REFUSED:
        if pattern.search(plain):
            raise refuse(_(sentence))
    return plain


def _not_understood(error: d20.RollSyntaxError) -> str:
    if not error.got:
        return _("Something is missing at the end of the expression.")
    got = clean(str(error.got), 20)
    return _(
        "“{got}” doesn’t fit at position {col}. Write dice such as 3d6 + 2d10 - 1 or 4d6kh3.",
        got=got,
        col=error.col,
    )


def nodes(tree: ast.Node) -> Iterable[tuple[ast.Node, int]]:
    """Every node with the number of brackets and signs around it."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        inside = depth + isinstance(node, ast.Parenthetical | ast.NumberSet | ast.UnOp)
        waiting.extend((child, inside) for child in node.children)


def _check(tree: ast.Node) -> None:
    dice = selectors = 0
    for node, depth in nodes(tree):
        if depth > MAX_DEPTH:
            raise refuse(_("The brackets are nested more than {most} deep.", most=MAX_DEPTH))
        if isinstance(node, ast.Dice):
            dice += node.num
            _check_dice(node)
        elif isinstance(node, ast.OperatedSet):
            selectors += sum(len(operation.sels) for operation in node.operations)
            for operation in node.operations:
                _check_operation(operation, node.value)
            _check_dropped(node)
        elif isinstance(node, ast.BinOp) and node.op in COMPARISONS:
            _check_comparison(node)
        elif isinstance(node, ast.Literal) and node.value > MAX_NUMBER:
            raise refuse(_("A number can be up to {most:,}.", most=MAX_NUMBER))
    if dice > MAX_DICE:
        raise refuse(_("One roll can have up to {most} dice.", most=MAX_DICE))
    if selectors > MAX_SELECTORS:
        raise refuse(_("One roll can have up to {most} operators.", most=MAX_SELECTORS))
    if bound(tree.roll, MAX_EXTRA).size > MAX_TOTAL:
        raise refuse(_("The total can be up to {most:,}; this could be more.", most=MAX_TOTAL))


def _check_comparison(node: ast.BinOp) -> None:
    """Only the dice of one throw can be counted: whether a sum reaches a number is what the difficulty is for."""
    if not isinstance(node.left, ast.Dice | ast.OperatedDice) or not isinstance(node.right, ast.Literal):
        raise refuse(
            _(
                "“{op}” counts dice, such as 10d10{op}7. For a sum, name a difficulty; put the counted "
                "dice in brackets to add to them: (10d10>=7) + 2.",
                op=node.op,
            )
        )


def _check_dice(node: ast.Dice) -> None:
    if node.size != "%" and not 1 <= node.size <= MAX_SIDES:
        raise refuse(_("A die has 1 to {most:,} sides.", most=MAX_SIDES))
    if node.num < 1:
        raise refuse(_("Roll at least one die."))


def _check_dropped(node: ast.OperatedSet) -> None:
    """Refuse to drop every die, or to keep none: something else was meant, as with `2d6d6` and `4d6kh0`."""
    if _most_dice(node)[0] <= 0:
        raise refuse(
            _(
                "{node} would leave no dice. Keep at least one, as kh1 does; to add dice, put a + "
                "between them.",
                node=node,
            )
        )


def _most_dice(node: ast.Node) -> tuple[float, Iterable[int] | None]:
    """How many dice (or parts of a set) can be left at most, and the faces that they show, where that is known."""
    match node:
        case ast.Dice():
            return node.num, faces(node.size)
        case ast.NumberSet():
            return len(node.values), None
        case ast.Parenthetical():
            return _most_dice(node.value)
        case ast.OperatedSet():
            most, shown = _most_dice(node.value)
            for operation in node.operations:
                if operation.op in ("k", "p"):
                    most = _most_left(operation, most, shown)
                elif operation.op in ("e", "ra"):
                    most = math.inf
                else:
                    shown = None
            return most, shown
    return 1, None


def _most_left(operation: ast.SetOperator, most: float, shown: Iterable[int] | None) -> float:
    """How many of `most` dice can be left; `shown` are the faces that they can show, where that is known."""
    ranked = sum(selector.num for selector in operation.sels if selector.cat in ("l", "h"))
    by_face = [selector for selector in operation.sels if selector.cat not in ("l", "h")]
    fitting = [fits(by_face, face) for face in shown] if shown and by_face else [bool(by_face), False]
    if operation.op == "p":
        return 0 if all(fitting) else most - ranked
    return most if any(fitting) else min(most, ranked)


def _check_operation(operation: ast.SetOperator, target: ast.Node) -> None:
    if any(selector.num > MAX_NUMBER for selector in operation.sels):
        raise refuse(_("A number can be up to {most:,}.", most=MAX_NUMBER))
    if operation.op in ("mi", "ma") and any(selector.cat for selector in operation.sels):
        raise refuse(_("After {op} comes a plain number, such as {op}2.", op=operation.op))
    if operation.op == "ma" and any(selector.num < 1 for selector in operation.sels):
        raise refuse(
            _("After ma comes the highest number a die counts, such as ma5; below 1 no die would count.")
        )
    if operation.op in ("rr", "e"):
        if any(selector.cat in ("l", "h") for selector in operation.sels):
            raise refuse(_("After {op} comes what to look for, such as {op}1 or {op}<3.", op=operation.op))
        if isinstance(target, ast.Dice) and all(fits(operation.sels, face) for face in faces(target.size)):
            raise refuse(
                _("{target}{operation} would never end: every face fits.", target=target, operation=operation)
            )


def faces(size: int | str) -> range:
    """What a die can show. `d%` is a hundred-sided die."""
    return range(1, 101) if size == "%" else range(1, int(size) + 1)


def fits(selectors: Selectors, value: Amount) -> bool:
    # No `any`: a generator for each die takes a fifth of a roll's time.
    for selector in selectors:  # noqa: SIM110
        if COMPARES[selector.cat](value, selector.num):
            return True
    return False


COMPARES: dict[str | None, Callable[[Amount, Amount], bool]] = {None: eq, "<": lt, ">": gt}
