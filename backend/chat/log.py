"""The log of a room: the next number, what is published of a change, and what was missed."""

from collections.abc import Iterable
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Coalesce

from chat.documents import document, rows, sees
from chat.hints import publish_hints
from chat.models import ChatMessage, PrivateConversation
from chat.rooms import Room
from chat.spoken import message_of
from chronicle.models import Server
from contract.base import JsonObject
from delivery.publish import publish
from delivery.source import EventMessage, Filled
from delivery.streams import PLAIN
from gateway.constants import FEED_GROUP, stream_group
from rules.visibility import Level
from timeline.models import Stream
from timeline.prepared import Prepared, Slot
from timeline.services import next_seq

# The type under which messages of rooms travel (`delivery.source.EventMessage`).
MESSAGE = "chat.message"


def take_number(room: Room) -> int:
    """The room's next number. Locks the room until commit: call it after all other locks."""
    return next_seq(Stream.Kind.ROOM, room.id)


def lock(room: Room) -> None:
    """Lock the room until commit, after all other locks, to count what it may have only so many of."""
    Stream.objects.select_for_update().filter(pk=room.id).values_list("pk").first()


def head(room_id: UUID) -> int:
    """The room's last number; 0 before its first message."""
    return Stream.objects.filter(pk=room_id).values_list("seq", flat=True).first() or 0


def publish_on_commit(room: Room, message_id: UUID, number: int = 0, row: ChatMessage | None = None) -> None:
    """Hand a changed message to everybody who looks at the room, once the transaction is over.

    `number` is the one that the change took: where another change has overtaken it by then, nobody waits for it.
    `row`: the message as it is under that number, with all that its document needs (`rows`).
    """

    def send() -> None:
        message = _with_rights(row, room) if row else log_rows().filter(pk=message_id).first()
        if message is None:
            return
        if message.changed > number > 0:
            publish(stream_group(room.id), overtaken(message, number))
        else:
            publish(stream_group(room.id), event_message(message))
        publish(FEED_GROUP, {"type": "feed.event", "stream": room.name, "event": MESSAGE})
        if number == message.seq:
            publish_hints(message)

    transaction.on_commit(send)


def log_rows() -> "QuerySet[ChatMessage]":
    """As `rows`, with the version of what the rights of the room's readers follow from, as it is at this moment.

    A message that comes after a change of rights must not carry the version from before.
    """
    return rows().annotate(rights=Coalesce("server__version", "conversation__version"))


def _version(model: type[Server] | type[PrivateConversation]) -> Prepared:
    return Prepared(lambda: model._default_manager.filter(pk=Slot("id", UUIDField())).values_list("version"))


_of_server, _of_conversation = _version(Server), _version(PrivateConversation)


def _with_rights(message: ChatMessage, room: Room) -> ChatMessage:
    """As one of `log_rows`."""
    found = _of_server(id=room.server_id) if room.channel else _of_conversation(id=room.id)
    message.rights = found[0][0] if found else 0  # type: ignore[attr-defined]  # as an annotation would be
    return message


def event_message(message: ChatMessage) -> EventMessage:
    """What is published of one of `log_rows`: its frame, encoded once for all readers who see the same."""
    frames = _frames(message)
    if message.changed == message.seq and message.channel_id and message.visibility <= Level.TABLE:
        frames[PLAIN] = _plain(message)
    published: EventMessage = overtaken(message, message.changed) | {"frames": frames}
    return published


def overtaken(message: ChatMessage, number: int) -> EventMessage:
    """A number of the room under which there is nothing to show any more: a later change of the message comes too."""
    published: EventMessage = {
        "type": "stream.event",
        "stream": f"room:{message.room}",
        "seq": number,
        "owner": str(message.owner) if message.owner else None,
        "entity_id": str(message.pk),
        "event_type": MESSAGE,
        "users": None,
        "rights": getattr(message, "rights", 0),
        "frames": {},
    }
    if message.conversation_id:
        published["place"] = message.seq
    return published


def _frames(message: ChatMessage) -> dict[str, str | None]:
    """By level; one that sees what the level below sees is left out."""
    frames: dict[str, str | None] = {}
    before: str | None = None
    for level in Level:
        # All who see it see the same of it, but for what it quotes.
        if before and message.reply_to_id is None and level > max(message.visibility, Level.TABLE):
            break
        text = frame(message, level)
        if text != before:
            frames[str(int(level))] = before = text
    return frames


def frame(message: ChatMessage, level: Level, reader: UUID | None = None) -> str | None:
    """The frame for readers of this level, or for one; None where they neither see the message nor ever did."""
    head = {"stream": f"room:{message.room}", "seq": message.changed}
    if level < Level.TABLE or level < min(message.widest, message.visibility):
        return None
    if not sees(message, level):
        return _encoded({"type": "chat_gone", **head, "id": message.pk})
    shown = document(message, level, reader).model_dump(mode="json")
    return _encoded({"type": "chat_message", **head, "message": shown})


def _plain(message: ChatMessage) -> str:
    """The frame for clients of the chat API, which know new messages alone."""
    shown = message_of(message).model_dump(mode="json", by_alias=True)
    return _encoded({"type": "new_message", **shown})


def tell_on_commit(user_id: UUID, frame: JsonObject) -> None:
    """Hand a frame to all open pages of one person, once the transaction is over: at most once, and in no log."""
    stream = f"user:{user_id}"
    text = orjson.dumps({**frame, "stream": stream}).decode()
    message = {"type": "stream.aside", "stream": stream, "frame": text}
    transaction.on_commit(lambda: publish(stream_group(user_id), message))


def _encoded(body: dict[str, object]) -> str:
    return orjson.dumps(body).decode()


def fill(room_id: UUID, after: int, limit: int) -> Filled:
    """What is published of the messages that changed after that number, in the order of their last changes."""
    known = head(room_id)  # first: whatever has a number up to this one has been committed
    found = list(log_rows().filter(room=room_id, changed__gt=after).order_by("changed")[:limit])
    last = found[-1].changed if found else 0
    return Filled([event_message(row) for row in found], last if len(found) == limit else max(known, last))


def lock_messages(room: Room, message_ids: Iterable[UUID]) -> list[ChatMessage]:
    """Messages of the room, locked until commit, in one order for all."""
    found = ChatMessage.objects.select_for_update().filter(room=room.id, pk__in=set(message_ids))
    return list(found.order_by("pk"))
