"""What fantasy games count by: ability scores, hit points with temporary ones, conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from contract.translation import N_, _
from rules.traits.base import Draft, Field, Json
from rules.traits.lists import Entries
from rules.traits.pools import Pool
from rules.traits.scalars import Number

TEMPORARY = N_("temporary")


def modifier(score: int) -> int:
    """What an ability score adds to a roll: 10 and 11 nothing, each two points more or less one."""
    return (score - 10) // 2


def with_sign(number: int) -> str:
    return f"+{number}" if number >= 0 else f"−{-number}"


@dataclass
class AbilityScore(Number):
    """A score with its modifier, which follows from it."""

    kind: ClassVar[str] = "ability"
    element: ClassVar[str] = "trait-ability"

    low: int = 1
    high: int = 30
    first: int | None = 10

    def text(self, value: Json) -> str:
        return f"{value} ({with_sign(modifier(value))})"


@dataclass
class Bonus(Number):
    """A number that is added to rolls."""

    kind: ClassVar[str] = "bonus"


@dataclass
class HitPoints(Pool):
    """Value: `{"total", "current", "temporary"}`; current ≤ total. Damage takes temporary points first.

    Healing brings back no temporary ones: they are only given.
    """

    kind: ClassVar[str] = "hp"
    element: ClassVar[str] = "trait-hp"
    card: ClassVar[str] = "hp"

    paid: bool = False

    def parts(self) -> dict[str, Number]:
        name, extra = self.label, f"Temporary {self.label}"
        return {
            "total": Number(self.low, self.high, self.first, label=name, description=f"{name}: the maximum"),
            "current": Number(0, self.high, self.first, label=f"{name} left", description=f"{name} left"),
            TEMPORARY: Number(0, self.high, 0, label=extra, description=f"{extra}: damage takes these first"),
        }

    def fields(self) -> Iterator[Field]:
        for field in super().fields():
            yield replace(field, adjust=True) if field.sub == TEMPORARY else field

    def set_part(self, state: dict[str, int], name: str, value: int, draft: Draft) -> None:
        if name == TEMPORARY:
            state[name] = value
        else:
            super().set_part(state, name, value, draft)

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        if name == TEMPORARY:
            state[name] = self._parts[name].adjusted(state[name], amount, draft)
            return
        taken = min(state[TEMPORARY], max(0, -amount))
        if taken:
            state[TEMPORARY] -= taken
            draft.note("temporary_took", **self.called, amount=taken)
        super().adjust_part(state, name, amount + taken, draft)

    def settle(self, draft: Draft) -> None:
        super().settle(draft)
        if draft.read(self.slug)["current"] == 0 != draft.before[self.slug]["current"]:
            draft.note("no_points_left", **self.called)

    def text(self, value: Json) -> str:
        points, extra = super().text(value), value[TEMPORARY]
        return _("{points}, {count} temporary", points=points, count=extra) if extra else points


@dataclass
class Conditions(Entries):
    """A list of names, each once: what a character suffers from at the moment."""

    kind: ClassVar[str] = "conditions"
    element: ClassVar[str] = "trait-conditions"
    card: ClassVar[str] = "conditions"
    has_conditions: ClassVar[bool] = True

    unique: bool = True

    def conditions(self, value: Json) -> list[str]:
        return [str(entry[self.title]) for _key, entry in sorted(value.items())]
