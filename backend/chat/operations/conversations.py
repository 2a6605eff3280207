"""What can be done with private conversations and with people one wants nothing of."""

from uuid import UUID

from chat.models import Block, PrivateConversation
from chat.rooms import room_for
from chat.services import blocking, conversations
from chronicle.call import Call
from contract import chat_conversations as shapes
from contract.chat import RoomInput
from contract.endpoints import Shape
from contract.translation import _
from rules.errors import NotFound
from timeline.keys import Kept
from timeline.operations import Addresses, Operation


def _conversation(call: Call, room_id: UUID) -> PrivateConversation:
    """A conversation that they are in. Raises NotFound."""
    found = room_for(call.principal, room_id).conversation
    if found is None:
        raise NotFound(_("There’s no such channel."))
    return found


def _shown(call: Call, room_id: UUID) -> shapes.Conversation:
    row = _conversation(call, room_id)
    parts = row.participants.select_related("user").order_by("joined_at", "pk")
    return shapes.Conversation(
        id=row.pk,
        name=row.name,
        group=row.pair is None,
        maker=row.made_by_id if row.pair is None else None,
        people=[part.user.as_person() for part in parts],
        created_at=row.created_at,
    )


def _replay(call: Call, kept: Kept) -> shapes.Conversation:
    return _shown(call, UUID(str(kept.body["id"])))


def _start(call: Call, given: shapes.StartConversation) -> shapes.Conversation:
    """Talk to somebody in private, or begin a group."""
    return _shown(call, conversations.start(call.user, given.people, given.name).pk)


def _get(call: Call, given: RoomInput) -> shapes.Conversation:
    """Who is in a conversation."""
    return _shown(call, given.room)


def _rename(call: Call, given: shapes.RenameConversation) -> shapes.Conversation:
    """Call a group something else."""
    row = _conversation(call, given.room)
    conversations.rename(row, given.name, principal=call.principal)
    return _shown(call, row.pk)


def _add(call: Call, given: shapes.ConversationPerson) -> shapes.Conversation:
    """Take somebody into a group. They read what is said from now on."""
    row = _conversation(call, given.room)
    conversations.add(row, call.user, given.user, principal=call.principal)
    return _shown(call, row.pk)


def _remove(call: Call, given: shapes.ConversationPerson) -> shapes.ConversationLeft:
    """Leave a group, or take somebody out of one that you lead."""
    row = _conversation(call, given.room)
    conversations.remove(row, given.user, principal=call.principal)
    return shapes.ConversationLeft(room=row.pk, user=given.user)


def _blocks(call: Call, given: shapes.ListBlocks) -> shapes.Blocks:
    """Whom one has blocked."""
    rows = Block.objects.filter(user=call.user).select_related("blocked").order_by("-pk")
    return shapes.Blocks(results=[row.blocked.as_person() for row in rows])


def _block(call: Call, given: shapes.BlockPerson) -> shapes.Blocked:
    """Block somebody: neither of you writes to the other in private any more."""
    blocking.block(call.user, given.user)
    return shapes.Blocked(user=given.user, blocked=True)


def _unblock(call: Call, given: shapes.BlockPerson) -> shapes.Blocked:
    """Take a block back."""
    blocking.unblock(call.user, given.user)
    return shapes.Blocked(user=given.user, blocked=False)


START = Operation(
    "chat.start_conversation",
    Shape(shapes.StartConversation, shapes.Conversation),
    _start,
    status=201,
    replay=_replay,
)
GET = Operation(
    "chat.conversation", Shape(RoomInput, shapes.Conversation), _get, "conversation.view", reads=True
)
RENAME = Operation(
    "chat.rename_conversation",
    Shape(shapes.RenameConversation, shapes.Conversation),
    _rename,
    "conversation.manage",
    replay=_replay,
)
ADD = Operation(
    "chat.add_person",
    Shape(shapes.ConversationPerson, shapes.Conversation),
    _add,
    "conversation.manage",
    replay=_replay,
)
REMOVE = Operation(
    "chat.remove_person",
    Shape(shapes.ConversationPerson, shapes.ConversationLeft),
    _remove,
    "conversation.remove",
)
BLOCKS = Operation("chat.blocks", Shape(shapes.ListBlocks, shapes.Blocks), _blocks, reads=True)
BLOCK = Operation("chat.block", Shape(shapes.BlockPerson, shapes.Blocked), _block)
UNBLOCK = Operation("chat.unblock", Shape(shapes.BlockPerson, shapes.Blocked), _unblock)
REST: Addresses = {
    "chat/conversations/": {"POST": START},
    "chat/conversations/<uuid:room>/": {"GET": GET, "PATCH": RENAME},
    "chat/conversations/<uuid:room>/people/<uuid:user>/": {"PUT": ADD, "DELETE": REMOVE},
    "chat/blocks/": {"GET": BLOCKS},
    "chat/blocks/<uuid:user>/": {"PUT": BLOCK, "DELETE": UNBLOCK},
}
