"""Decide the rights of a channel by its own permission document, role by role."""

from chronicle import read_only
from chronicle.decision import YES, Decision, hidden, no
from chronicle.models import ServerChannel
from chronicle.principal import (
    ADMINISTRATOR,
    MANAGE_CHANNELS,
    MANAGE_MESSAGES,
    MANAGE_SERVER,
    VIEW_SERVER,
    Principal,
)
from contract.translation import N_, _

CHANNEL = {
    "channel.view": "view_channel",
    "channel.send": "send_messages",
    "channel.moderate": "manage_messages",
    "channel.manage": "manage_channel",
}

_REFUSED = {
    "channel.view": N_("You need permission to see “{name}”."),
    "channel.send": N_("You need permission to write in “{name}”."),
    "channel.moderate": N_("You need permission to moderate “{name}”."),
    "channel.manage": N_("You need permission to manage “{name}”."),
}

ARCHIVED = N_("“{name}” is archived: you can read it, but not write in it.")
# In `ServerChannel.seen_by`: everybody without a role that says otherwise.
EVERYONE = "everyone"
MANAGES_CHANNELS = frozenset({MANAGE_CHANNELS, MANAGE_SERVER})


def about_channel(principal: Principal, action: str, channel: ServerChannel) -> Decision:
    """Let the highest role with a verdict in the channel's document decide; channel managers may do everything.

    A thread has the document of its channel.
    What Discord hides from somebody is hidden here too, but from administrators.

    Where no role says anything, everybody sees and writes in what is not private, nobody manages it, and those
    moderate it who do so in the whole server.
    """
    thread, channel = channel, channel.parent or channel
    held = principal.permissions(channel.server_id)
    if VIEW_SERVER not in held and not principal.is_platform_admin:
        return hidden("channel")
    if action != "channel.view" and principal.is_closed(channel.server_id):
        return Decision(False, _(read_only.DELETED), code="server_deleted")
    is_seen = all(_is_seen_on_discord(principal, place) for place in (thread, channel))
    if not (is_seen or principal.is_platform_admin or ADMINISTRATOR in held):
        return hidden("channel")
    managing = principal.is_platform_admin or bool(held & MANAGES_CHANNELS)
    if not managing and not _says(principal, channel, "view_channel", not channel.is_private):
        return hidden("channel")
    if action == "channel.send" and is_archived(thread):
        return Decision(False, _(ARCHIVED, name=thread.name), code="channel_archived")
    if managing:
        return YES
    if _says(principal, channel, CHANNEL[action], _otherwise(action, held)):
        return YES
    return no(_(_REFUSED[action], name=channel.name))


def is_archived(channel: ServerChannel) -> bool:
    """Return whether a channel, or that of a thread, is only read any more."""
    return channel.archived_at is not None or bool(channel.parent and channel.parent.archived_at)


def _otherwise(action: str, held: frozenset[str]) -> bool:
    """Return what holds where the channel's document is silent."""
    if action == "channel.moderate":
        return MANAGE_MESSAGES in held
    return action != "channel.manage"


def _is_seen_on_discord(principal: Principal, channel: ServerChannel) -> bool:
    """As Discord decides: the member themselves, then any role that allows, any that denies, and everyone."""
    if not channel.seen_by:
        return True
    member = principal.user.discord_id if principal.user else None
    if member in channel.seen_by:
        return bool(channel.seen_by[member])
    verdicts = {
        channel.seen_by[role] for role in principal.discord_roles(channel.server_id) & channel.seen_by.keys()
    }
    if verdicts:
        return True in verdicts
    return bool(channel.seen_by.get(EVERYONE, True))


def _says(principal: Principal, channel: ServerChannel, name: str, otherwise: bool) -> bool:
    for role_id in principal.roles(channel.server_id):
        verdict = channel.permissions.get(str(role_id), {}).get(name)
        if verdict in ("allow", "deny"):
            return bool(verdict == "allow")
    return otherwise
