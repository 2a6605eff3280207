"""Slash options and commands made from data, and how a value that was typed becomes a change."""

import inspect
import keyword
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from rodbot.characters.names import MOST, Completion
from rodbot.core.models import Field, Json
from rodbot.core.text import clip

MAX_OPTIONS = 25
MAX_DESCRIPTION = 100
MAX_TEXT = 1000
Runner = Callable[[discord.Interaction[Any], dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `kind` is an annotation as `app_commands` reads it; `change` makes an operation of the
    value,
    None for options that only steer the command (name, player, notes, image)."""

    name: str
    kind: Any
    description: str
    required: bool = False
    complete: Completion | None = None
    change: Callable[[Any], Json] | None = None


def set_to(path: str) -> Callable[[Any], Json]:
    return lambda value: {"path": path, "op": "set", "value": value}


def adjust_by(path: str) -> Callable[[Any], Json]:
    return lambda value: {"path": path, "op": "adjust", "value": value}


def absolute(field: Field, *, required: bool = False) -> Option:
    """The option of `new` and `set`: the value it is to have."""
    complete = _choices(field.choices) if _needs_completion(field) else None
    description = field.description or field.label
    return Option(field.name, _kind(field), description, required, complete, set_to(field.path))


def relative(field: Field) -> Option | None:
    """The option of `update`: how much it changes by. None for a lasting number: that one is for `set`."""
    if field.type != "integer":
        return absolute(field)
    if not field.adjust:
        return None
    kind = Range[int, field.adjust_min, field.adjust_max] if field.adjust_min is not None else int
    name, description = field.update_name or field.name, field.description or field.label
    return Option(name, kind, f"{description} (+ or −)", change=adjust_by(field.path))


def _kind(field: Field) -> Any:
    if field.type == "integer":
        return Range[int, field.min, field.max] if field.min is not None or field.max is not None else int
    if field.type == "boolean":
        return bool
    if field.type == "choice" and not _needs_completion(field) and field.choices:
        return Literal[field.choices]
    return Range[str, 1, min(field.max_length or 100, MAX_TEXT)]


def _needs_completion(field: Field) -> bool:
    return field.type == "choice" and (field.free_text or len(field.choices) > MOST)


def _choices(values: Sequence[str]) -> Completion:
    """Completion from a list that is known here: anywhere in the word, those that begin with it first."""

    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice[str]]:
        typed = current.casefold()
        found = sorted(
            (v for v in values if typed in v.casefold()), key=lambda v: not v.casefold().startswith(typed)
        )
        return [Choice(name=clip(v, 100), value=v) for v in found if len(v) <= 100][:MOST]

    return complete


def changes(options: Sequence[Option], values: dict[str, Any]) -> list[Json]:
    """The operations for the options that were given, in the order of their declaration."""
    given = ((option, values.get(option.name)) for option in options if option.change)
    return [option.change(value) for option, value in given if option.change and value is not None]


def command(
    name: str, description: str, options: Sequence[Option], run: Runner
) -> app_commands.Command[Any, ..., Any]:
    """A slash command from data; `run` gets the values by the options' names, None for those left out."""
    parameters = {option.name: _parameter_name(option.name) for option in options}
    names = {parameter: option for option, parameter in parameters.items()}

    async def callback(interaction: discord.Interaction[Any], **given: Any) -> None:
        await run(interaction, {names[parameter]: value for parameter, value in given.items()})

    _sign(callback, [(parameters[option.name], option) for option in options])
    brief = clip(description, MAX_DESCRIPTION)
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=brief, callback=callback
    )
    for option in options:
        if option.complete:
            made.autocomplete(parameters[option.name])(option.complete)
    return made


def _parameter_name(name: str) -> str:
    """Python cannot call a parameter `class`, Discord can call an option so."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _sign(callback: Any, options: list[tuple[str, Option]]) -> None:
    """discord.py reads options from a signature; this writes the one that was never typed."""
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    rest = [_parameter(name, option) for name, option in options]
    callback.__signature__ = inspect.Signature([first, *rest])
    callback.__annotations__ = {p.name: p.annotation for p in (first, *rest)}
    app_commands.describe(**{name: clip(option.description, MAX_DESCRIPTION) for name, option in options})(
        callback
    )
    renamed = {name: option.name for name, option in options if name != option.name}
    if renamed:
        app_commands.rename(**renamed)(callback)


def _parameter(name: str, option: Option) -> inspect.Parameter:
    annotation = option.kind if option.required else option.kind | None
    default = inspect.Parameter.empty if option.required else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
