"""Questions of the 20th edition about body and soul: wounds, damage, blood, degeneration. Pages of Vampire 20th."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _, n_
from rules.dice import vitae, wod20
from rules.dice.degeneration import CONSCIENCE, degeneration
from rules.dice.degeneration import Options as Degeneration
from rules.dice.source import Source, listed
from rules.dice.wounds import LEVELS, level20th
from rules.drills.base import TRIES, Drill, Value, between, change, joined, near, pick, sentences, shuffled
from rules.traits import DamageTrack20th, Operation, work_out
from rules.traits.damage20 import BOXES, SEVERITIES


@dataclass(frozen=True)
class Wounds(Drill):
    """The dice that wounds leave."""

    slug = "wounds"
    levels = (1, 2)
    pages = "282"

    pool: int
    damage: int
    named: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the first level by the name of the wound, on the second by the number of boxes."""
        damage = between(source, 1, BOXES - 1)
        return cls(between(source, LEVELS[damage].penalty + 1, 9), damage, level == 1)

    @property
    def wound(self) -> int:
        return level20th(BOXES, self.damage)

    def answer(self) -> int:
        return wod20.Options(self.pool, wound=self.wound).dice

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.pool, max(1, self.pool - self.damage), *near(source, self.answer(), 1))

    def prompt(self) -> str:
        if self.named:
            state = _("Your character is {level}.", level=_(LEVELS[self.wound].name))
        else:
            state = n_(
                "{count} of your seven Health boxes is filled.",
                "{count} of your seven Health boxes are filled.",
                self.damage,
            )
        asked = _("Your pool is {pool}. How many dice do you roll?", pool=self.pool)
        return sentences(state, asked)

    def explanation(self) -> str:
        return n_(
            "{level}: {count} die less.",
            "{level}: {count} dice less.",
            LEVELS[self.wound].penalty,
            level=_(LEVELS[self.wound].name),
        )


