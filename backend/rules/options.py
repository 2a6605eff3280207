"""Options of rolls and checks, each declared once, on one line.

    @dataclass(frozen=True, kw_only=True)
    class RageOptions(OptionSet):
        checks: int = declare(Whole("Checks", "How many checks", 1, 5, start=1))
        reroll: bool = declare(Flag("Two dice each", "Two dice for each check", start=False))

`RageOptions.read` judges what came from outside and names everything that is wrong at once; what it gives is typed for
the rule that uses it. Slash options, forms, docs and the schema are made of the same lines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

from contract.translation import _
from rules.errors import Problems, choice_problem, flag_problem, text_problem, whole_problem
from rules.json import Json, JsonObject
from rules.text import clean

# The value of an option. One that is left out is absent, or None.
Value = bool | int | str
Values = Mapping[str, Value | None]

MAX_DIGITS = 9
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Option:
    """One option. `label` names it on a form and in sentences, `text` says in up to 100 characters what it does.

    `start` is its value where it is left out, `sheet` the trait that counts then, if there is a sheet. `first` ones
    stand in the open, the rest below them. `slash` is its name in Discord where that differs. `anywhere`: also offered
    by commands for any dice. `only`: the one command of its dice that offers it. `completes`: what helps to type it.
    `editions`: on whose forms it stands; of every edition if empty.
    """

    type: ClassVar[str] = ""

    label: str
    text: str
    name: str = field(default="", kw_only=True)
    start: Value | None = field(default=None, kw_only=True)
    required: bool = field(default=False, kw_only=True)
    first: bool = field(default=False, kw_only=True)
    anywhere: bool = field(default=False, kw_only=True)
    sheet: str = field(default="", kw_only=True)
    slash: str = field(default="", kw_only=True)
    only: str = field(default="", kw_only=True)
    completes: str = field(default="", kw_only=True)
    editions: tuple[str, ...] = field(default=(), kw_only=True)

    def problem(self, value: object) -> str:
        """Return what is wrong with a value as a sentence; empty if it is valid."""
        raise NotImplementedError

    def left_out(self, value: object) -> bool:
        """Return whether this counts as no value; so does "" for an option that starts as ""."""
        return value is None or value == self.start == ""

    def cleaned(self, value: Value) -> Value:
        """Normalise a valid value for storage."""
        return value

    def typed(self, text: str) -> Value:
        """Convert text from a form to a value, for `problem` to judge."""
        return text

    def shown(self, value: Json) -> str:
        """Return the text that stands in a form for this value."""
        if isinstance(value, bool):
            return YES if value else NO
        return "" if value is None else str(value)

    def widened(self, others: Sequence["Option"]) -> "Option":
        """Return this option with the widest range of others of its name."""
        return self

    def schema(self) -> JsonObject:
        return {
            "name": self.name,
            "slash": self.slash or self.name,
            "type": self.type,
            "label": _(self.label),
            "description": _(self.text),
            "start": self.start,
            "by_sheet": bool(self.sheet),
            "required": self.required,
            "first": self.first,
            "anywhere": self.anywhere,
            "only": self.only,
            "completes": self.completes,
            "editions": list(self.editions),
            **self._own_schema(),
        }

    def _own_schema(self) -> JsonObject:
        return {}


@dataclass(frozen=True)
class Whole(Option):
    """A whole number from `low` to `high`."""

    type: ClassVar[str] = "integer"

    low: int
    high: int

    def problem(self, value: object) -> str:
        return whole_problem(self.label, value, self.low, self.high)

    def typed(self, text: str) -> Value:
        return whole(text)

    def widened(self, others: Sequence[Option]) -> Option:
        wholes = [self, *(option for option in others if isinstance(option, Whole))]
        low, high = min(option.low for option in wholes), max(option.high for option in wholes)
        return replace(self, low=low, high=high)

    def _own_schema(self) -> JsonObject:
        return {"min": self.low, "max": self.high}


@dataclass(frozen=True)
class SheetWhole(Whole):
    """A whole number, or yes for that of the sheet: in Discord two options, `slash` for yes and `number`."""

    type: ClassVar[str] = "sheet_integer"

    number: str
    number_text: str

    def problem(self, value: object) -> str:
        if isinstance(value, bool):
            return ""
        if not isinstance(value, int):
            return _("{label} is a whole number, or yes for the one on the sheet.", label=_(self.label))
        return super().problem(value)

    def typed(self, text: str) -> Value:
        return text == YES if text in (YES, NO) else whole(text)

    def _own_schema(self) -> JsonObject:
        number: JsonObject = {"slash": self.number, "description": _(self.number_text)}
        return super()._own_schema() | {"number": number}


@dataclass(frozen=True)
class Flag(Option):
    """Yes or no. Where it starts as neither, the sheet decides, or a rule."""

    type: ClassVar[str] = "boolean"

    def problem(self, value: object) -> str:
        return flag_problem(self.label, value)

    def typed(self, text: str) -> Value:
        return text == YES if text in (YES, NO) else text


@dataclass(frozen=True)
class Text(Option):
    type: ClassVar[str] = "text"

    max_length: int

    def problem(self, value: object) -> str:
        return text_problem(self.label, value, self.max_length)

    def cleaned(self, value: Value) -> Value:
        return clean(str(value), self.max_length)

    def _own_schema(self) -> JsonObject:
        return {"max_length": self.max_length}


@dataclass(frozen=True)
class Pool(Text):
    """Dice as a number, or as traits: `strength + brawl`."""

    type: ClassVar[str] = "pool"

    def problem(self, value: object) -> str:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return "" if is_number else super().problem(value)

    def cleaned(self, value: Value) -> Value:
        return value if isinstance(value, int) else super().cleaned(value)

    def typed(self, text: str) -> Value:
        return int(text) if text.isdecimal() and len(text) < 4 else text


@dataclass(frozen=True)
class Choice(Option):
    """One of `choices`, value → what people read; with `free_text`, any other text of that length too."""

    type: ClassVar[str] = "choice"

    choices: Mapping[str, str]
    free_text: int = 0

    def problem(self, value: object) -> str:
        unknown = choice_problem(self.label, value, self.choices)
        return text_problem(self.label, value, self.free_text) if unknown and self.free_text else unknown

    def _own_schema(self) -> JsonObject:
        choices: list[Json] = [{"value": value, "label": _(label)} for value, label in self.choices.items()]
        return {"choices": choices, "free_text": bool(self.free_text), "max_length": self.free_text or None}


def named(*choices: str) -> dict[str, str]:
    """Choices that are their own labels."""
    return {choice: choice.capitalize() for choice in choices}


def whole(text: str) -> Value:
    """Parse a typed number, also with a true minus sign; other text is returned as it is."""
    digits = text.removeprefix("-").removeprefix("−")
    if not digits.isdecimal() or len(digits) > MAX_DIGITS:
        return text
    return int(digits) if digits == text else -int(digits)


def declare(option: Option) -> Any:
    """The field of an `OptionSet`; its default is where the option starts."""
    return field(default=option.start, metadata={"option": option})


@dataclass(frozen=True, kw_only=True)
class OptionSet:
    """The options of a roll or a check; by itself, none. Subclasses declare their options as fields."""

    def __post_init__(self) -> None:
        problems = Problems()
        for name, option in declared(type(self)).items():
            if not option.left_out(value := getattr(self, name)):
                problems.add_if(name, option.problem(value))
        if not problems.fields:
            self.judge_together(problems)
        problems.settle()

    def judge_together(self, problems: Problems) -> None:
        """Add problems of options that are each valid, but not together."""

    @classmethod
    def read(cls, given: Mapping[str, object]) -> Self:
        """Parse what was sent. None counts as left out. Raises Invalid with the problems of every option."""
        options, problems = declared(cls), Problems()
        refuse_unknown(given, options, problems)
        values: dict[str, Any] = {}
        for name, option in options.items():
            value: Any = given.get(name)
            if option.left_out(value):
                problems.add_if(
                    name, _("{label} is missing.", label=_(option.label)) if option.required else ""
                )
            elif sentence := option.problem(value):
                problems.add(name, sentence)
            else:
                values[name] = option.cleaned(value)
        problems.settle()
        return cls(**values)

    @classmethod
    def read_form(cls, form: Mapping[str, str], control: str = "{}") -> dict[str, Value]:
        """Read what was filled in on a form, as `read` takes it; `control` maps an option's name to its field."""
        texts = {name: str(form.get(control.format(name), "")).strip() for name in declared(cls)}
        return {name: option.typed(texts[name]) for name, option in declared(cls).items() if texts[name]}

    @classmethod
    def judge(cls, problems: Problems, options: object, *names: str, none: bool = False) -> None:
        """Judge attributes of another object by the options of the same names; with `none`, None is valid too."""
        for name in names:
            value = getattr(options, name)
            if value is not None or not none:
                problems.add_if(name, declared(cls)[name].problem(value))

    def by_sheet(self, value_of: Callable[[str], Value | None]) -> Self:
        """Fill options that were left out from a sheet, by the slug of the trait."""
        left_out = {
            name: value
            for name, option in declared(type(self)).items()
            if option.sheet and getattr(self, name) is None and (value := value_of(option.sheet)) is not None
        }
        return replace(self, **left_out) if left_out else self


_declared: dict[type[OptionSet], Mapping[str, Option]] = {}


def declared(options: type[OptionSet]) -> Mapping[str, Option]:
    """Return name → option, in the order of display."""
    if options not in _declared:
        found = {field.name: replace(field.metadata["option"], name=field.name) for field in fields(options)}
        _declared[options] = dict(sorted(found.items(), key=lambda pair: not pair[1].first))
    return _declared[options]


def refuse_unknown(given: Mapping[str, object], known: Mapping[str, Option], problems: Problems) -> None:
    for name in sorted(set(given) - set(known), key=str):
        shown = clean(str(name), 50)
        problems.add(shown, _("There is no option “{shown}” here.", shown=shown))


def schema(options: type[OptionSet]) -> list[Json]:
    return [option.schema() for option in declared(options).values()]
