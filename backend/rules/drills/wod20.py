"""Questions about the dice of the 20th edition, beside `body20.py`. Pages of Vampire 20th."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _
from rules.dice import wod20
from rules.dice.base import Die
from rules.dice.source import Source
from rules.drills import body20, chances, initiative
from rules.drills.base import TRIES, Drill, Value, between, joined, near, pick, sentences, shuffled
from rules.odds import wod20 as odds
from rules.odds.base import Odds

DICE = N_("chapter five")


def pool_of(options: wod20.Options) -> str:
    return _("Pool {pool}, difficulty {difficulty}.", pool=options.pool, difficulty=options.difficulty)


def shown(dice: Iterable[Die]) -> str:
    return _("The dice show {values}.", values=joined(die.value for die in dice))


@dataclass(frozen=True)
class Outcome(Drill):
    slug = "outcome"
    pages = DICE
    parts = {"options": wod20.Options, "dice": Die}

    options: wod20.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """From the second level on with Willpower, which never botches, and with successes that ones cancel."""
        wanted = pick(source, tuple(wod20.VERDICTS))
        for _attempt in range(TRIES):
            willpower = level > 1 and wanted == "success" and source(2) == 1
            pool, difficulty = between(source, 1 + level, 4 + level), between(source, 5, 7 + level // 2)
            options = wod20.Options(pool, difficulty, willpower=willpower)
            dice = wod20.roll(options, source).dice
            cancelled = any(die.value >= difficulty for die in dice)
            if wod20.judge(options, dice).slug == wanted and (level == 1 or wanted != "failure" or cancelled):
                return cls(options, dice)
        return None

    def answer(self) -> str:
        return wod20.judge(self.options, self.dice).slug

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, wod20.VERDICTS)

    def prompt(self) -> str:
        spent = _("You spent a point of Willpower on it.") if self.options.willpower else ""
        return sentences(pool_of(self.options), spent, shown(self.dice), _("What is the outcome?"))

    def show(self, value: Value) -> str:
        return _(SHOWN[str(value)])

    def explanation(self) -> str:
        if self.options.willpower:
            return _("Willpower is a success that a 1 can’t cancel, so the roll succeeds.")
        return _(WHY[self.answer()])


SHOWN = {"botch": N_("A botch"), "failure": N_("An ordinary failure"), "success": N_("A success")}
WHY = {
    "botch": N_("There’s a 1, and no die succeeded: a botch."),
    "failure": N_("No success is left. A botch takes a 1 and not a single die that succeeded."),
    "success": N_("After the 1s have cancelled, there’s still a success."),
}


@dataclass(frozen=True)
class Successes(Drill):
    """Successes that are left; with a specialty tens count twice."""

    slug = "successes"
    pages = DICE
    parts = {"options": wod20.Options, "dice": Die}

    options: wod20.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """Only where both readings of ones and tens agree, so that no house rule changes the answer."""
        for _attempt in range(TRIES):
            specialty = "a" if level > 1 else ""
            willpower = level == 3 and source(2) == 1
            options = wod20.Options(
                between(source, 3, 5 + level), between(source, 5, 8), specialty, willpower
            )
            dice = wod20.roll(options, source).dice
            counted = wod20.count(options, dice)
            agree = wod20.left_of(*counted, wod20.DICE) == wod20.left_of(*counted, wod20.SUCCESSES)
            if agree and counted.wins > counted.ones and (counted.tens or not specialty):
                return cls(options, dice)
        return None

    def answer(self) -> int:
        return wod20.judge(self.options, self.dice).successes

    def others(self, source: Source) -> Iterator[Value]:
        """Ones forgotten, tens counted once, Willpower forgotten."""
        counted = wod20.count(self.options, self.dice)
        yield from (counted.wins, counted.wins - counted.ones, self.answer() - self.options.willpower)
        yield from near(source, self.answer(), 0)

    def prompt(self) -> str:
        return sentences(
            pool_of(self.options),
            _("A specialty applies.") if self.options.specialty else "",
            _("You spent a point of Willpower on it.") if self.options.willpower else "",
            shown(self.dice),
            _("How many successes are left?"),
        )

    def explanation(self) -> str:
        counted = wod20.count(self.options, self.dice)
        return sentences(
            _(
                "Every {difficulty} or higher succeeds: {wins}. Each 1 cancels one: {ones}.",
                difficulty=self.options.difficulty,
                wins=counted.wins,
                ones=counted.ones,
            ),
            _("With a specialty each 10 counts twice.") if self.options.specialty else "",
            _("Willpower adds one that nothing can cancel.") if self.options.willpower else "",
        )


@dataclass(frozen=True)
class InitiativeValue(initiative.InitiativeValue):
    pages = N_("chapter six")


@dataclass(frozen=True)
class Order(initiative.Order):
    pages = N_("chapter six")
    declared = True


class Rolls(chances.Chance[wod20.Options]):
    """The rolls of both questions about odds."""

    note = N_("One success is enough.")

    @classmethod
    def draw(cls, source: Source) -> wod20.Options:
        return wod20.Options(between(source, 1, 9), between(source, 5, 9))

    @staticmethod
    def odds(options: wod20.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: wod20.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[wod20.Options]):
    pages = DICE
    parts = {"rolls": wod20.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[wod20.Options]):
    pages = DICE
    parts = {"roll": wod20.Options}


KINDS = (
    Outcome,
    Successes,
    InitiativeValue,
    Order,
    Likeliest,
    HowLikely,
    *(body20.Wounds, body20.Damage, body20.Heal, body20.Degenerated),
)
