"""Questions about Chronicles of Darkness: chance dice, dice that roll again, rote actions (core 69–73)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _
from rules.dice import cod
from rules.dice.base import Die, die
from rules.dice.source import Source
from rules.drills import chances, initiative
from rules.drills.base import TRIES, Drill, Value, between, joined, lying, near, pick, sentences, shuffled
from rules.odds import cod as odds
from rules.odds.base import Odds

PAGES = "69–73"
CHANCE = "chance"
AGAIN = {8: N_("8-again"), 9: N_("9-again"), 10: N_("10-again"), cod.NO_AGAIN: N_("nothing rolls again")}


def pool_of(options: cod.Options) -> str:
    if options.chance:
        return _("A chance die as a rote action.") if options.rote else _("A chance die.")
    if options.rote:
        return _("Pool {pool}, {again}, a rote action.", pool=options.dice, again=_(AGAIN[options.again]))
    return _("Pool {pool}, {again}.", pool=options.dice, again=_(AGAIN[options.again]))


def draw(level: int, source: Source) -> cod.Options:
    again = 10 if level == 1 else pick(source, (8, 9, 10))
    return cod.Options(between(source, 2, 4 + 2 * level), again=again, rote=level == 3 and source(3) == 1)


@dataclass(frozen=True)
class Outcome(Drill):
    slug = "outcome"
    pages = PAGES
    parts = {"options": cod.Options, "dice": Die}

    options: cod.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """A chance die, where a dramatic failure is wanted and now and then else."""
        wanted = pick(source, tuple(cod.VERDICTS))
        chance = wanted == cod.DRAMATIC or (wanted != "exceptional" and source(3) == 1)
        for _attempt in range(TRIES):
            options = cod.Options(0) if chance else draw(level, source)
            dice = cod.roll(options, source).dice
            if cod.judge(options, dice).slug == wanted:
                return cls(options, dice)
        return None

    def answer(self) -> str:
        return cod.judge(self.options, self.dice).slug

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, cod.VERDICTS)

    def prompt(self) -> str:
        pool = "" if self.options.chance else pool_of(self.options)
        return sentences(pool, lying(self.dice), _("What is the outcome?"))

    def show(self, value: Value) -> str:
        return _(SHOWN[str(value)])

    def explanation(self) -> str:
        if self.options.chance:
            return _(
                "On a chance die only a 10 succeeds, a 1 is a dramatic failure, and anything else just fails."
            )
        return _(
            "Every 8 or higher is a success ({successes} here); {exceptional} or more are exceptional.",
            successes=cod.judge(self.options, self.dice).successes,
            exceptional=cod.EXCEPTIONAL,
        )


SHOWN = {
    cod.DRAMATIC: N_("A dramatic failure"),
    "failure": N_("An ordinary failure"),
    "success": N_("An ordinary success"),
    "exceptional": N_("An exceptional success"),
}


@dataclass(frozen=True)
class Successes(Drill):
    """Successes of all dice, those that were added included."""

    slug = "successes"
    pages = PAGES
    parts = {"options": cod.Options, "dice": Die}

    options: cod.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """With dice that rolled again."""
        for _attempt in range(TRIES):
            options = draw(level, source)
            dice = cod.roll(options, source).dice
            if options.dice < len(dice) <= 16:
                return cls(options, dice)
        return None

    def answer(self) -> int:
        return cod.judge(self.options, self.dice).successes

    def others(self, source: Source) -> Iterator[Value]:
        """The first dice alone."""
        first = sum(die.value >= self.options.target for die in self.dice[: self.options.dice])
        yield from (first, *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return sentences(pool_of(self.options), lying(self.dice), _("How many successes is that?"))

    def explanation(self) -> str:
        return _("Every 8 or higher is a success, also on dice that were added or rerolled.")


@dataclass(frozen=True)
class Pool(Drill):
    """Bonuses, then penalties; an option is a number of dice, or `chance`."""

    slug = "pool"
    levels = (1, 2)
    pages = PAGES

    pool: int
    bonus: int
    penalty: int
    wound: int
    willpower: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        wound, willpower = (between(source, 0, 3), source(2) == 1) if level > 1 else (0, False)
        return cls(between(source, 2, 6), between(source, 0, 3), between(source, 1, 6), wound, willpower)

    @property
    def options(self) -> cod.Options:
        return cod.Options(self.pool, self.bonus, self.penalty, willpower=self.willpower, wound=self.wound)

    def answer(self) -> Value:
        return CHANCE if self.options.chance else self.options.dice

    def others(self, source: Source) -> Iterator[Value]:
        """A chance die, or the one die that is left after all."""
        yield 1 if self.options.chance else CHANCE
        left = self.pool + self.bonus - self.penalty
        yield from near(source, max(left, 2), 2)

    def prompt(self) -> str:
        return sentences(
            _(
                "Pool {pool}, bonus {bonus}, penalty {penalty}.",
                pool=self.pool,
                bonus=self.bonus,
                penalty=self.penalty,
            ),
            _("Your wound penalty is {wound}.", wound=self.wound) if self.wound else "",
            _("You spend Willpower.") if self.willpower else "",
            _("How many dice do you roll?"),
        )

    def show(self, value: Value) -> str:
        return _("A chance die") if value == CHANCE else str(value)

    def explanation(self) -> str:
        if self.options.chance:
            return _("Nothing is left of your pool, so you roll a chance die.")
        if self.willpower:
            return _("Bonuses come first, then penalties. Willpower adds three dice.")
        return _("Bonuses come first, then penalties. What’s left is your pool.")


@dataclass(frozen=True)
class Again(Drill):
    """How many more dice are rolled."""

    slug = "again"
    levels = (1, 2)
    pages = PAGES
    parts = {"dice": Die}

    again: int
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        values = [between(source, 1, 10) for _die in range(between(source, 4, 6 + level))]
        values[0] = 10
        return cls(10 if level == 1 else pick(source, (8, 9)), tuple(map(die, shuffled(source, values))))

    def answer(self) -> int:
        """What the engine would roll beside dice that bring no others."""
        thrown = iter([die.value for die in self.dice] + [1] * len(self.dice))
        rolled = cod.roll(cod.Options(len(self.dice), again=self.again), lambda _sides: next(thrown))
        return len(rolled.dice) - len(self.dice)

    def others(self, source: Source) -> Iterator[Value]:
        wins = sum(die.value >= 8 for die in self.dice)
        tens = sum(die.value == 10 for die in self.dice)
        yield from (wins, tens, *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return _(
            "You have {again} and roll {values}. How many more dice do you roll?",
            again=_(AGAIN[self.again]),
            values=joined(die.value for die in self.dice),
        )

    def explanation(self) -> str:
        return _("Every {again} or higher is a success, and adds another die.", again=self.again)


@dataclass(frozen=True)
class Rote(Drill):
    """How many dice a rote action rolls again because they failed."""

    slug = "rote"
    levels = (2, 3)
    pages = PAGES
    parts = {"dice": Die}

    again: int
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        values = [between(source, 1, 10) for _die in range(between(source, 4, 6 + level))]
        return cls(10 if level == 2 else pick(source, (8, 9)), tuple(map(die, values)))

    def answer(self) -> int:
        options = cod.Options(len(self.dice), again=self.again, rote=True)
        return sum(options.failed(die.value) for die in self.dice)

    def others(self, source: Source) -> Iterator[Value]:
        yield from (len(self.dice) - self.answer(), *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return _(
            "You roll {values} for a rote action with {again}. How many failed dice do you reroll?",
            again=_(AGAIN[self.again]),
            values=joined(die.value for die in self.dice),
        )

    def explanation(self) -> str:
        return _("A rote action rerolls every die below 8 once. Successes stay.")


@dataclass(frozen=True)
class InitiativeValue(initiative.InitiativeValue):
    pages = N_("“Initiative”")


@dataclass(frozen=True)
class Order(initiative.Order):
    pages = N_("“Initiative”")


class Rolls(chances.Chance[cod.Options]):
    """The rolls of both questions about odds."""

    note = N_("One success is enough.")

    @classmethod
    def draw(cls, source: Source) -> cod.Options:
        return cod.Options(between(source, 0, 7), again=pick(source, (8, 9, 10)), rote=source(3) == 1)

    @staticmethod
    def odds(options: cod.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: cod.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[cod.Options]):
    pages = PAGES
    parts = {"rolls": cod.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[cod.Options]):
    pages = PAGES
    parts = {"roll": cod.Options}


KINDS = (Outcome, Successes, Pool, Again, Rote, InitiativeValue, Order, Likeliest, HowLikely)
