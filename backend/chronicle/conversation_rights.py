"""Decide the rights of a private conversation: it is nobody's but its participants', no platform admin's either."""

from collections.abc import Callable
from typing import Any

from chronicle.decision import YES, Decision, hidden, no
from chronicle.principal import Principal
from contract.translation import _


def _view(principal: Principal, conversation: Any) -> Decision:
    return YES


def _send(principal: Principal, conversation: Any) -> Decision:
    # The same sentence whoever of the two has blocked the other.
    return no(_("You can’t write to this person.")) if conversation.is_silent else YES


def _manage(principal: Principal, conversation: Any) -> Decision:
    return YES if conversation.pair is None else no(_("This only works in a group."))


def _remove(principal: Principal, conversation: Any) -> Decision:
    if conversation.pair is None and principal.id == conversation.made_by_id:
        return YES
    return no(_("Only who leads the group can take people out of it."))


CONVERSATION: dict[str, Callable[[Principal, Any], Decision]] = {
    "conversation.view": _view,
    "conversation.send": _send,
    "conversation.manage": _manage,
    "conversation.remove": _remove,
}


def about_conversation(principal: Principal, action: str, conversation: Any) -> Decision:
    """`conversation` tells its people, who made it, whether it is of a pair, and whether one of those wants silence."""
    if principal.id is None or principal.id not in conversation.people:
        return hidden("conversation")
    return CONVERSATION[action](principal, conversation)
