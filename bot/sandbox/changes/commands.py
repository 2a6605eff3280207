"""Application commands: kept per scope, shown to those who may use them."""

from typing import Any

from sandbox import limits
from sandbox.errors import ApiError, FormErrors, Json
from sandbox.state import permissions
from sandbox.state.world import World
from sandbox.validation import forms
from sandbox.validation.commands import CHAT, MESSAGE_MENU, USER_MENU, check_command

GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


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
