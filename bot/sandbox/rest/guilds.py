"""Guilds, their channels and members."""

from sandbox.errors import ApiError, Json
from sandbox.rest.call import Answer, Call, Route
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form

KINDS = (objects.TEXT, objects.VOICE, objects.CATEGORY, objects.NEWS, objects.FORUM)


def of_bot(call: Call, needed: int = 0) -> Json:
    """Return the guild of the path, if the bot has the permissions that the call takes."""
    guild = call.world.guild_for_bot(call.id("guild_id"))
    permissions.require(permissions.of_member(guild, call.user_id), needed)
    return guild


async def get_guild(call: Call) -> Json:
    guild = of_bot(call)
    shown = call.world.show_guild(guild)
    return shown | (objects.approximate_counts(guild) if call.flag("with_counts") else {})


async def edit_guild(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_GUILD)
    form = Form({"name": guild["name"], **call.data})
    name = form.text("name", 100, 2)
    form.check()
    call.box.actions.edit_guild(guild, {"name": name})
    return call.world.show_guild(guild)


async def list_channels(call: Call) -> list[Json]:
    return [call.world.show_channel(c) for c in call.world.channels_of(of_bot(call)["id"])]


async def create_channel(call: Call) -> Answer:
    guild = of_bot(call, permissions.MANAGE_CHANNELS)
    form = Form(call.data)
    name = form.text("name", 100, 1)
    topic = form.text("topic", 1024) or None
    kind = form.choice("type", KINDS, default=objects.TEXT)
    form.check()
    channel = call.box.actions.add_channel(guild, name, kind=kind or objects.TEXT, topic=topic)
    if form.body.get("permission_overwrites"):
        call.box.actions.edit_channel(channel, {"permission_overwrites": form.overwrites()})
    return Answer(201, call.world.show_channel(channel))


async def list_members(call: Call) -> list[Json]:
    limit, after = call.number("limit", 1, 1, 1000), call.number("after", 0, 0, 2**63)
    members = call.world.show_members(of_bot(call))
    return [member for member in members if int(member["user"]["id"]) > after][:limit]


async def search_members(call: Call) -> list[Json]:
    limit = call.number("limit", 1, 1, 1000)
    query = call.request.query.get("query", "").lower()
    members = call.world.show_members(of_bot(call))
    return [member for member in members if objects.search_name(member).startswith(query)][:limit]


async def get_member(call: Call) -> Json:
    return call.world.show_member(of_bot(call), call.id("user_id"))


async def edit_member(call: Call) -> Json:
    guild, user_id = of_bot(call), call.id("user_id")
    call.world.member(guild, user_id)
    changes: Json = {}
    if "nick" in call.data:
        own = user_id == call.user_id
        bit = permissions.CHANGE_NICKNAME if own else permissions.MANAGE_NICKNAMES
        permissions.require(permissions.of_member(guild, call.user_id), bit)
        _require_below(guild, call.user_id, user_id)
        changes["nick"] = _nick(call)
    if "roles" in call.data:
        changes["roles"] = _role_list(call, guild, user_id)
    call.box.actions.edit_member(guild, user_id, changes)
    return call.world.show_member(guild, user_id)


def _nick(call: Call) -> str | None:
    form = Form(call.data)
    nick = form.text("nick", 32)
    form.check()
    return nick or None


def _require_below(guild: Json, actor_id: str, user_id: str) -> None:
    """Refuse to edit the owner or a member whose highest role is not below the actor's."""
    if actor_id == user_id:
        return
    if permissions.top_position(guild, user_id) >= permissions.top_position(guild, actor_id):
        raise ApiError(50013)


def _role_list(call: Call, guild: Json, user_id: str) -> list[str]:
    form = Form(call.data)
    wanted = list(dict.fromkeys(form.snowflakes("roles", 350)))
    form.check()
    current = set(guild["members"][user_id]["roles"])
    for role_id in current ^ set(wanted):
        assignable(call, guild, role_id)
    return wanted


def assignable(call: Call, guild: Json, role_id: str) -> Json:
    """Return the role, if the bot may give and take it."""
    permissions.require(permissions.of_member(guild, call.user_id), permissions.MANAGE_ROLES)
    role = call.world.role(guild, role_id)
    if role["managed"] or role_id == guild["id"]:
        raise ApiError(50028)
    if role["position"] >= permissions.top_position(guild, call.user_id):
        raise ApiError(50013)
    return role


async def edit_my_member(call: Call) -> Json:
    guild = of_bot(call, permissions.CHANGE_NICKNAME)
    call.box.actions.edit_member(guild, call.user_id, {"nick": _nick(call)})
    return call.world.show_member(guild, call.user_id)


async def kick(call: Call) -> None:
    guild, user_id = of_bot(call, permissions.KICK_MEMBERS), call.id("user_id")
    call.world.member(guild, user_id)
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
