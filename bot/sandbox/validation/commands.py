"""Application commands as the bot registers them, and the choices that it offers while a person types."""

import re

from sandbox import limits
from sandbox.errors import Json
from sandbox.state import objects
from sandbox.validation.forms import Form

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)
NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")
# Groups stand at the top only.
IN_COMMAND, IN_GROUP, IN_SUBCOMMAND = tuple(range(1, 12)), (SUBCOMMAND,), tuple(range(3, 12))


def check_command(command: Form) -> None:
    command.integer("default_member_permissions", 0, 2**54 - 1)
    command.choices("contexts", (0, 1, 2), 3)
    command.choices("integration_types", (0, 1), 2)
    kind = command.choice("type", (CHAT, USER_MENU, MESSAGE_MENU), default=CHAT)
    if kind == CHAT:
        _check_words(command)
        _check_options(command, IN_COMMAND)
        if _size(command.body) > limits.COMMAND_TOTAL:
            message = f"Command exceeds maximum size ({limits.COMMAND_TOTAL})"
            command.error("APPLICATION_COMMAND_TOO_LARGE", message)
    elif kind is not None:
        command.text("name", limits.COMMAND_NAME, 1)
        _check_languages(command, "name", limits.COMMAND_NAME)
        if command.body.get("description"):
            code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION"
            command.error(code, "Context menu commands cannot have description", "description")


def _check_words(form: Form) -> None:
    name = form.text("name", limits.COMMAND_NAME, 1)
    if name and (not NAME.match(name) or name != name.lower()):
        form.error("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", "name")
    form.text("description", limits.COMMAND_DESCRIPTION, 1)
    for other in _check_languages(form, "name", limits.COMMAND_NAME).values():
        if not NAME.match(other) or other != other.lower():
            form.error("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", "name_localizations")
    _check_languages(form, "description", limits.COMMAND_DESCRIPTION)


def _check_languages(form: Form, key: str, longest: int) -> dict[str, str]:
    """Check a text in other languages, and return it by their codes."""
    if form.body.get(f"{key}_localizations") is None:
        return {}
    inner = form.part(f"{key}_localizations")
    for code in inner.body:
        if code not in objects.LOCALES:
            inner.error("ENUM_TYPE_COERCE", f'Value "{code}" is not a valid enum value.', code)
    return {code: inner.text(code, longest, 1) for code in inner.body}


def _names(part: Form) -> dict[str, str]:
    """What siblings must not share: the name, and that of each language."""
    languages = part.body.get("name_localizations")
    others = languages if isinstance(languages, dict) else {}
    return {"": str(part.body.get("name")), **{code: str(name) for code, name in others.items()}}


def _check_options(form: Form, allowed: tuple[int, ...]) -> None:
    options = form.parts("options", limits.COMMAND_OPTIONS)
    seen: dict[str, set[str]] = {}
    optional = False
    for option in options:
        _check_option(option, allowed)
        for language, name in _names(option).items():
            if name in seen.setdefault(language, set()):
                code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
                option.error(code, "Option name already exists", "name")
            seen[language].add(name)
        if option.body.get("required") and optional:
            message = "Required options must be placed before non-required options"
            option.error("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.body.get("required")
    if len({option.body.get("type") in (SUBCOMMAND, GROUP) for option in options}) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.error("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message, "options")


def _check_option(option: Form, allowed: tuple[int, ...]) -> None:
    kind = option.choice("type", allowed)
    if kind is None:
        return
    _check_words(option)
    if kind in (SUBCOMMAND, GROUP):
        _check_options(option, IN_GROUP if kind == GROUP else IN_SUBCOMMAND)
    else:
        _check_value_option(option, kind)


def _check_value_option(option: Form, kind: int) -> None:
    choices = _check_choices(option, kind)
    if option.body.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
        message = "Autocomplete cannot be used with choices or on this type"
        option.error("APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message, "autocomplete")
    option.choices("channel_types", tuple(range(17)), 25)
    option.number("min_value")
    option.number("max_value")
    if kind == STRING:
        low = option.integer("min_length", 0, limits.OPTION_STRING)
        high = option.integer("max_length", 1, limits.OPTION_STRING, limits.OPTION_STRING)
        if low > high:
            option.error("NUMBER_TYPE_MAX", "min_length must not exceed max_length", "min_length")


def _check_choices(form: Form, kind: int) -> list[Form]:
    choices = form.parts("choices", limits.COMMAND_CHOICES)
    seen: dict[str, set[str]] = {}
    for choice in choices:
        choice.text("name", limits.CHOICE_NAME, 1)
        _check_languages(choice, "name", limits.CHOICE_NAME)
        _check_value(choice, kind)
        for language, name in _names(choice).items():
            if name in seen.setdefault(language, set()):
                code = "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS"
                choice.error(code, "The specified choice name already exists", "name")
            seen[language].add(name)
    return choices


def _check_value(choice: Form, kind: int) -> None:
    if kind == STRING:
        choice.text("value", limits.CHOICE_TEXT, 1)
        return
    value = choice.number("value")
    if value is None and choice.body.get("value") is None:
        choice.error("NUMBER_TYPE_COERCE", 'Value "None" is not a number.', "value")
    elif kind == INTEGER and value is not None and value != int(value):
        choice.error("NUMBER_TYPE_COERCE", f'Value "{value}" is not int.', "value")


def check_autocomplete(data: Json, kind: int) -> None:
    """Check the `data` of a callback of type 8, for an option of this kind."""
    form = Form(data, ("data",))
    for choice in form.parts("choices", limits.COMMAND_CHOICES):
        choice.text("name", limits.CHOICE_NAME, 1)
        _check_value(choice, kind)
    form.check()


def _size(value: object) -> int:
    """Add up names, descriptions and values of choices of a command and all in it, each in its longest language."""
    if isinstance(value, list):
        return sum(_size(inner) for inner in value)
    if not isinstance(value, dict):
        return 0
    own = sum(_longest(value, key) for key in ("name", "description", "value"))
    return own + _size(value.get("options")) + _size(value.get("choices"))


def _longest(part: Json, key: str) -> int:
    others = part.get(f"{key}_localizations")
    texts = [part.get(key), *(others.values() if isinstance(others, dict) else ())]
    return max((len(text) for text in texts if isinstance(text, str)), default=0)
