"""The scene that is open in a room."""

from chat.models import Scene
from chat.rooms import Room


def open_scene(room: Room) -> Scene | None:
    if room.known and room.known.writer:
        return room.known.writer.scene
    if room.channel is None:
        return None
    return Scene.objects.filter(channel=room.channel, is_open=True).first()
