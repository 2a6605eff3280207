"""Questions about the dice of Vampire, 5th edition, beside `blood.py` and `humanity.py`. Pages of the core book."""

from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

from contract.translation import _
from rules.dice import v5
from rules.dice.base import Die
from rules.dice.source import Source
from rules.drills import blood, chances, fifth, humanity, reroll
from rules.drills.base import between
from rules.odds import v5 as odds
from rules.odds.base import Odds


def pool_of(options: v5.Options) -> str:
    return _(
        "Pool {pool}, Hunger {hunger}, difficulty {difficulty}.",
        pool=options.pool,
        hunger=options.hunger,
        difficulty=options.difficulty,
    )


def draw(level: int, source: Source) -> v5.Options:
    pool = between(source, 2 + level, 4 + 2 * level)
    return v5.Options(pool, between(source, min(level, 2), 5), between(source, 1, 1 + level))


@dataclass(frozen=True)
class Outcome(fifth.Outcome[v5.Options]):
    pages = "120, 206–207"
    parts = {"options": v5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = v5
    wanted = tuple(v5.VERDICTS)

    @classmethod
    def draw(cls, level: int, source: Source) -> v5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


@dataclass(frozen=True)
class Successes(fifth.Successes):
    pages = "117–120"


@dataclass(frozen=True)
class Damage(fifth.Damage):
    pass


@dataclass(frozen=True)
class Reroll(reroll.Reroll[v5.Options]):
    pages = "122, 205"
    parts = {"options": v5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = v5
    chances: ClassVar[ModuleType] = odds
    goals = {"win": ("success", "critical", "messy"), "clean": ("success", "critical")}

    @classmethod
    def draw(cls, level: int, source: Source) -> v5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


class Rolls(chances.Chance[v5.Options]):
    """The rolls of both questions about odds."""

    @classmethod
    def draw(cls, source: Source) -> v5.Options:
        return v5.Options(between(source, 3, 10), between(source, 0, 5), between(source, 2, 5))

    @staticmethod
    def odds(options: v5.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: v5.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[v5.Options]):
    pages = "117–120"
    parts = {"rolls": v5.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[v5.Options]):
    pages = "117–120"
    parts = {"roll": v5.Options}


KINDS = (
    Outcome,
    Successes,
    Damage,
    Reroll,
    Likeliest,
    HowLikely,
    *(blood.Rouse, blood.Surge, blood.Slake, blood.Mend),
    *(humanity.RemorseDice, humanity.Remorse, humanity.Stains, humanity.FrenzyDice),
)
