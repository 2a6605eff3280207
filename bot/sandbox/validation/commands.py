"""Application commands as the bot registers them, and the choices that it offers while a person types."""

import re
from typing import Any

from sandbox import limits
from sandbox.errors import FormErrors, Json
from sandbox.validation import forms

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)
NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")

Path = tuple[str | int, ...]

# Depth 0 is the command, 1 a group, 2 a subcommand. Groups stand at the top only.
ALLOWED_AT: dict[int, tuple[int, ...]] = {0: tuple(range(1, 12)), 1: (SUBCOMMAND,), 2: tuple(range(3, 12))}


def check_command(errors: FormErrors, path: Path, command: Json) -> None:
    _check_reach(errors, path, command)
    kind = command.get("type") or CHAT
    if not forms.choice(errors, (*path, "type"), kind, (CHAT, USER_MENU, MESSAGE_MENU)):
        return
    name = forms.text(errors, (*path, "name"), command.get("name"), limits.COMMAND_NAME, 1)
    if kind != CHAT:
        if command.get("description"):
            code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION"
            errors.add((*path, "description"), code, "Context menu commands cannot have description")
        return
    _check_name(errors, (*path, "name"), name)
    _check_description(errors, (*path, "description"), command.get("description"))
    _check_options(errors, (*path, "options"), command.get("options"), 0)
    if _size(command) > limits.COMMAND_TOTAL:
        errors.add(
            path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({limits.COMMAND_TOTAL})"
        )


def _check_reach(errors: FormErrors, path: Path, command: Json) -> None:
    """Where the command may be used and by whom."""
    bits = command.get("default_member_permissions")
    forms.integer(errors, (*path, "default_member_permissions"), bits, 0, 2**54 - 1)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, value in enumerate(forms.items(errors, (*path, key), command.get(key), len(allowed))):
            forms.choice(errors, (*path, key, index), value, allowed)


def _check_name(errors: FormErrors, path: Path, name: str) -> None:
    if name and (not NAME.match(name) or name != name.lower()):
        message = "Command name is invalid"
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", message)


def _check_description(errors: FormErrors, path: Path, value: Any) -> None:
    forms.text(errors, path, value, limits.COMMAND_DESCRIPTION, 1)


def _check_options(errors: FormErrors, path: Path, value: Any, depth: int) -> None:
    options = [
        forms.mapping(errors, (*path, index), option)
        for index, option in enumerate(forms.items(errors, path, value, limits.COMMAND_OPTIONS))
    ]
    names: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        here = (*path, index)
        _check_option(errors, here, option, depth)
        name = str(option.get("name"))
        if name in names:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            errors.add((*here, "name"), code, "Option name already exists")
        names.add(name)
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            errors.add(here, code, "Required options must be placed before non-required options")
        optional = optional or not option.get("required")
    kinds = {option.get("type") in (SUBCOMMAND, GROUP) for option in options}
    if len(kinds) > 1:
        code = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        errors.add(
            path,
            code,
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )


def _check_option(errors: FormErrors, path: Path, option: Json, depth: int) -> None:
    if not forms.choice(errors, (*path, "type"), option.get("type"), ALLOWED_AT[depth]):
        return
    name = forms.text(errors, (*path, "name"), option.get("name"), limits.COMMAND_NAME, 1)
    _check_name(errors, (*path, "name"), name)
    _check_description(errors, (*path, "description"), option.get("description"))
    kind = option["type"]
    if kind in (SUBCOMMAND, GROUP):
        _check_options(errors, (*path, "options"), option.get("options"), 1 if kind == GROUP else 2)
    else:
        _check_value_option(errors, path, option)


def _check_value_option(errors: FormErrors, path: Path, option: Json) -> None:
    kind = option["type"]
    choices = forms.items(errors, (*path, "choices"), option.get("choices"), limits.COMMAND_CHOICES)
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        here = (*path, "choices", index)
        choice = forms.mapping(errors, here, choice)
        name = forms.text(errors, (*here, "name"), choice.get("name"), limits.CHOICE_NAME, 1)
        check_value(errors, (*here, "value"), choice.get("value"), kind)
        if name in seen:
            code = "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS"
            errors.add((*here, "name"), code, "The specified choice name already exists")
        seen.add(name)
    if option.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
        code = "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"
        errors.add((*path, "autocomplete"), code, "Autocomplete cannot be used with choices or on this type")
    for index, channel_kind in enumerate(
        forms.items(errors, (*path, "channel_types"), option.get("channel_types"), 25)
    ):
        forms.choice(errors, (*path, "channel_types", index), channel_kind, tuple(range(17)))
    for key in ("min_value", "max_value"):
        forms.number(errors, (*path, key), option.get(key))
    if kind == STRING:
        low = forms.integer(errors, (*path, "min_length"), option.get("min_length"), 0, limits.OPTION_STRING)
        high = forms.integer(
            errors, (*path, "max_length"), option.get("max_length"), 1, limits.OPTION_STRING, 6000
        )
        if low > high:
            errors.add((*path, "min_length"), "NUMBER_TYPE_MAX", "min_length must not exceed max_length")


def _size(value: Any) -> int:
    """Names, descriptions and the values of choices, of the command and everything in it."""
    if isinstance(value, list):
        return sum(_size(inner) for inner in value)
    if not isinstance(value, dict):
        return 0
    own = sum(len(value[key]) for key in ("name", "description", "value") if isinstance(value.get(key), str))
    return own + _size(value.get("options")) + _size(value.get("choices"))


def check_choices(value: Any, option_type: int) -> None:
    errors = FormErrors()
    path: tuple[str | int, ...] = ("data", "choices")
    for index, choice in enumerate(forms.items(errors, path, value, limits.COMMAND_CHOICES)):
        choice = forms.mapping(errors, (*path, index), choice)
        forms.text(errors, (*path, index, "name"), choice.get("name"), limits.CHOICE_NAME, 1)
        check_value(errors, (*path, index, "value"), choice.get("value"), option_type)
    errors.check()


def check_value(errors: FormErrors, path: tuple[str | int, ...], value: Any, option_type: int) -> None:
    if option_type == STRING:
        forms.text(errors, path, value, limits.CHOICE_TEXT, 1)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{str(value)[:100]}" is not a number.')
    elif option_type == INTEGER and value != int(value):
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
