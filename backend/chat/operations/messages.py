"""What can be done with messages, by name, with its input, answer and right."""

from uuid import UUID

from chat.documents import document, level_for, rows
from chat.models import ChatMessage
from chat.rooms import Room, level_in, room_for
from chat.selectors import messages
from chat.services import posting
from chronicle.call import Call
from contract import chat as shapes
from contract.endpoints import Shape
from timeline.keys import Kept
from timeline.operations import Addresses, Operation

ROOM = "chat/rooms/<uuid:room>/"


def shown(call: Call, room: Room, message_id: UUID) -> shapes.OneMessage:
    """A message as the one who calls sees it."""
    row: ChatMessage = rows().get(pk=message_id)
    level = level_for(row, call.principal.id, level_in(call.principal, room))
    return shapes.OneMessage(id=row.pk, message=document(row, level, call.principal.id))


def replay(call: Call, kept: Kept) -> shapes.OneMessage:
    message = ChatMessage.objects.get(pk=UUID(str(kept.body["id"])))
    return shown(call, room_for(call.principal, message.room), message.pk)


def _post(call: Call, given: shapes.Post) -> shapes.OneMessage:
    """Post a message."""
    room = room_for(call.principal, given.room)
    draft = posting.Draft(text=given.text, reply_to=given.reply_to, ooc=given.ooc, nonce=given.nonce)
    row = posting.post(room, draft, principal=call.principal, cause=call.cause)
    return shown(call, room, row.pk)


def _list(call: Call, given: shapes.ListMessages) -> shapes.Messages:
    """Messages of a room: the newest, or those before, after or around a place."""
    return messages.page(call.principal, room_for(call.principal, given.room), given)


POST = Operation(
    "chat.post", Shape(shapes.Post, shapes.OneMessage), _post, "channel.send", status=201, replay=replay
)
LIST = Operation("chat.list", Shape(shapes.ListMessages, shapes.Messages), _list, "channel.view", reads=True)
REST: Addresses = {ROOM + "messages/": {"GET": LIST, "POST": POST}}
