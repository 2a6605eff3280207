"""Application commands: registered per scope, listed for those who may use them."""

from collections.abc import Callable

from sandbox import limits
from sandbox.errors import ApiError, FormErrors, Json
from sandbox.state import permissions
from sandbox.state.world import World
from sandbox.validation.commands import CHAT, MESSAGE_MENU, USER_MENU, check_command
from sandbox.validation.forms import Form, checked_list

GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1
DUPLICATE = ("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")


# Registration


def stored(world: World, command: Json, guild_id: str, command_id: str | None = None) -> Json:
    """Convert a command to what Discord returns: without nulls, with ids and a version."""
    bits = command.get("default_member_permissions")
    shown: Json = {key: _without_nulls(value) for key, value in command.items() if value is not None}
    shown |= {
        "id": command_id or world.ids.next(),
        "application_id": world.bot_id,
        "version": world.ids.next(),
        "type": command.get("type") or CHAT,
        "name": command["name"],
        "description": command.get("description") or "",
        "default_member_permissions": None if bits is None else str(int(bits)),
        "nsfw": bool(command.get("nsfw")),
        "integration_types": command.get("integration_types") or [0],
    }
    if guild_id:
        shown["guild_id"] = guild_id
        shown.pop("dm_permission", None)
        shown.pop("contexts", None)
    else:
        shown["contexts"] = command.get("contexts")
        shown["dm_permission"] = command.get("dm_permission", True) is not False
    return shown


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def without_languages(value: Json) -> Json:
    """Leave out the names and descriptions in other languages, as Discord does unless asked for them."""
    return {
        key: [without_languages(part) for part in inner] if key in ("options", "choices") else inner
        for key, inner in value.items()
        if not key.endswith("_localizations")
    }


def overwrite(
    world: World, guild_id: str, commands: object, may_create: Callable[[int], bool] = lambda new: True
) -> list[Json]:
    """Replace the whole scope; a command of the same name and kind keeps its id. `may_create` gets how many are new."""
    errors = FormErrors()
    forms = [
        Form(value, (index,), errors) for index, value in enumerate(checked_list(errors, (), commands, 130))
    ]
    seen: set[tuple[str, str]] = set()
    for form in forms:
        check_command(form)
        if _key(form.body) in seen:
            form.error(*DUPLICATE, "name")
        seen.add(_key(form.body))
    errors.check()
    _check_count([form.body for form in forms])
    old = {_key(command): command["id"] for command in world.commands.get(guild_id, {}).values()}
    if not may_create(sum(_key(form.body) not in old for form in forms)):
        raise ApiError(30034)
    new = [stored(world, form.body, guild_id, old.get(_key(form.body))) for form in forms]
    world.commands[guild_id] = {command["id"]: command for command in new}
    return new


def _check_count(commands: list[Json]) -> None:
    kinds = [command.get("type") or CHAT for command in commands]
    if kinds.count(CHAT) > limits.CHAT_COMMANDS:
        raise ApiError(30032)
    if max(kinds.count(USER_MENU), kinds.count(MESSAGE_MENU)) > limits.MENU_COMMANDS:
        message = f"Maximum number of application commands reached ({limits.MENU_COMMANDS})."
        raise ApiError(30032, message=message)


def upsert(world: World, guild_id: str, command: Json, command_id: str | None = None) -> Json:
    """Save a command over the one of this id, else over one of the same name and kind, else as a new one."""
    form = Form(command)
    check_command(form)
    form.check()
    saved = world.commands.setdefault(guild_id, {})
    same = next((c["id"] for c in saved.values() if _key(c) == _key(command) and c["id"] != command_id), None)
    if command_id is not None and same is not None:
        form.error(*DUPLICATE, "name")
        form.check()
    new = stored(world, command, guild_id, command_id or same)
    _check_count([c for c in saved.values() if c["id"] != new["id"]] + [new])
    saved[new["id"]] = new
    return new


def _key(command: Json) -> tuple[str, str]:
    return str(command.get("name")), str(command.get("type") or CHAT)


def get(world: World, guild_id: str, command_id: str) -> Json:
    if command_id not in world.commands.get(guild_id, {}):
        raise ApiError(10063)
    return world.commands[guild_id][command_id]


# Who sees what


def visible(world: World, user_id: str, guild: Json | None) -> list[Json]:
    """List the guild's and the global commands that this person may use in the guild (None: direct messages)."""
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
