"""Decide who chooses what of a campaign is on air."""

from typing import Any

from chronicle.decision import YES, Decision, hidden, no
from chronicle.principal import STORYTELLER, VIEW_SERVER, Principal
from contract.translation import _


def about_stage(principal: Principal, campaign: Any) -> Decision:
    """The storytellers, and whom they named; a campaign is known by its chronicle and its producers."""
    chronicle = campaign.chronicle
    held = principal.permissions(chronicle.server_id, chronicle.pk)
    if STORYTELLER in held or principal.is_platform_admin:
        return YES
    # Who has left the server decides nothing there.
    if VIEW_SERVER not in held:
        return hidden("chronicle")
    if principal.id is not None and campaign.producers.filter(user_id=principal.id).exists():
        return YES
    return no(_("Only the storytellers, and whom they name, decide what is on air."))
