"""What can be done with threads, and what moderators can look at."""

from uuid import UUID

from chat.models import ChatMessage
from chat.operations.messages import ONE, ROOM
from chat.rooms import room_for
from chat.selectors import moderation
from chat.services import threads
from chronicle.call import Call
from contract import chat_threads as shapes
from contract.chat import RoomInput
from contract.endpoints import Shape
from contract.translation import _
from rules.errors import NotFound
from timeline.keys import Kept
from timeline.operations import Addresses, Operation


def _shown(call: Call, room_id: UUID) -> shapes.Thread:
    channel = room_for(call.principal, room_id).channel
    if channel is None or channel.parent_id is None:
        raise NotFound(_("There’s no such channel."))
    message = ChatMessage.objects.filter(thread=channel, deleted_at=None).values_list("pk", flat=True).first()
    return shapes.Thread(
        id=channel.pk,
        name=channel.name,
        channel=channel.parent_id,
        message=message,
        archived=channel.archived_at is not None,
    )


def _replay(call: Call, kept: Kept) -> shapes.Thread:
    return _shown(call, UUID(str(kept.body["id"])))


def _start(call: Call, given: shapes.StartThread) -> shapes.Thread:
    """Begin a thread in a channel, from a message or with a notice of its own."""
    room = room_for(call.principal, given.room)
    made = threads.start(room, given.name, given.message, principal=call.principal, cause=call.cause)
    return _shown(call, made.pk)


def _get(call: Call, given: RoomInput) -> shapes.Thread:
    """A thread, and where it began."""
    return _shown(call, given.room)


def _change(call: Call, given: shapes.ChangeThread) -> shapes.Thread:
    """Rename a thread, archive it, or open it again."""
    row = threads.change(room_for(call.principal, given.room), given, principal=call.principal)
    return _shown(call, row.pk)


def _moderation(call: Call, given: shapes.ListModeration) -> shapes.ModerationLog:
    """What moderators did in the channels that one moderates, the last first."""
    return moderation.log_of(call.principal, call.server_for(given.server), given)


def _removed(call: Call, given: shapes.RemovedInput) -> shapes.RemovedMessage:
    """What stood in a deleted message, for who moderates the channel."""
    return moderation.removed(call.principal, room_for(call.principal, given.room), given.message)


START = Operation(
    "chat.start_thread",
    Shape(shapes.StartThread, shapes.Thread),
    _start,
    "channel.send",
    status=201,
    replay=_replay,
)
GET = Operation("chat.thread", Shape(RoomInput, shapes.Thread), _get, "channel.view", reads=True)
CHANGE = Operation(
    "chat.change_thread",
    Shape(shapes.ChangeThread, shapes.Thread),
    _change,
    "channel.moderate",
    replay=_replay,
)
MODERATION = Operation(
    "chat.moderation",
    Shape(shapes.ListModeration, shapes.ModerationLog),
    _moderation,
    "channel.moderate",
    reads=True,
)
REMOVED = Operation(
    "chat.removed",
    Shape(shapes.RemovedInput, shapes.RemovedMessage),
    _removed,
    "channel.moderate",
    reads=True,
)
REST: Addresses = {
    ROOM + "threads/": {"POST": START},
    ROOM + "thread/": {"GET": GET, "PATCH": CHANGE},
    ONE + "removed/": {"GET": REMOVED},
    "chat/servers/<uuid:server>/moderation/": {"GET": MODERATION},
}
