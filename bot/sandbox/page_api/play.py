"""What a person sees, and the commands and buttons they use. What they write is in `talk.py`."""

import asyncio

from aiohttp import web

from sandbox.changes import commands
from sandbox.errors import Json, PersonError, refused
from sandbox.interactions.components import ModalForm, component_data, find
from sandbox.interactions.interaction import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    payload,
)
from sandbox.interactions.options import Options, find_leaf, nest
from sandbox.interactions.resolved import Resolved
from sandbox.page_api.call import Call, Route
from sandbox.page_api.places import channel_for, require_send, shared_message, show_message
from sandbox.state import objects, permissions
from sandbox.validation.commands import CHAT, USER_MENU

# Looking


async def live(call: Call) -> web.StreamResponse:
    return await call.box.live.serve(call.request, call.me["id"])


async def show_world(call: Call) -> Json:
    me, world, app = call.me, call.world, call.world.app
    dm = world.dm_of(me["id"])
    return {
        "me": me,
        "locale": world.locales.get(me["id"], objects.LOCALE),
        "locales": objects.LOCALES,
        "users": list(world.users.values()),
        "guilds": [_show_guild(call, guild, me["id"]) for guild in world.guilds_of(me["id"])],
        "dms": [{"id": dm["id"], "name": app["name"]}] if dm else [],
        "app": {
            "id": app["id"],
            "name": app["name"],
            "avatar": world.users[world.bot_id]["avatar"],
            "online": call.box.gateway.online,
        },
        "backend_url": call.box.backend_url,
    }


def _show_guild(call: Call, guild: Json, user_id: str) -> Json:
    members = [
        {key: member[key] for key in ("user", "nick", "roles")} for member in call.world.show_members(guild)
    ]
    listed = [
        place
        for channel in call.world.channels_of(guild["id"])
        for place in (
            channel,
            *(t for t in call.world.threads_of(guild["id"]) if t["parent_id"] == channel["id"]),
        )
    ]
    channels = [
        {key: channel.get(key) for key in ("id", "name", "type", "topic", "parent_id")}
        | {"may_delete": bool(call.world.permissions(user_id, channel) & permissions.MANAGE_MESSAGES)}
        for channel in listed
        if call.world.may_see(user_id, channel)
    ]
    shown = {key: guild[key] for key in ("id", "name", "icon", "owner_id")}
    return {**shown, "roles": call.world.show_roles(guild), "members": members, "channels": channels}


def _guild_of(call: Call, user_id: str, guild_id: object) -> Json | None:
    if not guild_id:
        return None
    guild = call.world.guilds.get(str(guild_id))
    if guild is None or user_id not in guild["members"]:
        raise PersonError(404, "unknown_guild", "There is no such server for this person.")
    return guild


async def list_commands(call: Call) -> list[Json]:
    user_id = call.me["id"]
    return commands.visible(call.world, user_id, _guild_of(call, user_id, call.request.query.get("guild")))


async def list_messages(call: Call) -> Json:
    me, world, query = call.me["id"], call.world, call.request.query
    channel = channel_for(call, me, call.request.match_info["id"], permissions.READ_MESSAGE_HISTORY)
    before = _number(query.get("before"), 2**63)
    limit = max(1, min(_number(query.get("limit"), 50), 200))
    messages = [
        message
        for key, message in world.messages.get(channel["id"], {}).items()
        if world.ephemeral.get(key, me) == me and int(key) < before
    ]
    return {"messages": [show_message(call, message) for message in messages[-limit:]]}


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) <= 20 else default


async def set_locale(call: Call) -> Json:
    """Choose the language of this person's client."""
    locale = call.text("locale", 10)
    if locale not in objects.LOCALES:
        raise refused("Discord has no such language.", {"locale": ["Choose one of the list."]})
    call.world.locales[call.me["id"]] = locale
    return {"locale": locale}


# Interactions


def _interaction(
    call: Call, kind: int, channel: Json, data: Json, name: str = "", message_id: str | None = None
) -> Interaction:
    ids = (call.world.ids.next(), kind, call.me["id"], channel.get("guild_id"), channel["id"])
    return Interaction(*ids, data, name=name, message_id=message_id)


