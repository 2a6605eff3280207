"""Choose as whom to write in a room."""

from uuid import UUID

from chat.game import voices
from chat.models import RoomState
from chat.rooms import Room
from chronicle.principal import Principal


def set_speaker(room: Room, speaker_id: UUID | None, *, principal: Principal) -> None:
    """Write as them in this room from now on. What `voices.find` raises."""
    if speaker_id is not None:
        voices.find(room, principal, speaker_id)
    RoomState.objects.update_or_create(user_id=principal.id, room=room.id, defaults={"speaks_as": speaker_id})
