"""Lists of entries: merits, backgrounds, disciplines with powers, skills with specialties, experience spent.

A list is an object keyed by time-ordered ids, so that two people who edit different entries never meet, and an undone
removal comes back in its place.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from rules.errors import Invalid
from rules.traits.base import Draft, Field, Json, Rest, Trait
from rules.traits.scalars import Dots, Number, Scalar, Text, signed

TRAILING_NUMBER = re.compile(r"^(.*\S)\s+(\d{1,3})$")
REMOVE = re.compile(r"^(?:-\s*|remove\s+)(.+)$", re.IGNORECASE)


@dataclass
class Entries(Trait):
    """Entries of one shape. `entry` maps names to scalars (the first is the entry's name) and to nested lists.

    `unique`: no two entries share a name (letter case aside). `rating` names the number that “Beautiful 2” means.
    """

    kind: ClassVar[str] = "entries"
    element: ClassVar[str] = "trait-entries"
    card: ClassVar[str] = "text"

    entry: Mapping[str, Trait]
    limit: int = 50
    unique: bool = False
    rating: str = ""
    start_rating: int = 1

    def bind(self, slug: str) -> Trait:
        super().bind(slug)
        for name, part in self.entry.items():
            part.bind(name)
        return self

    def start(self) -> Json:
        return {}

    def fields(self) -> Iterator[Field]:
        yield from ()

    @property
    def title(self) -> str:
        return next(iter(self.entry))

    def scalars(self) -> Iterator[tuple[str, Scalar]]:
        return ((name, part) for name, part in self.entry.items() if isinstance(part, Scalar))

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        self.apply_in(draft.own(self.slug), draft, rest, op, value)

    def apply_in(self, entries: dict[str, Json], draft: Draft, rest: Rest, op: str, value: Json) -> None:
        """`entries` is this list's object, at the top of a sheet or inside an entry of another list."""
        with placed_at(self, rest):
            if not rest:
                self._add(entries, op, value, draft)
            elif rest[0] not in entries:
                raise self.refuse(f"This entry of {self.label} is not there any more.", rest)
            elif len(rest) == 1:
                self._change_entry(entries, rest[0], op, value, draft)
            else:
                self._change_part(entries, rest, op, value, draft)

    def _add(self, entries: dict[str, Json], op: str, value: Json, draft: Draft) -> None:
        if op != "add":
            raise self.unknown_op(op)
        if len(entries) >= self.limit:
            raise self.refuse(f"{self.label} may have {self.limit} entries, no more.")
        entry = self.clean(value)
        self._refuse_twin(entries, entry[self.title], None)
        entries[draft.new_id()] = entry

    def clean(self, value: Json) -> dict[str, Json]:
        """A whole new entry; parts that are not given get their start values. Raises Invalid."""
        if not isinstance(value, dict):
            raise self.refuse(f"An entry of {self.label} is an object with a {self.title}.")
        known = dict(self.scalars())
        for name in value:
            if name not in known:
                raise self.refuse(f"An entry of {self.label} has no “{str(name)[:40]}”.")
        entry = {name: part.clean(value.get(name, part.start())) for name, part in known.items()}
        nested = {name: {} for name, part in self.entry.items() if isinstance(part, Entries)}
        return {name: one for name, one in entry.items() if one is not None} | nested

    def _refuse_twin(self, entries: dict[str, Json], name: str, but: str | None) -> None:
        if self.unique and self.find(entries, name) not in (None, but):
            raise self.refuse(f"{self.label} already has “{name}”.")

    def find(self, entries: Mapping[str, Json], name: str) -> str | None:
        """The id of the first entry of that name, letter case aside."""
        wanted = name.casefold()
        return next((key for key, entry in entries.items() if entry[self.title].casefold() == wanted), None)

    def _change_entry(self, entries: dict[str, Json], key: str, op: str, value: Json, draft: Draft) -> None:
        if op == "remove":
            del entries[key]
        elif op == "set" and isinstance(value, dict):
            for name, one in value.items():
                self._change_part(entries, (key, str(name)), "set", one, draft)
        else:
            raise self.unknown_op(op, (key,))

    def _change_part(self, entries: dict[str, Json], rest: Rest, op: str, value: Json, draft: Draft) -> None:
        key, name, *deeper = rest
        part = self.entry.get(name)
        entry = entries[key]
        if isinstance(part, Entries):
            part.apply_in(entry.setdefault(name, {}), draft, tuple(deeper), op, value)
            return
        if not isinstance(part, Scalar) or deeper:
            raise self.refuse(f"An entry of {self.label} has no “{name[:40]}”.", rest)
        new = part.change(entry.get(name), op, value, draft)
        if name == self.title:
            self._refuse_twin(entries, new, key)
        if new is None:
            entry.pop(name, None)
        else:
            entry[name] = new

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """“Beautiful 2” adds or changes, “- Beautiful” removes."""
        if len(rest) >= 2 and isinstance(part := self.entry.get(rest[1]), Scalar):
            _, op, value = part.parse(text, (), None)
            return rest, op, value
        if found := REMOVE.match(text.strip()):
            key = self.find(current or {}, found.group(1))
            if key is None:
                raise self.refuse(f"{self.label} has no “{found.group(1)[:50]}”.")
            return (key,), "remove", None
        return self._parse_entry(text.strip(), current or {})

    def _parse_entry(self, text: str, current: Mapping[str, Json]) -> tuple[Rest, str, Json]:
        name, rating = text, None
        if self.rating and (found := TRAILING_NUMBER.match(text)):
            name, rating = found.group(1), int(found.group(2))
        key = self.find(current, name)
        if key is not None and rating is not None:
            return (key, self.rating), "set", rating
        entry: dict[str, Any] = {self.title: name}
        if self.rating:
            entry[self.rating] = self.start_rating if rating is None else rating
        return (), "add", entry

    def text(self, value: Json) -> str:
        return ", ".join(self._name_of(entry) for entry in (value or {}).values()) or "none"

    def _name_of(self, entry: Mapping[str, Json]) -> str:
        rating = entry.get(self.rating) if self.rating else None
        return f"{entry[self.title]} {rating}" if rating else str(entry[self.title])

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        if not rest:
            return self.label
        entry = (after or {}).get(rest[0]) or (before or {}).get(rest[0]) or {}
        name = str(entry.get(self.title, ""))
        if len(rest) == 1:
            return f"{self.label}: {name}"
        part = self.entry[rest[1]]
        if isinstance(part, Entries):
            inner = [(side or {}).get(rest[0], {}).get(rest[1]) for side in (before, after)]
            return f"{name}: {part.label_of(rest[2:], *inner)}"
        return f"{name}: {part.label}"

    def entry_schema(self) -> Json:
        return {
            "max": self.limit,
            "fields": [
                one | {"name": name}
                for name, part in self.scalars()
                for one in (part._field_schema(part_field) for part_field in part.fields())
            ],
            "entries": {
                name: part.entry_schema() | {"label": part.label}
                for name, part in self.entry.items()
                if isinstance(part, Entries)
            },
            "title": self.title,
            "rating": self.rating or None,
        }


@contextmanager
def placed_at(trait: Trait, rest: Rest) -> Iterator[None]:
    """Errors of an entry's parts name the whole path: `merits.<id>.rating`, not `rating`."""
    try:
        yield
    except Invalid as error:
        sentences = [one for many in error.data["fields"].values() for one in many]
        error.data["fields"] = {trait.path(rest): sentences}
        raise


@dataclass
class Powers(Entries):
    """Disciplines and their like: a name once, a rating, and powers. Lowering the rating keeps every power."""

    kind: ClassVar[str] = "powers"
    element: ClassVar[str] = "trait-powers"

    unique: bool = True
    rating: str = "dots"


def specialties(limit: int = 10) -> Entries:
    return Entries(
        {"name": Text(50, required=True, label="Specialty")}, limit=limit, unique=True, label="Specialties"
    )


@dataclass
class Skill(Trait):
    """A rating with specialties. Value: `{"dots", "specialties": {id: {"name"}}}`."""

    kind: ClassVar[str] = "skill"
    element: ClassVar[str] = "trait-skill"
    card: ClassVar[str] = "dots"
    primary: ClassVar[str] = "dots"

    high: int = 5
    specialties: Entries = field(default_factory=specialties)

    def bind(self, slug: str) -> Trait:
        super().bind(slug)
        self.rating = Dots(0, self.high, 0, label=self.label)
        self.rating.bind(self.path(("dots",)))
        self.specialties.bind("specialties")
        return self

    def start(self) -> Json:
        return {"dots": 0, "specialties": {}}

    def fields(self) -> Iterator[Field]:
        yield Field("dots", self.label, "integer", min=0, max=self.high, start=0, adjust=True)

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        state = draft.own(self.slug)
        if rest in ((), ("dots",)):
            state["dots"] = self.rating.change(state["dots"], op, value, draft)
        elif rest[0] == "specialties":
            with placed_at(self, rest):
                self.specialties.apply_in(state["specialties"], draft, rest[1:], op, value)
        else:
            raise self.refuse(f"{self.label} has no part “{'.'.join(rest)[:60]}”.", rest)

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """A number is the rating; anything else is a specialty: “Grappling” adds, “- Grappling” removes."""
        found = signed(text)
        if found is not None and rest in ((), ("dots",)):
            return ("dots",), *found
        deeper, op, value = self.specialties.parse(text, rest[1:], (current or self.start())["specialties"])
        return ("specialties", *deeper), op, value

    def card_value(self, value: Json) -> Json:
        return {"value": value["dots"], "max": self.high}

    def text(self, value: Json) -> str:
        names = ", ".join(one["name"] for one in value["specialties"].values())
        return f"{value['dots']} of {self.high}" + (f" ({names})" if names else "")

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        if rest[:1] == ("specialties",):
            inner = [(side or {}).get("specialties") for side in (before, after)]
            return f"{self.label}: {self.specialties.label_of(rest[1:], *inner)}"
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
            "current": Number(0, self.high, 0, label="Experience left"),
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
            raise self.refuse(f"{self.label} has no part “{'.'.join(rest)[:60]}”.", rest)
        elif op == "adjust" and name == "total" and isinstance(value, int) and value < 0:
            state["current"] = self.numbers["current"].adjusted(state["current"], value, draft)
        else:
            self._earn(state, name, self.numbers[name].change(state[name], op, value, draft))

    def _earn(self, state: dict[str, Any], name: str, value: int) -> None:
        if name == "total":
            state["current"] += max(0, value - state["total"])
        state[name] = value

    def _spend(self, state: dict[str, Any], draft: Draft, rest: Rest, op: str, value: Json) -> None:
        before = self._spent(state)
        with placed_at(self, rest):
            self.spends.apply_in(state["spends"], draft, rest[1:], op, value)
        cost = self._spent(state) - before
        if cost > state["current"]:
            raise self.refuse(f"That costs {cost}, but only {state['current']} experience is left.", rest)
        state["current"] -= cost

    def _spent(self, state: dict[str, Any]) -> int:
        return sum(one["cost"] for one in state["spends"].values())

    def settle(self, draft: Draft) -> None:
        state = draft.own(self.slug)
        if state["current"] > state["total"]:
            draft.note(f"Only {state['total']} experience was ever earned; no more can be left.")
            state["current"] = state["total"]

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """`+3` earns, `-2` takes from what is left, “Potence 3 15” is a spend of 15."""
        found = signed(text)
        if found is not None and rest[:1] != ("spends",):
            return rest or ("total",), *found
        deeper, op, value = self.spends.parse(text, rest[1:], (current or self.start())["spends"])
        return ("spends", *deeper), op, value

    def text(self, value: Json) -> str:
        return f"{value['current']} left of {value['total']}"

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        if rest[:1] == ("spends",):
            inner = [(side or {}).get("spends") for side in (before, after)]
            return self.spends.label_of(rest[1:], *inner)
        return super().label_of(rest, before, after)

    def entry_schema(self) -> Json:
        return self.spends.entry_schema()
