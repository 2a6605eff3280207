"""Form fields of the declared options of rolls and checks, and how they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contract.translation import _
from haven.models import Character
from rolls import checks
from rolls.checks.base import Kind
from rolls.systems import SYSTEMS, fits, options_to_ask
from rules.errors import Invalid
from rules.json import JsonMapping
from rules.options import NO, YES, Choice, Flag, Option, OptionSet, SheetWhole, Text, Value, Whole, declared
from rules.options import whole as number_of

# The control of a roll's option; a trait of the same name may stand beside it.
ROLL = "o-{}"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """An option on a form: `name` is that of its control, `value` what stands in it.

    With a `sheet`, what the sheet says can be chosen. `asked` ones stand beside a button and must be filled in.
    """

    option: Option
    name: str
    value: str = ""
    sheet: bool = True
    asked: bool = False

    @property
    def draw(self) -> str:
        """`number`, `switch`, `select`, or `text`, which may have suggestions."""
        if isinstance(self.option, Flag) and self.option.start is False:
            return "switch"
        if isinstance(self.option, Whole) and not isinstance(self.option, SheetWhole):
            return "number"
        return "select" if self.choices and not self.suggested else "text"

    @property
    def suggested(self) -> bool:
        return isinstance(self.option, Choice) and bool(self.option.free_text)

    @property
    def max_length(self) -> int:
        """The longest text that can be typed."""
        if isinstance(self.option, Text):
            return self.option.max_length
        return self.option.free_text if isinstance(self.option, Choice) else 0

    @property
    def hint(self) -> str:
        """The value that counts if nothing is filled in."""
        if self.option.sheet and self.sheet:
            return _("by the sheet")
        return "" if self.option.start is None else self.option.shown(self.option.start)

    @property
    def choices(self) -> Choices:
        """Value → what people read; the empty value leaves the option out."""
        option = self.option
        if isinstance(option, Flag):
            return (
                [("", _("Yes")), (NO, _("No"))]
                if option.start
                else [("", _("By the sheet")), (YES, _("Yes")), (NO, _("No"))]
            )
        if isinstance(option, SheetWhole):
            word = _(option.number.replace("_", " ").capitalize())
            numbers = [(str(number), f"{word} {number}") for number in range(option.low, option.high + 1)]
            return [("", _("No")), *([(YES, _("By the sheet"))] if self.sheet else []), *numbers]
        if isinstance(option, Choice):
            return [
                *([] if option.required else [("", "–")]),
                *((value, _(label)) for value, label in option.choices.items()),
            ]
        return []


def roll_fields(
    options: Iterable[Option], values: JsonMapping | None = None, *, sheet: bool = True
) -> list[Field]:
    """Return the fields, filled with stored options."""
    kept = values or {}
    return [
        Field(option, ROLL.format(option.name), option.shown(kept.get(option.name)), sheet)
        for option in options
    ]


def read_roll(options: type[OptionSet], form: Mapping[str, str]) -> dict[str, Value]:
    """Read the options that were filled in; the rules check them."""
    return options.read_form(form, ROLL)


def read_asked(form: Mapping[str, str]) -> dict[str, Value]:
    """As `read_roll`, of a roll that a storyteller asks for."""
    texts = {option: form.get(ROLL.format(option.name), "").strip() for option in options_to_ask()}
    return {option.name: option.typed(text) for option, text in texts.items() if text}


def offered_checks(character: Character) -> list[dict[str, object]]:
    """`asks` stands beside the button of a check, `more` with its options."""
    found: list[dict[str, object]] = []
    for slug, kind in checks.KINDS.items():
        if _fits(kind, character):
            options = [
                option
                for option in declared(kind.options).values()
                if not option.editions or character.edition in option.editions
            ]
            fields = [_of_check(option) for option in options]
            asks = [field for field in fields if field.asked]
            more = fields if len(asks) < len(fields) else []
            found.append({"slug": slug, "label": _(kind.label), "asks": asks, "more": more})
    return found


def _of_check(option: Option) -> Field:
    asked = option.required or option.first
    filled = asked and isinstance(option, Whole)
    start = option.start or (option.low if isinstance(option, Whole) else None)
    return Field(option, option.name, option.shown(start) if filled else "", asked=asked)


def _fits(kind: Kind[Any], character: Character) -> bool:
    has_them = all(slug in character.traits for slug in (*kind.needs, *kind.prefers))
    return has_them and (not kind.system or fits(SYSTEMS[kind.system], character))


def whole(name: str, label: str, text: str) -> int:
    """Parse a typed number. Raises Invalid."""
    number = number_of(text.strip())
    if not isinstance(number, int):
        raise Invalid.field(name, _("{label} must be a whole number.", label=label))
    return number
