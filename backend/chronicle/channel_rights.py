"""Decide the rights of a channel by its own permission document, role by role."""

from chronicle.decision import YES, Decision, hidden, no
from chronicle.models import ServerChannel
from chronicle.principal import MANAGE_CHANNELS, MANAGE_SERVER, VIEW_SERVER, Principal

CHANNEL = {
    "channel.view": "view_channel",
    "channel.send": "send_messages",
    "channel.manage": "manage_channel",
}

_VERBS = {"channel.view": "see", "channel.send": "write in", "channel.manage": "manage"}


MANAGES_CHANNELS = frozenset({MANAGE_CHANNELS, MANAGE_SERVER})


def about_channel(principal: Principal, action: str, channel: ServerChannel) -> Decision:
    """Let the highest role with a verdict in the channel's document decide; channel managers may do everything.

    A thread has the document of its channel.

    Where no role says anything, everybody sees and writes in what is not private, and nobody manages it.
    """
    channel = channel.parent or channel
    held = principal.permissions(channel.server_id)
    if VIEW_SERVER not in held and not principal.is_platform_admin:
        return hidden("channel")
    if principal.is_platform_admin or held & MANAGES_CHANNELS:
        return YES
    if not _says(principal, channel, "view_channel", not channel.is_private):
        return hidden("channel")
    if _says(principal, channel, CHANNEL[action], action != "channel.manage"):
        return YES
    return no(f"You need the right to {_VERBS[action]} “{channel.name}”.")


def _says(principal: Principal, channel: ServerChannel, name: str, otherwise: bool) -> bool:
    for role_id in principal.roles(channel.server_id):
        verdict = channel.permissions.get(str(role_id), {}).get(name)
        if verdict in ("allow", "deny"):
            return bool(verdict == "allow")
    return otherwise