@dataclass(frozen=True)
class Damage(Drill):
    """What damage becomes on a track. An option is `bashing/lethal/aggravated`."""

    slug = "damage"
    pages = "285"

    bashing: int
    lethal: int
    aggravated: int
    amount: int
    kind: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the first level there is room; on a full track every point finds a bashing one to make worse."""
        if level == 1:
            return cls(
                between(source, 1, 2),
                between(source, 0, 2),
                0,
                between(source, 1, 3),
                pick(source, SEVERITIES),
            )
        aggravated = between(source, 0, level - 1)
        bashing = between(source, 2, 4)
        lethal = max(0, BOXES - bashing - aggravated - source(2) + 1)
        room = BOXES - bashing - lethal - aggravated
        return cls(bashing, lethal, aggravated, room + between(source, 1, 2), pick(source, SEVERITIES))

    def before(self) -> dict[str, int]:
        return dict(zip(SEVERITIES, (self.bashing, self.lethal, self.aggravated), strict=True))

    def track(self) -> DamageTrack20th:
        return DamageTrack20th()

    def answer(self) -> str:
        track = self.track()
        track.bind("health")
        change = Operation(f"health.{self.kind}", "adjust", self.amount)
        outcome = work_out({"health": track}, {"health": {"total": BOXES} | self.before()}, [change], str)
        return "/".join(str(outcome.values["health"][severity]) for severity in SEVERITIES)

    def others(self, source: Source) -> Iterator[Value]:
        """The new damage on top of everything, lost where the track is full, or a point moved."""
        found = [int(number) for number in self.answer().split("/")]
        mistakes = []
        for left, right in ((0, 1), (1, 2), (1, 0), (2, 1), (0, 2)):
            moved = list(found)
            moved[left] -= 1
            moved[right] += 1
            mistakes.append(moved)
        full = self.before()
        room = BOXES - sum(full.values())
        full[self.kind] += min(room, self.amount)
        mistakes.append(list(full.values()))
        yield from (
            "/".join(map(str, numbers)) for numbers in shuffled(source, mistakes) if min(numbers) >= 0
        )

    def prompt(self) -> str:
        before = _(
            "Your seven Health boxes hold {damage}.",
            damage=self.show("/".join(map(str, self.before().values()))),
        )
        taken = _(TAKEN[self.kind], amount=self.amount)
        return sentences(before, taken, _("What’s your damage afterwards?"))

    def show(self, value: Value) -> str:
        bashing, lethal, aggravated = str(value).split("/")
        return _(
            "{bashing} bashing, {lethal} lethal, {aggravated} aggravated",
            bashing=bashing,
            lethal=lethal,
            aggravated=aggravated,
        )

    def explanation(self) -> str:
        room = BOXES - sum(self.before().values())
        if self.amount <= room:
            return _("There’s a free box for every point, so the damage just fills them.")
        return _(
            "Free boxes fill first ({free}). Each point beyond that ({more}) makes a bashing one worse.",
            free=room,
            more=self.amount - room,
        )


TAKEN = {
    "bashing": N_("You take {amount} bashing damage."),
    "lethal": N_("You take {amount} lethal damage."),
    "aggravated": N_("You take {amount} aggravated damage."),
}


@dataclass(frozen=True)
class Heal(Drill):
    """Blood that is left after healing."""

    slug = "heal"
    levels = (1, 2, 3)
    pages = N_("“Healing”")

    blood: int
    amount: int
    kind: str
    damage: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """The third level offers more blood than the damage takes."""
        if level == 1:
            damage = between(source, 1, 4)
            return cls(
                between(source, 8, 12), between(source, 1, damage), pick(source, SEVERITIES[:2]), damage
            )
        damage = between(source, 1, 2)
        amount = vitae.AGGRAVATED_COSTS * between(source, 1, damage) + (
            between(source, 1, 3) if level == 3 else 0
        )
        return cls(between(source, amount, amount + 4), amount, "aggravated", damage)

    def answer(self) -> int:
        blood = {"total": 20, "current": self.blood}
        health = dict.fromkeys(SEVERITIES, 0) | {"total": BOXES, self.kind: self.damage}
        check = vitae.use(blood, health, self.amount, f"heal_{self.kind}")
        return self.blood + change(check.operations, "blood.current")

    def others(self, source: Source) -> Iterator[Value]:
        yield from (
            self.blood - self.amount,
            max(0, self.blood - self.damage),
            *near(source, self.answer(), 0),
        )

    def prompt(self) -> str:
        return _(
            "You have {blood} blood points and {damage} {kind} damage. You set {amount} blood points aside to heal it. "
            "How many are left afterwards?",
            blood=self.blood,
            damage=self.damage,
            kind=_(self.kind),
            amount=self.amount,
        )

    def explanation(self) -> str:
        if self.kind == "aggravated":
            return _(
                "One level of aggravated damage costs five blood points; what isn’t enough for a level is not spent."
            )
        return _("One level of bashing or lethal damage costs one blood point.")


@dataclass(frozen=True)
class Degenerated(Drill):
    """What a degeneration roll costs."""

    slug = "degeneration"
    levels = (2, 3)
    pages = "309–312"

    dots: int
    difficulty: int
    dice: tuple[int, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        wanted = pick(source, tuple(LOST))
        for _attempt in range(TRIES):
            dots, difficulty = between(source, 1, 4), between(source, 6, 9)
            found = cls(dots, difficulty, tuple(source(10) for _die in range(dots)))
            if found.answer() == wanted:
                return found
        return None

    def answer(self) -> str:
        asked = Degeneration("morality", 7, CONSCIENCE, self.dots, self.difficulty)
        operations = degeneration(asked, listed(self.dice)).operations
        return "+".join(operation["path"] for operation in operations) or "nothing"

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, LOST)

    def prompt(self) -> str:
        return _(
            "You roll Conscience {dots} against degeneration, difficulty {difficulty}: {dice}. What do you lose?",
            dots=self.dots,
            difficulty=self.difficulty,
            dice=joined(self.dice),
        )

    def show(self, value: Value) -> str:
        return _(LOST[str(value)])

    def explanation(self) -> str:
        return _(
            "A failure costs a dot of Humanity. A botch costs a dot of Conscience too, and brings a derangement."
        )


LOST = {
    "nothing": N_("Nothing"),
    "morality": N_("A dot of Humanity"),
    "conscience": N_("A dot of Conscience"),
    "morality+conscience": N_("A dot of Humanity and one of Conscience"),
}
