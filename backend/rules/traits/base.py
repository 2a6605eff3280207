"""The base class of trait kinds, and the draft on which a change is worked out.

A trait is declared once, on a character class; model, validation, slash options, page, card and docs follow from it.
Everything here is pure: no database, no request, no clock (ids of new entries come from outside).

Values are plain JSON. A missing value is a missing key, never null: so an event folds into a document by setting and
deleting keys, and nothing else.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from contract.translation import _, named
from rules.errors import Invalid
from rules.notices import Notice, notice
from rules.text import clean
from rules.visibility import Level

Json = Any
# The page of what a book says that was not at hand; `manage.py describe_splat` lists such traits.
UNVERIFIED = "page unverified"
Rest = tuple[str, ...]
# The path below the trait, the operation and its value.
Step = tuple[Rest, str, Json]


@dataclass(frozen=True)
class Field:
    """One value that a person can give: a slash option, a form field. `sub` is the path below the trait."""

    sub: str
    label: str
    type: str
    min: int | None = None
    max: int | None = None
    start: Json = None
    adjust: bool = False
    choices: tuple[str, ...] = ()
    free_text: bool = False
    max_length: int | None = None
    multiline: bool = False
    required: bool = False
    description: str = ""


class Draft:
    """A document during a change. `own` returns a private copy of a trait's value, made on first use."""

    def __init__(self, document: Mapping[str, Json], new_id: Callable[[], str]) -> None:
        self.before = document
        self.new_id = new_id
        self.notices: list[Notice] = []
        # The full paths that the operations named; what follows from them keeps its hands off these.
        self.given: set[str] = set()
        self._owned: dict[str, Json] = {}

    def own(self, slug: str) -> Json:
        if slug not in self._owned:
            self._owned[slug] = copy.deepcopy(self.before.get(slug))
        return self._owned[slug]

    def put(self, slug: str, value: Json) -> None:
        self._owned[slug] = value

    def read(self, slug: str) -> Json:
        return self._owned[slug] if slug in self._owned else self.before.get(slug)

    def note(self, code: str, **data: int | str) -> None:
        made = notice(code, **data)
        if made not in self.notices:
            self.notices.append(made)

    def changed(self) -> dict[str, Json]:
        """The traits' new values; None where a value is gone."""
        return {slug: value for slug, value in self._owned.items() if value != self.before.get(slug)}


