"""Pools of the 5th edition, counted in whole numbers.

A pool is worked through die by die. What matters of the dice so far is a state: how many failures Willpower could still
roll again (up to three, where that is asked for), the successes, what the tens are up to, and a system's mark (a brutal
die, a 1 among the Hunger dice). States that are alike are counted together, so a pool of 30 has some hundred of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from contract.translation import _
from rules.dice.base import Verdict
from rules.errors import Invalid
from rules.odds.base import Odds, sorted_outcomes

# Spare failures, successes, tens (0 none, 1 one, 2 even, 3 odd), mark.
State = tuple[int, int, int, int]
Counts = dict[State, int]
# A state without its successes.
Row = tuple[int, int, int]
# Two marks into one.
Merge = Callable[[int, int], int]
# A state's part in the outcome: its slug and the number of successes that it counts as.
Judge = Callable[[int, bool, int], tuple[str, int]]

NOTHING: Counts = {(0, 0, 0, 0): 1}
# By what the tens are up to: what one more makes of them, and the successes of the pair it completes.
TENS = ((1, 0), (2, 2), (3, 0), (2, 2))
# So many dice Willpower rolls again.
SPARE = 3

REROLLS = ("", "always", "if_lost")


@dataclass(frozen=True)
class Face:
    """Faces of a die that count alike: how many of the ten, and as what."""

    number: int
    win: bool
    ten: bool = False
    mark: int = 0


LOSS, WIN, TEN = Face(5, False), Face(4, True), Face(1, True, ten=True)
REGULAR = (LOSS, WIN, TEN)


class Tally:
    """Whole numbers of equally likely throws by outcome and successes, of `total`."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, int], int] = {}

    def add(self, slug: str, successes: int, number: int) -> None:
        key = slug, successes
        self.counts[key] = self.counts.get(key, 0) + number

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def fractions(self) -> dict[tuple[str, int], Fraction]:
        total = self.total
        return {key: Fraction(number, total) for key, number in self.counts.items()}

    def odds(self, verdicts: Mapping[str, Verdict]) -> Odds:
        """Convert the counts to probabilities; slugs in the order of `verdicts`."""
        total = self.total
        by_slug: dict[str, int] = {}
        by_number = [0] * (1 + max(successes for _, successes in self.counts))
        for (slug, successes), number in self.counts.items():
            by_slug[slug] = by_slug.get(slug, 0) + number
            by_number[successes] += number
        mean = Fraction(sum(n * number for n, number in enumerate(by_number)), total)
        square = Fraction(sum(n * n * number for n, number in enumerate(by_number)), total)
        return Odds(
            outcomes=sorted_outcomes({slug: ways / total for slug, ways in by_slug.items()}, tuple(verdicts)),
            successes=tuple(number / total for number in by_number),
            mean=float(mean),
            deviation=sqrt(square - mean * mean),
            passed=sum(by_slug[slug] for slug in by_slug if verdicts[slug].passed) / total,
        )


def keep(marks: int, more: int) -> int:
    """Marks that are bits."""
    return marks | more


def with_dice(
    counts: Counts, faces: Iterable[Face], number: int, merge: Merge = keep, spare: bool = False
) -> Counts:
    """The states after `number` more dice; with `spare`, failures among them are counted for Willpower.

    States that differ in successes alone are one long number, with a slot for each number of successes: a die more
    shifts and adds it, so that a hundred dice cost little more than ten.
    """
    listed = tuple(faces)
    slot = _slot(counts, number)
    rows = _packed(counts, slot)
    for _step in range(number):
        after: dict[Row, int] = {}
        for row, ways in rows.items():
            for face in listed:
                reached, gain = _with(row, face, merge, spare)
                after[reached] = after.get(reached, 0) + ((ways * face.number) << gain * slot)
        rows = after
    return _unpacked(rows, slot)


