"""Questions about Hunter, 5th edition: Desperation, Overreach, Despair. The core is cited by section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Self

from contract.translation import N_, _, n_
from rules.dice import h5
from rules.dice.base import Die, Rolled
from rules.dice.fifth import MOST_AGAIN
from rules.dice.source import Source
from rules.drills import chances, fifth, reroll
from rules.drills.base import TRIES, Drill, Value, between, change, lying, near, pick, sentences, shuffled
from rules.odds import h5 as odds
from rules.odds.base import Odds

DESPERATION = N_("“Desperation”")


def pool_of(options: h5.Options) -> str:
    return _(
        "Pool {pool}, Desperation {desperation}, difficulty {difficulty}.",
        pool=options.pool,
        desperation=options.desperation,
        difficulty=options.difficulty,
    )


def draw(level: int, source: Source) -> h5.Options:
    pool = between(source, 1 + level, 3 + 2 * level)
    return h5.Options(pool, between(source, min(level, 2), 5), between(source, 1, 1 + level))


@dataclass(frozen=True)
class Outcome(fifth.Outcome[h5.Options]):
    pages = DESPERATION
    parts = {"options": h5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = h5
    wanted = ("despair", "choice", "total_failure", "failure", "critical", "success")

    @classmethod
    def draw(cls, level: int, source: Source) -> h5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


@dataclass(frozen=True)
class Successes(fifth.Successes):
    pages = N_("“Dice pools”")


@dataclass(frozen=True)
class Dice(Drill):
    """Desperation dice come on top of the pool."""

    slug = "dice"
    levels = (1,)
    pages = DESPERATION

    pool: int
    desperation: int
    specialty: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        return cls(between(source, 2, 7), between(source, 1, 5), source(2) == 1)

    def answer(self) -> int:
        options = h5.Options(self.pool, self.desperation, specialty="a" if self.specialty else "")
        return options.dice + options.desperation

    def others(self, source: Source) -> Iterator[Value]:
        """Desperation in the place of other dice, the specialty forgotten."""
        yield from (self.pool + self.specialty, self.pool + self.desperation, *near(source, self.answer(), 1))

    def prompt(self) -> str:
        given = _(
            "Your pool is {pool}, and you draw on Desperation {desperation}.",
            pool=self.pool,
            desperation=self.desperation,
        )
        helps = _("A specialty helps.") if self.specialty else ""
        return sentences(given, helps, _("How many dice do you roll in all?"))

    def explanation(self) -> str:
        return _(
            "Desperation dice come on top of your pool and replace nothing. A specialty is one more die."
        )


@dataclass(frozen=True)
class Choice(Drill):
    """What follows from a 1 on a Desperation die. An option is what changes."""

    slug = "choice"
    levels = (1, 2, 3)
    pages = DESPERATION
    parts = {"options": h5.Options, "dice": Die}

    options: h5.Options
    dice: tuple[Die, ...]
    choice: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """A win with a 1, and what the hunter chose; from the second level on also dice that leave no choice."""
        wanted = pick(source, ("choice",) if level == 1 else ("choice", "despair", "success"))
        for _attempt in range(TRIES):
            options = draw(level, source)
            dice = h5.roll(options, source).dice
            if h5.judge(options, dice).slug == wanted:
                chosen = pick(source, (h5.OVERREACH, h5.DESPAIR)) if wanted == "choice" else ""
                return cls(options, dice, chosen)
        return None

    def answer(self) -> str:
        outcome = h5.judge(self.options, self.dice, self.choice)
        danger = change(outcome.operations, "danger")
        despair = any(operation["path"] == "despair" for operation in outcome.operations)
        return f"{'win' if outcome.passed else 'loss'}_{'danger' if danger else 'despair' if despair else 'nothing'}"

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, FOLLOWS)

    def prompt(self) -> str:
        asked = _(CHOSEN[self.choice]) if self.choice else _("What happens?")
        return sentences(pool_of(self.options), lying(self.dice), asked)

    def show(self, value: Value) -> str:
        return _(FOLLOWS[str(value)])

    def explanation(self) -> str:
        return _(WHY[self.answer()])


CHOSEN = {
    h5.OVERREACH: N_("You choose Overreach. What happens?"),
    h5.DESPAIR: N_("You choose Despair. What happens?"),
}
FOLLOWS = {
    "win_danger": N_("You win, and Danger rises by 1"),
    "loss_despair": N_("You fail and fall into Despair"),
    "win_nothing": N_("You win, and nothing else happens"),
    "loss_danger": N_("You fail, and Danger rises by 1"),
}
WHY = {
    "win_danger": N_("With Overreach you keep the win, and Danger rises by 1."),
    "loss_despair": N_(
        "A 1 on a Desperation die means Despair if the action fails, or if you choose it over the win."
    ),
    "win_nothing": N_("No Desperation die shows a 1, so a win is just a win."),
}


@dataclass(frozen=True)
class Allowed(Drill):
    """How many of the dice Willpower may roll again at all."""

    slug = "allowed"
    levels = (2,)
    pages = N_("“Willpower”")

    parts = {"dice": Die}

    pool: int
    desperation: int
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        options = h5.Options(between(source, 1, 5), between(source, 1, 4), 2)
        return cls(options.pool, options.desperation, h5.roll(options, source).dice)

    def answer(self) -> int:
        options = h5.Options(self.pool, self.desperation, 2)
        return min(MOST_AGAIN, len(h5.may_reroll(options, Rolled(self.dice))))

    def others(self, source: Source) -> Iterator[Value]:
        yield from (len(self.dice), MOST_AGAIN, self.pool, *near(source, self.answer(), 1))

    def prompt(self) -> str:
        asked = _("How many dice can a point of Willpower reroll at most?")
        return sentences(lying(self.dice), asked)

    def explanation(self) -> str:
        return n_(
            "Willpower rerolls up to three dice, but never Desperation dice. There is {count} regular die here.",
            "Willpower rerolls up to three dice, but never Desperation dice. There are {count} regular dice here.",
            self.pool,
        )


@dataclass(frozen=True)
class Damage(fifth.Damage):
    pages = N_("“Damage”")


@dataclass(frozen=True)
class Reroll(reroll.Reroll[h5.Options]):
    pages = N_("“Willpower”")
    parts = {"options": h5.Options, "dice": Die}
    engine: ClassVar[ModuleType] = h5
    chances: ClassVar[ModuleType] = odds
    goals = {"win": ("success", "critical", "choice"), "critical": ("critical",)}

    @classmethod
    def draw(cls, level: int, source: Source) -> h5.Options:
        return draw(level, source)

    def given(self) -> str:
        return pool_of(self.options)


class Rolls(chances.Chance[h5.Options]):
    """The rolls of both questions about odds."""

    note = N_("A win still counts if it costs Overreach.")

    @classmethod
    def draw(cls, source: Source) -> h5.Options:
        return h5.Options(between(source, 2, 8), between(source, 0, 5), between(source, 2, 5))

    @staticmethod
    def odds(options: h5.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: h5.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[h5.Options]):
    pages = DESPERATION
    parts = {"rolls": h5.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[h5.Options]):
    pages = DESPERATION
    parts = {"roll": h5.Options}


KINDS = (Outcome, Successes, Dice, Choice, Allowed, Damage, Reroll, Likeliest, HowLikely)