@dataclass
class Trait:
    """A named value on a sheet. Subclasses are the kinds."""

    kind: ClassVar[str] = ""
    element: ClassVar[str] = ""
    card: ClassVar[str] = ""
    # Its label is plain words, not a term of the game: “Date of birth”, but “Blood Potency”.
    in_words: ClassVar[bool] = False
    # The part that the bare trait name means: `health` is `health.total`.
    primary: ClassVar[str] = ""
    # Its value can make something of the character: `conditions`.
    has_conditions: ClassVar[bool] = False

    group: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)
    section: str = field(default="", kw_only=True)
    page: str = field(default="", kw_only=True)
    description: str = field(default="", kw_only=True)
    tracker: bool = field(default=False, kw_only=True)
    # Shown on dashboards beside the trackers, though it does not change in play.
    brief: bool = field(default=False, kw_only=True)
    required: bool = field(default=False, kw_only=True)
    visibility: Level = field(default=Level.PRIVATE, kw_only=True)
    # Who may change it: "owner" (and storytellers), "player" (the owner alone), "storyteller", or "system" (only a
    # service of its own).
    writer: str = field(default="owner", kw_only=True)
    # Where its label has another translation than elsewhere: its edition, or its own slug.
    context: str = field(default="", kw_only=True)
    slug: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.bind(name)

    def bind(self, slug: str) -> "Trait":
        self.slug = slug
        words = slug.replace("_", " ")
        self.label = self.label or (words.capitalize() if self.in_words else words.title())
        return self

    @property
    def name(self) -> str:
        """Its label in the current language."""
        return named(self.label, self.context)

    @property
    def called(self) -> dict[str, str]:
        """The data by which a notice names it."""
        return {"label": self.label} | ({"context": self.context} if self.context else {})

    def __get__(self, character: Json, owner: type | None = None) -> Json:
        return self if character is None else character.document().get(self.slug, self.start())

    def __set__(self, character: object, value: object) -> None:
        raise AttributeError(f"{self.slug} is read-only: it changes by operations")

    # What a kind must tell.

    def start(self) -> Json:
        """The value of a new character; None for no value."""
        raise NotImplementedError

    def fields(self) -> Iterator[Field]:
        """The values that a person can give."""
        raise NotImplementedError

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        """Apply one operation to the draft; `rest` is the path below the trait. Raises Invalid."""
        raise NotImplementedError

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        """Parse what a person typed into `(rest, op, value)`."""
        raise NotImplementedError

    def text(self, value: Json) -> str:
        """The value in words, for screen readers and history."""
        raise NotImplementedError

    def settle(self, draft: Draft) -> None:
        """After all operations: bring the value back into a legal state, with a notice."""

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        """After all operations: react to changes of traits that this one depends on."""

    def card_value(self, value: Json) -> Json:
        return value

    def most(self, value: Json) -> int | None:
        """Where its gauge ends; None for what is no gauge with an end."""
        return None

    def score(self, value: Json) -> int | None:
        """Its value as one number; None where it has none."""
        return None

    def points_left(self, value: Json) -> int | None:
        """How many points there are before they are all gone; None where it has none."""
        return None

    def blow(self, value: Json, amount: int, damage: str) -> list[Step]:
        """The steps of so many points more (healed, won) or less (lost), of a kind of damage. Raises Invalid."""
        raise self.refuse(_("{label} has no points to take or give.", label=self.name))

    def no_damage(self, damage: str, kinds: Iterable[str] = ()) -> Invalid:
        """For a kind of damage that it does not know."""
        names = ", ".join(map(_, kinds))
        if not names:
            return self.refuse(_("{label} has no kinds of damage.", label=self.name))
        typed = clean(damage, 20)
        return self.refuse(
            _("{label} has no “{typed}” damage, only: {names}.", label=self.name, typed=typed, names=names)
        )

    def conditions(self, value: Json) -> list[str]:
        """What its value makes of the character, in English: Impaired, Mauled."""
        return []

    def entry_schema(self) -> Json:
        return None

    # Shared helpers.

    def path(self, rest: Rest = ()) -> str:
        return ".".join((self.slug, *rest))

    def full_path(self, rest: Rest) -> str:
        """`health` means `health.total`."""
        return self.path(rest or ((self.primary,) if self.primary else ()))

    def rank(self, rest: Rest) -> int:
        """In one command a trait's parts change in the order of `fields`, lists after them."""
        subs = [field.sub for field in self.fields()]
        sub = ".".join(rest) or self.primary
        return subs.index(sub) if sub in subs else len(subs)

    def refuse(self, sentence: str, rest: Rest = ()) -> Invalid:
        return Invalid.field(self.path(rest), sentence)

    def unknown_op(self, op: str, rest: Rest = ()) -> Invalid:
        return self.refuse(
            _("{label} cannot be changed with “{typed}”.", label=self.name, typed=clean(str(op), 20)),
            rest,
        )

    def no_part(self, rest: Rest) -> Invalid:
        return self.refuse(
            _("{label} has no part “{typed}”.", label=self.name, typed=clean(".".join(rest), 60)), rest
        )

    def label_of(self, rest: Rest, before: Json, after: Json) -> str:
        """What people call `path(rest)`; the values help to name an entry that is only on one side."""
        found = next((field for field in self.fields() if field.sub == ".".join(rest)), None)
        return found.label if found else self.label

    def schema(self) -> dict[str, Json]:
        """In the current language; the values of choices stay as they are stored."""
        return {
            "slug": self.slug,
            "label": self.name,
            "kind": self.kind,
            "group": self.group,
            "section": self.section or None,
            "tracker": self.tracker,
            "brief": self.brief,
            "visibility": self.visibility.name.lower(),
            "writer": self.writer,
            "page": self.page,
            "description": _(self.description),
            "element": self.element,
            "card": self.card,
            "fields": [self._field_schema(field) for field in self.fields()],
            "entry": self.entry_schema(),
        }

    def _field_schema(self, field: Field) -> dict[str, Json]:
        path = self.path(tuple(field.sub.split("."))) if field.sub else self.slug
        option = self.slug if field.sub in ("", self.primary) else path.replace(".", "_")
        schema: dict[str, Json] = {
            "path": path,
            "name": option,
            "label": named(field.label, self.context),
            "type": field.type,
            "start": field.start,
            "required": field.required,
            "description": _(field.description) or named(field.label, self.context),
        }
        if field.type == "integer":
            schema |= {"min": field.min, "max": field.max, "adjust": field.adjust}
            if field.adjust and field.max is not None:
                bound = 2 * max(field.max, 1)
                schema |= {"adjust_min": -bound, "adjust_max": bound}
        elif field.type == "choice":
            schema |= {
                "choices": list(field.choices),
                "choice_labels": [_(choice) for choice in field.choices],
                "free_text": field.free_text,
                "max_length": field.max_length,
            }
        elif field.type == "text":
            schema |= {"max_length": field.max_length, "multiline": field.multiline}
        return schema
