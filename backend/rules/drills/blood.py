"""Questions about the Blood of Vampire, 5th edition: Rouse checks, surges, feeding, mending. Pages of the core book."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _, n_
from rules.dice import v5
from rules.dice.blood import FULL, mend, rouse, slake
from rules.dice.blood_potency import blood_potency
from rules.dice.source import Source, listed
from rules.drills.base import Drill, Value, between, change, joined, near, pick, sentences


@dataclass(frozen=True)
class Rouse(Drill):
    """Hunger after Rouse checks: one die, or two for a power that the Blood makes easy, or several checks."""

    slug = "rouse"
    pages = "211, 216"

    hunger: int
    dice: tuple[int, ...]
    checks: int = 1
    blood_potency: int = 0
    power: int = 0

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        hunger = between(source, 1, 4)
        if level == 1:
            return cls(hunger, (source(10),))
        if level == 2:
            potency, power = between(source, 1, 7), between(source, 1, 4)
            two = power <= blood_potency(potency).rouse_reroll
            return cls(hunger, tuple(source(10) for _die in range(1 + two)), 1, potency, power)
        checks = between(source, 2, 3)
        return cls(hunger, tuple(source(10) for _die in range(checks)), checks)

    @property
    def failed(self) -> int:
        check = rouse(
            listed(self.dice),
            self.hunger,
            self.checks,
            blood_potency=self.blood_potency if self.power else None,
            level=self.power or None,
        )
        return change(check.operations, "hunger")

    def answer(self) -> int:
        return min(FULL, self.hunger + self.failed)

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.hunger, self.hunger + 1, *near(source, self.answer(), 0, FULL))

    def prompt(self) -> str:
        if self.power:
            given = _(
                "At Blood Potency {potency} and Hunger {hunger} you rouse the Blood for a level {power} power. "
                "You roll {dice}.",
                potency=self.blood_potency,
                hunger=self.hunger,
                power=self.power,
                dice=joined(self.dice),
            )
        else:
            given = n_(
                "At Hunger {hunger} you make {count} Rouse check and roll {dice}.",
                "At Hunger {hunger} you make {count} Rouse checks at once and roll {dice}.",
                self.checks,
                hunger=self.hunger,
                dice=joined(self.dice),
            )
        return sentences(given, _("What is your Hunger afterwards?"))

    def explanation(self) -> str:
        if self.power and len(self.dice) > 1:
            return _(
                "At Blood Potency {potency} you roll two dice for such a power, and a single 6 or higher is enough.",
                potency=self.blood_potency,
            )
        return n_(
            "A Rouse check needs a 6 or higher. {count} check failed, and each failure raises Hunger by 1, up to 5.",
            "A Rouse check needs a 6 or higher. {count} checks failed, and each failure raises Hunger by 1, up to 5.",
            self.failed,
        )


@dataclass(frozen=True)
class Surge(Drill):
    """The dice of a roll with a Blood Surge; from the second level on how many of them are regular."""

    slug = "surge"
    levels = (1, 2)
    pages = "216, 218"

    pool: int
    blood_potency: int
    hunger: int
    regular: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        return cls(between(source, 3, 8), between(source, 1, 6), between(source, 1, 4), level > 1)

    @property
    def options(self) -> v5.Options:
        return v5.Options(self.pool, self.hunger, surge=self.blood_potency)

    def answer(self) -> int:
        return self.options.dice - self.options.hunger_dice if self.regular else self.options.dice

    def others(self, source: Source) -> Iterator[Value]:
        """Blood Potency itself as the bonus, Hunger on top."""
        yield self.pool + self.blood_potency - (self.hunger if self.regular else 0)
        yield self.options.dice + (0 if self.regular else self.hunger)
        yield from near(source, self.answer(), 1)

    def prompt(self) -> str:
        given = _(
            "Your pool is {pool} and your Hunger {hunger}. You use a Blood Surge at Blood Potency {potency}.",
            pool=self.pool,
            hunger=self.hunger,
            potency=self.blood_potency,
        )
        asked = (
            _("How many regular dice do you roll?")
            if self.regular
            else _("How many dice do you roll in all?")
        )
        return sentences(given, asked)

    def explanation(self) -> str:
        return _(
            "At Blood Potency {potency} a surge is +{bonus}: {dice} dice in all. Hunger dice replace regular ones.",
            potency=self.blood_potency,
            bonus=blood_potency(self.blood_potency).surge,
            dice=self.options.dice,
        )


@dataclass(frozen=True)
class Slake(Drill):
    """Hunger after feeding; the Blood Potency takes its share."""

    slug = "slake"
    levels = (2, 3)
    pages = "212, 216"

    hunger: int
    amount: int
    blood_potency: int
    blood: str
    killed: bool = False

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        potency = between(source, 0, 2) if level == 2 else between(source, 2, 6)
        blood = "human" if level == 2 else pick(source, tuple(BLOOD))
        killed = blood == "human" and source(3) == 1
        return cls(between(source, 2, 5), between(source, 1, 4), potency, blood, killed)

    def answer(self) -> int:
        check = slake(self.hunger, self.amount, self.blood_potency, self.blood, killed=self.killed)
        return self.hunger + change(check.operations, "hunger")

    def others(self, source: Source) -> Iterator[Value]:
        plain = max(0, self.hunger - self.amount)
        yield from (plain, max(1, plain), self.hunger, *near(source, self.answer(), 0, FULL))

    def prompt(self) -> str:
        fed = _("You drain a human to death.") if self.killed else _(BLOOD[self.blood])
        return _(
            "Your Hunger is {hunger}, your Blood Potency {potency}. {fed} The blood is worth {amount} Hunger. "
            "What is your Hunger afterwards?",
            hunger=self.hunger,
            potency=self.blood_potency,
            fed=fed,
            amount=self.amount,
        )

    def explanation(self) -> str:
        if self.blood in ("animal", "bagged"):
            share = blood_potency(self.blood_potency).animal_share
            return _(SHARES[share], potency=self.blood_potency)
        potency = blood_potency(self.blood_potency)
        return sentences(
            (
                _(
                    "At Blood Potency {potency} a human slakes {less} less.",
                    potency=potency.level,
                    less=potency.human_less,
                )
                if potency.human_less
                else ""
            ),
            (
                _("Draining a human to death can bring your Hunger down to 0.")
                if self.killed
                else _("Without killing, your Hunger never drops below {floor}.", floor=potency.floor)
            ),
        )


BLOOD = {
    "human": N_("You feed on a human, who lives."),
    "animal": N_("You feed on an animal."),
    "bagged": N_("You drink bagged blood."),
}


SHARES = (
    N_("At Blood Potency {potency} animal and bagged blood slakes nothing any more."),
    N_("At Blood Potency {potency} animal and bagged blood slakes only half as much, rounded down."),
    N_("At Blood Potency {potency} animal and bagged blood still slakes as much as any."),
)


@dataclass(frozen=True)
class Mend(Drill):
    slug = "mend"
    levels = (1, 2)
    pages = "216, 218"

    blood_potency: int
    superficial: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        return cls(between(source, 0, 5) if level == 1 else between(source, 2, 8), between(source, 2, 6))

    def answer(self) -> int:
        health = {"total": 10, "superficial": self.superficial, "aggravated": 0}
        check = mend(listed((1,)), 1, self.blood_potency, health)
        return self.superficial + change(check.operations, "health.superficial")

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.superficial, max(0, self.superficial - self.blood_potency), 0)
        yield from near(source, self.answer(), 0, self.superficial)

    def prompt(self) -> str:
        return _(
            "You have Blood Potency {potency} and {superficial} superficial Health damage. You mend with one Rouse "
            "check, and it fails. How much superficial damage is left?",
            potency=self.blood_potency,
            superficial=self.superficial,
        )

    def explanation(self) -> str:
        return _(
            "At Blood Potency {potency} one Rouse check mends {amount}, even if it fails and raises your Hunger.",
            potency=self.blood_potency,
            amount=blood_potency(self.blood_potency).mend,
        )
