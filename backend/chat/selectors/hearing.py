"""What people want to hear of rooms."""

from typing import cast
from uuid import UUID

from chat.models import RoomState
from chat.rooms import Room
from contract.chat_reading import ChosenNotify, Notify

IN_CHANNELS: Notify = "mentions"
IN_CONVERSATIONS: Notify = "all"


def choices(user_id: UUID) -> dict[UUID, ChosenNotify]:
    """What somebody has chosen, by room and by server."""
    rows = RoomState.objects.filter(user=user_id).exclude(notify="")
    return {room: cast(ChosenNotify, notify) for room, notify in rows.values_list("room", "notify")}


def notified(room: Room, chosen: dict[UUID, ChosenNotify]) -> Notify:
    """What holds in a room: what is chosen there, else in its server, else what fits its kind."""
    server = chosen.get(room.server_id, "") if room.server_id else ""
    return chosen.get(room.id, "") or server or (IN_CHANNELS if room.channel else IN_CONVERSATIONS)
