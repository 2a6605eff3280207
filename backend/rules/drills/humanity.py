"""Questions about Humanity of Vampire, 5th edition: Remorse, stains, frenzy. Pages of the core book."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import _, n_
from rules.dice.beast import frenzy_dice, remorse, remorse_dice
from rules.dice.source import Source, listed
from rules.drills.base import Drill, Value, between, change, joined, near, pick
from rules.traits import DamageTrack5th, Humanity, Operation, work_out


@dataclass(frozen=True)
class RemorseDice(Drill):
    slug = "remorse_dice"
    levels = (1, 2)
    pages = "239"

    humanity: int
    stains: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        humanity = between(source, 4, 8)
        return cls(humanity, between(source, 1, 10 - humanity))

    def answer(self) -> int:
        return remorse_dice(self.humanity, self.stains)

    def others(self, source: Source) -> Iterator[Value]:
        yield from (10 - self.humanity, self.stains, self.humanity, *near(source, self.answer(), 1))

    def prompt(self) -> str:
        return n_(
            "The session ends, and you have Humanity {humanity} and {count} stain. "
            "How many dice do you roll for Remorse?",
            "The session ends, and you have Humanity {humanity} and {count} stains. "
            "How many dice do you roll for Remorse?",
            self.stains,
            humanity=self.humanity,
        )

    def explanation(self) -> str:
        return _("One die for each box with neither Humanity nor a stain in it, but always at least one.")


@dataclass(frozen=True)
class Remorse(Drill):
    """What a Remorse test comes to: an option is the Humanity afterwards."""

    slug = "remorse"
    levels = (2, 3)
    pages = "239"

    humanity: int
    stains: int
    dice: tuple[int, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        humanity = between(source, 4, 8)
        stains = between(source, 1, 10 - humanity)
        number = remorse_dice(humanity, stains)
        # Otherwise hardly any test with several dice would fail.
        highest = pick(source, (5, 10))
        return cls(humanity, stains, tuple(source(highest) for _die in range(number)))

    def answer(self) -> int:
        check = remorse(listed(self.dice), self.humanity, self.stains)
        return self.humanity + change(check.operations, "humanity.value")

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.humanity, self.humanity - 1)
        yield max(0, self.humanity - self.stains)
        yield from near(source, self.answer(), 0, 10)

    def prompt(self) -> str:
        return n_(
            "You have Humanity {humanity} and {count} stain, and roll {dice} for Remorse. "
            "What’s your Humanity afterwards?",
            "You have Humanity {humanity} and {count} stains, and roll {dice} for Remorse. "
            "What’s your Humanity afterwards?",
            self.stains,
            humanity=self.humanity,
            dice=joined(self.dice),
        )

    def explanation(self) -> str:
        if self.answer() == self.humanity:
            return _("A single 6 or higher is enough: the stains are gone, and your Humanity stays.")
        return _(
            "No die shows a 6 or higher: the stains are gone, and one Humanity with them, however many there were."
        )


@dataclass(frozen=True)
class Stains(Drill):
    """Stains for which there is no box: how much aggravated Willpower damage they are."""

    slug = "stains"
    levels = (2, 3)
    pages = "239"

    humanity: int
    stains: int
    added: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        humanity = between(source, 5, 8)
        room = 10 - humanity
        stains = between(source, 0, room)
        return cls(humanity, stains, between(source, 1, min(4, room - stains + level)))

    def answer(self) -> int:
        willpower = DamageTrack5th(10)
        willpower.bind("willpower")
        humanity = Humanity(excess_to=willpower)
        humanity.bind("humanity")
        sheet = {
            "humanity": {"value": self.humanity, "stains": self.stains},
            "willpower": {"total": 10, "superficial": 0, "aggravated": 0},
        }
        change = Operation("humanity.stains", "adjust", self.added)
        outcome = work_out({"humanity": humanity, "willpower": willpower}, sheet, [change], str)
        return int(outcome.values.get("willpower", sheet["willpower"])["aggravated"])

    def others(self, source: Source) -> Iterator[Value]:
        yield from (0, self.added, 1, *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return n_(
            "Your Humanity is {humanity} and you have {count} stain. You take {added} more. "
            "How much aggravated Willpower damage do you suffer?",
            "Your Humanity is {humanity} and you have {count} stains. You take {added} more. "
            "How much aggravated Willpower damage do you suffer?",
            self.stains,
            humanity=self.humanity,
            added=self.added,
        )

    def explanation(self) -> str:
        return _(
            "Humanity {humanity} leaves room for {room} stains. Each one beyond is an aggravated Willpower damage.",
            room=10 - self.humanity,
            humanity=self.humanity,
        )


@dataclass(frozen=True)
class FrenzyDice(Drill):
    slug = "frenzy_dice"
    levels = (2, 3)
    pages = "219"

    humanity: int
    willpower: int
    damage: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        willpower = between(source, 3, 8)
        return cls(between(source, 3, 9), willpower, between(source, 0, willpower - 1) if level > 2 else 0)

    def answer(self) -> int:
        track = {"total": self.willpower, "superficial": self.damage, "aggravated": 0}
        return frenzy_dice(self.humanity, track)

    def others(self, source: Source) -> Iterator[Value]:
        """Damage forgotten, the whole of Humanity, none of it."""
        whole = self.willpower - self.damage
        yield from (self.willpower + self.humanity // 3, whole + self.humanity, whole)
        yield from near(source, self.answer(), 1)

    def prompt(self) -> str:
        return _(
            "You have Humanity {humanity} and Willpower {willpower}, with {damage} superficial damage. "
            "How many dice do you roll to resist frenzy?",
            humanity=self.humanity,
            willpower=self.willpower,
            damage=self.damage,
        )

    def explanation(self) -> str:
        return _(
            "Your undamaged Willpower ({willpower}) plus a third of your Humanity, rounded down ({third}).",
            willpower=self.willpower - self.damage,
            third=self.humanity // 3,
        )
