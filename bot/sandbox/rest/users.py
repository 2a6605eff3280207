"""Users: the caller itself, others, direct messages, the caller's servers."""

from sandbox.errors import ApiError, Json
from sandbox.rest.call import BEARER, Call, Route
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form


async def me(call: Call) -> Json:
    user = call.world.user(call.user_id)
    private: Json = {"mfa_enabled": bool(user["bot"]), "locale": "en-US", "premium_type": 0, "verified": True}
    if user["bot"]:
        return {**user, **private, "email": None}
    call.require_scope("identify")
    email = {"email": f"{user['username']}@sandbox.invalid"} if "email" in call.scopes else {}
    return {**user, **private, **email}


async def edit_me(call: Call) -> Json:
    form = Form(call.data)
    name = form.text("username", 32)
    form.check()
    user = call.world.user(call.user_id)
    if name:
        user["username"] = name
        call.box.events.gateway.dispatch("USER_UPDATE", user)
        call.box.events.touch()
    return await me(call)


async def get_user(call: Call) -> Json:
    return call.world.user(call.id("user_id"))


async def open_dm(call: Call) -> Json:
    form = Form(call.data)
    user_id = form.snowflake("recipient_id")
    form.check()
    if call.world.user(user_id)["bot"]:
        raise ApiError(50007)
    return call.world.show_channel(call.box.actions.dm(user_id))


async def my_guilds(call: Call) -> list[Json]:
    if call.user_id != call.world.bot_id:
        call.require_scope("guilds")
    limit, after = call.number("limit", 200, 1, 200), call.number("after", 0, 0, 2**63)
    guilds = sorted(call.world.guilds_of(call.user_id), key=lambda guild: int(guild["id"]))
    page = [guild for guild in guilds if int(guild["id"]) > after][:limit]
    counted = call.flag("with_counts")
    return [
        _my_guild(guild, call.user_id) | (objects.approximate_counts(guild) if counted else {})
        for guild in page
    ]


def _my_guild(guild: Json, user_id: str) -> Json:
    return {
        "id": guild["id"],
        "name": guild["name"],
        "icon": guild["icon"],
        "banner": None,
        "owner": guild["owner_id"] == user_id,
        "permissions": str(permissions.of_member(guild, user_id)),
        "features": objects.GUILD_REST["features"],
    }


async def my_membership(call: Call) -> Json:
    call.require_scope("guilds.members.read")
    guild = call.world.guild(call.id("guild_id"))
    if call.user_id not in guild["members"]:
        raise ApiError(10004)
    return call.world.show_member(guild, call.user_id)


async def leave_guild(call: Call) -> None:
    call.box.actions.remove_member(call.world.guild_for_bot(call.id("guild_id")), call.world.bot_id)


async def authorization(call: Call) -> Json:
    return call.box.oauth.describe(call.request.headers["Authorization"].partition(" ")[2])


ROUTES = [
    Route("GET", "/users/@me", me, BEARER),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", my_guilds, BEARER),
    Route("GET", "/users/@me/guilds/{guild_id}/member", my_membership, BEARER),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/{user_id}", get_user),
    Route("GET", "/oauth2/@me", authorization, BEARER),
]
