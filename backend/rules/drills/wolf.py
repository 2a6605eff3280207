"""Questions about the wolf of Werewolf, 5th edition: Rage checks, forms, rites, Harano and Hauglosk. By section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _, n_
from rules.dice import w5
from rules.dice.beast import rage_check
from rules.dice.fifth import WINS
from rules.dice.source import Source, listed
from rules.dice.wolf import RAGE_CHECKS, balance_dice, shift
from rules.drills.base import Drill, Value, between, change, joined, near, pick, sentences


@dataclass(frozen=True)
class RageCheck(Drill):
    """Rage after so many checks."""

    slug = "rage_check"
    levels = (1, 2, 3)
    pages = N_("“Rage checks”")

    rage: int
    dice: tuple[int, ...]
    two: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        two = level == 3
        checks = 1 if level == 1 else between(source, 2, 3)
        return cls(between(source, 1, 5), tuple(source(10) for _die in range(checks * (1 + two))), two)

    @property
    def checks(self) -> int:
        return len(self.dice) // (2 if self.two else 1)

    def answer(self) -> int:
        check = rage_check(listed(self.dice), self.rage, self.checks, self.two)
        return self.rage + change(check.operations, "rage")

    def others(self, source: Source) -> Iterator[Value]:
        """Rage that rises instead, every die below 6 counted, none at all."""
        failed = sum(value < WINS for value in self.dice)
        lost = self.rage - self.answer()
        yield from (min(5, self.rage + lost), max(0, self.rage - failed), self.rage)
        yield from near(source, self.answer(), 0, 5)

    def prompt(self) -> str:
        if self.two:
            given = _(
                "At Rage {rage} you make {checks} Rage checks with two dice each and roll {dice}.",
                rage=self.rage,
                checks=self.checks,
                dice=" · ".join(
                    joined(self.dice[place : place + 2]) for place in range(0, len(self.dice), 2)
                ),
            )
        else:
            given = n_(
                "At Rage {rage} you make {count} Rage check and roll {dice}.",
                "At Rage {rage} you make {count} Rage checks and roll {dice}.",
                self.checks,
                rage=self.rage,
                dice=joined(self.dice),
            )
        return sentences(given, _("What is your Rage afterwards?"))

    def explanation(self) -> str:
        return _("A Rage check without a 6 or higher costs one Rage, but Rage never drops below 0.")


@dataclass(frozen=True)
class Form(Drill):
    """How many Rage checks a form takes."""

    slug = "form"
    levels = (1,)
    pages = N_("“Forms”")

    form: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        return cls(pick(source, tuple(RAGE_CHECKS)))

    def answer(self) -> int:
        return RAGE_CHECKS[self.form]

    def others(self, source: Source) -> Iterable[Value]:
        return near(source, self.answer(), 0, 3)

    def prompt(self) -> str:
        return _("You shift to {form}. How many Rage checks do you make?", form=_(self.form))

    def explanation(self) -> str:
        return _("Homid and Lupus are free, Glabro and Hispo take one Rage check, and Crinos takes two.")


@dataclass(frozen=True)
class Shift(Drill):
    """Rage after a change of form."""

    slug = "shift"
    levels = (2, 3)
    pages = N_("“Forms”")

    before: str
    form: str
    rage: int
    dice: tuple[int, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the third level also out of Crinos, which calms."""
        calms = level == 3 and source(2) == 1
        before = "Crinos" if calms else "Homid"
        form = pick(source, ("Homid", "Lupus") if calms else ("Glabro", "Crinos", "Hispo"))
        dice = tuple(source(10) for _check in range(RAGE_CHECKS[form]))
        return cls(before, form, between(source, 2, 5), dice)

    def answer(self) -> int:
        check = shift(listed(self.dice), self.before, self.form, self.rage)
        return self.rage + change(check.operations, "rage")

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.rage, self.rage - 1, 0, *near(source, self.answer(), 0, 5))

    def prompt(self) -> str:
        given = _(
            "At Rage {rage} you shift from {before} to {form}.",
            rage=self.rage,
            before=_(self.before),
            form=_(self.form),
        )
        rolled = n_(
            "The Rage check shows {dice}.",
            "The Rage checks show {dice}.",
            len(self.dice),
            dice=joined(self.dice),
        )
        asked = _("What is your Rage afterwards?")
        return sentences(given, rolled if self.dice else "", asked)

    def explanation(self) -> str:
        if not self.dice:
            return _("Homid and Lupus need no Rage check, but leaving Crinos drops your Rage to 1.")
        return n_(
            "{form} takes {count} Rage check, and without a 6 or higher it costs one Rage.",
            "{form} takes {count} Rage checks, and each one without a 6 or higher costs one Rage.",
            len(self.dice),
            form=_(self.form),
        )


@dataclass(frozen=True)
class Rite(Drill):
    """The dice of a rite, from the second question on its Rage dice."""

    slug = "rite"
    levels = (2, 3)
    pages = N_("“Rites”")

    pool: int
    rage: int
    trained: int
    others_there: int
    raging: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        raging = level == 3 and source(2) == 1
        return cls(
            between(source, 3, 7), between(source, 0, 3), between(source, 1, 3), between(source, 0, 2), raging
        )

    @property
    def options(self) -> w5.Options:
        return w5.Options(self.pool, self.rage, trained=self.trained, participants=self.others_there)

    def answer(self) -> int:
        return self.options.rage_dice if self.raging else self.options.dice

    def others(self, source: Source) -> Iterator[Value]:
        there = self.trained + self.others_there
        yield from (self.rage, 2 * there) if self.raging else (self.pool + there, self.pool + 2 * there)
        yield from near(source, self.answer(), 1)

    def prompt(self) -> str:
        given = _(
            "You lead a rite with pool {pool} and Rage {rage}. Helpers who know it: {trained}. Others: {others}.",
            pool=self.pool,
            rage=self.rage,
            trained=self.trained,
            others=self.others_there,
        )
        asked = (
            _("How many Rage dice are in the roll?") if self.raging else _("How many dice are rolled in all?")
        )
        return sentences(given, asked)

    def explanation(self) -> str:
        return _(
            "Whoever knows the rite adds two dice, anyone else one. One die of each of them is a Rage die."
        )


@dataclass(frozen=True)
class Balance(Drill):
    """The dice of a Harano or Hauglosk test."""

    slug = "balance"
    levels = (1, 2)
    pages = N_("“Harano and Hauglosk”")

    harano: int
    hauglosk: int
    tested: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        low = 0 if level == 1 else 1
        return cls(between(source, low, 3), between(source, low, 3), pick(source, ("Harano", "Hauglosk")))

    def answer(self) -> int:
        return balance_dice(self.harano + self.hauglosk)

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.harano, self.hauglosk, *near(source, self.answer(), 1))

    def prompt(self) -> str:
        return _(
            "Your Harano is {harano}, your Hauglosk {hauglosk}. How many dice do you roll for a {tested} test?",
            harano=self.harano,
            hauglosk=self.hauglosk,
            tested=_(self.tested),
        )

    def explanation(self) -> str:
        return _("Harano and Hauglosk always count together, and you roll at least one die.")
