"""What the page and the tests drive a person with: `/sandbox/api`. Administration is in `admin.py`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from sandbox import limits
from sandbox.changes import commands
from sandbox.core import Core
from sandbox.errors import ApiError, Json, PersonError, refused
from sandbox.interactions.components import ModalForm, find, used
from sandbox.interactions.lifecycle import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    new_interaction,
)
from sandbox.interactions.options import Options, find_leaf, nest, read_upload
from sandbox.interactions.resolved import Resolved, payload
from sandbox.page_api.admin import AdminApi
from sandbox.state import permissions
from sandbox.validation.commands import CHAT, USER_MENU
from sandbox.web.http import json_response

PREFIX = "/sandbox/api"
WRITE = permissions.SEND_MESSAGES
USE = WRITE | permissions.USE_APPLICATION_COMMANDS


class PlayApi:
    def __init__(self, box: Core) -> None:
        self.box = box
        self.world = box.world

    def routes(self) -> list[web.RouteDef]:
        own: list[tuple[str, str, Callable[[web.Request, Json], Awaitable[Any]]]] = [
            ("GET", "/world", self.show_world),
            ("GET", "/commands", self.list_commands),
            ("GET", "/channels/{id}/messages", self.list_messages),
            ("POST", "/interactions/command", self.command),
            ("POST", "/interactions/autocomplete", self.autocomplete),
            ("POST", "/interactions/component", self.component),
            ("POST", "/interactions/modal", self.modal),
            ("POST", "/messages", self.say),
            ("POST", "/reactions", self.react),
            ("POST", "/dms", self.open_dm),
            *AdminApi(self.box).handlers(),
        ]
        routes = [web.route(method, PREFIX + path, adapt(handler)) for method, path, handler in own]
        return [*routes, web.get(f"{PREFIX}/live", self.live)]

    # Looking

    def _viewer(self, request: web.Request) -> Json:
        return self.world.person(request.query.get("as", ""))

    async def live(self, request: web.Request) -> web.StreamResponse:
        try:
            user = self._viewer(request)
        except PersonError as error:
            return json_response(error.body(), error.status)
        return await self.box.live.serve(request, user["id"])

    async def show_world(self, request: web.Request, _body: Json) -> Json:
        me = self._viewer(request)
        dms = [c for c in self.world.channels.values() if me["id"] in c.get("recipient_ids", ())]
        app = self.world.app
        bot = self.world.users[self.world.bot_id]
        about = {
            "id": app["id"],
            "name": app["name"],
            "avatar": bot["avatar"],
            "online": self.box.gateway.online,
        }
        return {
            "me": me,
            "users": list(self.world.users.values()),
            "guilds": [self._guild(guild, me["id"]) for guild in self.world.guilds_of(me["id"])],
            "dms": [{"id": channel["id"], "name": app["name"]} for channel in dms],
            "app": about,
            "backend_url": self.box.backend_url,
        }

    def _guild(self, guild: Json, user_id: str) -> Json:
        members = [
            {"user": member["user"], "nick": member["nick"], "roles": member["roles"]}
            for member in self.world.show_members(guild)
        ]
        channels = [
            {"id": c["id"], "name": c["name"], "type": c["type"], "topic": c.get("topic")}
            for c in self.world.channels_of(guild["id"])
            if self.world.may_see(user_id, c)
        ]
        shown = {key: guild[key] for key in ("id", "name", "icon", "owner_id")}
        return {**shown, "roles": self.world.show_roles(guild), "members": members, "channels": channels}

    def _guild_of(self, user_id: str, guild_id: object) -> Json | None:
        if not guild_id:
            return None
        guild = self.world.guilds.get(str(guild_id))
        if guild is None or user_id not in guild["members"]:
            raise PersonError(404, "unknown_guild", "There is no such server for this person.")
        return guild

    async def list_commands(self, request: web.Request, _body: Json) -> list[Json]:
        me = self._viewer(request)
        return commands.visible(self.world, me["id"], self._guild_of(me["id"], request.query.get("guild")))

    async def list_messages(self, request: web.Request, _body: Json) -> Json:
        me = self._viewer(request)
        channel = self._channel(me["id"], request.match_info["id"], permissions.READ_MESSAGE_HISTORY)
        before = _number(request.query.get("before"), 2**63)
        limit = max(1, min(_number(request.query.get("limit"), 50), 200))
        kept = [
            message
            for key, message in self.world.messages.get(channel["id"], {}).items()
            if self.world.ephemeral.get(key, me["id"]) == me["id"] and int(key) < before
        ]
        return {"messages": [self.box.events.for_people(self.world.show_message(m)) for m in kept[-limit:]]}

    # Acting

    def _channel(self, user_id: str, channel_id: object, needed: int = 0) -> Json:
        channel = self.world.channels.get(str(channel_id))
        bits = self.world.permissions(user_id, channel) if channel else 0
        if channel is None or not bits & permissions.VIEW_CHANNEL:
            raise PersonError(404, "unknown_channel", "There is no such channel for this person.")
        if bits & needed != needed:
            raise PersonError(403, "not_allowed", "This person may not do that in this channel.")
        return channel

    def _command(self, body: Json) -> tuple[Json, Json, Json]:
        """Who, where and which command."""
        me = self.world.person(str(body.get("as", "")))
        channel = self._channel(me["id"], body.get("channel"), USE)
        guild = self._guild_of(me["id"], channel.get("guild_id"))
        listed = commands.visible(self.world, me["id"], guild)
        command = next((c for c in listed if c["id"] == str(body.get("command"))), None)
        if command is None:
            raise PersonError(404, "unknown_command", "There is no such command here for this person.")
        return me, channel, command

    def _start(self, interaction: Interaction, channel: Json, message: Json | None = None) -> Json:
        kind, data, user_id = interaction.type, interaction.data, interaction.user_id
        made = payload(self.world, interaction.id, interaction.token, kind, user_id, channel, data)
        if message is not None:
            made["message"] = self.world.show_message(message)
        self.box.interactions.start(interaction, made)
        return {"interaction": interaction.id}

    async def command(self, request: web.Request, body: Json) -> Json:
        me, channel, command = self._command(body)
        resolved = Resolved(self.world, me["id"], channel)
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        name = command["name"]
        if command["type"] == CHAT:
            path = _path(body)
            options = Options(resolved, self.box.files, _mapping(body, "attachments"))
            checked = options.check(find_leaf(command, path), _listed(body, "options"))
            data["options"] = nest(command, path, checked)
            name = " ".join([name, *path])
        else:
            data["target_id"] = self._target(body, resolved, command["type"])
        data |= {"resolved": resolved.found} if resolved.found else {}
        data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        interaction = new_interaction(self.world, COMMAND, me["id"], channel, data, name=name)
        return self._start(interaction, channel)

    def _target(self, body: Json, resolved: Resolved, kind: int) -> str:
        target = str(body.get("target", ""))
        known = resolved.user(target) if kind == USER_MENU else resolved.message(target)
        if not known:
            raise refused("There is nothing to use this command on.", {"target": ["Choose one."]})
        return target

    async def autocomplete(self, request: web.Request, body: Json) -> Json:
        me, channel, command = self._command(body)
        path, name = _path(body), str(body.get("focused", ""))
        options = Options(Resolved(self.world, me["id"], channel), self.box.files, {})
        checked = options.check(find_leaf(command, path), _listed(body, "options"), name)
        if not any(option.get("focused") for option in checked):
            raise refused("The focused option must be among the options.", {name: ["Type something."]})
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        data["options"] = nest(command, path, checked)
        data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        interaction = new_interaction(self.world, AUTOCOMPLETE, me["id"], channel, data)
        interaction.choices = asyncio.get_running_loop().create_future()
        self._start(interaction, channel)
        try:
            return {"choices": await self.box.interactions.wait_choices(interaction)}
        except TimeoutError:
            raise PersonError(504, "no_answer", "Loading options failed.") from None

    def _shared_message(self, user_id: str, message_id: object) -> tuple[Json, Json]:
        """A message that this person sees, and its channel."""
        try:
            message = self.world.find_message(str(message_id))
        except ApiError:
            raise PersonError(404, "unknown_message", "There is no such message.") from None
        if self.world.ephemeral.get(message["id"], user_id) != user_id:
            raise PersonError(404, "unknown_message", "There is no such message.")
        return message, self._channel(user_id, message["channel_id"])

    async def component(self, request: web.Request, body: Json) -> Json:
        me = self.world.person(str(body.get("as", "")))
        message, channel = self._shared_message(me["id"], body.get("message"))
        values = body.get("values")
        if values is not None and not isinstance(values, list):
            raise refused("The values are a list.")
        component = find(message, str(body.get("custom_id")))
        data = used(component, values, Resolved(self.world, me["id"], channel))
        interaction = new_interaction(
            self.world, COMPONENT, me["id"], channel, data, message_id=message["id"]
        )
        return self._start(interaction, channel, message)

    async def modal(self, request: web.Request, body: Json) -> Json:
        me = self.world.person(str(body.get("as", "")))
        opener = self.box.interactions.known.get(str(body.get("interaction")))
        if opener is None or opener.modal is None or opener.user_id != me["id"]:
            raise PersonError(404, "unknown_modal", "This form is not open any more.")
        channel = self._channel(me["id"], opener.channel_id)
        form = ModalForm(_mapping(body, "values"), Resolved(self.world, me["id"], channel), self.box.files)
        data = form.submit(opener.modal)
        more = {"message_id": opener.message_id, "parent": opener}
        interaction = new_interaction(self.world, MODAL_SUBMIT, me["id"], channel, data, **more)
        message = self.world.messages.get(channel["id"], {}).get(opener.message_id or "")
        return self._start(interaction, channel, message)

    async def say(self, request: web.Request, body: Json) -> Json:
        me = self.world.person(str(body.get("as", "")))
        files = [read_upload(entry) for entry in _listed(body, "attachments")]
        channel = self._channel(
            me["id"], body.get("channel"), WRITE | (permissions.ATTACH_FILES if files else 0)
        )
        text = str(body.get("content") or "").strip()
        if (
            len(text) > limits.CONTENT
            or (not text and not files)
            or None in files
            or len(files) > limits.FILES
        ):
            raise refused("Write 1 to 2000 characters.", {"content": ["Write 1 to 2000 characters."]})
        uploads = [file for file in files if file is not None]
        message = self.box.posting.create(channel, me["id"], {"content": text, **_reply(body)}, uploads)
        return self.box.events.for_people(self.world.show_message(message))

    async def react(self, request: web.Request, body: Json) -> Json:
        me = self.world.person(str(body.get("as", "")))
        message, channel = self._shared_message(me["id"], body.get("message"))
        self._channel(me["id"], channel["id"], permissions.ADD_REACTIONS)
        emoji = str(body.get("emoji") or "")
        if not emoji or emoji.isascii() or len(emoji) > 32:
            raise refused("Choose an emoji.", {"emoji": ["Choose an emoji."]})
        act = self.box.posting.unreact if body.get("remove") else self.box.posting.react
        act(message, emoji, me["id"])
        return self.box.events.for_people(self.world.show_message(message))

    async def open_dm(self, request: web.Request, body: Json) -> Json:
        me = self.world.person(str(body.get("as", "")))
        channel = self.box.actions.dm(me["id"])
        return {"id": channel["id"], "name": self.world.app["name"], "type": channel["type"]}


def adapt(
    handler: Callable[[web.Request, Json], Awaitable[Any]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def respond(request: web.Request) -> web.StreamResponse:
        try:
            return json_response(await handler(request, await _body(request)))
        except PersonError as error:
            return json_response(error.body(), error.status)
        except ApiError as error:
            body: Json = {"code": f"discord_{error.code}", "detail": error.message, "errors": error.errors}
            return json_response(body, error.status)

    return respond


async def _body(request: web.Request) -> Json:
    if request.method in ("GET", "DELETE") or not request.can_read_body:
        return {}
    try:
        body = orjson.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise PersonError(413, "too_large", "The body is too large.") from None
    except orjson.JSONDecodeError:
        raise PersonError(400, "invalid", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise PersonError(400, "invalid", "The body is not an object.")
    return body


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) <= 20 else default


def _path(body: Json) -> list[str]:
    return [str(name) for name in body.get("path") or []][:2]


def _listed(body: Json, key: str) -> list[Json]:
    value = body.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value) or len(value) > 50:
        raise refused(f"{key} is a list of objects.")
    return value


def _mapping(body: Json, key: str) -> Json:
    value = body.get(key) or {}
    if not isinstance(value, dict):
        raise refused(f"{key} is an object.")
    return value


def _reply(body: Json) -> Json:
    return {"message_reference": {"message_id": body["reply"]}} if body.get("reply") else {}
