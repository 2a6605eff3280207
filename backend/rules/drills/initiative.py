"""Questions about initiative, where a die and a rating decide: the 20th edition and Chronicles of Darkness."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from contract.translation import _
from rules.dice.initiative import Initiative, Options, acting, declaring, roll
from rules.dice.source import Source, listed
from rules.drills.base import Drill, Value, between, near

PEOPLE = 3


def thrown(rating: int, die: int, modifier: int = 0) -> Initiative:
    return roll(Options(rating, modifier), listed((die,)))


@dataclass(frozen=True)
class InitiativeValue(Drill):
    slug = "initiative"
    levels = (1,)

    rating: int
    die: int
    modifier: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        return cls(between(source, 3, 8), source(10), between(source, -3, 3))

    def answer(self) -> int:
        return thrown(self.rating, self.die, self.modifier).value

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.rating + self.die, self.rating + self.die - self.modifier)
        yield from near(source, self.answer(), 0)

    def prompt(self) -> str:
        return _(
            "Your Initiative rating is {rating}, your modifier {modifier}, and you roll {die}. What’s your initiative?",
            rating=self.rating,
            modifier=f"{self.modifier:+}",
            die=self.die,
        )

    def explanation(self) -> str:
        return _("Just add them up: the die, the rating and the modifier.")


@dataclass(frozen=True)
class Order(Drill):
    """Who acts or declares first. An option is the place of a person in `dice` and `ratings`."""

    slug = "order"
    levels = (1, 2)
    # Whether actions are declared, from the slowest on.
    declared: ClassVar[bool] = False

    ratings: tuple[int, ...]
    dice: tuple[int, ...]
    declares: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """From the second level on two are equal, and the rating decides; who declares is asked for as well."""
        ratings = tuple(between(source, 3, 8) for _person in range(PEOPLE))
        dice = [source(10) for _person in range(PEOPLE)]
        if level > 1:
            dice[1] = ratings[0] + dice[0] - ratings[1]
        if not 1 <= dice[1] <= 10 or len(set(zip(ratings, dice, strict=True))) < PEOPLE:
            return None
        found = cls(ratings, tuple(dice), cls.declared and level > 1 and source(2) == 1)
        ranks = [turn.together for turn in acting(found.people)]
        return found if len(set(ranks)) == PEOPLE else None

    @property
    def people(self) -> list[Initiative]:
        return [thrown(rating, die) for rating, die in zip(self.ratings, self.dice, strict=True)]

    def answer(self) -> str:
        return str((declaring if self.declares else acting)(self.people)[0].who)

    def others(self, source: Source) -> Iterable[Value]:
        return map(str, range(PEOPLE))

    def prompt(self) -> str:
        if self.declares:
            return _("Three people rolled initiative. Who declares first?")
        return _("Three people rolled initiative. Who acts first?")

    def show(self, value: Value) -> str:
        rating, die = self.ratings[int(value)], self.dice[int(value)]
        return _("Rating {rating}, die {die}: {sum}", rating=rating, die=die, sum=rating + die)

    def explanation(self) -> str:
        if self.declares:
            return _(
                "Actions are declared from the slowest to the fastest. On a tie, the lower rating declares first."
            )
        return _("The highest total acts first. On a tie, the higher rating decides.")
