"""Slash options of traits, and how a typed value becomes a change."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from discord.app_commands import Range

from contract.base import Json
from contract.characters import TraitChange
from contract.schema import FieldSchema
from contract.translation import N_
from rodbot.core.completion import MAX_VALUE, value_completion
from rodbot.core.options import Option, Values
from rodbot.core.suggestions import MAX_SHOWN
from rodbot.core.words import words

MAX_TEXT = 1000


def set_to(path: str) -> Callable[[Json], TraitChange]:
    """The operation that sets the trait to a value."""
    return lambda value: TraitChange(path=path, op="set", value=value)


def adjust_by(path: str) -> Callable[[Json], TraitChange]:
    """The operation that adds an amount to the trait."""
    return lambda value: TraitChange(path=path, op="adjust", value=value)


def absolute(field: FieldSchema, *, required: bool = False) -> Option:
    """The option of `new` and `set`: the value that the trait gets."""
    complete = value_completion(field.choices) if _needs_completion(field) else None
    description = field.description or field.label
    return Option(
        field.name, _kind(field), description, required, complete, set_to(field.path), label=field.label
    )


def relative(field: FieldSchema) -> Option | None:
    """The option of `update`: how much the trait changes by. None for a lasting number: that one is for `set`."""
    if field.type != "integer":
        return absolute(field)
    if not field.adjust:
        return None
    kind = Range[int, field.adjust_min, field.adjust_max] if field.adjust_min is not None else int
    name, description = field.update_name or field.name, field.description or field.label
    changed_by = words(N_("{trait} (+ or −)"), trait=description)
    return Option(name, kind, changed_by, change=adjust_by(field.path), label=field.label)


def _kind(field: FieldSchema) -> Any:
    if field.type == "integer":
        return Range[int, field.min, field.max] if field.min is not None or field.max is not None else int
    if field.type == "boolean":
        return bool
    if field.type == "choice" and not _needs_completion(field) and field.choices:
        return Literal[field.choices]
    return Range[str, 1, min(field.max_length or MAX_VALUE, MAX_TEXT)]


def _needs_completion(field: FieldSchema) -> bool:
    return field.type == "choice" and (field.free_text or len(field.choices) > MAX_SHOWN)


def changes(options: Sequence[Option], values: Values) -> list[TraitChange]:
    """The operations for the options that were given, in the order of their declaration."""
    pairs = ((option, values.get(option.name)) for option in options if option.change)
    return [option.change(value) for option, value in pairs if option.change and value is not None]
