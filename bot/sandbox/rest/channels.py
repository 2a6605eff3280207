"""Channels, their overwrites, typing and pins."""

from sandbox.errors import ApiError, Json
from sandbox.rest import threads
from sandbox.rest.call import Call, Route
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form

PINS = 50


def visible(call: Call, needed: int = 0) -> Json:
    """Return the channel of the path, if the caller has the permissions that the call takes."""
    world = call.world
    channel = world.channel(call.id("channel_id"))
    if channel.get("guild_id") and world.bot_id not in world.guilds[channel["guild_id"]]["members"]:
        raise ApiError(50001)
    world.require(call.user_id, channel, needed)
    return channel


def _in_guild(call: Call, needed: int) -> Json:
    channel = visible(call, needed)
    if channel["type"] == objects.DM:
        raise ApiError(50003)
    return channel


async def get_channel(call: Call) -> Json:
    return call.world.show_channel(visible(call))


async def edit_channel(call: Call) -> Json:
    if visible(call)["type"] in objects.THREADS:
        return threads.edit(call, visible(call))
    channel = _in_guild(call, permissions.MANAGE_CHANNELS)
    form = Form(call.data)
    changes: Json = {}
    if "name" in form.body:
        changes["name"] = form.text("name", 100, 1)
    if "topic" in form.body:
        changes["topic"] = form.text("topic", 1024) or None
    if "position" in form.body:
        changes["position"] = form.integer("position", 0, 500)
    if form.body.get("permission_overwrites") is not None:
        changes["permission_overwrites"] = form.overwrites()
    form.check()
    call.box.actions.edit_channel(channel, changes)
    return call.world.show_channel(channel)


async def delete_channel(call: Call) -> Json:
    in_thread = visible(call)["type"] in objects.THREADS
    channel = _in_guild(call, permissions.MANAGE_THREADS if in_thread else permissions.MANAGE_CHANNELS)
    shown = call.world.show_channel(channel)
    remove = call.box.actions.remove_thread if in_thread else call.box.actions.remove_channel
    remove(channel)
    return shown


async def put_overwrite(call: Call) -> None:
    channel, others = _other_overwrites(call)
    new = {**call.data, "id": call.id("overwrite_id")}
    overwrites = [*others, *Form({"permission_overwrites": [new]}).overwrites()]
    call.box.actions.edit_channel(channel, {"permission_overwrites": overwrites})


async def delete_overwrite(call: Call) -> None:
    channel, others = _other_overwrites(call)
    if len(others) == len(channel["permission_overwrites"]):
        raise ApiError(10009)
    call.box.actions.edit_channel(channel, {"permission_overwrites": others})


def _other_overwrites(call: Call) -> tuple[Json, list[Json]]:
    """Return the channel, and its overwrites without the one of the path."""
    channel = _in_guild(call, permissions.MANAGE_ROLES)
    target = call.id("overwrite_id")
    return channel, [entry for entry in channel["permission_overwrites"] if entry["id"] != target]


async def typing(call: Call) -> None:
    call.box.posting.typing(visible(call, call.box.posting.send_bit(visible(call))), call.user_id)


def _pinned(call: Call) -> list[Json]:
    channel = visible(call, permissions.READ_MESSAGE_HISTORY)
    messages = call.world.messages.get(channel["id"], {})
    return [message for message in reversed(messages.values()) if message["pinned"]]


async def list_pins(call: Call) -> Json:
    world = call.world
    items = [{"pinned_at": m["timestamp"], "message": world.show_message(m)} for m in _pinned(call)]
    return {"items": items, "has_more": False}


async def list_pins_old(call: Call) -> list[Json]:
    return [call.world.show_message(message) for message in _pinned(call)]


async def pin(call: Call) -> None:
    _set_pin(call, True)


async def unpin(call: Call) -> None:
    _set_pin(call, False)


def _set_pin(call: Call, pinned: bool) -> None:
    channel = visible(call, permissions.PIN_MESSAGES)
    if pinned and len(_pinned(call)) >= PINS:
        raise ApiError(30003)
    call.box.posting.pin(call.world.message(channel["id"], call.id("message_id")), pinned)


ROUTES = [
    Route("GET", "/channels/{channel_id}", get_channel),
    Route("PATCH", "/channels/{channel_id}", edit_channel),
    Route("DELETE", "/channels/{channel_id}", delete_channel),
    Route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", put_overwrite),
    Route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", delete_overwrite),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("GET", "/channels/{channel_id}/messages/pins", list_pins),
    Route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", unpin),
    Route("GET", "/channels/{channel_id}/pins", list_pins_old),
    Route("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
]
