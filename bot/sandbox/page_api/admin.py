"""Administration of the sandbox's world, for tests and the page."""

import re

from sandbox.errors import Json, PersonError, refused
from sandbox.page_api.call import Call, Route
from sandbox.state import objects
from sandbox.validation.forms import Form

USERNAME = re.compile(r"[a-z0-9._]{2,32}")
MOST_USERS = 20_000  # beyond this the sandbox is the wrong tool


def _guild(call: Call) -> Json:
    return call.world.guild(call.request.match_info["id"])


def _user_id(call: Call) -> str:
    """Return the id of the person or bot that the path names."""
    name = call.request.match_info["user"]
    return name if name == call.world.bot_id else str(call.world.person(name)["id"])


async def add_user(call: Call) -> Json:
    name = str(call.body.get("name") or "")
    if not USERNAME.fullmatch(name):
        raise refused("A name has 2 to 32 of a-z, 0-9, dot and underscore.", {"name": ["Not a valid name."]})
    users = call.world.users
    if len(users) >= MOST_USERS or any(user["username"] == name for user in users.values()):
        raise PersonError(409, "name_taken", "There is such a user already.")
    return call.box.actions.add_user(name, call.text("global_name", 32) or None)


async def edit_user(call: Call) -> Json:
    user = call.world.person(call.request.match_info["user"])
    changes = {"global_name": call.text("global_name", 32) or None} if "global_name" in call.body else {}
    call.box.actions.edit_user(user, changes)
    return user


async def add_guild(call: Call) -> Json:
    name = call.text("name", 100)
    if len(name) < 2:
        raise refused("A server's name has 2 to 100 characters.", {"name": ["2 to 100 characters."]})
    owner = call.world.person(str(call.body.get("owner", "")))
    with_bot = call.body.get("bot", True) is not False
    return _shown(call, call.box.actions.add_guild(name, owner["id"], with_bot=with_bot))


def _shown(call: Call, guild: Json) -> Json:
    channels = [call.world.show_channel(channel) for channel in call.world.channels_of(guild["id"])]
    return {**call.world.show_guild(guild), "channels": channels}


async def edit_guild(call: Call) -> Json:
    guild, name = _guild(call), call.text("name", 100)
    changes: Json = {"name": name} if name else {}
    if call.body.get("owner"):
        changes["owner_id"] = call.world.person(str(call.body["owner"]))["id"]
    call.box.actions.edit_guild(guild, changes)
    return _shown(call, guild)


async def remove_guild(call: Call) -> Json:
    call.box.actions.remove_guild(_guild(call))
    return {}


async def put_member(call: Call) -> Json:
    """Add the member unless they are there already, and set the fields of the body."""
    guild, user_id = _guild(call), _user_id(call)
    if user_id not in guild["members"]:
        call.box.actions.add_member(guild, user_id)
    changes: Json = {"nick": call.text("nick", 32) or None} if "nick" in call.body else {}
    if "roles" in call.body:
        wanted = call.body["roles"] or []
        roles = [str(role_id) for role_id in wanted] if isinstance(wanted, list) else [""]
        if not set(roles) <= set(guild["roles"]) - {guild["id"]}:
            raise refused("There is no such role in this server.", {"roles": ["Unknown role."]})
        changes["roles"] = list(dict.fromkeys(roles))
    if changes:
        call.box.actions.edit_member(guild, user_id, changes)
    return call.world.show_member(guild, user_id)


async def remove_member(call: Call) -> Json:
    guild, user_id = _guild(call), _user_id(call)
    call.world.member(guild, user_id)
    if user_id == guild["owner_id"]:
        raise PersonError(409, "owner", "The owner cannot leave the server.")
    call.box.actions.remove_member(guild, user_id)
    return {}


async def add_role(call: Call) -> Json:
    form = Form(call.body)
    permissions, color = form.integer("permissions", 0, 2**60), form.integer("color", 0, 0xFFFFFF)
    form.check()
    role = {"name": call.text("name", 100) or "new role", "permissions": str(permissions)}
    return call.box.actions.add_role(_guild(call), role | objects.color_fields(color))


async def add_channel(call: Call) -> Json:
    name = call.text("name", 100)
    if not name:
        raise refused("A channel needs a name.", {"name": ["1 to 100 characters."]})
    kinds = (objects.VOICE, objects.CATEGORY, objects.NEWS, objects.FORUM)
    kind = next((kind for kind in kinds if call.body.get("type") == kind), objects.TEXT)
    topic = call.text("topic", 1024) or None
    channel = call.box.actions.add_channel(_guild(call), name, kind=kind, topic=topic)
    if call.body.get("permission_overwrites"):
        overwrites = Form(call.body).overwrites()
        call.box.actions.edit_channel(channel, {"permission_overwrites": overwrites})
    return call.world.show_channel(channel)


async def edit_channel(call: Call) -> Json:
    channel = call.world.channel(call.request.match_info["id"])
    changes: Json = {key: call.body[key] for key in ("name", "topic") if isinstance(call.body.get(key), str)}
    if "permission_overwrites" in call.body:
        changes["permission_overwrites"] = Form(call.body).overwrites()
    call.box.actions.edit_channel(channel, changes)
    return call.world.show_channel(channel)


async def add_fault(call: Call) -> Json:
    fault = call.box.faults.add(call.body)
    return {"route": fault.route, "status": fault.status, "times": fault.times}


async def clear_faults(call: Call) -> Json:
    call.box.faults.clear()
    return {}


async def gateway_fault(call: Call) -> Json:
    action = call.body.get("action")
    if action not in ("drop", "reconnect", "invalid_session"):
        raise refused("One of drop, reconnect, invalid_session.", {"action": ["Unknown."]})
    return {"connections": call.box.drop_gateway(action, resumable=bool(call.body.get("resumable")))}


async def recorded(call: Call) -> list[Json]:
    return call.box.recorded


async def forget_recorded(call: Call) -> Json:
    call.box.recorder.clear()
    return {}


ROUTES: list[Route] = [
    ("POST", "/users", add_user),
    ("PATCH", "/users/{user}", edit_user),
    ("POST", "/guilds", add_guild),
    ("PATCH", "/guilds/{id}", edit_guild),
    ("DELETE", "/guilds/{id}", remove_guild),
    ("PUT", "/guilds/{id}/members/{user}", put_member),
    ("DELETE", "/guilds/{id}/members/{user}", remove_member),
    ("POST", "/guilds/{id}/roles", add_role),
    ("POST", "/guilds/{id}/channels", add_channel),
    ("PATCH", "/channels/{id}", edit_channel),
    ("POST", "/faults", add_fault),
    ("DELETE", "/faults", clear_faults),
    ("POST", "/faults/gateway", gateway_fault),
    ("GET", "/recorded", recorded),
    ("DELETE", "/recorded", forget_recorded),
]
