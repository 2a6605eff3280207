"""Decide the rights of a roll for principals who can see it."""

from collections.abc import Callable
from typing import Any

from chronicle.decision import YES, Decision, no
from chronicle.principal import Principal
from chronicle.visibility import is_storyteller_of
from contract.translation import _


def _reroll(principal: Principal, roll: Any) -> Decision:
    owner_id = roll.character.owner_id if roll.character_id else None
    if principal.id is not None and principal.id in (roll.roller_id, owner_id):
        return YES
    return no(_("Only the player who rolled, or whose character it is, can do this."))


def _reveal(principal: Principal, roll: Any) -> Decision:
    if principal.id == roll.roller_id or is_storyteller_of(principal, roll):
        return YES
    return no(_("Only the player who rolled and the storytellers can reveal this roll."))


def _strike(principal: Principal, roll: Any) -> Decision:
    alone = not roll.chronicle_id and principal.id == roll.roller_id
    if alone or (roll.chronicle_id and is_storyteller_of(principal, roll)):
        return YES
    return no(_("Only a storyteller can exclude a roll from the statistics."))


ROLL: dict[str, Callable[[Principal, Any], Decision]] = {
    "roll.view": lambda principal, roll: YES,
    "roll.reroll": _reroll,
    "roll.reveal": _reveal,
    "roll.strike": _strike,
}
