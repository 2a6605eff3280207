"""What a person sees and does, as the page and the tests call it. Administration is in `admin.py`."""

import asyncio

from aiohttp import web

from sandbox import limits
from sandbox.changes import commands
from sandbox.errors import ApiError, Json, PersonError, refused
from sandbox.interactions.components import ModalForm, component_data, find
from sandbox.interactions.interaction import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    payload,
)
from sandbox.interactions.options import Options, find_leaf, nest, read_upload
from sandbox.interactions.resolved import Resolved
from sandbox.page_api.call import Call, Route
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
    channel = _channel(call, me, call.request.match_info["id"], permissions.READ_MESSAGE_HISTORY)
    before = _number(query.get("before"), 2**63)
    limit = max(1, min(_number(query.get("limit"), 50), 200))
    messages = [
        message
        for key, message in world.messages.get(channel["id"], {}).items()
        if world.ephemeral.get(key, me) == me and int(key) < before
    ]
    return {"messages": [_show_message(call, message) for message in messages[-limit:]]}


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) <= 20 else default


def _show_message(call: Call, message: Json) -> Json:
    return call.box.events.for_people(call.world.show_message(message))


def _channel(call: Call, user_id: str, channel_id: object, needed: int = 0) -> Json:
    channel = call.world.channels.get(str(channel_id))
    bits = call.world.permissions(user_id, channel) if channel else 0
    if channel is None or not bits & permissions.VIEW_CHANNEL:
        raise PersonError(404, "unknown_channel", "There is no such channel for this person.")
    if bits & needed != needed:
        raise PersonError(403, "not_allowed", "This person may not do that in this channel.")
    return channel


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
    channel = _channel(call, me, call.body.get("channel"), permissions.USE_APPLICATION_COMMANDS)
    _require_send(call, channel)
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


def _shared_message(call: Call, needed: int = 0) -> tuple[Json, Json]:
    """Return the message of the body, if this person sees it, and its channel."""
    me = call.me["id"]
    unknown = PersonError(404, "unknown_message", "There is no such message.")
    try:
        message = call.world.find_message(str(call.body.get("message")))
    except ApiError:
        raise unknown from None
    if call.world.ephemeral.get(message["id"], me) != me:
        raise unknown
    return message, _channel(call, me, message["channel_id"], needed)


async def component(call: Call) -> Json:
    message, channel = _shared_message(call)
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
    channel = _channel(call, me, opener.channel_id)
    data = ModalForm(call.mapping("values"), _resolved(call, channel)).submit(opener.modal)
    interaction = _interaction(call, MODAL_SUBMIT, channel, data, message_id=opener.message_id)
    interaction.parent = opener
    return _start(call, interaction)


# Messages


async def say(call: Call) -> Json:
    me = call.me["id"]
    files = [read_upload(entry) for entry in call.objects("attachments")]
    channel = _channel(call, me, call.body.get("channel"), permissions.ATTACH_FILES if files else 0)
    _require_send(call, channel)
    text = str(call.body.get("content") or "").strip()
    uploads = [file for file in files if file is not None]
    too_much = len(text) > limits.CONTENT or len(files) > limits.FILES
    if too_much or len(uploads) < len(files) or not (text or files):
        raise refused("Write 1 to 2000 characters.", {"content": ["Write 1 to 2000 characters."]})
    body: Json = {"content": text}
    if call.body.get("reply"):
        body["message_reference"] = {"message_id": call.body["reply"]}
    return _show_message(call, call.box.posting.create(channel, me, body, uploads))


def _require_send(call: Call, channel: Json) -> None:
    """A client has no line to write on where this person may not write."""
    try:
        call.box.posting.require_send(channel, call.me["id"], {}, [])
    except ApiError:
        raise PersonError(403, "not_allowed", "This person may not do that in this channel.") from None


async def add_thread(call: Call) -> Json:
    """Open a thread of a channel, of a message in it, or a post of a forum with its first message (`content`)."""
    me = call.me["id"]
    parent = _channel(call, me, call.request.match_info["id"])
    forum = parent["type"] == objects.FORUM
    if parent["type"] not in (objects.TEXT, objects.NEWS, objects.FORUM):
        raise refused("There are no threads in such a channel.")
    private = bool(call.body.get("private")) and not forum
    public_bit = permissions.SEND_MESSAGES if forum else permissions.CREATE_PUBLIC_THREADS
    _channel(call, me, parent["id"], permissions.CREATE_PRIVATE_THREADS if private else public_bit)
    name, text = call.text("name", 100), call.text("content", limits.CONTENT)
    if not name or (forum and not text):
        problem = "A thread needs a name, a post in a forum also a first message."
        raise refused(problem, {"name" if not name else "content": [problem]})
    message = call.world.messages.get(parent["id"], {}).get(str(call.body.get("message", "")))
    kind = objects.PRIVATE_THREAD if private else objects.PUBLIC_THREAD
    thread = call.box.actions.add_thread(parent, name, me, kind=kind, message=message)
    if forum:
        call.box.posting.start(thread, me, {"content": text}, [])
    elif text:
        call.box.posting.create(thread, me, {"content": text}, [])
    return call.world.show_channel(thread)


async def archive_thread(call: Call) -> Json:
    """Archive or open a thread; for its owner and those who manage threads."""
    me = call.me["id"]
    thread = _channel(call, me, call.request.match_info["id"])
    manages = call.world.permissions(me, thread) & permissions.MANAGE_THREADS
    if thread["type"] not in objects.THREADS or not (manages or thread["owner_id"] == me):
        raise PersonError(403, "not_allowed", "This person may not archive that.")
    call.box.actions.edit_thread(thread, {}, {"archived": call.body.get("archived", True) is not False})
    return call.world.show_channel(thread)


async def react(call: Call) -> Json:
    message, _ = _shared_message(call, permissions.ADD_REACTIONS)
    emoji = str(call.body.get("emoji") or "")
    if not emoji or emoji.isascii() or len(emoji) > 32:
        raise refused("Choose an emoji.", {"emoji": ["Choose an emoji."]})
    act = call.box.posting.unreact if call.body.get("remove") else call.box.posting.react
    act(message, emoji, call.me["id"])
    return _show_message(call, message)


async def open_dm(call: Call) -> Json:
    channel = call.box.actions.dm(call.me["id"])
    return {"id": channel["id"], "name": call.world.app["name"], "type": channel["type"]}


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
    ("POST", "/messages", say),
    ("POST", "/channels/{id}/threads", add_thread),
    ("POST", "/channels/{id}/archive", archive_thread),
    ("POST", "/reactions", react),
    ("POST", "/dms", open_dm),
]
