"""Questions about exact odds, of every system: which of three rolls is likeliest to win, and how likely one is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from contract.translation import _, decimal
from rules.dice.base import Record
from rules.dice.source import Source
from rules.drills.base import TRIES, Drill, Value, in_percent, percent, sentences, shuffled
from rules.odds.base import Odds
from rules.odds.chart import percent as exactly

OptionsT = TypeVar("OptionsT", bound=Record)

# The likeliest roll is so much likelier than the next one.
CLEARLY = 0.04
# Between two chances of one question.
APART = 12
ROLLS = 3


@dataclass(frozen=True)
class Chance(Drill, Generic[OptionsT]):
    """What both kinds need of a system: its options, their odds, and their words."""

    levels = (3,)
    # What counts as a win, where that is not clear.
    note: ClassVar[str] = ""

    @classmethod
    def draw(cls, source: Source) -> OptionsT:
        raise NotImplementedError

    @staticmethod
    def odds(options: OptionsT) -> Odds:
        raise NotImplementedError

    @staticmethod
    def words(options: OptionsT) -> str:
        """The roll, as an option says it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Likeliest(Chance[OptionsT]):
    """An option is the place of its roll."""

    slug = "likeliest"

    rolls: tuple[OptionsT, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        for _attempt in range(TRIES):
            found = cls(tuple(cls.draw(source) for _roll in range(ROLLS)))
            shares = sorted(found.shares, reverse=True)
            if shares[0] - shares[1] >= CLEARLY and len(set(map(cls.words, found.rolls))) == ROLLS:
                return found
        return None

    @cached_property
    def shares(self) -> list[float]:
        return [self.odds(roll).passed or 0.0 for roll in self.rolls]

    def answer(self) -> str:
        return str(self.shares.index(max(self.shares)))

    def others(self, source: Source) -> Iterable[Value]:
        return map(str, range(ROLLS))

    def prompt(self) -> str:
        asked = _("Which of these rolls is most likely to succeed?")
        return sentences(asked, _(self.note))

    def show(self, value: Value) -> str:
        return self.words(self.rolls[int(value)])

    def explanation(self) -> str:
        best, second, third = map(in_percent, sorted(self.shares, reverse=True))
        return _(
            "It succeeds {best} of the time, the others {second} and {third}.",
            best=best,
            second=second,
            third=third,
        )


@dataclass(frozen=True)
class HowLikely(Chance[OptionsT]):
    """An option is a share in percent."""

    slug = "how_likely"

    roll: OptionsT

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        for _attempt in range(TRIES):
            found = cls(cls.draw(source))
            if 3 <= found.answer() <= 97:
                return found
        return None

    @cached_property
    def exact(self) -> Odds:
        return self.odds(self.roll)

    def answer(self) -> int:
        return percent(self.exact.passed or 0.0)

    def others(self, source: Source) -> Iterator[Value]:
        """Far enough from the right one and from each other that a good guess finds it."""
        right = self.answer()
        yield from (
            right + APART * step
            for step in shuffled(source, (-3, -2, -1, 1, 2, 3))
            if 1 <= right + APART * step <= 99
        )

    def prompt(self) -> str:
        asked = _("{roll} Roughly how likely are you to succeed?", roll=self.words(self.roll))
        return sentences(asked, _(self.note))

    def show(self, value: Value) -> str:
        return _("{share}%", share=value)

    def explanation(self) -> str:
        odds = self.exact
        return _(
            "Counted exactly it’s {share}, with {mean} successes on average.",
            share=exactly(odds.passed or 0.0),
            mean=decimal(odds.mean, 1),
        )
