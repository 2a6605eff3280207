"""Kinds of question that Vampire, Werewolf and Hunter share: outcomes, successes, damage."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Generic, Self, TypeVar

from contract.translation import N_, _, n_
from rules.dice import fifth
from rules.dice.base import REGULAR, Die, Record, Rolled, die
from rules.dice.source import Source
from rules.drills.base import TRIES, Drill, Value, between, joined, lying, near, pick, sentences, shuffled
from rules.traits import DamageTrack5th, Operation, work_out

OptionsT = TypeVar("OptionsT", bound=Record)

# An outcome is called by the narrowest word, so that only one of the options is right.
SHOWN = {
    "bestial": N_("A bestial failure"),
    "brutal": N_("A brutal outcome"),
    "despair": N_("A failure, and Despair"),
    "choice": N_("A win at a price: Overreach or Despair"),
    "total_failure": N_("A total failure"),
    "failure": N_("An ordinary failure"),
    "messy": N_("A messy critical"),
    "critical": N_("A critical win"),
    "success": N_("An ordinary win"),
}
# Failures that are named by a special die, even where there is no success at all.
MARKED = ("bestial", "brutal", "despair")


@dataclass(frozen=True)
class Outcome(Drill, Generic[OptionsT]):
    """What came of a roll. Subclasses name the dice (`engine`), their options and the outcomes worth asking for."""

    slug = "outcome"
    engine: ClassVar[ModuleType]
    wanted: ClassVar[tuple[str, ...]]

    options: OptionsT
    dice: tuple[Die, ...]

    @classmethod
    def draw(cls, level: int, source: Source) -> OptionsT:
        """Options of a roll for this level."""
        raise NotImplementedError

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """Every outcome is asked for about as often, however rare the dice make it."""
        wanted = pick(source, cls.wanted)
        for _attempt in range(TRIES):
            options = cls.draw(level, source)
            rolled: Rolled = cls.engine.roll(options, source)
            if cls.engine.judge(options, rolled.dice).slug == wanted:
                return cls(options, rolled.dice)
        return None

    def answer(self) -> str:
        found: str = self.engine.judge(self.options, self.dice).slug
        return found

    def others(self, source: Source) -> Iterable[Value]:
        """A bestial failure without a success is a total failure too, so that one is no option beside it."""
        unclear = "total_failure" if self.answer() in MARKED and not self.successes else ""
        return shuffled(source, (slug for slug in self.wanted if slug != unclear))

    @property
    def successes(self) -> int:
        return fifth.tally(self.dice)[0]

    def given(self) -> str:
        """The pool and the difficulty, in a sentence."""
        raise NotImplementedError

    def prompt(self) -> str:
        return sentences(self.given(), lying(self.dice), _("What is the outcome?"))

    def show(self, value: Value) -> str:
        return _(SHOWN[str(value)])

    def explanation(self) -> str:
        found = self.engine.judge(self.options, self.dice)
        counted = n_(
            "The dice show {count} success.",
            "The dice show {count} successes.",
            self.successes,
        )
        return sentences(counted, _(WHY[found.slug]))


WHY = {
    "bestial": N_("The roll fails and a Hunger die shows a 1, so it’s a bestial failure."),
    "brutal": N_("Two Rage dice showing 1 or 2 make it a brutal outcome, whatever else you rolled."),
    "despair": N_("The roll fails and a Desperation die shows a 1, so the hunter falls into Despair."),
    "choice": N_("You win, but a 1 on a Desperation die makes you choose: Overreach or Despair."),
    "total_failure": N_("Not a single success makes it a total failure."),
    "failure": N_("That’s not enough, but it’s not nothing either: an ordinary failure."),
    "messy": N_("A pair of tens makes it a critical, and a 10 on a Hunger die makes it messy."),
    "critical": N_("That’s enough, and a pair of tens makes it a critical win."),
    "success": N_("That’s enough, but there’s no pair of tens: an ordinary win."),
}


@dataclass(frozen=True)
class Successes(Drill):
    """Tens come in pairs."""

    slug = "successes"
    levels = (1, 2)
    parts = {"dice": Die}

    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """At least as many tens as the level."""
        values = [between(source, 1, 10) for _die in range(between(source, 3, 4 + level))]
        values[:level] = [10] * level
        return cls(tuple(die(value, REGULAR) for value in shuffled(source, values)))

    def answer(self) -> int:
        return fifth.tally(self.dice)[0]

    def others(self, source: Source) -> Iterator[Value]:
        """Pairs forgotten, every ten counted twice, then numbers around."""
        values = [die.value for die in self.dice]
        wins = sum(value >= fifth.WINS for value in values)
        yield from (wins, wins + values.count(10), *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return _(
            "Your dice show {values}. How many successes is that?",
            values=joined(die.value for die in self.dice),
        )

    def explanation(self) -> str:
        wins = sum(die.value >= fifth.WINS for die in self.dice)
        pairs = sum(die.value == 10 for die in self.dice) // 2
        return n_(
            "Every 6 or higher is a success ({wins} here), and {count} pair of tens adds two.",
            "Every 6 or higher is a success ({wins} here), and {count} pairs of tens add two each.",
            pairs,
            wins=wins,
        )


@dataclass(frozen=True)
class Damage(Drill):
    """What damage becomes on a track. An option is `superficial/aggravated`."""

    slug = "damage"
    levels = (1, 2, 3)
    pages = "126"

    total: int
    superficial: int
    aggravated: int
    amount: int
    kind: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the first level there is room; from the second on the track overflows, or aggravated damage comes."""
        total = between(source, 4, 8)
        aggravated = 0 if level == 1 else between(source, 0, 2)
        superficial = between(source, 1, max(1, total - aggravated - (3 if level == 1 else 1)))
        room = total - superficial - aggravated
        kind = "aggravated" if level > 1 and source(2) == 1 else "superficial"
        most = room if level == 1 else room + superficial
        amount = between(source, 1 if level == 1 or kind == "aggravated" else room + 1, max(1, most))
        return cls(total, superficial, aggravated, min(amount, room + superficial), kind)

    def after(self) -> tuple[int, int]:
        track = DamageTrack5th(self.total)
        track.bind("health")
        state = {"total": self.total, "superficial": self.superficial, "aggravated": self.aggravated}
        change = Operation(f"health.{self.kind}", "adjust", self.amount)
        outcome = work_out({"health": track}, {"health": state}, [change], str)
        after = outcome.values["health"]
        return after["superficial"], after["aggravated"]

    def answer(self) -> str:
        return "{}/{}".format(*self.after())

    def others(self, source: Source) -> Iterator[Value]:
        """Damage that is lost, that all turns aggravated, one more or less turned."""
        superficial, aggravated = self.after()
        room = self.total - self.superficial - self.aggravated
        fits = min(room, self.amount)
        mistakes = [
            (self.superficial + fits, self.aggravated),
            (self.superficial, self.aggravated + fits),
            (max(0, self.superficial - self.amount), self.aggravated + self.amount),
            (superficial + 1, aggravated - 1),
            (superficial - 1, aggravated + 1),
            (superficial - 1, aggravated),
            (superficial, aggravated + 1),
            (superficial + 1, aggravated),
        ]
        for left, right in shuffled(source, mistakes):
            if left >= 0 <= right and left + right <= self.total:
                yield f"{left}/{right}"

    def prompt(self) -> str:
        before = _(
            "You have {total} Health boxes, with {superficial} superficial and {aggravated} aggravated damage.",
            total=self.total,
            superficial=self.superficial,
            aggravated=self.aggravated,
        )
        taken = _(TAKEN[self.kind], amount=self.amount)
        return sentences(before, taken, _("What’s your damage afterwards?"))

    def show(self, value: Value) -> str:
        superficial, aggravated = str(value).split("/")
        return _(
            "{superficial} superficial, {aggravated} aggravated",
            superficial=superficial,
            aggravated=aggravated,
        )

    def explanation(self) -> str:
        free = self.total - self.superficial - self.aggravated
        if self.amount <= free:
            return _("There’s a free box for every point, so the damage just fills them.")
        return _(FULL_TRACK[self.kind], free=free, more=self.amount - free)


TAKEN = {
    "superficial": N_("You take {amount} superficial damage (after halving)."),
    "aggravated": N_("You take {amount} aggravated damage."),
}
FULL_TRACK = {
    "superficial": N_(
        "Free boxes fill first ({free}). Each point beyond that ({more}) turns a superficial one into aggravated."
    ),
    "aggravated": N_(
        "Free boxes fill first ({free}). Each point beyond that ({more}) replaces a superficial one."
    ),
}
