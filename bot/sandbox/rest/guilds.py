"""Guilds, their channels and members."""

from sandbox.errors import ApiError, FormErrors, Json
from sandbox.rest.call import Answer, Call, Route
from sandbox.state import objects, permissions
from sandbox.validation import forms


def of_bot(call: Call, needed: int = 0) -> Json:
    """The guild of the path, with the bits that the call takes."""
    guild = call.box.world.guild_for_bot(call.id("guild_id"))
    permissions.require(permissions.of_member(guild, call.user_id), needed)
    return guild


async def get_guild(call: Call) -> Json:
    guild = of_bot(call)
    shown = call.box.world.show_guild(guild)
    if call.request.query.get("with_counts", "").lower() in ("1", "true"):
        shown |= {"approximate_member_count": len(guild["members"]), "approximate_presence_count": 0}
    return shown


async def edit_guild(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_GUILD)
    errors = FormErrors()
    name = forms.text(errors, ("name",), call.form.get("name", guild["name"]), 100, 2)
    errors.check()
    call.box.actions.edit_guild(guild, {"name": name})
    return call.box.world.show_guild(guild)


async def list_channels(call: Call) -> list[Json]:
    return [call.box.world.show_channel(c) for c in call.box.world.channels_of(of_bot(call)["id"])]


async def create_channel(call: Call) -> Answer:
    guild = of_bot(call, permissions.MANAGE_CHANNELS)
    errors = FormErrors()
    name = forms.text(errors, ("name",), call.form.get("name"), 100, 1)
    topic = forms.text(errors, ("topic",), call.form.get("topic"), 1024) or None
    kind = call.form.get("type") or objects.TEXT
    forms.choice(errors, ("type",), kind, (objects.TEXT, objects.VOICE, objects.CATEGORY))
    errors.check()
    made = call.box.actions.add_channel(guild, name, kind=kind, topic=topic)
    if call.form.get("permission_overwrites"):
        call.box.actions.edit_channel(made, {"permission_overwrites": forms.overwrites(call.form)})
    return Answer(201, call.box.world.show_channel(made))


async def list_members(call: Call) -> list[Json]:
    limit = call.number("limit", 1, 1, 1000)
    after = call.number("after", 0, 0, 2**63)
    members = call.box.world.show_members(of_bot(call))
    return [member for member in members if int(member["user"]["id"]) > after][:limit]


async def search_members(call: Call) -> list[Json]:
    limit = call.number("limit", 1, 1, 1000)
    query = call.request.query.get("query", "").lower()
    members = call.box.world.show_members(of_bot(call))
    return [m for m in members if (m["nick"] or m["user"]["username"]).lower().startswith(query)][:limit]


async def get_member(call: Call) -> Json:
    return call.box.world.show_member(of_bot(call), call.id("user_id"))


async def edit_member(call: Call) -> Json:
    guild, user_id = of_bot(call), call.id("user_id")
    call.box.world.member(guild, user_id)
    changes: Json = {}
    if "nick" in call.form:
        own = user_id == call.user_id
        bit = permissions.CHANGE_NICKNAME if own else permissions.MANAGE_NICKNAMES
        permissions.require(permissions.of_member(guild, call.user_id), bit)
        _require_below(guild, call.user_id, user_id)
        errors = FormErrors()
        changes["nick"] = forms.text(errors, ("nick",), call.form["nick"], 32) or None
        errors.check()
    if "roles" in call.form:
        changes["roles"] = _role_list(call, guild, user_id)
    call.box.actions.edit_member(guild, user_id, changes)
    return call.box.world.show_member(guild, user_id)


def _require_below(guild: Json, actor_id: str, user_id: str) -> None:
    """Nobody edits the owner or one whose highest role is not below their own."""
    if actor_id == user_id:
        return
    if permissions.top_position(guild, user_id) >= permissions.top_position(guild, actor_id):
        raise ApiError(50013)


def _role_list(call: Call, guild: Json, user_id: str) -> list[str]:
    errors = FormErrors()
    wanted = list(dict.fromkeys(forms.snowflakes(errors, ("roles",), call.form["roles"], 350)))
    errors.check()
    current = set(guild["members"][user_id]["roles"])
    for role_id in current ^ set(wanted):
        assignable(call, guild, role_id)
    return wanted


def assignable(call: Call, guild: Json, role_id: str) -> Json:
    """The role, if the bot may give and take it."""
    permissions.require(permissions.of_member(guild, call.user_id), permissions.MANAGE_ROLES)
    role: Json | None = guild["roles"].get(role_id)
    if role is None:
        raise ApiError(10011)
    if role["managed"] or role_id == guild["id"]:
        raise ApiError(50028)
    if role["position"] >= permissions.top_position(guild, call.user_id):
        raise ApiError(50013)
    return role


async def edit_my_member(call: Call) -> Json:
    guild = of_bot(call, permissions.CHANGE_NICKNAME)
    errors = FormErrors()
    nick = forms.text(errors, ("nick",), call.form.get("nick"), 32) or None
    errors.check()
    call.box.actions.edit_member(guild, call.user_id, {"nick": nick})
    return call.box.world.show_member(guild, call.user_id)


async def kick(call: Call) -> None:
    guild, user_id = of_bot(call, permissions.KICK_MEMBERS), call.id("user_id")
    call.box.world.member(guild, user_id)
    _require_below(guild, call.user_id, user_id)
    call.box.actions.remove_member(guild, user_id)


ROUTES = [
    Route("GET", "/guilds/{guild_id}", get_guild),
    Route("PATCH", "/guilds/{guild_id}", edit_guild),
    Route("GET", "/guilds/{guild_id}/channels", list_channels),
    Route("POST", "/guilds/{guild_id}/channels", create_channel),
    Route("GET", "/guilds/{guild_id}/members", list_members),
    Route("GET", "/guilds/{guild_id}/members/search", search_members),
    Route("PATCH", "/guilds/{guild_id}/members/@me", edit_my_member),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", get_member),
    Route("PATCH", "/guilds/{guild_id}/members/{user_id}", edit_member),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}", kick),
]
