"""The operations of the chat API (S003), which has words and shapes of its own (`contract.chat_servers`)."""

from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from chat.documents import rows
from chat.models import ChatMessage
from chat.room_rows import CATEGORY_KIND
from chat.rooms import Room, room_for
from chat.selectors.messages import readable
from chat.services import posting
from chat.spoken import channel_of, member_of, message_of, server_of
from chronicle import services
from chronicle.call import Call, person
from chronicle.models import Server, ServerMember
from chronicle.rights import can
from contract import chat_servers as shapes
from contract.channels import CreateChannel
from contract.endpoints import Shape
from contract.translation import _
from rules.errors import NotAllowed, NotFound
from timeline.keys import Kept
from timeline.operations import Addresses, Operation

_CHANNEL_TYPES: dict[str, Literal["text", "voice"]] = {"TEXT": "text", "VOICE": "voice"}


def seen_server(call: Call, server_id: UUID) -> Server:
    """A server of the one who calls.

    Raises NotFound; NotAllowed (`not_a_member`) for strangers of a server that is no secret.
    """
    server = Server.objects.filter(pk=server_id).first()
    if server is None:
        raise NotFound(_("There’s no such server."))
    decision = can(call.principal, "server.view", server)
    if decision.hidden and not server.is_private:
        raise NotAllowed(_(shapes.NOT_A_MEMBER), "not_a_member")
    decision.require()
    return server


def _list_servers(call: Call, given: shapes.ListChatServers) -> shapes.ChatServers:
    """The servers of the one who calls, by name."""
    found = Server.objects.filter(members__user=call.user, deleted_at=None).order_by("name", "id")
    seen = [server for server in found if can(call.principal, "server.view", server)]
    return shapes.ChatServers(results=[server_of(server, call.principal) for server in seen])


def _create_server(call: Call, given: shapes.NewChatServer) -> shapes.ChatServer:
    """Create a server; who creates it is its admin."""
    made = services.create_server(call.user, given.name, icon=given.icon, cause=call.cause)
    return server_of(made, call.principal)


def _replay_server(call: Call, kept: Kept) -> shapes.ChatServer:
    return server_of(seen_server(call, UUID(str(kept.body["id"]))), call.principal)


def _list_channels(call: Call, given: shapes.ChatServerInput) -> shapes.ChatChannels:
    """The channels that the one who calls sees, in order."""
    server = seen_server(call, given.server)
    channels = services.visible_channels(server, call.principal)
    shown = (row for row in channels if row.parent_id is None and row.kind != CATEGORY_KIND)
    return shapes.ChatChannels(results=[channel_of(row) for row in shown])


def _create_channel(call: Call, given: shapes.NewChatChannel) -> shapes.ChatChannel:
    """Create a text or voice channel."""
    server = seen_server(call, given.server)
    wanted = CreateChannel(
        server=server.pk, name=given.name, type=_CHANNEL_TYPES[given.type], position=given.position
    )
    made = services.create_channel(server, wanted, principal=call.principal, cause=call.cause)
    return channel_of(made)


def _delete_server(call: Call, given: shapes.ChatServerInput) -> shapes.NoContent:
    """Close a server; for thirty days its administrators can restore it."""
    services.delete_server(seen_server(call, given.server), principal=call.principal, cause=call.cause)
    return shapes.NoContent()


def _add_member(call: Call, given: shapes.NewChatMember) -> shapes.ChatMember:
    """Add a member: moderators add members, admins moderators and admins too."""
    server, user = seen_server(call, given.server), person(str(given.user_id))
    added = services.add_to_server(server, user, given.role, principal=call.principal, cause=call.cause)
    return member_of(added)


def _replay_member(call: Call, kept: Kept) -> shapes.ChatMember:
    member = ServerMember.objects.select_related("server", "user").get(pk=UUID(str(kept.body["id"])))
    seen_server(call, member.server_id)
    return member_of(member)


def _remove_member(call: Call, given: shapes.OneChatMember) -> shapes.NoContent:
    """Remove a member, or leave."""
    server, user = seen_server(call, given.server), person(str(given.user))
    services.remove_from_server(server, user.pk, principal=call.principal, cause=call.cause)
    return shapes.NoContent()


