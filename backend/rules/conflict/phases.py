"""Labels and hints of the phases, and the error for a step in the wrong one."""

from rules.conflict.kinds import ACT, DECLARE, DIE, ENDED, GATHER, ORDER
from rules.conflict.order import waiting
from rules.conflict.state import State
from rules.errors import Conflict

LABELS = {
    GATHER: "Who takes part?",
    DECLARE: "Declare actions",
    ACT: "Take your actions",
    ENDED: "It is over",
}


def phase_label(state: State) -> str:
    if state.phase == GATHER and state.kind.rolls:
        return "Join the next round" if state.kept else "Roll"
    if state.phase == ORDER:
        return "Initiative order" if state.kind.rolls == DIE else "How it fell"
    return LABELS[state.phase]


def hint(state: State) -> str:
    """Return a sentence that says what to do in this phase."""
    if state.phase == GATHER:
        verb = "joins again" if state.kept else "rolls" if state.kind.rolls else "joins"
        return f"Everybody who takes part {verb}; then who runs the conflict goes on."
    if state.phase == DECLARE:
        order = "from the slowest on" if state.kind.slowest_first else "in any order"
        return f"Say what you do, {order}."
    if state.phase == ACT:
        return "Act in this order." if waiting(state) else "Everybody has acted."
    return ""


def refuse_ended(state: State) -> None:
    if not state.open:
        raise Conflict("This conflict is over.", code="conflict_ended")


def wrong_phase(state: State) -> Conflict:
    return Conflict(f"That is not possible in this phase, “{phase_label(state)}”.", code="wrong_phase")