def _start(call: Call, interaction: Interaction) -> Json:
    messages = call.world.messages.get(interaction.channel_id, {})
    message = messages.get(interaction.message_id or "")
    call.box.interactions.start(interaction, payload(call.world, interaction, message))
    return {"interaction": interaction.id}


def _resolved(call: Call, channel: Json) -> Resolved:
    return Resolved(call.world, call.box.files, call.me["id"], channel)


def _command(call: Call) -> tuple[Json, Json, Json]:
    """Return channel, command, and the `data` that every command's interaction has."""
    me = call.me["id"]
    channel = channel_for(call, me, call.body.get("channel"), permissions.USE_APPLICATION_COMMANDS)
    require_send(call, channel)
    listed = commands.visible(call.world, me, _guild_of(call, me, channel.get("guild_id")))
    command = next((c for c in listed if c["id"] == str(call.body.get("command"))), None)
    if command is None:
        raise PersonError(404, "unknown_command", "There is no such command here for this person.")
    data: Json = {key: command[key] for key in ("id", "name", "type", "guild_id") if key in command}
    return channel, command, data


def _path(call: Call) -> list[str]:
    return [str(name) for name in call.body.get("path") or []][:2]


async def command(call: Call) -> Json:
    channel, command, data = _command(call)
    resolved = _resolved(call, channel)
    name = command["name"]
    if command["type"] == CHAT:
        path = _path(call)
        options = Options(resolved, call.mapping("attachments"))
        data["options"] = nest(path, options.check(find_leaf(command, path), call.objects("options")))
        name = " ".join([name, *path])
    else:
        data["target_id"] = target = str(call.body.get("target", ""))
        exists = resolved.user(target) if command["type"] == USER_MENU else resolved.message(target)
        if not exists:
            raise refused("There is nothing to use this command on.", {"target": ["Choose one."]})
    return _start(call, _interaction(call, COMMAND, channel, data | resolved.part(), name))


async def autocomplete(call: Call) -> Json:
    channel, command, data = _command(call)
    path, name = _path(call), str(call.body.get("focused", ""))
    options = Options(_resolved(call, channel), {})
    checked = options.check(find_leaf(command, path), call.objects("options"), name)
    if not any(option.get("focused") for option in checked):
        raise refused("The focused option must be among the options.", {name: ["Type something."]})
    interaction = _interaction(call, AUTOCOMPLETE, channel, data | {"options": nest(path, checked)})
    interaction.choices = asyncio.get_running_loop().create_future()
    _start(call, interaction)
    try:
        return {"choices": await call.box.interactions.wait_choices(interaction)}
    except TimeoutError:
        raise PersonError(504, "no_answer", "Loading options failed.") from None


async def component(call: Call) -> Json:
    message, channel = shared_message(call)
    values = call.body.get("values")
    if values is not None and not isinstance(values, list):
        raise refused("The values are a list.")
    used = find(message, str(call.body.get("custom_id")))
    data = component_data(used, values, _resolved(call, channel))
    return _start(call, _interaction(call, COMPONENT, channel, data, message_id=message["id"]))


async def modal(call: Call) -> Json:
    me = call.me["id"]
    opener = call.box.interactions.known.get(str(call.body.get("interaction")))
    if opener is None or opener.modal is None or opener.user_id != me:
        raise PersonError(404, "unknown_modal", "This form is not open any more.")
    channel = channel_for(call, me, opener.channel_id)
    data = ModalForm(call.mapping("values"), _resolved(call, channel)).submit(opener.modal)
    interaction = _interaction(call, MODAL_SUBMIT, channel, data, message_id=opener.message_id)
    interaction.parent = opener
    return _start(call, interaction)


ROUTES: list[Route] = [
    ("GET", "/live", live),
    ("GET", "/world", show_world),
    ("PUT", "/locale", set_locale),
    ("GET", "/commands", list_commands),
    ("GET", "/channels/{id}/messages", list_messages),
    ("POST", "/interactions/command", command),
    ("POST", "/interactions/autocomplete", autocomplete),
    ("POST", "/interactions/component", component),
    ("POST", "/interactions/modal", modal),
]
