"""Labels and hints of the phases, and the error for a step in the wrong one."""

from contract.translation import N_, _
from rules.conflict.kinds import ACT, DECLARE, DIE, ENDED, GATHER, ORDER
from rules.conflict.order import waiting
from rules.conflict.state import State
from rules.errors import Conflict

LABELS = {
    GATHER: N_("Who takes part?"),
    DECLARE: N_("Declare actions"),
    ACT: N_("Take your actions"),
    ENDED: N_("It is over"),
}


def phase_label(state: State) -> str:
    if state.phase == GATHER and state.kind.rolls:
        return N_("Join the next round") if state.kept else N_("Roll")
    if state.phase == ORDER:
        return N_("Initiative order") if state.kind.rolls == DIE else N_("The results")
    return LABELS[state.phase]


def hint(state: State) -> str:
    """Return a sentence that says what to do in this phase."""
    if state.phase == GATHER:
        if state.kept:
            return N_("Everyone taking part joins again. Then the person running the conflict moves on.")
        if state.kind.rolls:
            return N_("Everyone taking part rolls. Then the person running the conflict moves on.")
        return N_("Everyone taking part joins. Then the person running the conflict moves on.")
    if state.phase == DECLARE:
        slowest = N_("Say what you do, the slowest first.")
        return slowest if state.kind.slowest_first else N_("Say what you do, in any order.")
    if state.phase == ACT:
        return N_("Act in this order.") if waiting(state) else N_("Everybody has acted.")
    return ""


def refuse_ended(state: State) -> None:
    if not state.open:
        raise Conflict(_("This conflict is over."), code="conflict_ended")


def wrong_phase(state: State) -> Conflict:
    return Conflict(
        _("That isn’t possible in this phase: {phase}.", phase=_(phase_label(state))), code="wrong_phase"
    )
