"""Pools of the 5th edition, counted in whole numbers.

A pool is worked through die by die. What matters of the dice so far is a state: how many failures Willpower could still
roll again (up to three, where that is asked for), the successes, what the tens are up to, and a system's mark (a brutal
die, a 1 among the Hunger dice). States that are alike are counted together, so a pool of 30 has some hundred of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from rules.dice.base import Verdict
from rules.errors import Invalid
from rules.odds.base import Odds, sorted_outcomes

# Spare failures, successes, tens (0 none, 1 one, 2 even, 3 odd), mark.
State = tuple[int, int, int, int]
Counts = dict[State, int]
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
    """The states after `number` more dice; with `spare`, failures among them are counted for Willpower."""
    listed = tuple(faces)
    for _ in range(number):
        after: Counts = {}
        for (losses, successes, tens, marks), ways in counts.items():
            for face in listed:
                state = _with(losses, successes, tens, marks, face, merge, spare)
                after[state] = after.get(state, 0) + ways * face.number
        counts = after
    return counts


def _with(losses: int, successes: int, tens: int, marks: int, face: Face, merge: Merge, spare: bool) -> State:
    if face.mark:
        marks = merge(marks, face.mark)
    if face.ten:
        tens, pair = TENS[tens]
        return losses, successes + 1 + pair, tens, marks
    if face.win:
        return losses, successes + 1, tens, marks
    return min(SPARE, losses + spare), successes, tens, marks


def tally(counts: Counts, judge: Judge) -> Tally:
    found = Tally()
    for (_, successes, tens, marks), ways in counts.items():
        slug, counted = judge(successes, tens >= 2, marks)
        found.add(slug, counted, ways)
    return found


def rolled_again(counts: Counts, judge: Judge, verdicts: Mapping[str, Verdict], reroll: str) -> Counts:
    """Up to three failed regular dice once more: always, or only if the roll was lost.

    All states grow by the same 10³ throws, so that those that keep their dice weigh what they weighed.
    """
    after: Counts = {}
    for state, ways in counts.items():
        losses, successes, tens, marks = state
        slug, _ = judge(successes, tens >= 2, marks)
        again = losses if reroll == "always" or not verdicts[slug].passed else 0
        weight = ways * 10 ** (SPARE - again)
        for (more, tens_more), number in FRESH[again].items():
            reached = 0, successes + more + PAIRED[tens][tens_more], joined(tens, tens_more), marks
            after[reached] = after.get(reached, 0) + weight * number
    return after


def joined(tens: int, more: int) -> int:
    for _ in range(more):
        tens = TENS[tens][0]
    return tens


def _paired(tens: int, more: int) -> int:
    bonus = 0
    for _ in range(more):
        tens, pair = TENS[tens]
        bonus += pair
    return bonus


def _fresh(number: int) -> dict[tuple[int, int], int]:
    """Throws of `number` regular dice by winning dice and tens among them."""
    found = {(0, 0): 1}
    for _ in range(number):
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
            "reroll", f"Reroll must be one of: {', '.join(reroll or 'none' for reroll in REROLLS)}."
        )


def check_picked(picked: Sequence[int], may: Iterable[int]) -> tuple[int, ...]:
    if not 1 <= len(set(picked)) == len(picked) <= SPARE or not set(picked) <= set(may):
        raise Invalid.field("picked", f"Pick one to {SPARE} different dice that may be rolled again.")
    return tuple(picked)
