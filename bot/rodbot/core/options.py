"""Slash options and commands made from data."""

import inspect
import keyword
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str
from pydantic import ValidationError

from contract.base import Input, Json
from contract.characters import TraitChange
from contract.endpoints import InputT
from contract.errors import problems
from contract.translation import LANGUAGES, N_
from rodbot.core.completion import Completion
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.errors import Refused
from rodbot.core.respond import Work, respond
from rodbot.core.text import clip

MAX_OPTIONS = 25
MAX_DESCRIPTION = 100
Short = Range[str, 1, 50]
# Discord takes no choice without a value.
AUTOMATIC = "automatic"
LANGUAGE_CHOICES = (
    (N_("As in Discord"), AUTOMATIC),
    *((label, name) for name, label in LANGUAGES.items()),
)
# What was typed, by the names of the options or the fields that they fill; None for those left out.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `kind` is an annotation as `app_commands` reads it; `change` makes an operation of the value, None
    for options that only steer the command (name, player, notes, image). `choices`: label and value of each. `label`:
    words by which other languages name the option, where it is a trait's or a roll's. `field`: the field of an input
    that it fills, where that has another name.
    """

    name: str
    kind: Any
    description: str | locale_str
    required: bool = False
    complete: Completion | None = None
    change: Callable[[Json], TraitChange] | None = None
    choices: tuple[tuple[str, str], ...] = ()
    label: str = ""
    field: str = ""


def number(name: str, low: int, high: int, text: str, required: bool = False) -> Option:
    """An option for a whole number."""
    return Option(name, Range[int, low, high], text, required)


def yes(name: str, text: str) -> Option:
    """An option for yes or no."""
    return Option(name, bool, text)


def field_option(
    model: type[Input], field: str, description: str, name: str = "", complete: Completion | None = None
) -> Option:
    """An option for a field of an input, with the range that the field declares; `name` where it has another."""
    kind = _kind(model.model_json_schema()["properties"][field])
    required = model.model_fields[field].is_required()
    return Option(name or field, kind, description, required, complete, field=field)


def _kind(schema: dict[str, Any]) -> Any:
    """The annotation for the JSON schema of a field. A number or text is text."""
    shapes = {shape["type"]: shape for shape in schema.get("anyOf", [schema])}
    if "string" in shapes:
        return Range[str, shapes["string"].get("minLength", 1), shapes["string"]["maxLength"]]
    if "integer" in shapes:
        return Range[int, shapes["integer"]["minimum"], shapes["integer"]["maximum"]]
    return bool


def input_of(model: type[InputT], values: Values, /, **fields: object) -> InputT:
    """An input from the options that have the name of one of its fields, and `fields`; None is left out, and people,
    roles and channels become their ids.

    Raises Refused as `checked_input` does.
    """
    named = {name: value for name, value in values.items() if name in model.model_fields} | fields
    return checked_input(model, {name: _plain(value) for name, value in named.items() if value is not None})


def _plain(value: object) -> object:
    return str(value.id) if isinstance(value, discord.abc.Snowflake) else value


def checked_input(model: type[InputT], fields: Values) -> InputT:
    """Raises Refused with a sentence for every field that cannot be so."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        sentences = dict.fromkeys(chain.from_iterable(problems(model, error).values()))
        raise Refused(" ".join(sentences)) from None


def command(
    name: str,
    description: str | locale_str,
    options: Sequence[Option],
    work: Callable[[Interaction, Values], Work],
    public: bool | Callable[[Values], bool] = False,
) -> Command:
    """A slash command from data. `work` returns the reply; `public` shows it to the whole channel."""
    parameters = {option.name: _parameter_name(option.name) for option in options}
    names = {parameters[option.name]: option.field or option.name for option in options}

    async def callback(interaction: Interaction, **arguments: Any) -> None:
        values = {names[parameter]: value for parameter, value in arguments.items()}
        is_public = public(values) if callable(public) else public

        async def run(interaction: Interaction) -> None:
            await respond(interaction, work(interaction, values), public=is_public, repeat=run)

        await run(interaction)

    _sign(callback, [(parameters[option.name], option) for option in options])
    slash_command: Command = app_commands.Command(
        name=name, description=_short(description), callback=callback
    )
    for option in options:
        if option.complete:
            slash_command.autocomplete(parameters[option.name])(option.complete)
    return slash_command


def add_command(
    group: app_commands.Group,
    name: str,
    description: str,
    options: Sequence[Option],
    work: Callable[[Interaction, Values], Work],
) -> None:
    group.add_command(command(name, description, options, work))


def _short(description: str | locale_str) -> str | locale_str:
    if isinstance(description, str):
        return clip(description, MAX_DESCRIPTION)
    return locale_str(clip(description.message, MAX_DESCRIPTION), **description.extras)


def _parameter_name(name: str) -> str:
    """Python cannot call a parameter `class`, Discord can call an option so."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _sign(callback: Any, options: list[tuple[str, Option]]) -> None:
    """Write the signature from which discord.py reads the options."""
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    rest = [_parameter(name, option) for name, option in options]
    callback.__signature__ = inspect.Signature([first, *rest])
    callback.__annotations__ = {p.name: p.annotation for p in (first, *rest)}
    app_commands.describe(**{name: _short(option.description) for name, option in options})(callback)
    chosen = {
        name: [Choice(name=label, value=value) for label, value in option.choices]
        for name, option in options
        if option.choices
    }
    if chosen:
        app_commands.choices(**chosen)(callback)
    renamed = {
        name: locale_str(option.name, label=option.label)
        for name, option in options
        if name != option.name or option.label
    }
    if renamed:
        app_commands.rename(**renamed)(callback)


def _parameter(name: str, option: Option) -> inspect.Parameter:
    annotation = option.kind if option.required else option.kind | None
    default = inspect.Parameter.empty if option.required else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
