"""Any dice: an expression such as `3d6 + 2d10 - 1` or `4d6kh3`, perhaps against a difficulty.

`d%` is a hundred-sided die, 1 to 100. A fraction is cut off at the end. Nothing is rolled again afterwards: an
expression says itself what is (`rr`, `ro`).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.translation import _
from rules.dice.base import Die, Outcome, Record, Rolled, Strategy, Verdict
from rules.dice.expression import MAX_EXTRA, MAX_TEXT, Amount, faces, parse, refuse
from rules.dice.source import Source
from rules.dice.table import Many, Table, Thrown, dice_of
from rules.errors import Problems, Unprocessable
from rules.json import Json, JsonObject
from rules.notices import notice
from rules.options import OptionSet, Whole, declare

VERDICTS = {
    "total": Verdict("Total", "neutral", "#000000", True),
    "success": Verdict("Success", "success", "#66ff33", True),
    "failure": Verdict("Failure", "failure", "#000000", False),
}


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options of a roll of any dice."""

    modifier: int = declare(Whole("Modifier", "Added to the total", -10_000, 10_000, start=0, first=True))
    difficulty: int | None = declare(
        Whole("Difficulty", "The total to reach", -1_000_000, 1_000_000, first=True)
    )


@dataclass(frozen=True)
class Options(Record):
    """`difficulty` is what the total must reach; None for none."""

    expression: str
    modifier: int = 0
    difficulty: int | None = None

    def __post_init__(self) -> None:
        problems = Problems()
        problems.words("expression", self.expression, MAX_TEXT)
        RollOptions.judge(problems, self, "modifier")
        RollOptions.judge(problems, self, "difficulty", none=True)
        problems.settle()
        parse(self.expression)


def roll(options: Options, source: Source) -> Rolled:
    table = Table(lambda size: source(len(faces(size))))
    table.roll(parse(options.expression))
    return Rolled(tuple(table.fallen))


def judge(options: Options, dice: Sequence[Die], choice: str = "") -> Outcome:
    """`successes` is the total, rounded towards zero. Raises Invalid when these dice are not of this expression."""
    table, total = _replayed(options, dice)
    reached = math.trunc(total) + options.modifier
    margin = None if options.difficulty is None else reached - options.difficulty
    slug = "total" if margin is None else "success" if margin >= 0 else "failure"
    verdict = VERDICTS[slug]
    notices = (notice("added_limit", most=MAX_EXTRA),) if table.stopped else ()
    return Outcome(
        slug, verdict.label, verdict.tone, verdict.colour, verdict.passed, reached, margin, notices=notices
    )


def groups(options: Options, dice: Sequence[Die]) -> list[Json]:
    """The dice as they were asked for, for a card.

    `[{"text": "4d6kh3", "total", "dice": [{"rolled": [1, 4], "value": 4, "kept", "exploded"}]}]`; of several `rolled`
    the last counts, `value` is that after `mi` and `ma`.
    """
    table, _ = _replayed(options, dice)
    return [_group(many, table.fallen) for many in table.handfuls]


def _group(many: Many, fallen: Sequence[Die]) -> JsonObject:
    thrown = dice_of(many)
    total = sum(int(die.value) for die in thrown if die.kept)
    return {"text": many.text, "total": total, "dice": [_die(die, fallen) for die in thrown]}


def _die(thrown: Thrown, fallen: Sequence[Die]) -> JsonObject:
    rolled: list[Json] = [fallen[place].value for place in thrown.places]
    return {"rolled": rolled, "value": int(thrown.value), "kept": thrown.kept, "exploded": thrown.exploded}


def _replayed(options: Options, dice: Sequence[Die]) -> tuple[Table, Amount]:
    waiting = iter(dice)

    def draw(size: int | str) -> int:
        fallen = next(waiting, None)
        # A zero is of the time when `d%` showed the tens of a hundred.
        if fallen is None or (fallen.value not in faces(size) and (size, fallen.value) != ("%", 0)):
            raise refuse(_("These dice don’t belong to this expression."))
        return fallen.value

    table = Table(draw)
    total = table.roll(parse(options.expression))
    if next(waiting, None) is not None:
        raise refuse(_("These dice don’t belong to this expression."))
    return table, total


def strategies(options: Options, rolled: Rolled) -> list[Strategy]:
    return []


def reroll(options: Options, rolled: Rolled, picked: Iterable[int], source: Source) -> Rolled:
    raise Unprocessable(
        _("General dice can’t be rerolled; the expression itself says which are."), "no_reroll"
    )
