"""What can be done with a room by who reads it: note how far they have, choose what to hear of it."""

from chat import log
from chat.operations.messages import ROOM
from chat.rooms import room_for
from chat.selectors import hearing, mentions
from chat.selectors.unread import counts
from chat.services import reading
from chronicle.call import Call
from contract import chat_reading as shapes
from contract.chat import RoomInput
from contract.endpoints import Shape
from timeline.operations import Addresses, Operation


def _read(call: Call, given: shapes.ReadRoom) -> shapes.RoomRead:
    """Note how far one has read."""
    room = room_for(call.principal, given.room)
    reading.read(call.user, room, given.seq, back=given.back)
    now = counts(call.principal, [room.id])[room.id]
    answer = shapes.RoomRead(room=room.id, read=now.read_seq, unread=now.unread, mentions=now.mentions)
    log.tell_on_commit(call.user.pk, {"type": "chat_read", **answer.model_dump(mode="json")})
    return answer


def _notify(call: Call, given: RoomInput) -> shapes.Notified:
    """What one hears of a room."""
    room = room_for(call.principal, given.room)
    chosen = hearing.choices(call.user.pk)
    return shapes.Notified(
        id=room.id, notify=chosen.get(room.id, ""), notified=hearing.notified(room, chosen)
    )


def _set_notify(call: Call, given: shapes.SetNotify) -> shapes.Notified:
    """Choose what to hear of a room."""
    room = room_for(call.principal, given.room)
    reading.set_notify(call.user, room.id, given.notify)
    return _notify(call, RoomInput(room=room.id))


def _server_notify(call: Call, given: shapes.GetServerNotify) -> shapes.Notified:
    """What one hears of a server's channels where nothing is chosen for one."""
    server = call.server_for(given.server)
    chosen = hearing.choices(call.user.pk).get(server.pk, "")
    return shapes.Notified(id=server.pk, notify=chosen, notified=chosen or hearing.IN_CHANNELS)


def _set_server_notify(call: Call, given: shapes.SetServerNotify) -> shapes.Notified:
    """Choose what to hear of a server's channels where nothing is chosen for one."""
    server = call.server_for(given.server)
    reading.set_notify(call.user, server.pk, given.notify)
    return _server_notify(call, shapes.GetServerNotify(server=server.pk))


def _mentions(call: Call, given: shapes.ListMentions) -> shapes.Mentions:
    """The messages that mention one, the newest first."""
    return mentions.mentions_of(call.principal, given)


READ = Operation("chat.read", Shape(shapes.ReadRoom, shapes.RoomRead), _read, "channel.view")
NOTIFY = Operation("chat.notify", Shape(RoomInput, shapes.Notified), _notify, "channel.view", reads=True)
SET_NOTIFY = Operation(
    "chat.set_notify", Shape(shapes.SetNotify, shapes.Notified), _set_notify, "channel.view"
)
SERVER_NOTIFY = Operation(
    "chat.server_notify",
    Shape(shapes.GetServerNotify, shapes.Notified),
    _server_notify,
    "server.view",
    reads=True,
)
SET_SERVER_NOTIFY = Operation(
    "chat.set_server_notify",
    Shape(shapes.SetServerNotify, shapes.Notified),
    _set_server_notify,
    "server.view",
)
MENTIONS = Operation("chat.mentions", Shape(shapes.ListMentions, shapes.Mentions), _mentions, reads=True)
REST: Addresses = {
    "chat/mentions/": {"GET": MENTIONS},
    ROOM + "read/": {"POST": READ},
    ROOM + "notify/": {"GET": NOTIFY, "PUT": SET_NOTIFY},
    "chat/servers/<uuid:server>/notify/": {"GET": SERVER_NOTIFY, "PUT": SET_SERVER_NOTIFY},
}
