"""How far somebody has read a room, and what they want to hear of it."""

from uuid import UUID

from django.db import transaction

from chat import log
from chat.models import RoomState
from chat.rooms import Room
from discordauth.models import CustomUser


def state_of(user: CustomUser, room_id: UUID) -> RoomState:
    """What they keep of the room, locked until commit; made where there is nothing yet."""
    rows = RoomState.objects.select_for_update().filter(user=user, room=room_id)
    if (found := rows.first()) is not None:
        return found
    RoomState.objects.bulk_create([RoomState(user=user, room=room_id)], ignore_conflicts=True)
    return rows.get()


def read(user: CustomUser, room: Room, seq: int, *, back: bool = False) -> RoomState:
    """Move the read mark on to `seq`, or to wherever it says with `back`; never past the room's last message."""
    with transaction.atomic():
        state = state_of(user, room.id)
        wanted = min(seq, log.head(room.id))
        if back or state.read_seq is None or wanted > state.read_seq:
            state.read_seq = wanted
            state.save(update_fields=["read_seq", "updated_at"])
    return state


def set_notify(user: CustomUser, room_id: UUID, notify: str) -> RoomState:
    """Choose what to hear of a room, or of all rooms of a server (by its id) where nothing is chosen."""
    with transaction.atomic():
        state = state_of(user, room_id)
        state.notify = notify
        state.save(update_fields=["notify", "updated_at"])
    return state
