"""Rooms of chat: which there are for somebody, and one with who is in it."""

from chat.operations.messages import ROOM
from chat.rooms import room_for
from chat.selectors import rooms
from chronicle.call import Call
from contract import chat_rooms as shapes
from contract.endpoints import Shape
from timeline.operations import Addresses, Operation


def _list(call: Call, given: shapes.ListRooms) -> shapes.Rooms:
    """List your places to chat, and the rooms of one server or your private conversations."""
    if given.server:
        call.server_for(given.server)
    return rooms.listed(call.principal, given.server)


def _open(call: Call, given: shapes.OpenRoom) -> shapes.OpenedRoom:
    """Show a room: what you may do there, and who is in it."""
    return rooms.opened(call.principal, room_for(call.principal, given.room))


LIST = Operation("chat.rooms", Shape(shapes.ListRooms, shapes.Rooms), _list, reads=True)
OPEN = Operation("chat.room", Shape(shapes.OpenRoom, shapes.OpenedRoom), _open, "channel.view", reads=True)
REST: Addresses = {"chat/rooms/": {"GET": LIST}, ROOM: {"GET": OPEN}}
