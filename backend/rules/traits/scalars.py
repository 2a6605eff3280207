"""Single values: number, dots, counter, choice, flag, text. They also make up the entries of list traits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from contract.translation import _
from rules.errors import Invalid
from rules.text import has_ink, lines, one_line
from rules.traits.base import Draft, Field, Json, Rest, Step, Trait

SIGNED = re.compile(r"^([+\-−–]?)\s*(\d{1,9})$")
YES = {"yes", "y", "true", "on", "1", "ja", "j"}
NO = {"no", "n", "false", "off", "0", "nein"}


def whole_number(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError
    return value


def spoken(number: int) -> str:
    """A number for a sentence; one of a thousand digits would fill the screen."""
    return str(number) if abs(number) < 10**9 else "that"


def signed(text: str) -> tuple[str, int] | None:
    """`"3"` → `("set", 3)`, `"+1"` → `("adjust", 1)`; None when it is no number."""
    found = SIGNED.match(text.strip())
    if not found:
        return None
    sign, digits = found.groups()
    if not sign:
        return "set", int(digits)
    return "adjust", int(digits) if sign == "+" else -int(digits)


@dataclass
class Scalar(Trait):
    """One value under the trait's own name."""

    def field(self, type: str) -> Field:
        return Field(
            "",
            self.label,
            type,
            start=self.start(),
            required=self.required,
            description=self.description,
        )

    def clean(self, value: Json) -> Json:
        """The value as it is stored. Raises Invalid."""
        raise NotImplementedError

    def adjusted(self, current: Json, amount: Json, draft: Draft) -> Json:
        raise self.unknown_op("adjust")

    def change(self, current: Json, op: str, value: Json, draft: Draft) -> Json:
        if op == "set":
            return self.clean(value)
        if op == "adjust":
            return self.adjusted(current, value, draft)
        raise self.unknown_op(op)

    def apply(self, draft: Draft, rest: Rest, op: str, value: Json) -> None:
        if rest:
            raise self.no_part(rest)
        draft.put(self.slug, self.change(draft.read(self.slug), op, value, draft))

    def text(self, value: Json) -> str:
        return _("none") if value in (None, "") else str(value)


@dataclass
class Number(Scalar):
    """A whole number from `low` to `high`. `first` is the start value, None for not set.

    `paid`: what it loses is spent. Nobody spends what they do not have, where damage stops at the end of its track.
    """

    kind: ClassVar[str] = "number"
    element: ClassVar[str] = "trait-number"
    card: ClassVar[str] = "number"

    low: int
    high: int
    first: int | None = None
    paid: bool = False

    def start(self) -> Json:
        return self.first

    def fields(self) -> Iterator[Field]:
        yield replace(self.field("integer"), min=self.low, max=self.high, adjust=True)

    def clean(self, value: Json) -> Json:
        if value is None and self.first is None:
            return None
        try:
            number = whole_number(value)
        except ValueError:
            raise self.refuse(_("{label} must be a whole number.", label=self.name)) from None
        if not self.low <= number <= self.high:
            raise self.refuse(
                _(
                    "{label} goes from {low} to {high}; {number} is outside.",
                    label=self.name,
                    low=self.low,
                    high=self.high,
                    number=spoken(number),
                )
            )
        return number

    def adjusted(self, current: Json, amount: Json, draft: Draft) -> Json:
        step = self.amount(amount)
        if current is None:
            raise self.refuse(_("{label} isn’t set yet. Give it a number first.", label=self.name))
        wanted = current + step
        if self.paid:
            self.require(current, -step)
        # What stands above, since the highest was another once, stays there until it falls.
        reached = min(max(wanted, self.low), max(self.high, current))
        if reached != wanted:
            self.tell_stopped(draft, reached, abs(wanted - reached))
        return reached

    def require(self, left: int, spent: int) -> None:
        """Raises Invalid where less is left than is spent."""
        if spent > left - self.low:
            name = _(self.label.removesuffix(" left"))
            raise self.refuse(
                _("You can’t spend {spent}: {left} {name} left.", spent=spent, left=left, name=name)
            )

    def amount(self, value: Json) -> int:
        try:
            step = whole_number(value)
        except ValueError:
            raise self.refuse(_("{label} can only change by a whole number.", label=self.name)) from None
        if abs(step) > 2 * max(self.high, 1):
            raise self.refuse(
                _(
                    "{label} can’t change by {number}; it only goes up to {high}.",
                    label=self.name,
                    number=spoken(step),
                    high=self.high,
                )
            )
        return step

    def tell_stopped(self, draft: Draft, reached: int, excess: int) -> None:
        draft.note("limit_reached", **self.called, limit=reached, ignored=excess)

    def score(self, value: Json) -> int | None:
        return None if value is None else int(value)

    def points_left(self, value: Json) -> int | None:
        return self.score(value)

    def blow(self, value: Json, amount: int, damage: str) -> list[Step]:
        if damage:
            raise self.no_damage(damage)
        return [((), "adjust", self.within(amount, value))]

    def within(self, amount: int, value: Json) -> int:
        """The amount cut to what a change can be; nobody loses what they do not have."""
        bound = 2 * max(self.high, 1)
        least = self.low - (value or 0) if self.paid else -bound
        return min(max(amount, least), bound)

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        found = signed(text)
        if found is None:
            raise self.refuse(_("{label} takes a number such as 3, +1 or -1.", label=self.name), rest)
        return rest, *found


