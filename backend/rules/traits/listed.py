"""Numbers with a list beside them: skills with specialties, experience with what it was spent on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from contract.translation import _
from rules.traits.base import Draft, Field, Json, Rest, Trait
from rules.traits.lists import REMOVE, TRAILING_NUMBER, Entries, placed_at
from rules.traits.roof import Roof
from rules.traits.scalars import Dots, Number, Text, signed


def specialties(limit: int = 10) -> Entries:
    return Entries(
        {"name": Text(50, required=True, label="Specialty")}, limit=limit, unique=True, label="Specialties"
    )


@dataclass
class Skill(Trait):
    """A rating with specialties. Value: `{"dots", "specialties": {id: {"name"}}}`.

    With a `roof` it may go beyond `high`, as far as that says.
    """

    kind: ClassVar[str] = "skill"
    element: ClassVar[str] = "trait-skill"
    card: ClassVar[str] = "dots"
    primary: ClassVar[str] = "dots"

    high: int = 5
    first: int = 0
    specialties: Entries = field(default_factory=specialties)
    roof: Roof | None = None

    def bind(self, slug: str) -> Trait:
        super().bind(slug)
        self.rating = self._rating(self.roof.most if self.roof else self.high)
        self.specialties.bind("specialties")
        return self

    def _rating(self, high: int) -> Dots:
        rating = Dots(0, high, self.first, label=self.label, context=self.context)
        rating.bind(self.path(("dots",)))
        return rating

    def start(self) -> Json:
        return {"dots": self.first, "specialties": {}}

    def fields(self) -> Iterator[Field]:
        yield Field("dots", self.label, "integer", min=0, max=self.high, start=self.first, adjust=True)

    def _field_schema(self, field: Field) -> dict[str, Json]:
        """`highest` is what `max` follows: a page shows other dots as soon as the trait `by` changes."""
        schema = super()._field_schema(field)
        if self.roof is None:
            return schema
        of: dict[str, Json] = {str(value): most for value, most in self.roof.table.items()}
        return schema | {"highest": {"by": self.roof.by, "of": of, "otherwise": self.roof.otherwise}}

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        state = draft.own(self.slug)
        if rest in ((), ("dots",)):
            stops = op == "adjust" and self.roof is not None
            rating = self._rating(self._highest(draft)) if stops else self.rating
            state["dots"] = rating.change(state["dots"], op, value, draft)
        elif rest[0] == "specialties":
            with placed_at(self, rest):
                self.specialties.apply_in(state["specialties"], draft, rest[1:], op, value)
        else:
            raise self.no_part(rest)

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """A number is the rating; anything else is a specialty: “Grappling” adds, “- Grappling” removes."""
        found = signed(text)
        if rest == ("dots",) or (found is not None and not rest):
            _, op, value = self.rating.parse(text, (), None)
            return ("dots",), op, value
        if rest and rest[0] != "specialties":
            raise self.no_part(rest)
        with placed_at(self, rest):
            deeper, op, value = self.specialties.parse(text, rest[1:], current["specialties"])
        return ("specialties", *deeper), op, value

    def _highest(self, draft: Draft) -> int:
        return self.roof.of(draft.read(self.roof.by)) if self.roof else self.high

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """Tell of dots above a roof that came down; they stay."""
        if self.roof is None or not self.roof.lowered(draft):
            return
        dots, most = draft.read(self.slug)["dots"], self._highest(draft)
        if dots > most:
            draft.note("above_generation", **self.called, value=dots, limit=most)

    def settle(self, draft: Draft) -> None:
        state, most = draft.own(self.slug), self._highest(draft)
        if self.roof and state["dots"] > max(most, draft.before[self.slug]["dots"]):
            raise self.refuse(
                _(
                    "{label} goes from 0 to {most}; {number} is outside.",
                    label=self.name,
                    most=most,
                    number=state["dots"],
                ),
                ("dots",),
            )
        with placed_at(self, ("specialties",)):
            state["specialties"] = self.specialties.checked(state["specialties"])

    def card_value(self, value: Json) -> Json:
        return {"value": value["dots"], "max": self.high}

    def score(self, value: Json) -> int | None:
        return int(value["dots"])

    def text(self, value: Json) -> str:
        names = self.specialties.text(value["specialties"]) if value["specialties"] else ""
        dots = _("{value} of {most}", value=value["dots"], most=self.high)
        return f"{dots} ({names})" if names else dots

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        if rest[:1] == ("specialties",):
            inner = [(side or {}).get("specialties") for side in (before, after)]
            entry = self.specialties.label_of(rest[1:], *inner)
            # `Brawl: Grappling` says it; the list's own name between them would add nothing.
            return f"{self.label}: {entry.removeprefix(f'{self.specialties.label}: ')}"
        return self.label

    def entry_schema(self) -> Json:
        return self.specialties.entry_schema()


@dataclass
class Experience(Trait):
    """Points earned (`total`), points left (`current`), and what they were spent on (`spends`).

    Earning raises both; a spend lowers what is left, and taking it back returns its cost.
    """

    kind: ClassVar[str] = "experience"
    element: ClassVar[str] = "trait-experience"
    card: ClassVar[str] = "text"
    primary: ClassVar[str] = "total"

    high: int = 10_000

    def bind(self, slug: str) -> Trait:
        super().bind(slug)
        self.numbers = {
            "total": Number(0, self.high, 0, label="Experience"),
            "current": Number(0, self.high, 0, label="Experience left", paid=True),
        }
        for name, part in self.numbers.items():
            part.bind(self.path((name,)))
        cost = Number(0, 1000, 0, label="Cost")
        self.spends = Entries(
            {"description": Text(80, required=True), "cost": cost}, limit=500, rating="cost", label="Spent"
        )
        self.spends.bind("spends")
        return self

    def start(self) -> Json:
        return {"total": 0, "current": 0, "spends": {}}

    def fields(self) -> Iterator[Field]:
        for name, part in self.numbers.items():
            yield Field(name, part.label, "integer", min=0, max=self.high, start=0, adjust=True)

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        state = draft.own(self.slug)
        name = rest[0] if rest else "total"
        if name == "spends":
            self._spend(state, draft, rest, op, value)
        elif len(rest) > 1 or name not in self.numbers:
            raise self.no_part(rest)
        elif op == "adjust" and name == "total" and isinstance(value, int) and value < 0:
            state["current"] = self.numbers["current"].adjusted(state["current"], value, draft)
        else:
            self._earn(state, name, self.numbers[name].change(state[name], op, value, draft))

    def _earn(self, state: dict[str, Json], name: str, value: int) -> None:
        if name == "total":
            state["current"] += max(0, value - state["total"])
        state[name] = value

    def _spend(self, state: dict[str, Json], draft: Draft, rest: Rest, op: str, value: Json) -> None:
        before = self._spent(state)
        with placed_at(self, rest):
            self.spends.apply_in(state["spends"], draft, rest[1:], op, value)
        cost = self._spent(state) - before
        if cost > state["current"]:
            raise self.refuse(
                _(
                    "That costs {cost}, but only {left} experience is left.",
                    cost=cost,
                    left=state["current"],
                ),
                rest,
            )
        state["current"] -= cost

    def _spent(self, state: dict[str, Json]) -> int:
        return sum(spend["cost"] for spend in state["spends"].values())

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        with placed_at(self, ("spends",)):
            state["spends"] = self.spends.checked(state["spends"])
        if state["current"] > state["total"]:
            draft.note("experience_left", total=state["total"])
            state["current"] = state["total"]

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """`+3` earns, `-2` takes from what is left, “Potence 3 15” is a spend of 15, “- Potence 3” takes it back."""
        found = signed(text)
        if rest[:1] != ("spends",) and found is not None:
            return rest or ("total",), *found
        if rest and rest[0] in self.numbers:
            raise self.refuse(_("{label} takes a number such as 3, +1 or -1.", label=self.name), rest)
        if rest and rest[0] != "spends":
            raise self.no_part(rest)
        with placed_at(self, rest):
            deeper, op, value = self._parse_spend(text, rest[1:], current["spends"])
        return ("spends", *deeper), op, value

    def _parse_spend(self, text: str, rest: Rest, spends: Json) -> tuple[Rest, str, Json]:
        if rest or REMOVE.match(text.strip()):
            return self.spends.parse(text, rest, spends)
        # The same thing may be bought twice, so a name that is there already is a new spend too.
        found = TRAILING_NUMBER.match(text.strip())
        if not found:
            raise self.refuse(_("Say what was bought and what it cost, such as “Potence 3 15”."))
        return (), "add", {"description": found.group(1), "cost": int(found.group(2))}

    def text(self, value: Json) -> str:
        return _("{left} left of {total}", left=value["current"], total=value["total"])

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        if rest[:1] == ("spends",):
            inner = [(side or {}).get("spends") for side in (before, after)]
            return self.spends.label_of(rest[1:], *inner)
        return super().label_of(rest, before, after)

    def entry_schema(self) -> Json:
        return self.spends.entry_schema()
