"""Questions about Vampire, 5th edition: Hunger, the Blood, Humanity. Pages are those of the core book."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Self

from contract.translation import N_, _, n_
from rules.dice import v5
from rules.dice.base import Die
from rules.dice.beast import frenzy_dice, remorse, remorse_dice
from rules.dice.blood import FULL, mend, rouse, slake
from rules.dice.blood_potency import blood_potency
from rules.dice.source import Source, listed
from rules.drills import chances, fifth
from rules.drills.base import Drill, Value, between, change, joined, near, pick, sentences
from rules.odds import v5 as odds
from rules.odds.base import Odds
from rules.traits import DamageTrack5th, Humanity, Operation, work_out


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
                "At Blood Potency {potency} such a power’s check rolls two dice, and one 6 or more is enough.",
                potency=self.blood_potency,
            )
        return n_(
            "A check holds with 6 or more. {count} check failed, and each failure adds one Hunger, up to 5.",
            "A check holds with 6 or more. {count} checks failed, and each failure adds one Hunger, up to 5.",
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
            "Your pool is {pool}, Hunger {hunger}. You add a Blood Surge at Blood Potency {potency}.",
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
            "At Blood Potency {potency} a surge adds {bonus}: {dice} dice, and Hunger dice replace regular ones.",
            potency=self.blood_potency,
            bonus=blood_potency(self.blood_potency).surge,
            dice=self.options.dice,
        )


@dataclass(frozen=True)
class Damage(fifth.Damage):
    pass


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
            "The session ends with Humanity {humanity} and {count} stain. How many dice is the Remorse test?",
            "The session ends with Humanity {humanity} and {count} stains. How many dice is the Remorse test?",
            self.stains,
            humanity=self.humanity,
        )

    def explanation(self) -> str:
        return _("One die for each box that holds neither Humanity nor a stain, and always at least one.")


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
            "Humanity {humanity}, {count} stain, and the Remorse test shows {dice}. What is Humanity afterwards?",
            "Humanity {humanity}, {count} stains, and the Remorse test shows {dice}. What is Humanity afterwards?",
            self.stains,
            humanity=self.humanity,
            dice=joined(self.dice),
        )

    def explanation(self) -> str:
        if self.answer() == self.humanity:
            return _("One die of 6 or more is enough: the stains go and Humanity stays.")
        return _("No die shows 6 or more: the stains go, and one Humanity with them, however many they were.")


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
        return _(
            "Humanity {humanity}, stains {stains}: you take {added} more. "
            "How much aggravated Willpower damage comes of it?",
            humanity=self.humanity,
            stains=self.stains,
            added=self.added,
        )

    def explanation(self) -> str:
        return _(
            "There is room for {room} stains beside Humanity {humanity}. "
            "Each one beyond is an aggravated damage to Willpower.",
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
            "Humanity {humanity}, Willpower {willpower} with {damage} superficial damage. "
            "How many dice do you roll to resist frenzy?",
            humanity=self.humanity,
            willpower=self.willpower,
            damage=self.damage,
        )

    def explanation(self) -> str:
        return _(
            "Undamaged Willpower ({willpower}) and a third of Humanity, rounded down ({third}).",
            willpower=self.willpower - self.damage,
            third=self.humanity // 3,
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
        fed = _("A human is drained to death.") if self.killed else _(BLOOD[self.blood])
        return _(
            "Hunger {hunger}, Blood Potency {potency}. {fed} The blood would slake {amount}. "
            "What is Hunger afterwards?",
            hunger=self.hunger,
            potency=self.blood_potency,
            fed=fed,
            amount=self.amount,
        )

    def explanation(self) -> str:
        if self.blood in ("animal", "bagged"):
            return _(
                "Blood Potency {potency} decides what such blood is still worth: {share}.",
                potency=self.blood_potency,
                share=_(SHARES[blood_potency(self.blood_potency).animal_share]),
            )
        return _(
            "Blood Potency {potency} takes {less} off what a human gives. Without killing, Hunger stops at {floor}.",
            potency=self.blood_potency,
            less=blood_potency(self.blood_potency).human_less,
            floor=blood_potency(self.blood_potency).floor,
        )


BLOOD = {
    "human": N_("You feed on one human, who lives."),
    "animal": N_("You feed on an animal."),
    "bagged": N_("You drink bagged blood."),
}
SHARES = (N_("nothing"), N_("half, rounded down"), N_("all of it"))


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
            "Blood Potency {potency}, {superficial} superficial Health damage. You mend with one Rouse check, "
            "which fails. How much superficial damage is left?",
            potency=self.blood_potency,
            superficial=self.superficial,
        )

    def explanation(self) -> str:
        return _(
            "At Blood Potency {potency} one check mends {amount}, and it does so even when it adds Hunger.",
            potency=self.blood_potency,
            amount=blood_potency(self.blood_potency).mend,
        )


@dataclass(frozen=True)
class Reroll(fifth.Reroll[v5.Options]):
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
    Rouse,
    Surge,
    Damage,
    RemorseDice,
    Remorse,
    Stains,
    FrenzyDice,
    Slake,
    Mend,
    Reroll,
    Likeliest,
    HowLikely,
)
