"""Hints that a message is new, for those who have other rooms open (docs/GATEWAY.md, `chat_unread`)."""

from collections.abc import Iterable
from uuid import UUID

import orjson

from chat.models import ChatMessage, Participant
from delivery.publish import publish
from gateway.constants import stream_group
from rules.visibility import PRIVATE, TABLE


def publish_hints(message: ChatMessage) -> None:
    """Hint at a new message, which knows the version of its readers' rights (`chat.log.log_rows`).

    A server's members hear of it where they see it: each gateway process knows who does. Participants of a conversation
    and the person to whom something is whispered hear of it in their own streams.
    """
    if message.server_id:
        hint = {"room": str(message.room), "seq": message.seq, "hidden": message.visibility > TABLE}
        stream = {"type": "chat.said", "stream": f"server:{message.server_id}"}
        rights = getattr(message, "rights", 0)
        publish(stream_group(message.server_id), {**stream, **hint, "rights": rights})
    for user in _people(message):
        stream = {"type": "stream.aside", "stream": f"user:{user}"}
        frame = {"type": "chat_unread", "stream": f"user:{user}", "rooms": {str(message.room): message.seq}}
        publish(stream_group(user), {**stream, "frame": orjson.dumps(frame).decode()})


def _people(message: ChatMessage) -> Iterable[UUID]:
    if message.conversation_id:
        people = Participant.objects.filter(conversation=message.conversation_id, since__lt=message.seq)
        return list(people.exclude(user=message.user_id).values_list("user", flat=True))
    whispered = message.visibility == PRIVATE and message.owner and message.owner != message.user_id
    return [message.owner] if whispered and message.owner else []
