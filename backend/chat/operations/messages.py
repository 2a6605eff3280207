"""What can be done with messages, by name, with its input, answer and right."""

from uuid import UUID

from chat.documents import rows
from chat.drafts import Draft
from chat.models import ChatMessage
from chat.rooms import Room, room_for, room_to_write_in
from chat.selectors import messages
from chat.services import editing, pins, posting, reactions, turns
from chat.services.change import seen
from chronicle.call import Call
from contract import chat as shapes
from contract.endpoints import Shape
from timeline.keys import Kept
from timeline.operations import Addresses, Operation

ROOM = "chat/rooms/<uuid:room>/"


def shown(call: Call, room: Room, message_id: UUID) -> shapes.OneMessage:
    """A message as the one who calls sees it."""
    row: ChatMessage = rows().get(pk=message_id)
    return shapes.OneMessage(id=row.pk, message=messages.shown(call.principal, room, [row])[0])


def replay(call: Call, kept: Kept) -> shapes.OneMessage:
    message = ChatMessage.objects.get(pk=UUID(str(kept.body["id"])))
    return shown(call, room_for(call.principal, message.room), message.pk)


def _post(call: Call, given: shapes.Post) -> shapes.OneMessage:
    """Post a message."""
    room = room_to_write_in(call.principal, given.room, given.nonce)
    draft = Draft(
        text=given.text,
        reply_to=given.reply_to,
        speaks_as=given.speaks_as,
        as_myself=given.as_myself,
        whisper=given.whisper,
        whisper_to=given.whisper_to,
        hidden=given.hidden,
        ooc=given.ooc,
        nonce=given.nonce,
        attachments=given.attachments,
    )
    post = turns.post_and_pass if given.ends_turn else posting.post
    row = post(room, draft, principal=call.principal, cause=call.cause)
    return shapes.OneMessage(id=row.pk, message=messages.shown(call.principal, room, [row])[0])


def _list(call: Call, given: shapes.ListMessages) -> shapes.Messages:
    """Messages of a room: the newest, or those before, after or around a place."""
    return messages.page(call.principal, room_for(call.principal, given.room), given)


def _get(call: Call, given: shapes.MessageInput) -> shapes.OneMessage:
    """One message."""
    room = room_for(call.principal, given.room)
    return shown(call, room, seen(room, given.message, call.principal).pk)


def _edit(call: Call, given: shapes.EditMessage) -> shapes.OneMessage:
    """Give one's own message another text."""
    room = room_for(call.principal, given.room)
    row = editing.edit(room, given.message, given.text, principal=call.principal)
    return shown(call, room, row.pk)


def _delete(call: Call, given: shapes.DeleteMessage) -> shapes.OneMessage:
    """Delete one's own message, or as a moderator another's, who may say why."""
    room = room_for(call.principal, given.room)
    row = editing.delete(room, given.message, given.reason, principal=call.principal)
    return shown(call, room, row.pk)


def _react(call: Call, given: shapes.React) -> shapes.OneMessage:
    """Add one's reaction, an emoji."""
    room = room_for(call.principal, given.room)
    row = reactions.react(room, given.message, given.emoji, principal=call.principal)
    return shown(call, room, row.pk)


def _take_back(call: Call, given: shapes.React) -> shapes.OneMessage:
    """Take one's reaction back."""
    room = room_for(call.principal, given.room)
    row = reactions.take_back(room, given.message, given.emoji, principal=call.principal)
    return shown(call, room, row.pk)


def _pins(call: Call, given: shapes.RoomInput) -> shapes.Pins:
    """The pinned messages of a room, the last pinned first."""
    return messages.pinned(call.principal, room_for(call.principal, given.room))


def _pin(call: Call, given: shapes.MessageInput) -> shapes.OneMessage:
    """Pin a message for everybody in the room."""
    room = room_for(call.principal, given.room)
    return shown(call, room, pins.pin(room, given.message, principal=call.principal).pk)


def _unpin(call: Call, given: shapes.MessageInput) -> shapes.OneMessage:
    """Take a pin away."""
    room = room_for(call.principal, given.room)
    return shown(call, room, pins.unpin(room, given.message, principal=call.principal).pk)


POST = Operation(
    "chat.post", Shape(shapes.Post, shapes.OneMessage), _post, "channel.send", status=201, replay=replay
)
LIST = Operation("chat.list", Shape(shapes.ListMessages, shapes.Messages), _list, "channel.view", reads=True)
GET = Operation("chat.get", Shape(shapes.MessageInput, shapes.OneMessage), _get, "channel.view", reads=True)
EDIT = Operation(
    "chat.edit", Shape(shapes.EditMessage, shapes.OneMessage), _edit, "message.edit", replay=replay
)
DELETE = Operation(
    "chat.delete", Shape(shapes.DeleteMessage, shapes.OneMessage), _delete, "message.delete", replay=replay
)
REACT = Operation("chat.react", Shape(shapes.React, shapes.OneMessage), _react, "channel.view", replay=replay)
TAKE_BACK = Operation(
    "chat.take_back", Shape(shapes.React, shapes.OneMessage), _take_back, "channel.view", replay=replay
)
PINS = Operation("chat.pins", Shape(shapes.RoomInput, shapes.Pins), _pins, "channel.view", reads=True)
PIN = Operation("chat.pin", Shape(shapes.MessageInput, shapes.OneMessage), _pin, "message.pin", replay=replay)
UNPIN = Operation(
    "chat.unpin", Shape(shapes.MessageInput, shapes.OneMessage), _unpin, "message.pin", replay=replay
)
ONE = ROOM + "messages/<uuid:message>/"
REST: Addresses = {
    ROOM + "messages/": {"GET": LIST, "POST": POST},
    ONE: {"GET": GET, "PATCH": EDIT, "DELETE": DELETE},
    ONE + "reactions/<str:emoji>/": {"PUT": REACT, "DELETE": TAKE_BACK},
    ROOM + "pins/": {"GET": PINS},
    ROOM + "pins/<uuid:message>/": {"PUT": PIN, "DELETE": UNPIN},
}
