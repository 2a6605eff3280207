"""Numbers in pairs: a pool under its permanent rating, a counter that rolls over, the mage's wheel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from contract.translation import _
from rules.traits.base import Draft, Field, Json, Rest, Step
from rules.traits.scalars import Number
from rules.traits.tracks import Composite


@dataclass
class Paired(Composite):
    """A lasting rating and a number that moves in play. `/… update name:+1` means the one that moves."""

    # The part that moves in play.
    moving: ClassVar[str] = ""

    def fields(self) -> Iterator[Field]:
        for field in super().fields():
            adjustable = field.sub == self.moving or self.both_move
            yield Field(**{**vars(field), "adjust": adjustable})

    @property
    def both_move(self) -> bool:
        return False

    @property
    def in_play(self) -> str:
        return self.moving

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        if op == "adjust" and not rest:
            rest = (self.moving,)
        elif op == "adjust" and rest == (self.primary,) and not self.both_move:
            raise self.refuse(
                _(
                    "{label} itself can only be set. What goes up and down in play is “{moving}”.",
                    label=self.name,
                    moving=_(self.moving),
                ),
                rest,
            )
        super().apply(draft, rest, op, value)

    def _field_schema(self, field: Field) -> dict[str, Json]:
        schema = super()._field_schema(field)
        # In play a player says “willpower”, and means what is left of it.
        return (
            schema | {"update_name": self.slug} if field.sub == self.moving and not self.both_move else schema
        )


@dataclass
class Pool(Paired):
    """Points under a permanent rating. Value: `{"total", "current"}`; current ≤ total, or ≤ `over` where that is more.

    Points are `paid`, unless a blow takes them.

    A higher rating brings its points along; a lower one takes those that no longer fit under it. Points above the
    rating stay above it.
    """

    kind: ClassVar[str] = "pool"
    element: ClassVar[str] = "trait-pool"
    card: ClassVar[str] = "pool"
    primary: ClassVar[str] = "total"
    moving: ClassVar[str] = "current"

    low: int
    high: int
    first: int
    full_at_start: bool = True
    over: int = 0
    paid: bool = True
    # A choice that says what it begins with: its slug, and the points by option.
    begins: tuple[str, Mapping[str, int]] | None = None

    def parts(self) -> dict[str, Number]:
        name, most = self.label, max(self.high, self.over)
        left = self.first if self.full_at_start else 0
        return {
            "total": Number(
                self.low, self.high, self.first, label=name, description=f"{name}: permanent rating"
            ),
            "current": Number(0, most, left, label=f"{name} left", description=f"{name}: points left"),
        }

    def set_part(self, state: dict[str, int], name: str, value: int, draft: Draft) -> None:
        if name == "total":
            within = min(state["current"], state["total"])
            state["current"] += max(value - state["total"], min(0, value - within))
        super().set_part(state, name, value, draft)

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        most = self.over or state["total"]
        wanted = state["current"] + amount
        if self.paid:
            self._parts["current"].require(state["current"], -amount)
        state["current"] = min(max(wanted, 0), max(most, min(state["current"], wanted)))
        excess = abs(wanted - state["current"])
        if excess:
            draft.note("limit_reached", **self.called, limit=state["current"], ignored=excess)

    def blow(self, value: Json, amount: int, damage: str) -> list[Step]:
        return super().blow(value, max(amount, -value["current"]) if self.paid else amount, damage)

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """Begin with what a choice says when it is made, unless a number was given, now or earlier."""
        if self.begins is None or before.get(self.begins[0]) or draft.read(self.slug) != self.start():
            return
        points = self.begins[1].get(draft.read(self.begins[0]) or "")
        if points and not {self.path(("total",)), self.path(("current",))} & draft.given:
            draft.put(self.slug, {"total": points, "current": points if self.full_at_start else 0})

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        most = self.over or state["total"]
        if state["current"] > most:
            draft.note("limit_reached", **self.called, limit=most, ignored=state["current"] - most)
            state["current"] = most

    def _field_schema(self, field: Field) -> dict[str, Json]:
        """`roof` is the path of the value that this one never exceeds."""
        schema = super()._field_schema(field)
        capped = field.sub == "current" and not self.over
        return schema | {"roof": self.path(("total",))} if capped else schema

    def most(self, value: Json) -> int | None:
        return int(value["total"])

    def text(self, value: Json) -> str:
        return _("{value} of {most}", value=value["current"], most=value["total"])


@dataclass
class Rollover(Paired):
    """A counter whose tenth point becomes a lasting one (Banality, Torment, Nightmare under Imbalance).

    Value: `{"permanent", "temporary"}`, both 0–10; ten temporary points are one permanent, what is left over stays.
    Losing temporary points never lowers the permanent ones. `names` is what players call (permanent, temporary).
    """

    kind: ClassVar[str] = "rollover"
    element: ClassVar[str] = "trait-rollover"
    card: ClassVar[str] = "rollover"
    primary: ClassVar[str] = "permanent"
    moving: ClassVar[str] = "temporary"

    first: int = 0
    low: int = 0
    names: tuple[str, str] | None = None

    @property
    def both_move(self) -> bool:
        return self.names is not None

    def parts(self) -> dict[str, Number]:
        lasting, passing = self._words()
        return {
            "permanent": Number(self.low, 10, self.first, label=lasting, description=lasting),
            "temporary": Number(0, 10, 0, label=passing, description=f"{passing}: ten make one lasting"),
        }

    def _words(self) -> tuple[str, str]:
        if self.names:
            return self.names[0].title(), self.names[1].title()
        return self.label, f"{self.label}, temporary"

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        if name == "permanent":
            super().adjust_part(state, name, amount, draft)
            return
        wanted = state["temporary"] + amount
        if wanted < 0:
            draft.note("limit_reached", label=self._words()[1], limit=0, ignored=-wanted)
        state["temporary"] = max(0, wanted)

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        lasting, passing = self._words()
        gained = min(state["temporary"] // 10, 10 - state["permanent"])
        if gained:
            state["permanent"] += gained
            state["temporary"] -= 10 * gained
            draft.note("rolled_over", passing=passing, lasting=lasting, value=state["permanent"])
        if state["temporary"] > 10:
            draft.note("rollover_full", passing=passing, limit=10, lasting=lasting)
            state["temporary"] = 10

    def _field_schema(self, field: Field) -> dict[str, Json]:
        schema = super()._field_schema(field)
        return schema | {"name": self.names[field.sub == "temporary"]} if self.names else schema

    def most(self, value: Json) -> int | None:
        return 10

    def text(self, value: Json) -> str:
        passing = _(self._words()[1]) if self.names else _("temporary")
        lasting = _("{value} of {most}", value=value["permanent"], most=10)
        return f"{lasting}, {value['temporary']} {passing}"


@dataclass
class Wheel(Composite):
    """Quintessence and Paradox on one wheel of 20 (Mage 20th 331). Paradox pushes Quintessence off."""

    kind: ClassVar[str] = "wheel"
    element: ClassVar[str] = "trait-wheel"
    card: ClassVar[str] = "wheel"
    primary: ClassVar[str] = "quintessence"

    slots: int = 20
    first: int = 0

    def parts(self) -> dict[str, Number]:
        return {
            "paradox": Number(0, self.slots, 0, label="Paradox", description="Paradox"),
            "quintessence": Number(
                0, self.slots, self.first, label="Quintessence", description="Quintessence", paid=True
            ),
        }

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        pushed = state["quintessence"] - (self.slots - state["paradox"])
        if pushed > 0:
            state["quintessence"] -= pushed
            draft.note("wheel_pushed", slots=self.slots, pushed=pushed)

    def _field_schema(self, field: Field) -> dict[str, Json]:
        return super()._field_schema(field) | {"name": field.sub}

    def most(self, value: Json) -> int | None:
        return self.slots

    def text(self, value: Json) -> str:
        return _("Quintessence {quintessence}, Paradox {paradox}, of {slots}", slots=self.slots, **value)
