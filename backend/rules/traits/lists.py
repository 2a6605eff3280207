"""Lists of entries: merits, backgrounds, disciplines with powers.

A list is an object keyed by time-ordered ids, so that two people who edit different entries never meet, and an undone
removal comes back in its place.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from contract.translation import _
from rules.errors import Invalid
from rules.text import clean, one_line
from rules.traits.base import Draft, Field, Json, Rest, Trait
from rules.traits.roof import Roof
from rules.traits.scalars import Scalar

TRAILING_NUMBER = re.compile(r"^(.*\S)\s+(\d{1,3})$")
REMOVE = re.compile(r"^(?:-\s*|remove\s+|entferne\s+)(.+)$", re.IGNORECASE)


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
                raise self.refuse(_("This entry of {label} is gone.", label=self.name), rest)
            elif len(rest) == 1:
                self._change_entry(entries, rest[0], op, value, draft)
            else:
                self._change_part(entries, rest, op, value, draft)

    def _add(self, entries: dict[str, Json], op: str, value: Json, draft: Draft) -> None:
        if op != "add":
            raise self.unknown_op(op)
        if len(entries) >= self.limit:
            raise self.refuse(_("{label} can have up to {most} entries.", label=self.name, most=self.limit))
        entry = self.clean(value, draft)
        self._refuse_twin(entries, entry[self.title], None)
        entries[draft.new_id()] = entry

    def settle(self, draft: Draft) -> None:
        draft.put(self.slug, self.checked(draft.read(self.slug)))

    def checked(self, entries: Mapping[str, Json]) -> dict[str, Json]:
        """The entries in their order, for one that came back by an undo. Raises Invalid: no room, or a twin."""
        if len(entries) > self.limit:
            raise self.refuse(_("{label} can have up to {most} entries.", label=self.name, most=self.limit))
        names = [str(entry[self.title]) for entry in entries.values()]
        twins = [name for number, name in enumerate(names) if _same_in(name, names[:number])]
        if self.unique and twins:
            raise self.refuse(_("{label} already has “{name}”.", label=self.name, name=twins[0]))
        return {key: self._checked_entry(entries[key]) for key in sorted(entries)}

    def _checked_entry(self, entry: Mapping[str, Json]) -> dict[str, Json]:
        nested = {name: part for name, part in self.entry.items() if isinstance(part, Entries)}
        return {
            name: nested[name].checked(value) if name in nested else value for name, value in entry.items()
        }

    def clean(self, value: Json, draft: Draft) -> dict[str, Json]:
        """A whole new entry; parts that are not given get their start values. Raises Invalid.

        What its own lists begin with stands in it as a list of entries: a discipline comes with its powers.
        """
        if not isinstance(value, dict):
            raise self.refuse(
                _("An entry of {label} is an object with “{title}”.", label=self.name, title=self.title)
            )
        known = dict(self.scalars())
        for name in value:
            if name not in self.entry:
                raise self.refuse(
                    _(
                        "An entry of {label} has no “{typed}”.",
                        label=self.name,
                        typed=clean(str(name), 40),
                    )
                )
        entry = {name: part.clean(value.get(name, part.start())) for name, part in known.items()}
        nested: dict[str, Json] = {
            name: part.begun(value.get(name), draft)
            for name, part in self.entry.items()
            if isinstance(part, Entries)
        }
        return {name: value for name, value in entry.items() if value is not None} | nested

    def begun(self, given: Json, draft: Draft) -> dict[str, Json]:
        """The entries that a new list begins with. Raises Invalid."""
        if given is None:
            return {}
        if not isinstance(given, list):
            raise self.refuse(_("{label} must be a list of entries.", label=self.name))
        entries: dict[str, Json] = {}
        for entry in given:
            self._add(entries, "add", entry, draft)
        return entries

    def _refuse_twin(self, entries: dict[str, Json], name: str, but: str | None) -> None:
        if self.unique and self.find(entries, name) not in (None, but):
            raise self.refuse(_("{label} already has “{name}”.", label=self.name, name=name))

    def find(self, entries: Mapping[str, Json], name: str) -> str | None:
        """The id of the first entry of that name, letter case aside."""
        wanted = name.casefold()
        return next((key for key, entry in entries.items() if entry[self.title].casefold() == wanted), None)

    def _change_entry(self, entries: dict[str, Json], key: str, op: str, value: Json, draft: Draft) -> None:
        if op == "remove":
            del entries[key]
        elif op == "set" and isinstance(value, dict):
            for name, part_value in value.items():
                with placed_at(self, (key, str(name))):
                    self._change_part(entries, (key, str(name)), "set", part_value, draft)
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
            raise self.refuse(
                _("An entry of {label} has no “{typed}”.", label=self.name, typed=clean(name, 40)), rest
            )
        new = part.change(entry.get(name), op, value, draft)
        if name == self.title:
            self._refuse_twin(entries, new, key)
        if new is None:
            entry.pop(name, None)
        else:
            entry[name] = new

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """“Beautiful 2” adds or changes, “- Beautiful” removes; on an entry's own path it changes that entry."""
        entries = current or {}
        with placed_at(self, rest):
            if len(rest) > 1:
                return self._parse_part(text, rest, entries)
            name, rating = self._split(text.strip())
            if rest:
                given = {self.title: name} | ({} if rating is None else {self.rating: rating})
                return rest, "set", given
            if found := REMOVE.match(text.strip()):
                return self._parse_removal(found.group(1), entries)
            return self._parse_entry(name, rating, entries)

    def _split(self, text: str) -> tuple[str, int | None]:
        found = TRAILING_NUMBER.match(text) if self.rating else None
        return (found.group(1), int(found.group(2))) if found else (text, None)

    def _parse_part(self, text: str, rest: Rest, entries: Mapping[str, Json]) -> tuple[Rest, str, Json]:
        key, name, *deeper = rest
        part = self.entry.get(name)
        if part is None:
            raise self.refuse(
                _("An entry of {label} has no “{typed}”.", label=self.name, typed=clean(name, 40))
            )
        inside, op, value = part.parse(text, tuple(deeper), entries.get(key, {}).get(name))
        return (key, name, *inside), op, value

    def _parse_removal(self, name: str, entries: Mapping[str, Json]) -> tuple[Rest, str, Json]:
        key = self.find(entries, one_line(name))
        if key is None:
            raise self.refuse(_("{label} has no “{typed}”.", label=self.name, typed=clean(name, 50)))
        return (key,), "remove", None

    def _parse_entry(
        self, name: str, rating: int | None, entries: Mapping[str, Json]
    ) -> tuple[Rest, str, Json]:
        key = self.find(entries, one_line(name))
        if key is not None and rating is not None:
            return (key, self.rating), "set", rating
        entry: dict[str, Json] = {self.title: name}
        if self.rating:
            entry[self.rating] = self.start_rating if rating is None else rating
        return (), "add", entry

    def text(self, value: Json) -> str:
        # By id, which is by age: not every database keeps the order of an object's keys.
        return ", ".join(self._name_of(entry) for _, entry in sorted((value or {}).items())) or _("none")

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
                field | {"name": name}
                for name, part in self.scalars()
                for field in (part._field_schema(part_field) for part_field in part.fields())
            ],
            "entries": {
                name: part.entry_schema() | {"label": _(part.label)}
                for name, part in self.entry.items()
                if isinstance(part, Entries)
            },
            "title": self.title,
            "rating": self.rating or None,
        }


