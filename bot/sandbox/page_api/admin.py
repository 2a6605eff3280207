"""Administration of the sandbox's world, for tests and the page."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.core import Core
from sandbox.errors import Json, PersonError, refused
from sandbox.state import objects
from sandbox.validation.forms import Form

USERNAME = re.compile(r"[a-z0-9._]{2,32}")
MOST = 20_000  # users and members; beyond this the sandbox is the wrong tool

Handler = Callable[[web.Request, Json], Awaitable[Any]]


class AdminApi:
    def __init__(self, box: Core) -> None:
        self.box = box
        self.world = box.world

    def handlers(self) -> list[tuple[str, str, Handler]]:
        return [
            ("POST", "/users", self.add_user),
            ("PATCH", "/users/{user}", self.edit_user),
            ("POST", "/guilds", self.add_guild),
            ("PATCH", "/guilds/{id}", self.edit_guild),
            ("DELETE", "/guilds/{id}", self.remove_guild),
            ("PUT", "/guilds/{id}/members/{user}", self.put_member),
            ("DELETE", "/guilds/{id}/members/{user}", self.remove_member),
            ("POST", "/guilds/{id}/roles", self.add_role),
            ("POST", "/guilds/{id}/channels", self.add_channel),
            ("PATCH", "/channels/{id}", self.edit_channel),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/faults/gateway", self.gateway_fault),
            ("GET", "/recorded", self.recorded),
            ("DELETE", "/recorded", self.forget_recorded),
        ]

    def _guild(self, request: web.Request) -> Json:
        return self.world.guild(request.match_info["id"])

    def _user_id(self, request: web.Request) -> str:
        """A person by id or name, or the bot by its id."""
        name = request.match_info["user"]
        return name if name == self.world.bot_id else str(self.world.person(name)["id"])

    async def add_user(self, request: web.Request, body: Json) -> Json:
        name = str(body.get("name") or "")
        if not USERNAME.fullmatch(name):
            raise refused(
                "A name has 2 to 32 of a-z, 0-9, dot and underscore.", {"name": ["Not a valid name."]}
            )
        if (
            any(user["username"] == name for user in self.world.users.values())
            or len(self.world.users) >= MOST
        ):
            raise PersonError(409, "name_taken", "There is such a user already.")
        return self.box.actions.add_user(name, _text(body, "global_name", 32) or None)

    async def edit_user(self, request: web.Request, body: Json) -> Json:
        user = self.world.person(request.match_info["user"])
        changes = {"global_name": _text(body, "global_name", 32) or None} if "global_name" in body else {}
        self.box.actions.edit_user(user, changes)
        return user

    async def add_guild(self, request: web.Request, body: Json) -> Json:
        name = _text(body, "name", 100)
        if len(name) < 2:
            raise refused("A server's name has 2 to 100 characters.", {"name": ["2 to 100 characters."]})
        owner = self.world.person(str(body.get("owner", "")))
        guild = self.box.actions.add_guild(name, owner["id"], with_bot=body.get("bot", True) is not False)
        return self._shown(guild)

    def _shown(self, guild: Json) -> Json:
        channels = [self.world.show_channel(channel) for channel in self.world.channels_of(guild["id"])]
        return {**self.world.show_guild(guild), "channels": channels}

    async def edit_guild(self, request: web.Request, body: Json) -> Json:
        guild = self._guild(request)
        changes: Json = {"name": _text(body, "name", 100)} if _text(body, "name", 100) else {}
        if body.get("owner"):
            changes["owner_id"] = self.world.person(str(body["owner"]))["id"]
        self.box.actions.edit_guild(guild, changes)
        return self._shown(guild)

    async def remove_guild(self, request: web.Request, body: Json) -> Json:
        self.box.actions.remove_guild(self._guild(request))
        return {}

    async def put_member(self, request: web.Request, body: Json) -> Json:
        """Joins when not there yet, and sets what is named."""
        guild, user_id = self._guild(request), self._user_id(request)
        if user_id not in guild["members"]:
            self.box.actions.add_member(guild, user_id)
        changes: Json = {"nick": _text(body, "nick", 32) or None} if "nick" in body else {}
        if "roles" in body:
            given = body["roles"] or []
            roles = [str(role_id) for role_id in given] if isinstance(given, list) else [""]
            if not set(roles) <= set(guild["roles"]) - {guild["id"]}:
                raise refused("There is no such role in this server.", {"roles": ["Unknown role."]})
            changes["roles"] = list(dict.fromkeys(roles))
        if changes:
            self.box.actions.edit_member(guild, user_id, changes)
        return self.world.show_member(guild, user_id)

    async def remove_member(self, request: web.Request, body: Json) -> Json:
        guild, user_id = self._guild(request), self._user_id(request)
        self.world.member(guild, user_id)
        if user_id == guild["owner_id"]:
            raise PersonError(409, "owner", "The owner cannot leave the server.")
        self.box.actions.remove_member(guild, user_id)
        return {}

    async def add_role(self, request: web.Request, body: Json) -> Json:
        form = Form(body)
        permissions, color = form.integer("permissions", 0, 2**60), form.integer("color", 0, 0xFFFFFF)
        form.check()
        role = {"name": _text(body, "name", 100) or "new role", "permissions": str(permissions)}
        return self.box.actions.add_role(self._guild(request), role | objects.color_fields(color))

    async def add_channel(self, request: web.Request, body: Json) -> Json:
        name = _text(body, "name", 100)
        if not name:
            raise refused("A channel needs a name.", {"name": ["1 to 100 characters."]})
        kind = 2 if body.get("type") == 2 else 0
        topic = _text(body, "topic", 1024) or None
        channel = self.box.actions.add_channel(self._guild(request), name, kind=kind, topic=topic)
        if body.get("permission_overwrites"):
            self.box.actions.edit_channel(channel, {"permission_overwrites": Form(body).overwrites()})
        return self.world.show_channel(channel)

    async def edit_channel(self, request: web.Request, body: Json) -> Json:
        channel = self.world.channel(request.match_info["id"])
        changes: Json = {key: body[key] for key in ("name", "topic") if isinstance(body.get(key), str)}
        if "permission_overwrites" in body:
            changes["permission_overwrites"] = Form(body).overwrites()
        self.box.actions.edit_channel(channel, changes)
        return self.world.show_channel(channel)

    async def add_fault(self, request: web.Request, body: Json) -> Json:
        fault = self.box.faults.add(body)
        return {"route": fault.route, "status": fault.status, "times": fault.times}

    async def clear_faults(self, request: web.Request, body: Json) -> Json:
        self.box.faults.clear()
        return {}

    async def gateway_fault(self, request: web.Request, body: Json) -> Json:
        action = body.get("action")
        if action not in ("drop", "reconnect", "invalid_session"):
            raise refused("One of drop, reconnect, invalid_session.", {"action": ["Unknown."]})
        return {"connections": self.box.drop_gateway(action, resumable=bool(body.get("resumable")))}

    async def recorded(self, request: web.Request, body: Json) -> list[Json]:
        return self.box.recorded

    async def forget_recorded(self, request: web.Request, body: Json) -> Json:
        self.box.recorder.clear()
        return {}


def _text(body: Json, key: str, longest: int) -> str:
    value = body.get(key)
    return value.strip()[:longest] if isinstance(value, str) else ""
