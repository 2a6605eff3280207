"""The application, its commands, and where the gateway is."""

from typing import Any

from sandbox.changes import commands
from sandbox.errors import ApiError, Json
from sandbox.rest.call import ANYONE, Answer, Call, Route


async def application(call: Call) -> Json:
    return call.world.show_application()


async def gateway(call: Call) -> Json:
    return {"url": call.box.gateway_url}


async def gateway_bot(call: Call) -> Json:
    starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
    return {"url": call.box.gateway_url, "shards": call.box.shards, "session_start_limit": starts}


def _scope(call: Call) -> str:
    """The guild's id, or "" for global commands."""
    world = call.world
    if call.id("application_id") != world.bot_id:
        raise ApiError(20012)
    if "guild_id" not in call.request.match_info:
        return ""
    guild = world.guilds.get(call.id("guild_id"))
    if guild is None or world.bot_id not in guild["members"]:
        raise ApiError(50001)
    return str(guild["id"])


def _changed(call: Call, scope: str) -> None:
    call.box.events.live.to_all({"type": "commands", "guild": scope or None})
    call.box.events.touch()


async def list_commands(call: Call) -> list[Json]:
    return list(call.world.commands.get(_scope(call), {}).values())


async def overwrite_commands(call: Call) -> list[Json]:
    scope = _scope(call)
    made = commands.overwrite(call.world, scope, call.body)
    _changed(call, scope)
    return made


async def create_command(call: Call) -> Answer:
    scope = _scope(call)
    known = set(call.world.commands.get(scope, {}))
    made = commands.upsert(call.world, scope, call.data)
    _changed(call, scope)
    return Answer(200 if made["id"] in known else 201, made)


async def get_command(call: Call) -> Json:
    return commands.get(call.world, _scope(call), call.id("command_id"))


async def edit_command(call: Call) -> Json:
    scope = _scope(call)
    old = commands.get(call.world, scope, call.id("command_id"))
    made = commands.upsert(call.world, scope, {**old, **call.data, "type": old["type"]}, old["id"])
    _changed(call, scope)
    return made


async def delete_command(call: Call) -> None:
    scope = _scope(call)
    command = commands.get(call.world, scope, call.id("command_id"))
    del call.world.commands[scope][command["id"]]
    _changed(call, scope)


async def command_permissions(call: Call) -> list[Any]:
    _scope(call)
    return []


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
    Route(
        "GET", "/applications/{application_id}/guilds/{guild_id}/commands/permissions", command_permissions
    ),
    *_command_routes("/applications/{application_id}/commands"),
    *_command_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
]
