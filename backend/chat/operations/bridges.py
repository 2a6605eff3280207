"""Bridged channels: switched on and off by who manages them, and what the Discord process tells of its own accord."""

from chat.bridges import files, receive, report, switch
from chat.operations.messages import ROOM
from chronicle.call import Call
from chronicle.models import ServerChannel
from chronicle.rights import can
from chronicle.services import find_channel
from contract import bridges as shapes
from contract import endpoints
from contract.translation import _
from rules.errors import NotFound
from timeline.operations import PROCESS_ALONE, Addresses, Operation


def _channel(call: Call, given: shapes.BridgeInput) -> ServerChannel:
    """The named channel, in Discord else that of the command; for who manages it."""
    if given.room is not None:
        rows = ServerChannel.objects.select_related("server", "parent", "parent__server")
        channel = rows.filter(pk=given.room).first()
    else:
        named = given.channel or call.parent_id or call.channel_id
        server = call.server_for(given.server)
        channel = find_channel(server, named, call.principal) if named else None
    if channel is None:
        raise NotFound(_("There’s no such channel."))
    can(call.principal, "channel.manage", channel).require()
    return channel


def _set(call: Call, given: shapes.SetBridge) -> shapes.Bridge:
    """Switch a channel's bridge with Discord on or off."""
    channel = _channel(call, given)
    switch.set_bridge(channel, given.on, principal=call.principal, cause=call.cause)
    return switch.state(channel)


def _get(call: Call, given: shapes.BridgeInput) -> shapes.Bridge:
    """Whether a channel is bridged with Discord, and what keeps it from that."""
    return switch.state(_channel(call, given))


def _fetch(call: Call, given: shapes.Receive) -> shapes.Receive:
    """Download files before the transaction: no lock waits for Discord."""
    return files.fetched(given)


def _receive(call: Call, given: shapes.Receive) -> shapes.Received:
    """Bring over what was written on Discord."""
    return shapes.Received(unknown=receive.receive(given))


def _forget(call: Call, given: shapes.Forget) -> shapes.Forgotten:
    """Delete what was deleted on Discord."""
    return shapes.Forgotten(deleted=receive.forget(given))


def _posted(call: Call, given: shapes.Posted) -> shapes.PostedNoted:
    """Note where a message stands on Discord."""
    return shapes.PostedNoted(noted=report.posted(given))


def _trouble(call: Call, given: shapes.Trouble) -> shapes.TroubleNoted:
    """Note why nothing goes through in a channel, or that it does again."""
    return shapes.TroubleNoted(noted=report.trouble(given))


SET = Operation("chat.bridge.set", endpoints.SET_BRIDGE, _set, "channel.manage")
GET = Operation("chat.bridge.get", endpoints.GET_BRIDGE, _get, "channel.manage", reads=True)
RECEIVE = Operation(
    "chat.bridge.receive", endpoints.BRIDGE_RECEIVE, _receive, doors=PROCESS_ALONE, prepare=_fetch
)
FORGET = Operation("chat.bridge.forget", endpoints.BRIDGE_FORGET, _forget, doors=PROCESS_ALONE)
POSTED = Operation("chat.bridge.posted", endpoints.BRIDGE_POSTED, _posted, doors=PROCESS_ALONE)
TROUBLE = Operation("chat.bridge.trouble", endpoints.BRIDGE_TROUBLE, _trouble, doors=PROCESS_ALONE)
REST: Addresses = {ROOM + "bridge/": {"GET": GET, "PUT": SET}}
