"""Tracks of the 5th edition: damage boxes, and Humanity with its stains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from contract.translation import N_, _, n_
from rules.traits.base import Draft, Field, Json, Rest, Step, Trait
from rules.traits.scalars import Number, signed

# Of which the words are typed and shown: `+2 superficial`.
SUPERFICIAL, AGGRAVATED, STAINS = N_("superficial"), N_("aggravated"), N_("stains")
IMPAIRED = N_("Impaired")


@dataclass
class Composite(Trait):
    """A trait of several whole numbers, stored as one object."""

    def parts(self) -> dict[str, Number]:
        """The numbers by name, each with its own range."""
        raise NotImplementedError

    def bind(self, slug: str) -> Trait:
        super().bind(slug)
        self._parts = self.parts()
        for name, part in self._parts.items():
            part.bind(self.path((name,)))
        return self

    def start(self) -> Json:
        return {name: part.first for name, part in self._parts.items()}

    def fields(self) -> Iterator[Field]:
        for name, part in self._parts.items():
            yield Field(
                name,
                part.label,
                "integer",
                min=part.low,
                max=part.high,
                start=part.first,
                adjust=True,
                required=self.required and name == self.primary,
                description=part.description or part.label,
            )

    def part(self, rest: Rest) -> tuple[str, Number]:
        name = rest[0] if rest else self.primary
        if len(rest) > 1 or name not in self._parts:
            raise self.no_part(rest)
        return name, self._parts[name]

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        name, part = self.part(rest)
        state = draft.own(self.slug)
        if op == "set":
            self.set_part(state, name, part.clean(value), draft)
        elif op == "adjust":
            self.adjust_part(state, name, part.amount(value), draft)
        else:
            raise self.unknown_op(op, rest)

    def set_part(self, state: dict[str, int], name: str, value: int, draft: Draft) -> None:
        state[name] = value

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        state[name] = self._parts[name].adjusted(state[name], amount, draft)

    @property
    def in_play(self) -> str:
        """The part that goes up and down."""
        return self.primary

    def points_left(self, value: Json) -> int | None:
        return int(value[self.in_play])

    def blow(self, value: Json, amount: int, damage: str) -> list[Step]:
        part = self._parts[self.in_play]
        return [
            ((self.in_play,), op, step) for _rest, op, step in part.blow(value[self.in_play], amount, damage)
        ]

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """`7`, `+2 superficial`, `1 stains`: the number first, then the part; alone it means the primary part."""
        words = text.strip().split()
        named = {word.casefold(): name for name in self._parts for word in (name, _(name))}
        if not rest and len(words) > 1 and words[-1].casefold() in named:
            rest, words = (named[words.pop().casefold()],), words
        found = signed(" ".join(words))
        if found is None:
            parts = ", ".join(map(_, self._parts))
            raise self.refuse(
                _(
                    "{label} takes a number such as 3 or +1, and one of: {parts}.",
                    label=self.name,
                    parts=parts,
                ),
                rest,
            )
        return rest, *found


@dataclass
class DamageTrack(Composite):
    """Boxes that damage fills. `severities`: its kinds, from the lightest to the gravest."""

    severities: ClassVar[tuple[str, ...]] = ()
    has_conditions: ClassVar[bool] = True
    primary: ClassVar[str] = "total"

    def points_left(self, value: Json) -> int | None:
        return max(0, int(value["total"]) - sum(int(value[severity]) for severity in self.severities))

    def blow(self, value: Json, amount: int, damage: str) -> list[Step]:
        """Of no kind: the lightest damage there can be, and the lightest that there is to heal."""
        if damage and damage not in self.severities:
            raise self.no_damage(damage, self.severities)
        hurt = next((severity for severity in self.severities if value[severity]), self.severities[0])
        kind = damage or (hurt if amount > 0 else self.severities[0])
        return [((kind,), "adjust", -self._parts[kind].within(amount, None))]

    def most(self, value: Json) -> int | None:
        return int(value["total"])


@dataclass
class DamageTrack5th(DamageTrack):
    """Boxes with superficial and aggravated damage (Vampire core 126; the same in Werewolf and Hunter).

    Value: `{"total", "superficial", "aggravated"}`; superficial + aggravated ≤ total, always. Superficial damage
    beyond the last box turns one superficial into aggravated, each. `follows` names traits: as they rise or fall, so
    does the total.
    """

    kind: ClassVar[str] = "damage5th"
    element: ClassVar[str] = "trait-damage5th"
    card: ClassVar[str] = "damage5th"
    severities: ClassVar[tuple[str, ...]] = (SUPERFICIAL, AGGRAVATED)

    boxes: int
    high: int = 20
    follows: tuple[str, ...] = ()
    # A choice that gives boxes while it lasts: its slug, and the boxes by option.
    form: tuple[str, Mapping[str, int]] | None = None
    # The code of the notice when every box is aggravated; its data is `label`.
    full: str = "all_aggravated"

    def parts(self) -> dict[str, Number]:
        name, most = self.label, self.high + max(self.form[1].values() if self.form else [0])
        return {
            "total": Number(1, most, self.boxes, label=name, description=f"{name}: number of boxes"),
            SUPERFICIAL: Number(
                0, most, 0, label=f"{name} superficial", description=f"{name}: superficial damage"
            ),
            AGGRAVATED: Number(
                0, most, 0, label=f"{name} aggravated", description=f"{name}: aggravated damage"
            ),
        }

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        if name == "total":
            super().adjust_part(state, name, amount, draft)
        elif amount < 0:
            self._heal(state, name, -amount, draft)
        elif name == "superficial":
            self._take_superficial(state, amount, draft)
        else:
            self._take_aggravated(state, amount, draft)

    def _free(self, state: dict[str, int]) -> int:
        return max(0, state["total"] - state["superficial"] - state["aggravated"])

    def _heal(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        healed = min(amount, state[name])
        state[name] -= healed
        if healed < amount:
            draft.note("less_damage", **self.called, healed=healed, kind=name)

    def _take_superficial(self, state: dict[str, int], amount: int, draft: Draft) -> None:
        filled = min(amount, self._free(state))
        state["superficial"] += filled
        turned = min(amount - filled, state["superficial"])
        state["superficial"] -= turned
        state["aggravated"] += turned
        if turned:
            draft.note("turned_aggravated", **self.called, amount=turned)
        self._lost(amount - filled - turned, draft)

    def _take_aggravated(self, state: dict[str, int], amount: int, draft: Draft) -> None:
        filled = min(amount, self._free(state))
        replaced = min(amount - filled, state["superficial"])
        state["aggravated"] += filled + replaced
        state["superficial"] -= replaced
        if replaced:
            draft.note("turned_aggravated", **self.called, amount=replaced)
        self._lost(amount - filled - replaced, draft)

    def _lost(self, amount: int, draft: Draft) -> None:
        if amount:
            draft.note("damage_ignored", **self.called, ignored=amount)

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """Stamina + 1 is one box of Health more (core 126), a form may bring boxes of its own.

        A total given in the same command stands as it is; with a new form beside it, it is the total without the form.
        """
        given = self.full_path(()) in draft.given
        moved = 0 if given else sum(draft.read(slug) - before[slug] for slug in self.follows)
        if self.form:
            slug, boxes = self.form
            left, entered = (boxes.get(value, 0) for value in (before[slug], draft.read(slug)))
            if before[slug] != draft.read(slug):
                moved += entered if given else entered - left
        if moved:
            state = draft.own(self.slug)
            state["total"] = self._parts["total"].adjusted(state["total"], moved, draft)

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        aggravated = min(state["aggravated"], state["total"])
        superficial = min(state["superficial"], state["total"] - aggravated)
        dropped = state["aggravated"] - aggravated + state["superficial"] - superficial
        state |= {"aggravated": aggravated, "superficial": superficial}
        if dropped:
            draft.note("damage_dropped", **self.called, dropped=dropped, boxes=state["total"])
        self._tell_state(state, draft)

    def _tell_state(self, state: dict[str, int], draft: Draft) -> None:
        before = draft.before[self.slug]
        if state == before or self._free(state):
            return
        if state["aggravated"] == state["total"]:
            draft.note(self.full, **self.called)
        elif self._free(before):
            draft.note("impaired", **self.called)

    def conditions(self, value: Json) -> list[str]:
        return [] if self._free(value) else [IMPAIRED]

    def text(self, value: Json) -> str:
        superficial, aggravated = value["superficial"], value["aggravated"]
        if not superficial and not aggravated:
            return n_("{count} box, no damage", "{count} boxes, no damage", value["total"])
        return n_(
            "{count} box: {superficial} superficial, {aggravated} aggravated",
            "{count} boxes: {superficial} superficial, {aggravated} aggravated",
            value["total"],
            superficial=superficial,
            aggravated=aggravated,
        )


@dataclass
class Humanity(Composite):
    """Humanity with stains (core 236–240). Value: `{"value", "stains"}`; stains ≤ 10 − value.

    Losing Humanity wipes the stains. A stain with no box left is an aggravated damage to `excess_to` (core 239).
    """

    kind: ClassVar[str] = "humanity"
    element: ClassVar[str] = "trait-humanity"
    card: ClassVar[str] = "humanity"
    primary: ClassVar[str] = "value"

    first: int = 7
    excess_to: DamageTrack5th | None = None

    def parts(self) -> dict[str, Number]:
        return {
            "value": Number(0, 10, self.first, label=self.label, description="Humanity"),
            STAINS: Number(0, 10, 0, label="Stains", description="Stains of this session"),
        }

    def set_part(self, state: dict[str, int], name: str, value: int, draft: Draft) -> None:
        if name == "value" and value < state["value"]:
            self._wipe(state, draft)
        super().set_part(state, name, value, draft)

    def adjust_part(self, state: dict[str, int], name: str, amount: int, draft: Draft) -> None:
        if name == "value":
            before = state["value"]
            super().adjust_part(state, name, amount, draft)
            if state["value"] < before:
                self._wipe(state, draft)
        else:
            self._stain(state, amount, draft)

    def _stain(self, state: dict[str, int], amount: int, draft: Draft) -> None:
        # A rise of Humanity in the same command may have left more stains than boxes; that is for `settle`.
        room = max(0, 10 - state["value"] - state["stains"])
        change = max(-state["stains"], min(amount, room))
        state["stains"] += change
        if amount < change:
            draft.note("few_stains", stains=-change)
        elif amount > change:
            self._degenerate(amount - change, draft)

    def _degenerate(self, excess: int, draft: Draft) -> None:
        draft.note("degeneration", stains=excess)
        if self.excess_to:
            self.excess_to.apply(draft, ("aggravated",), "adjust", excess)

    def _wipe(self, state: dict[str, int], draft: Draft) -> None:
        if state["stains"]:
            draft.note("stains_wiped")
        state["stains"] = 0

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        dropped = state["stains"] - (10 - state["value"])
        if dropped > 0:
            state["stains"] -= dropped
            draft.note("stains_dropped", stains=dropped, humanity=state["value"])

    def most(self, value: Json) -> int | None:
        return 10

    def _field_schema(self, field: Field) -> dict[str, Json]:
        schema = super()._field_schema(field)
        # People say “stains”, not “humanity stains”.
        return schema | {"name": "stains"} if field.sub == "stains" else schema

    def text(self, value: Json) -> str:
        stains = value["stains"]
        if not stains:
            return _("{value} of {most}", value=value["value"], most=10)
        return n_(
            "{value} of 10, {count} stain", "{value} of 10, {count} stains", stains, value=value["value"]
        )
