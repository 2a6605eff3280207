"""Questions about the dice of Werewolf, 5th edition, beside `wolf.py`. The core is cited by section."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Self

from contract.translation import N_, _
from rules.dice import w5
from rules.dice.base import Die
from rules.dice.source import Source
from rules.drills import chances, fifth, reroll, wolf
from rules.drills.base import Drill, Value, between, lying, near, sentences
from rules.odds import w5 as odds
from rules.odds.base import Odds

RAGE = N_("“Rage”")


def pool_of(options: w5.Options) -> str:
    return _(
        "Pool {pool}, Rage {rage}, difficulty {difficulty}.",
        pool=options.pool,
        rage=options.rage,
        difficulty=options.difficulty,
    )


def draw(level: int, source: Source) -> w5.Options:
    pool = between(source, 3 + level, 4 + 2 * level)
    return w5.Options(pool, between(source, min(level, 2), 5), between(source, 1, 1 + level))


@dataclass(frozen=True)
class Outcome(fifth.Outcome[w5.Options]):
    pages = RAGE
    parts = {"options": w5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = w5
    wanted = ("brutal", "total_failure", "failure", "critical", "success")

    @classmethod
    def draw(cls, level: int, source: Source) -> w5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


@dataclass(frozen=True)
class Successes(fifth.Successes):
    pages = N_("“Dice pools”")


@dataclass(frozen=True)
class Brutal(Drill):
    """The successes of a brutal outcome that violence turns to use."""

    slug = "brutal"
    levels = (2, 3)
    pages = RAGE
    parts = {"options": w5.Options, "dice": Die}

    options: w5.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        for _attempt in range(20):
            options = draw(level, source)
            dice = w5.roll(options, source).dice
            if w5.judge(options, dice).slug == "brutal":
                return cls(options, dice)
        return None

    def answer(self) -> int:
        return w5.judge(self.options, self.dice, w5.GAIN).successes

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.answer() - w5.GAINED, w5.GAINED, *near(source, self.answer(), 0))

    def prompt(self) -> str:
        asked = _("It’s a brutal outcome, and you put the violence to use. How many successes do you have?")
        return sentences(pool_of(self.options), lying(self.dice), asked)

    def explanation(self) -> str:
        return _(
            "The dice show {successes}, and a brutal outcome put to use adds {gained}.",
            successes=self.answer() - w5.GAINED,
            gained=w5.GAINED,
        )


@dataclass(frozen=True)
class Damage(fifth.Damage):
    pages = N_("“Damage”")


@dataclass(frozen=True)
class Reroll(reroll.Reroll[w5.Options]):
    pages = N_("“Willpower”")
    parts = {"options": w5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = w5
    chances: ClassVar[ModuleType] = odds
    goals = {"win": ("success", "critical"), "critical": ("critical",)}

    @classmethod
    def draw(cls, level: int, source: Source) -> w5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


class Rolls(chances.Chance[w5.Options]):
    """The rolls of both questions about odds."""

    note = N_("A brutal outcome counts as a failure here.")

    @classmethod
    def draw(cls, source: Source) -> w5.Options:
        return w5.Options(between(source, 3, 10), between(source, 0, 5), between(source, 2, 5))

    @staticmethod
    def odds(options: w5.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: w5.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[w5.Options]):
    pages = RAGE
    parts = {"rolls": w5.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[w5.Options]):
    pages = RAGE
    parts = {"roll": w5.Options}


KINDS = (
    Outcome,
    Successes,
    Brutal,
    Damage,
    Reroll,
    Likeliest,
    HowLikely,
    *(wolf.RageCheck, wolf.Form, wolf.Shift, wolf.Rite, wolf.Balance),
)
