"""Questions that a chronicle's house rules answer otherwise than the book, for exams of that chronicle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from contract.translation import _, n_
from rules.dice import wod20 as dice20
from rules.dice.blood import rouse
from rules.dice.source import Source, listed
from rules.dice.wounds import LEVELS
from rules.drills import blood, body20, wod20
from rules.drills.base import TRIES, Drill, Value, between, change, near, sentences
from rules.traits import DamageTrack20th
from rules.traits.damage20 import BOXES


class UnderRule:
    """A kind of question about a house rule, by its slug (`chronicle.house_rules`)."""

    rule: ClassVar[str]

    @classmethod
    def under(cls, value: str, source: Source) -> Drill | None:
        """Draw facts whose answer this value of the rule changes; None as for `Drill.make`."""
        raise NotImplementedError


@dataclass(frozen=True)
class OnesAndTens(UnderRule, wod20.Successes):
    """A 1 that cancels a ten with a specialty: both its successes, or one."""

    slug = "house_ones"
    rule = "specialty_ones"

    @classmethod
    def under(cls, value: str, source: Source) -> Self | None:
        for _attempt in range(TRIES):
            options = dice20.Options(between(source, 3, 7), between(source, 6, 8), "a", ones=value)
            dice = dice20.roll(options, source).dice
            counted = dice20.count(options, dice)
            left = [dice20.left_of(*counted, reading) for reading in dice20.READINGS]
            if min(left) > 0 and left[0] != left[1]:
                return cls(options, dice)
        return None

    def others(self, source: Source) -> Iterator[Value]:
        counted = dice20.count(self.options, self.dice)
        yield from (dice20.left_of(*counted, reading) for reading in dice20.READINGS)
        yield from super().others(source)

    def prompt(self) -> str:
        return sentences(_("House rule: a 1 cancels one success, even one of a ten’s two."), super().prompt())


@dataclass(frozen=True)
class FullTrack(UnderRule, body20.Damage):
    """Lethal damage on a track without a free or bashing box."""

    slug = "house_full_track"
    rule = "full_track"

    @classmethod
    def under(cls, value: str, source: Source) -> Self:
        aggravated = between(source, 0, 3)
        return cls(0, BOXES - aggravated, aggravated, between(source, 1, 2), "lethal")

    def track(self) -> DamageTrack20th:
        return DamageTrack20th(lethal_stays=False)

    def prompt(self) -> str:
        return sentences(_("House rule: on a full track lethal damage becomes aggravated."), super().prompt())

    def explanation(self) -> str:
        return n_(
            "No box is free, so the house rule turns {count} lethal into aggravated.",
            "No box is free, so the house rule turns {count} lethal into aggravated.",
            self.amount,
        )


@dataclass(frozen=True)
class LastDie(UnderRule, body20.Wounds):
    """Wounds that take more dice than the pool has."""

    slug = "house_last_die"
    rule = "last_die"

    @classmethod
    def under(cls, value: str, source: Source) -> Self | None:
        damage = between(source, 3, BOXES - 1)
        penalty = LEVELS[damage].penalty
        return cls(between(source, 1, penalty), damage, True) if penalty else None

    def others(self, source: Source) -> Iterator[Value]:
        yield from (0, self.pool, *near(source, self.answer(), 0))

    def prompt(self) -> str:
        return sentences(_("House rule: one die always remains."), super().prompt())


@dataclass(frozen=True)
class HungerLimit(UnderRule, blood.Rouse):
    """Rouse checks just below the highest Hunger of the chronicle."""

    slug = "house_max_hunger"
    rule = "max_hunger"

    full: int = 5

    @classmethod
    def under(cls, value: str, source: Source) -> Self:
        full = int(value)
        return cls(full - 1, (between(source, 1, 5), between(source, 1, 5)), 2, full=full)

    @property
    def failed(self) -> int:
        check = rouse(listed(self.dice), self.hunger, self.checks, full=self.full)
        return change(check.operations, "hunger")

    def answer(self) -> int:
        return min(self.full, self.hunger + self.failed)

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.hunger, self.hunger + self.checks, *near(source, self.answer(), 0, 7))

    def prompt(self) -> str:
        rule = _("House rule: Hunger rises to {highest} at most.", highest=self.full)
        return sentences(rule, super().prompt())

    def explanation(self) -> str:
        return _(
            "Each failed check adds one Hunger, but no more than the house rule allows: {highest}.",
            highest=self.full,
        )


KINDS: Mapping[str, tuple[type[HungerLimit | OnesAndTens | FullTrack | LastDie], ...]] = {
    "v5": (HungerLimit,),
    "wod20": (OnesAndTens, FullTrack, LastDie),
}
