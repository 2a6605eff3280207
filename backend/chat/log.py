"""The log of a room: the next number, what is published of a change, and what was missed."""

from collections.abc import Iterable
from uuid import UUID

import orjson
from django.db import transaction

from chat.documents import document, rows
from chat.models import ChatMessage
from chat.rooms import Room
from contract.base import JsonObject
from delivery.publish import publish
from delivery.source import EventMessage
from gateway.constants import FEED_GROUP, stream_group
from rules.visibility import Level
from timeline.models import Stream
from timeline.services import next_seq

# The type under which messages of rooms travel (`delivery.source.EventMessage`).
MESSAGE = "chat.message"


def take_number(room: Room) -> int:
    """The room's next number. Locks the room until commit: call it after all other locks."""
    return next_seq(Stream.Kind.ROOM, room.id)


def head(room_id: UUID) -> int:
    """The room's last number; 0 before its first message."""
    return Stream.objects.filter(pk=room_id).values_list("seq", flat=True).first() or 0


def publish_on_commit(room: Room, message_id: UUID) -> None:
    """Hand a changed message to everybody who looks at the room, once the transaction is over."""

    def send() -> None:
        message = rows().filter(pk=message_id).first()
        if message is not None:
            publish(stream_group(room.id), event_message(message, room.rights))
            publish(FEED_GROUP, {"type": "feed.event", "stream": room.name, "event": MESSAGE})

    transaction.on_commit(send)


def event_message(message: ChatMessage, rights: int) -> EventMessage:
    """What is published: the frame encoded once for each level of reader."""
    return {
        "type": "stream.event",
        "stream": f"room:{message.room}",
        "seq": message.changed,
        "owner": str(message.owner) if message.owner else None,
        "entity_id": str(message.pk),
        "event_type": MESSAGE,
        "users": None,
        "rights": rights,
        "frames": {str(int(level)): _frame(message, level) for level in Level},
    }


def _frame(message: ChatMessage, level: Level) -> str | None:
    if level < Level.TABLE or level < message.visibility:
        return None
    frame = {
        "type": "chat_message",
        "stream": f"room:{message.room}",
        "seq": message.changed,
        "message": document(message, level).model_dump(mode="json"),
    }
    return orjson.dumps(frame).decode()


def tell_on_commit(user_id: UUID, frame: JsonObject) -> None:
    """Hand a frame to all open pages of one person, once the transaction is over: at most once, and in no log."""
    stream = f"user:{user_id}"
    text = orjson.dumps({**frame, "stream": stream}).decode()
    message = {"type": "stream.aside", "stream": stream, "frame": text}
    transaction.on_commit(lambda: publish(stream_group(user_id), message))


def changed_since(room_id: UUID | str, after: int, limit: int) -> list[ChatMessage]:
    """The messages that changed after that number, in the order of their last changes."""
    found = rows().filter(room=room_id, changed__gt=after).order_by("changed")
    return list(found[:limit])


def lock_messages(room: Room, message_ids: Iterable[UUID]) -> list[ChatMessage]:
    """Messages of the room, locked until commit, in one order for all."""
    found = ChatMessage.objects.select_for_update().filter(room=room.id, pk__in=set(message_ids))
    return list(found.order_by("pk"))
