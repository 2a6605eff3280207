"""Tell people that they were mentioned: on their open pages now; web push has its place here."""

from collections.abc import Collection
from uuid import UUID

from chat import log
from chat.documents import excerpt
from chat.models import ChatMessage, RoomState
from chat.rooms import Room
from contract.chat_reading import MentionNews


def tell(room: Room, message: ChatMessage, users: Collection[UUID]) -> None:
    """Tell these people of a message that mentions them, unless they want to hear nothing of the room."""
    if not users:
        return
    news = MentionNews(
        room=room.id,
        server=room.server_id,
        id=message.pk,
        seq=message.seq,
        name=message.spoken_by,
        excerpt=excerpt(message),
        at=message.created_at,
    ).model_dump(mode="json")
    for user in set(users) - _deaf(room, users):
        log.tell_on_commit(user, {"type": "chat_mention", "message": news})


def _deaf(room: Room, users: Collection[UUID]) -> set[UUID]:
    """Who has chosen to hear nothing here, or nothing of the server and nothing else here."""
    rows = RoomState.objects.filter(user__in=users, room__in=filter(None, (room.id, room.server_id)))
    chosen: dict[tuple[UUID, UUID | None], str] = {
        (user, place): notify for user, place, notify in rows.values_list("user_id", "room", "notify")
    }
    heard = {user: chosen.get((user, room.id)) or chosen.get((user, room.server_id)) for user in users}
    return {user for user, notify in heard.items() if notify == RoomState.Notify.NOTHING}
