"""Slash options of what the schema declares for rolls and checks, and the options of a roll from what was typed."""

from collections.abc import Iterable
from typing import Any

from discord.app_commands import Range

from contract.roll_fields import Value
from contract.schema import OptionSchema
from rodbot.core.completion import MAX_VALUE, Completion, value_completion
from rodbot.core.options import Option, Values
from rodbot.dice.options import disciplines, pool_of, pools

COMPLETIONS: dict[str, Completion] = {"discipline": disciplines, "pool": pools}


def slash_options(options: Iterable[OptionSchema]) -> list[Option]:
    """The required ones first, as Discord wants them."""
    found = [slash for option in options for slash in _slash_options(option)]
    return sorted(found, key=lambda option: not option.required)


def _slash_options(option: OptionSchema) -> list[Option]:
    if option.number:
        number = Option(option.number.slash, Range[int, option.min, option.max], option.number.description)
        return [Option(option.slash, bool, option.description, label=option.label), number]
    choices = () if option.free_text else tuple((choice.label, choice.value) for choice in option.choices)
    complete = COMPLETIONS.get(option.completes)
    if option.free_text:
        complete = value_completion([choice.value for choice in option.choices])
    return [
        Option(
            option.slash,
            _kind(option),
            option.description,
            option.required,
            complete,
            choices=choices,
            label=option.label,
        )
    ]


def _kind(option: OptionSchema) -> Any:
    if option.type == "integer":
        return Range[int, option.min, option.max]
    if option.type == "boolean":
        return bool
    return Range[str, 1, option.max_length or MAX_VALUE]


def options_of(options: Iterable[OptionSchema], values: Values) -> dict[str, Value]:
    """The options that were given, by the names of the bot API."""
    pairs = ((option.name, _value(option, values)) for option in options)
    return {name: value for name, value in pairs if value is not None}


def _value(option: OptionSchema, values: Values) -> Value | None:
    value: Value | None = values.get(option.slash)
    if option.number:
        # No says so whatever else is said; a number goes before that of the sheet.
        number: int | None = values.get(option.number.slash)
        return None if value is False else value if number is None else number
    return pool_of(value) if option.type == "pool" and isinstance(value, str) else value