def _same_in(name: str, others: list[str]) -> bool:
    return any(name.casefold() == other.casefold() for other in others)


@contextmanager
def placed_at(trait: Trait, rest: Rest) -> Iterator[None]:
    """Errors of an entry's parts name the whole path: `merits.<id>.rating`, not `rating`."""
    try:
        yield
    except Invalid as error:
        path = trait.path(rest)
        if not any(wrong_path.startswith(f"{path}.") for wrong_path in error.data["fields"]):
            error.data["fields"] = {
                path: [sentence for many in error.data["fields"].values() for sentence in many]
            }
        raise


@dataclass
class Powers(Entries):
    """Disciplines and their like: a name once, a rating, and powers. Lowering the rating keeps every power."""

    kind: ClassVar[str] = "powers"
    element: ClassVar[str] = "trait-powers"

    unique: bool = True
    rating: str = "dots"
    # Holds once the trait that decides has a value.
    roof: Roof | None = None

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """Tell of ratings above a roof that came down; they stay."""
        if self.roof is None or not self.roof.lowered(draft) or draft.read(self.roof.by) is None:
            return
        most = self.roof.of(draft.read(self.roof.by))
        for entry in draft.read(self.slug).values():
            if entry[self.rating] > most:
                draft.note("above_generation", label=entry[self.title], value=entry[self.rating], limit=most)

    def settle(self, draft: Draft) -> None:
        super().settle(draft)
        if self.roof is None or draft.read(self.roof.by) is None:
            return
        most, before = self.roof.of(draft.read(self.roof.by)), draft.before.get(self.slug) or {}
        for key, entry in draft.read(self.slug).items():
            dots = entry[self.rating]
            if dots > max(most, before.get(key, {}).get(self.rating, 0)):
                sentence = _(
                    "{label} goes from 0 to {most}; {number} is outside.",
                    label=entry[self.title],
                    most=most,
                    number=dots,
                )
                raise self.refuse(sentence, (key, self.rating))
