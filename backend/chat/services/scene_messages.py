"""What a scene writes into its room of its own accord: its card, and notices."""

from django.utils import timezone

from chat.models import ChatMessage, Scene, ScenePart
from chat.rooms import Room, find_room
from chat.selectors import scenes as reading
from chat.services import mentions, notifying
from chat.services.following import messages_with, save_card
from chat.services.posting import add
from contract.base import JsonObject
from contract.chat_scenes import NoticeCard, SceneCard
from contract.notices import Notice, sentence
from contract.translation import speaking
from rules import notices


def card_of(row: Scene) -> JsonObject:
    return SceneCard(scene=reading.document(reading.rows().get(pk=row.pk))).model_dump(mode="json")


def show_scene(row: Scene) -> None:
    """Bring the scene's card up to date."""
    shown = card_of(row)
    for message in messages_with(row.pk):
        message.card = shown
        save_card(message)


def announce(row: Scene, news: notices.Notice, part: ScenePart | None = None) -> None:
    """Tell the room; whose part it is, is mentioned."""
    room = find_room(row.channel_id) if row.channel_id else None
    if room is None:
        return
    message = add(room, _message(room, row, Notice(code=news.code, data=dict(news.data))))
    if part is not None:
        users = mentions.keep(message, mentions.Mentioned(users={part.user_id}))
        notifying.tell(room, message, users)


def _message(room: Room, row: Scene, notice: Notice) -> ChatMessage:
    """The text is for those who do not know the code: in the language of the server."""
    with speaking(room.channel.server.language if room.channel else ""):
        text = sentence(notice)
    return ChatMessage(
        room=room.id,
        server_id=room.server_id,
        channel=room.channel,
        kind=ChatMessage.Kind.NOTICE,
        content=text,
        card=NoticeCard(notice=notice).model_dump(mode="json"),
        scene=row,
        origin=ChatMessage.Origin.SYSTEM,
        created_at=timezone.now(),
    )
