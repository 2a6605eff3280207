"""What can be done with the channels of a server."""

from collections.abc import Callable
from uuid import UUID

from chronicle import services
from chronicle.call import Call
from chronicle.models import Server, ServerChannel
from chronicle.rights import can
from chronicle.serializers import channel_for
from contract import channels, endpoints, servers
from contract.endpoints import Endpoint, Shape
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def _channel(call: Call, row: ServerChannel) -> channels.Channel:
    return channel_for(row, call.principal)


def _replay_channel(call: Call, kept: Kept) -> channels.Channel:
    row = ServerChannel.objects.select_related("server").get(pk=UUID(str(kept.body["id"])))
    can(call.principal, "channel.view", row).require()
    return _channel(call, row)


def _listed(call: Call, server: Server) -> list[channels.Channel]:
    rows = services.visible_channels(server, call.principal)
    categories = services.visible_categories(server, call.principal, rows)
    listed = sorted([*rows, *categories], key=lambda row: (row.position, row.pk))
    return [_channel(call, row) for row in listed]


def _list_channels(call: Call, given: servers.GetServer) -> channels.Channels:
    """The channels that one sees and their categories, in their order."""
    return channels.Channels(results=_listed(call, call.server_for(given.server)))


def _create_channel(call: Call, given: channels.CreateChannel) -> channels.Channel:
    """Create a text or voice channel, or a category, in a server that was made on the web."""
    row = call.server_for(given.server)
    return _channel(call, services.create_channel(row, given, principal=call.principal, cause=call.cause))


def _change_channel(call: Call, given: channels.ChangeChannel) -> channels.Channel:
    """Change a channel: name, description, place, category, slow mode, user limit, access, archive."""
    row = call.server_for(given.server)
    return _channel(
        call, services.set_channel(row, given.channel, given, principal=call.principal, cause=call.cause)
    )


def _ordered(call: Call, server: Server) -> channels.ChannelsOrdered:
    return channels.ChannelsOrdered(server=server.id, results=_listed(call, server))


def _order_channels(call: Call, given: channels.OrderChannels) -> channels.ChannelsOrdered:
    """Put the channels of a server in this order."""
    row = call.server_for(given.server)
    services.order_channels(row, given.channels, principal=call.principal, cause=call.cause)
    return _ordered(call, row)


def _replay_order(call: Call, kept: Kept) -> channels.ChannelsOrdered:
    return _ordered(call, call.server_for(UUID(str(kept.body["server"]))))


def _delete_channel(call: Call, given: channels.ChannelInput) -> channels.ChannelDeleted:
    """Delete a channel with all that was said in it; of a category the channels stay."""
    row = call.server_for(given.server)
    gone = services.delete_channel(row, given.channel, principal=call.principal, cause=call.cause)
    return channels.ChannelDeleted(deleted=gone)


def _delete_named_channel(call: Call, given: channels.DeleteChannel) -> channels.ChannelDeleted:
    """Delete a channel whose name somebody typed."""
    row = call.server_for(given.server)
    gone = services.delete_channel(
        row, given.channel, name=given.name, principal=call.principal, cause=call.cause
    )
    return channels.ChannelDeleted(deleted=gone)


def _change_role_in_channel(call: Call, given: channels.ChangeRoleInChannel) -> channels.Channel:
    """Set what one role may do in a channel; what is not said is decided as elsewhere."""
    row = call.server_for(given.server)
    role = services.get_role(row, given.role)
    return _channel(
        call,
        services.set_role_permissions(
            row, given.channel, role.pk, given.rights, principal=call.principal, cause=call.cause
        ),
    )


def _bind_channel(call: Call, given: channels.BindChannel) -> channels.Channel:
    """Commands in the channel mean this chronicle; with null, the default one again."""
    row = call.server_for(given.server)
    chronicle = call.chronicle_for(given.chronicle) if given.chronicle else None
    return _channel(
        call,
        services.bind_channel(row, given.channel, chronicle, principal=call.principal, cause=call.cause),
    )


