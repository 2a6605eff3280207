"""Decide who edits, deletes, pins and reacts to a message that they can see."""

from collections.abc import Callable
from typing import Any

from chronicle.channel_rights import ARCHIVED, about_channel, is_archived
from chronicle.decision import YES, Decision, no
from chronicle.principal import STORYTELLER, Principal
from chronicle.visibility import is_storyteller_in_server
from contract.translation import _

MODERATES = "channel.moderate"
# Where a message was written; an edit of it here would not reach those who read it there.
DISCORD = "discord"


def _edit(principal: Principal, message: Any) -> Decision:
    if not _wrote(principal, message):
        return no(_("You can only edit your own messages."))
    if message.origin == DISCORD:
        return no(_("You wrote this on Discord. Edit it there."))
    return _react(principal, message)


def _react(principal: Principal, message: Any) -> Decision:
    if message.channel is not None and is_archived(message.channel):
        return no(_(ARCHIVED, name=message.channel.name))
    return YES


def _delete(principal: Principal, message: Any) -> Decision:
    if _wrote(principal, message) or _moderates(principal, message):
        return YES
    return no(_("Only moderators can delete what others wrote."))


def _pin(principal: Principal, message: Any) -> Decision:
    if message.channel is None or _moderates(principal, message) or _tells(principal, message.channel):
        return YES
    return no(_("Only moderators and storytellers can pin messages."))


def _wrote(principal: Principal, message: Any) -> bool:
    return principal.id is not None and principal.id == message.user_id


def _moderates(principal: Principal, message: Any) -> bool:
    return message.channel is not None and bool(about_channel(principal, MODERATES, message.channel))


def _tells(principal: Principal, channel: Any) -> bool:
    """Where no chronicle is bound, every storyteller of the server counts."""
    bound = channel.chronicle_id or (channel.parent.chronicle_id if channel.parent else None)
    if bound is None:
        return is_storyteller_in_server(principal, channel.server_id)
    return STORYTELLER in principal.permissions(channel.server_id, bound)


# A private conversation has no moderators: there each has their own messages, and all pin.
MESSAGE: dict[str, Callable[[Principal, Any], Decision]] = {
    "message.edit": _edit,
    "message.react": _react,
    "message.delete": _delete,
    "message.pin": _pin,
}