def _room(call: Call, server_id: UUID, channel_id: UUID) -> Room:
    """A channel of that server, which the one who calls may see."""
    server = seen_server(call, server_id)
    room = room_for(call.principal, channel_id)
    if room.server_id != server.pk:
        raise NotFound(_("There’s no such channel."))
    return room


def _list_messages(call: Call, given: shapes.ListChatMessages) -> shapes.ChatMessages:
    """Messages of a channel, the newest first."""
    room = _room(call, given.server, given.channel)
    found = rows().filter(readable(call.principal, room), deleted_at=None)
    found = _between(found, room, given)
    page = found.order_by("-seq")[given.offset : given.offset + given.limit]
    return shapes.ChatMessages(results=[message_of(message) for message in page])


def _between(
    found: "QuerySet[ChatMessage]", room: Room, given: shapes.ListChatMessages
) -> "QuerySet[ChatMessage]":
    if given.before is not None:
        found = found.filter(seq__lt=_place(room, given.before))
    if given.after is not None:
        found = found.filter(seq__gt=_place(room, given.after))
    return found


def _place(room: Room, message_id: UUID) -> int:
    place = ChatMessage.objects.filter(room=room.id, pk=message_id).values_list("seq", flat=True).first()
    if place is None:
        raise NotFound(_("There’s no such message."))
    return place


def _send_message(call: Call, given: shapes.SendChatMessage) -> shapes.ChatMessage:
    """Send a message to a channel; it arrives over the sockets."""
    room = _room(call, given.server, given.channel)
    draft = posting.Draft(text=given.text, nonce=given.nonce)
    return message_of(posting.post(room, draft, principal=call.principal, cause=call.cause))


def _replay_message(call: Call, kept: Kept) -> shapes.ChatMessage:
    message = ChatMessage.objects.select_related("user").get(pk=UUID(str(kept.body["id"])))
    room_for(call.principal, message.room)
    return message_of(message)


LIST_SERVERS = Operation(
    "chat.servers.list",
    Shape(shapes.ListChatServers, shapes.ChatServers),
    _list_servers,
    reads=True,
)
CREATE_SERVER = Operation(
    "chat.servers.create",
    Shape(shapes.NewChatServer, shapes.ChatServer),
    _create_server,
    status=201,
    replay=_replay_server,
)
LIST_CHANNELS = Operation(
    "chat.channels.list",
    Shape(shapes.ChatServerInput, shapes.ChatChannels),
    _list_channels,
    "server.view",
    reads=True,
)
CREATE_CHANNEL = Operation(
    "chat.channels.create",
    Shape(shapes.NewChatChannel, shapes.ChatChannel),
    _create_channel,
    "server.channels",
    status=201,
)
DELETE_SERVER = Operation(
    "chat.servers.delete",
    Shape(shapes.ChatServerInput, shapes.NoContent),
    _delete_server,
    "server.delete",
    status=204,
)
ADD_MEMBER = Operation(
    "chat.members.add",
    Shape(shapes.NewChatMember, shapes.ChatMember),
    _add_member,
    "server.members",
    status=201,
    replay=_replay_member,
)
REMOVE_MEMBER = Operation(
    "chat.members.remove",
    Shape(shapes.OneChatMember, shapes.NoContent),
    _remove_member,
    "server.view",
    status=204,
)
LIST_MESSAGES = Operation(
    "chat.messages.list",
    Shape(shapes.ListChatMessages, shapes.ChatMessages),
    _list_messages,
    "channel.view",
    reads=True,
)
SEND_MESSAGE = Operation(
    "chat.messages.send",
    Shape(shapes.SendChatMessage, shapes.ChatMessage),
    _send_message,
    "channel.send",
    status=201,
    replay=_replay_message,
)
SERVER = "servers/<uuid:server>/"
MESSAGES = SERVER + "channels/<uuid:channel>/messages/"
# Below `/chat/`, where the specification has them.
CHAT: Addresses = {
    "servers/": {"GET": LIST_SERVERS, "POST": CREATE_SERVER},
    SERVER: {"DELETE": DELETE_SERVER},
    SERVER + "channels/": {"GET": LIST_CHANNELS, "POST": CREATE_CHANNEL},
    SERVER + "members/": {"POST": ADD_MEMBER},
    SERVER + "members/<uuid:user>/": {"DELETE": REMOVE_MEMBER},
    MESSAGES: {"GET": LIST_MESSAGES, "POST": SEND_MESSAGE},
}