@dataclass
class Dots(Number):
    """A rating drawn as dots."""

    kind: ClassVar[str] = "dots"
    element: ClassVar[str] = "trait-dots"
    card: ClassVar[str] = "dots"

    def card_value(self, value: Json) -> Json:
        return {"value": value, "max": self.high}

    def most(self, value: Json) -> int | None:
        return self.high

    def text(self, value: Json) -> str:
        return _("{value} of {most}", value=value or 0, most=self.high)


@dataclass
class Counter(Dots):
    """Dots that rise and fall in play.

    `full` is the code of the notice when the last dot fills (its data: `high`), `over` when there was none left to
    fill (it has none).
    """

    kind: ClassVar[str] = "counter"

    full: str = ""
    over: str = ""
    # The slug of hit points: with some left again, it starts over.
    until_healed: str = ""

    def tell_stopped(self, draft: Draft, reached: int, excess: int) -> None:
        super().tell_stopped(draft, reached, excess)
        if self.over and reached >= self.high:
            draft.note(self.over)

    def follow(self, draft: Draft, before: Mapping[str, Json]) -> None:
        if not self.until_healed or self.slug in draft.given:
            return
        if before[self.until_healed]["current"] == 0 < draft.read(self.until_healed)["current"]:
            draft.put(self.slug, self.start())

    def settle(self, draft: Draft) -> None:
        if self.full and draft.read(self.slug) == self.high != draft.before.get(self.slug):
            draft.note(self.full, high=self.high)


@dataclass
class Choice(Scalar):
    """One of a list; with `free_text`, of books that we do not list too."""

    kind: ClassVar[str] = "choice"
    element: ClassVar[str] = "trait-choice"
    card: ClassVar[str] = "choice"
    in_words: ClassVar[bool] = True

    options: tuple[str, ...]
    free_text: bool = True
    first: str = ""
    max_length: int = 50

    def start(self) -> Json:
        return self.first

    def fields(self) -> Iterator[Field]:
        choice = self.field("choice")
        yield replace(choice, choices=self.options, free_text=self.free_text, max_length=self.max_length)

    def clean(self, value: Json) -> Json:
        words = clean_text(self, value, self.max_length)
        typed = words.casefold()
        listed = next((option for option in self.options if option.casefold() == typed), None) or next(
            (option for option in self.options if _(option).casefold() == typed), None
        )
        if listed is not None:
            return listed
        if self.required and not has_ink(words):
            raise self.refuse(_("{label} can’t be empty.", label=self.name))
        if words == self.first or self.free_text:
            return words
        raise self.refuse(
            _("{label} must be one of: {names}.", label=self.name, names=", ".join(map(_, self.options)))
        )

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        return rest, "set", text.strip()

    def text(self, value: Json) -> str:
        return _(value) if value in self.options else super().text(value)


@dataclass
class Flag(Scalar):
    kind: ClassVar[str] = "flag"
    element: ClassVar[str] = "trait-flag"
    card: ClassVar[str] = "flag"
    has_conditions: ClassVar[bool] = True

    first: bool = False

    def start(self) -> Json:
        return self.first

    def fields(self) -> Iterator[Field]:
        yield self.field("boolean")

    def clean(self, value: Json) -> Json:
        if not isinstance(value, bool):
            raise self.refuse(_("{label} is either yes or no.", label=self.name))
        return value

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        word = text.strip().casefold()
        if word not in YES | NO:
            raise self.refuse(_("{label} is either yes or no.", label=self.name), rest)
        return rest, "set", word in YES

    def conditions(self, value: Json) -> list[str]:
        return [self.label] if value else []

    def text(self, value: Json) -> str:
        return _("yes") if value else _("no")


@dataclass
class Text(Scalar):
    kind: ClassVar[str] = "text"
    element: ClassVar[str] = "trait-text"
    card: ClassVar[str] = "text"
    in_words: ClassVar[bool] = True

    max_length: int
    multiline: bool = False
    first: str = ""

    def start(self) -> Json:
        return self.first

    def fields(self) -> Iterator[Field]:
        yield replace(self.field("text"), max_length=self.max_length, multiline=self.multiline)

    def clean(self, value: Json) -> Json:
        words = clean_text(self, value, self.max_length, self.multiline)
        if self.required and not has_ink(words):
            raise self.refuse(_("{label} can’t be empty.", label=self.name))
        return words

    def parse(self, text: str, rest: Rest, current: Json) -> tuple[Rest, str, Json]:
        return rest, "set", text


@dataclass
class Colour(Text):
    """`#rrggbb`."""

    kind: ClassVar[str] = "colour"

    max_length: int = 7
    first: str = "#8c1c2b"

    def clean(self, value: Json) -> Json:
        words = super().clean(value).lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", words):
            raise self.refuse(_("{label} must look like #8c1c2b.", label=self.name))
        return words


def clean_text(trait: Trait, value: Json, max_length: int, multiline: bool = False) -> str:
    """Trimmed, without unseen characters, no longer than allowed. Raises Invalid."""
    if not isinstance(value, str):
        raise trait.refuse(_("{label} must be text.", label=trait.name))
    words = lines(value) if multiline else one_line(value)
    if len(words) > max_length:
        raise too_long(trait, len(words), max_length)
    return words


def too_long(trait: Trait, length: int, max_length: int) -> Invalid:
    return trait.refuse(
        _(
            "{label} may have {most} characters; this has {length}.",
            label=trait.name,
            most=max_length,
            length=length,
        )
    )
