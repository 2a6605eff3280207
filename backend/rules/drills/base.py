"""What a kind of question is: facts, what the rules engine answers to them, and what else people might answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

from contract.translation import N_, _
from rules.dice.base import (
    CHANCE,
    DESPERATION,
    EXTRA,
    HUNGER,
    RAGE,
    REGULAR,
    ROTE,
    Die,
    Operations,
    Record,
)
from rules.dice.source import Source

# One option of a question: a number, or a word that `Drill.show` puts into a sentence.
Value = int | str
ItemT = TypeVar("ItemT")

LEVELS = (1, 2, 3)
# Dice are drawn so many times to get an outcome that makes a good question.
TRIES = 60
# Books as they are cited, by the system.
BOOKS = {
    "v5": N_("Vampire core {pages}"),
    "w5": N_("Werewolf core, {pages}"),
    "h5": N_("Hunter core, {pages}"),
    "wod20": N_("Vampire 20th {pages}"),
    "cod": N_("Chronicles of Darkness {pages}"),
}


@dataclass(frozen=True)
class Drill(Record):
    """One kind of question; the fields are the facts of one question."""

    slug: ClassVar[str]
    levels: ClassVar[tuple[int, ...]] = LEVELS
    # The pages, or the section, of the system's book.
    pages: ClassVar[str]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """Draw the facts. None where what was drawn makes no good question; the caller draws again."""
        raise NotImplementedError

    def answer(self) -> Value:
        """The right answer, by the rules engine."""
        raise NotImplementedError

    def others(self, source: Source) -> Iterable[Value]:
        """Answers that are wrong, the likeliest mistakes first. The right one among them is dropped."""
        raise NotImplementedError

    def prompt(self) -> str:
        """The question, in the current language."""
        raise NotImplementedError

    def show(self, value: Value) -> str:
        """An option in the current language."""
        return str(value)

    def explanation(self) -> str:
        """Why the answer is right, in the current language."""
        raise NotImplementedError


def between(source: Source, low: int, high: int) -> int:
    """Draw a whole number, both ends included."""
    return low - 1 + source(high - low + 1)


def pick(source: Source, items: Sequence[ItemT]) -> ItemT:
    return items[source(len(items)) - 1]


def shuffled(source: Source, items: Iterable[ItemT]) -> list[ItemT]:
    drawn = list(items)
    for last in range(len(drawn) - 1, 0, -1):
        other = source(last + 1) - 1
        drawn[last], drawn[other] = drawn[other], drawn[last]
    return drawn


def near(source: Source, number: int, low: int = 0, high: int = 99) -> Iterator[int]:
    """Numbers around this one, in no order, so that the right one is not always in the middle."""
    yield from (
        number + step
        for step in shuffled(source, (-3, -2, -1, 1, 2, 3))
        if step and low <= number + step <= high
    )


def sentences(*parts: str) -> str:
    """Join what is not empty."""
    return " ".join(part for part in parts if part)


def joined(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


def lying(dice: Iterable[Die]) -> str:
    """What the dice show, a sentence for each kind of die."""
    shown: dict[str, list[int]] = {}
    for die in dice:
        shown.setdefault(die.kind, []).append(die.value)
    return sentences(
        *(_(sentence, values=joined(shown[kind])) for kind, sentence in LYING.items() if kind in shown)
    )


LYING: Mapping[str, str] = {
    REGULAR: N_("Regular dice: {values}."),
    HUNGER: N_("Hunger dice: {values}."),
    RAGE: N_("Rage dice: {values}."),
    DESPERATION: N_("Desperation dice: {values}."),
    CHANCE: N_("Chance die: {values}."),
    ROTE: N_("Rolled once more: {values}."),
    EXTRA: N_("Dice that were added: {values}."),
}


def change(operations: Operations, path: str) -> int:
    """How far these operations move a number of the sheet."""
    return sum(
        int(operation["value"])
        for operation in operations
        if operation["path"] == path and operation["op"] == "adjust"
    )


def percent(share: float) -> int:
    return round(100 * share)


def in_percent(share: float) -> str:
    return _("{share}%", share=percent(share))
