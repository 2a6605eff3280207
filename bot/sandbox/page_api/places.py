"""The channels and messages that a person sees, and how they are shown."""

from sandbox.errors import ApiError, Json, PersonError
from sandbox.page_api.call import Call
from sandbox.state import permissions


def show_message(call: Call, message: Json) -> Json:
    return call.box.events.for_people(call.world.show_message(message))


def channel_for(call: Call, user_id: str, channel_id: object, needed: int = 0) -> Json:
    channel = call.world.channels.get(str(channel_id))
    bits = call.world.permissions(user_id, channel) if channel else 0
    if channel is None or not bits & permissions.VIEW_CHANNEL:
        raise PersonError(404, "unknown_channel", "There is no such channel for this person.")
    if bits & needed != needed:
        raise PersonError(403, "not_allowed", "This person may not do that in this channel.")
    return channel


def shared_message(call: Call, needed: int = 0) -> tuple[Json, Json]:
    """Return the message of the body, if this person sees it, and its channel."""
    me = call.me["id"]
    unknown = PersonError(404, "unknown_message", "There is no such message.")
    try:
        message = call.world.find_message(str(call.body.get("message")))
    except ApiError:
        raise unknown from None
    if call.world.ephemeral.get(message["id"], me) != me:
        raise unknown
    return message, channel_for(call, me, message["channel_id"], needed)


def require_send(call: Call, channel: Json) -> None:
    """A client has no line to write on where this person may not write."""
    try:
        call.box.posting.require_send(channel, call.me["id"], {}, [])
    except ApiError:
        raise PersonError(403, "not_allowed", "This person may not do that in this channel.") from None
