"""The application, its commands, and where the gateway is."""

from sandbox.changes import commands
from sandbox.delivery import intents
from sandbox.errors import ApiError, Json
from sandbox.rest.call import ANYONE, Answer, Call, Route


async def application(call: Call) -> Json:
    flags = intents.flags(call.box.gateway.granted)
    return call.world.show_application() | {"flags": flags, "flags_new": str(flags)}


async def gateway(call: Call) -> Json:
    return {"url": call.box.gateway_url}


async def gateway_bot(call: Call) -> Json:
    starts = call.box.gateway.starts.show()
    return {"url": call.box.gateway_url, "shards": call.box.shards, "session_start_limit": starts}


def _scope(call: Call) -> str:
    """Return the id of the guild whose commands these are, or "" for global ones."""
    if call.id("application_id") != call.world.bot_id:
        raise ApiError(20012)
    if "guild_id" not in call.request.match_info:
        return ""
    guild = call.world.guilds.get(call.id("guild_id"))
    if guild is None or call.world.bot_id not in guild["members"]:
        raise ApiError(50001)
    return str(guild["id"])


def _changed(call: Call, scope: str) -> None:
    call.box.events.live.to_all({"type": "commands", "guild": scope or None})
    call.box.events.touch()


async def list_commands(call: Call) -> list[Json]:
    found = list(call.world.commands.get(_scope(call), {}).values())
    return found if call.flag("with_localizations") else [commands.without_languages(each) for each in found]


async def overwrite_commands(call: Call) -> list[Json]:
    scope = _scope(call)
    limits = call.box.rate_limits
    new = commands.overwrite(
        call.world, scope, call.body, lambda count: limits is None or limits.may_create(scope, count)
    )
    _changed(call, scope)
    return new


async def create_command(call: Call) -> Answer:
    scope = _scope(call)
    known = set(call.world.commands.get(scope, {}))
    command = commands.upsert(call.world, scope, call.data)
    _changed(call, scope)
    return Answer(200 if command["id"] in known else 201, command)


async def get_command(call: Call) -> Json:
    return commands.get(call.world, _scope(call), call.id("command_id"))


async def edit_command(call: Call) -> Json:
    scope = _scope(call)
    old = commands.get(call.world, scope, call.id("command_id"))
    new = commands.upsert(call.world, scope, {**old, **call.data, "type": old["type"]}, old["id"])
    _changed(call, scope)
    return new


async def delete_command(call: Call) -> None:
    scope = _scope(call)
    command = commands.get(call.world, scope, call.id("command_id"))
    del call.world.commands[scope][command["id"]]
    _changed(call, scope)


async def command_permissions(call: Call) -> list[Json]:
    _scope(call)
    return []


GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


def _command_routes(base: str) -> list[Route]:
    return [
        Route("GET", base, list_commands),
        Route("PUT", base, overwrite_commands),
        Route("POST", base, create_command),
        Route("GET", f"{base}/{{command_id}}", get_command),
        Route("PATCH", f"{base}/{{command_id}}", edit_command),
        Route("DELETE", f"{base}/{{command_id}}", delete_command),
    ]


ROUTES = [
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/gateway", gateway, ANYONE),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", f"{GUILD_COMMANDS}/permissions", command_permissions),
    *_command_routes("/applications/{application_id}/commands"),
    *_command_routes(GUILD_COMMANDS),
]