def _on_channel(
    name: str,
    shape: Endpoint[InputT, channels.Channel] | Shape[InputT, channels.Channel],
    run: Callable[[Call, InputT], channels.Channel],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, channels.Channel]:
    return Operation(f"channels.{name}", shape, run, right, status=status, replay=_replay_channel)


LIST_CHANNELS = Operation(
    "channels.list", endpoints.LIST_CHANNELS, _list_channels, "channel.view", reads=True
)
CREATE_CHANNEL = _on_channel(
    "create", endpoints.CREATE_CHANNEL, _create_channel, "server.channels", status=201
)
CHANGE_CHANNEL = _on_channel("change", endpoints.CHANGE_CHANNEL, _change_channel, "channel.manage")
ORDER_CHANNELS = Operation(
    "channels.order",
    Shape(channels.OrderChannels, channels.ChannelsOrdered),
    _order_channels,
    "server.channels",
    replay=_replay_order,
)
# For doors where nobody types; a person types the name.
DELETE_CHANNEL = Operation(
    "channels.delete",
    Shape(channels.ChannelInput, channels.ChannelDeleted),
    _delete_channel,
    "server.channels",
)
DELETE_NAMED_CHANNEL = Operation(
    "channels.delete", endpoints.DELETE_CHANNEL, _delete_named_channel, "server.channels"
)
CHANGE_ROLE_IN_CHANNEL = _on_channel(
    "change_role",
    Shape(channels.ChangeRoleInChannel, channels.Channel),
    _change_role_in_channel,
    "channel.manage",
)
BIND_CHANNEL = _on_channel(
    "bind", Shape(channels.BindChannel, channels.Channel), _bind_channel, "chronicle.lead"
)

# Voice


def _in_voice(row: ServerChannel) -> channels.InVoice:
    people = [seat.user.as_person() for seat in services.seated(row)]
    return channels.InVoice(channel=row.id, people=people, user_limit=row.user_limit or 0)


def _get_voice(call: Call, given: channels.ChannelInput) -> channels.InVoice:
    """Who is in a voice channel."""
    return _in_voice(services.voice_channel(call.server_for(given.server), given.channel, call.principal))


def _join_voice(call: Call, given: channels.ChannelInput) -> channels.InVoice:
    """Be counted into a voice channel, as far as its limit allows, and out of any other."""
    server = call.server_for(given.server)
    return _in_voice(services.join_voice(server, given.channel, call.user, principal=call.principal))


def _leave_voice(call: Call, given: channels.ChannelInput) -> channels.InVoice:
    """Be counted out of a voice channel."""
    row = services.voice_channel(call.server_for(given.server), given.channel, call.principal)
    services.leave_voice(call.user.pk, row)
    return _in_voice(row)


VOICE = Shape(channels.ChannelInput, channels.InVoice)
GET_VOICE = Operation("voice.get", VOICE, _get_voice, "channel.view", reads=True)
JOIN_VOICE = Operation("voice.join", VOICE, _join_voice, "channel.send")
LEAVE_VOICE = Operation("voice.leave", VOICE, _leave_voice, "channel.view")

ONE = "servers/<uuid:server>/channels/<str:channel>/"
REST: Addresses = {
    "servers/<uuid:server>/channels/": {
        "GET": LIST_CHANNELS,
        "POST": CREATE_CHANNEL,
        "PUT": ORDER_CHANNELS,
    },
    ONE: {"PATCH": CHANGE_CHANNEL, "DELETE": DELETE_CHANNEL},
    ONE + "chronicle/": {"PUT": BIND_CHANNEL},
    ONE + "roles/": {"PUT": CHANGE_ROLE_IN_CHANNEL},
    ONE + "voice/": {"GET": GET_VOICE, "PUT": JOIN_VOICE, "DELETE": LEAVE_VOICE},
}