def _slot(counts: Counts, dice: int) -> int:
    """Bits that hold the ways of any number of successes after so many more dice; whole bytes."""
    return 8 * (-(-(sum(counts.values()) * 10**dice).bit_length() // 8) or 1)


def _packed(counts: Counts, slot: int) -> dict[Row, int]:
    rows: dict[Row, int] = {}
    for (losses, successes, tens, marks), ways in counts.items():
        row = losses, tens, marks
        rows[row] = rows.get(row, 0) + (ways << successes * slot)
    return rows


def _unpacked(rows: Mapping[Row, int], slot: int) -> Counts:
    counts: Counts = {}
    width = slot // 8
    for (losses, tens, marks), ways in rows.items():
        data = ways.to_bytes(-(-ways.bit_length() // slot) * width, "little")
        for successes, start in enumerate(range(0, len(data), width)):
            if number := int.from_bytes(data[start : start + width], "little"):
                counts[losses, successes, tens, marks] = number
    return counts


def _with(row: Row, face: Face, merge: Merge, spare: bool) -> tuple[Row, int]:
    """The row after one more die of this face, and the successes that it brings."""
    losses, tens, marks = row
    if face.mark:
        marks = merge(marks, face.mark)
    if face.ten:
        tens, pair = TENS[tens]
        return (losses, tens, marks), 1 + pair
    if face.win:
        return (losses, tens, marks), 1
    return (min(SPARE, losses + spare), tens, marks), 0


def tally(counts: Counts, judge: Judge) -> Tally:
    found = Tally()
    for (_winning, successes, tens, marks), ways in counts.items():
        slug, counted = judge(successes, tens >= 2, marks)
        found.add(slug, counted, ways)
    return found


def rolled_again(counts: Counts, judge: Judge, verdicts: Mapping[str, Verdict], reroll: str) -> Counts:
    """Up to three failed regular dice once more: always, or only if the roll was lost.

    All states grow by the same 10³ throws, so that those that keep their dice weigh what they weighed.
    """
    rolled: list[Counts] = [{} for _step in range(SPARE + 1)]
    for (losses, successes, tens, marks), ways in counts.items():
        slug, _ = judge(successes, tens >= 2, marks)
        again = losses if reroll == "always" or not verdicts[slug].passed else 0
        state = 0, successes, tens, marks
        rolled[again][state] = rolled[again].get(state, 0) + ways
    slot = _slot(counts, SPARE)
    after: dict[Row, int] = {}
    for again, part in enumerate(rolled):
        weight = 10 ** (SPARE - again)
        for (_, tens, marks), ways in _packed(part, slot).items():
            for (more, tens_more), number in FRESH[again].items():
                reached, gain = (0, joined(tens, tens_more), marks), more + PAIRED[tens][tens_more]
                after[reached] = after.get(reached, 0) + ((ways * weight * number) << gain * slot)
    return _unpacked(after, slot)


def joined(tens: int, more: int) -> int:
    for _step in range(more):
        tens = TENS[tens][0]
    return tens


def _paired(tens: int, more: int) -> int:
    bonus = 0
    for _step in range(more):
        tens, pair = TENS[tens]
        bonus += pair
    return bonus


def _fresh(number: int) -> dict[tuple[int, int], int]:
    """Throws of `number` regular dice by winning dice and tens among them."""
    found = {(0, 0): 1}
    for _step in range(number):
        after: dict[tuple[int, int], int] = {}
        for (wins, tens), ways in found.items():
            for face in REGULAR:
                key = wins + face.win, tens + face.ten
                after[key] = after.get(key, 0) + ways * face.number
        found = after
    return found


PAIRED = tuple(tuple(_paired(tens, more) for more in range(SPARE + 1)) for tens in range(4))
FRESH = tuple(_fresh(number) for number in range(SPARE + 1))


def laid(values: Iterable[int], mark: int) -> Counts:
    """The single state of dice whose values are known."""
    losses, successes, tens = 0, 0, 0
    for value in values:
        if value == 10:
            tens, pair = TENS[tens]
            successes += 1 + pair
        elif value >= 6:
            successes += 1
    return {(losses, successes, tens, mark): 1}


def check_reroll(reroll: str) -> None:
    if reroll not in REROLLS:
        raise Invalid.field(
            "reroll",
            _("Reroll must be one of: {names}.", names=", ".join(reroll or "none" for reroll in REROLLS)),
        )


def check_picked(picked: Sequence[int], may: Iterable[int]) -> tuple[int, ...]:
    if not 1 <= len(set(picked)) == len(picked) <= SPARE or not set(picked) <= set(may):
        raise Invalid.field("picked", _("Pick 1 to {most} different dice that can be rerolled.", most=SPARE))
    return tuple(picked)
