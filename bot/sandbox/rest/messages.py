"""Messages in channels and the reactions to them."""

from sandbox.errors import ApiError, Json
from sandbox.ids import is_snowflake
from sandbox.rest.call import Call, Route
from sandbox.rest.channels import visible
from sandbox.state import permissions
from sandbox.validation.messages import COMPONENTS_V2, EPHEMERAL, check_message


def _message(call: Call, channel: Json) -> Json:
    """Return the message of the path. Ephemeral ones do not exist for the channel's own routes."""
    message = call.world.message(channel["id"], call.id("message_id"))
    if message["id"] in call.world.ephemeral:
        raise ApiError(10008)
    return message


async def list_messages(call: Call) -> list[Json]:
    """List messages, newest first."""
    channel = visible(call, permissions.READ_MESSAGE_HISTORY)
    world = call.world
    stored = world.messages.get(channel["id"], {})
    messages = [message for key, message in stored.items() if key not in world.ephemeral]
    limit = call.number("limit", 50, 1, 100)
    before, after = call.number("before", 2**63, 0, 2**63), call.number("after", 0, 0, 2**63)
    around = call.number("around", 0, 0, 2**63)
    if around:
        older = [m for m in messages if int(m["id"]) <= around][-(limit // 2 + 1) :]
        messages = older + [m for m in messages if int(m["id"]) > around][: limit - len(older)]
    fitting = [m for m in messages if after < int(m["id"]) < before]
    page = fitting[:limit] if after else fitting[-limit:]
    return [world.show_message(message) for message in reversed(page)]


async def get_message(call: Call) -> Json:
    return call.world.show_message(_message(call, visible(call, permissions.READ_MESSAGE_HISTORY)))


async def create_message(call: Call) -> Json:
    channel = visible(call)
    call.box.posting.require_send(channel, call.user_id, call.data, call.files)
    check_message(call.data, files=len(call.files))
    body = {**call.data, "flags": int(call.data.get("flags") or 0) & ~EPHEMERAL}
    message = call.box.posting.create(channel, call.user_id, body, call.files)
    shown = call.world.show_message(message)
    return {**shown, "nonce": call.data["nonce"]} if call.data.get("nonce") is not None else shown


async def edit_message(call: Call) -> Json:
    message = _message(call, visible(call))
    if message["author"]["id"] != call.user_id:
        raise ApiError(50005)
    v2 = bool(message["flags"] & COMPONENTS_V2)
    check_message(call.data, files=len(call.files), v2=v2)
    return call.world.show_message(call.box.posting.edit(message, call.data, call.files))


async def delete_message(call: Call) -> None:
    channel = visible(call)
    message = _message(call, channel)
    if message["author"]["id"] != call.user_id:
        call.world.require(call.user_id, channel, permissions.MANAGE_MESSAGES)
    call.box.posting.delete(message)


async def bulk_delete(call: Call) -> None:
    channel = visible(call, permissions.MANAGE_MESSAGES)
    wanted = call.data.get("messages")
    if not isinstance(wanted, list) or not 2 <= len(wanted) <= 100:
        raise ApiError(50016)
    hidden = call.world.ephemeral
    call.box.posting.delete_many(
        channel, [str(m) for m in wanted if is_snowflake(m) and str(m) not in hidden]
    )


def _emoji(call: Call) -> str:
    """Return the emoji of the path: a character, as the sandbox's guilds have none of their own (`name:id`)."""
    emoji = call.text("emoji")
    if ":" in emoji or emoji.isascii() or len(emoji) > 32:
        raise ApiError(10014)
    return emoji


async def add_reaction(call: Call) -> None:
    channel = visible(call, permissions.ADD_REACTIONS | permissions.READ_MESSAGE_HISTORY)
    call.box.posting.react(_message(call, channel), _emoji(call), call.user_id)


async def remove_reaction(call: Call) -> None:
    channel = visible(call)
    user_id = call.id("user_id") if "user_id" in call.request.match_info else call.user_id
    if user_id != call.user_id:
        call.world.require(call.user_id, channel, permissions.MANAGE_MESSAGES)
    call.box.posting.unreact(_message(call, channel), _emoji(call), user_id)


async def list_reactions(call: Call) -> list[Json]:
    channel = visible(call, permissions.READ_MESSAGE_HISTORY)
    users = _message(call, channel).get("reactions", {}).get(_emoji(call), [])
    return [call.world.users[user_id] for user_id in users][: call.number("limit", 25, 1, 100)]


async def clear_reactions(call: Call) -> None:
    channel = visible(call, permissions.MANAGE_MESSAGES)
    message = _message(call, channel)
    message.pop("reactions", None)
    call.box.events.in_channel("MESSAGE_REACTION_REMOVE_ALL", channel, {"message_id": message["id"]})
    call.box.events.message_for_people(message)


BASE = "/channels/{channel_id}/messages"
REACTIONS = BASE + "/{message_id}/reactions"
ROUTES = [
    Route("GET", BASE, list_messages),
    Route("POST", BASE, create_message),
    Route("POST", BASE + "/bulk-delete", bulk_delete),
    Route("GET", BASE + "/{message_id}", get_message),
    Route("PATCH", BASE + "/{message_id}", edit_message),
    Route("DELETE", BASE + "/{message_id}", delete_message),
    Route("PUT", REACTIONS + "/{emoji}/@me", add_reaction),
    Route("DELETE", REACTIONS + "/{emoji}/@me", remove_reaction),
    Route("DELETE", REACTIONS + "/{emoji}/{user_id}", remove_reaction),
    Route("GET", REACTIONS + "/{emoji}", list_reactions),
    Route("DELETE", REACTIONS, clear_reactions),
]
