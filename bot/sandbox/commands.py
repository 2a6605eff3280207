"""Application commands: kept per scope, checked as Discord does, shown to those who may use them."""

import re
from typing import Any

from sandbox import forms, limits, permissions
from sandbox.errors import ApiError, FormErrors, Json
from sandbox.validate_autocomplete import INTEGER, NUMBER, STRING, check_value
from sandbox.world import World

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
CHANNEL = 7
NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1

Path = tuple[str | int, ...]

# Depth 0 is the command, 1 a group, 2 a subcommand. Groups stand at the top only.
ALLOWED_AT: dict[int, tuple[int, ...]] = {0: tuple(range(1, 12)), 1: (SUBCOMMAND,), 2: tuple(range(3, 12))}


# Checks


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


# Registration


def stored(world: World, command: Json, guild_id: str, command_id: str | None = None) -> Json:
    """The command as Discord returns it: without nulls, with ids and a version."""
    kept: Json = {key: _without_nulls(value) for key, value in command.items() if value is not None}
    kept |= {
        "id": command_id or world.ids.next(),
        "application_id": world.bot_id,
        "version": world.ids.next(),
        "type": command.get("type") or CHAT,
        "name": command["name"],
        "description": command.get("description") or "",
        "default_member_permissions": _bits(command.get("default_member_permissions")),
        "nsfw": bool(command.get("nsfw")),
    }
    kept["integration_types"] = command.get("integration_types") or [0]
    if guild_id:
        kept["guild_id"] = guild_id
        kept.pop("dm_permission", None)
        kept.pop("contexts", None)
    else:
        kept["contexts"] = command.get("contexts")
        kept["dm_permission"] = command.get("dm_permission", True) is not False
    return kept


def _bits(value: Any) -> str | None:
    return None if value is None else str(int(value))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def overwrite(world: World, guild_id: str, commands: Any) -> list[Json]:
    """Replaces the whole scope; a command of the same name and kind keeps its id."""
    errors = FormErrors()
    listed = forms.items(errors, (), commands, 130)
    seen: set[tuple[str, str]] = set()
    for index, command in enumerate(listed):
        command = forms.mapping(errors, (index,), command)
        check_command(errors, (index,), command)
        key = _key(command)
        if key in seen:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            errors.add((index, "name"), code, "Application command names must be unique")
        seen.add(key)
    errors.check()
    _check_count(listed)
    old = {_key(c): c["id"] for c in world.commands.get(guild_id, {}).values()}
    made = [stored(world, c, guild_id, old.get(_key(c))) for c in listed]
    world.commands[guild_id] = {command["id"]: command for command in made}
    return made


def _check_count(commands: list[Json]) -> None:
    kinds = [command.get("type") or CHAT for command in commands]
    if kinds.count(CHAT) > limits.CHAT_COMMANDS:
        raise ApiError(30032)
    if max(kinds.count(USER_MENU), kinds.count(MESSAGE_MENU)) > limits.MENU_COMMANDS:
        raise ApiError(
            30032, message=f"Maximum number of application commands reached ({limits.MENU_COMMANDS})."
        )


def upsert(world: World, guild_id: str, command: Json, command_id: str | None = None) -> Json:
    errors = FormErrors()
    check_command(errors, (), command)
    errors.check()
    kept = world.commands.setdefault(guild_id, {})
    same = next((c["id"] for c in kept.values() if _key(c) == _key(command) and c["id"] != command_id), None)
    if command_id is not None and same is not None:
        errors.add(
            ("name",), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        )
        errors.check()
    made = stored(world, command, guild_id, command_id or same)
    _check_count([c for c in kept.values() if c["id"] != made["id"]] + [made])
    kept[made["id"]] = made
    return made


def _key(command: Json) -> tuple[str, str]:
    return str(command.get("name")), str(command.get("type") or CHAT)


def get(world: World, guild_id: str, command_id: str) -> Json:
    if command_id not in world.commands.get(guild_id, {}):
        raise ApiError(10063)
    return world.commands[guild_id][command_id]


# Who sees what


def visible(world: World, user_id: str, guild: Json | None) -> list[Json]:
    """Guild commands and those global ones whose contexts allow the place, for this person's permissions."""
    listed = list(world.commands.get("", {}).values())
    if guild is not None:
        if world.bot_id not in guild["members"]:
            return []
        listed += world.commands.get(guild["id"], {}).values()
    return [command for command in listed if _fits(command, user_id, guild)]


def _fits(command: Json, user_id: str, guild: Json | None) -> bool:
    contexts = command.get("contexts")
    if guild is None:
        return BOT_DM_CONTEXT in contexts if contexts is not None else command.get("dm_permission", True)
    if contexts is not None and GUILD_CONTEXT not in contexts:
        return False
    needed = command["default_member_permissions"]
    if needed is None:
        return True
    bits = permissions.of_member(guild, user_id)
    # "0" means: administrators only.
    return bits == permissions.ALL if needed == "0" else bits & int(needed) == int(needed)
