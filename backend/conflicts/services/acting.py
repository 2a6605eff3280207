"""Turns: somebody declares, acts, or sits one out."""

from chronicle.call import Call
from conflicts.models import Conflict
from conflicts.services.common import (
    Done,
    Step,
    known_state,
    pick,
    require_own,
    require_run,
    runs,
    transition,
)
from contract.conflicts import MAX_TEXT, Declare
from contract.events import EventType
from contract.translation import _
from rules.conflict.actions import declare as declared
from rules.conflict.actions import done, skip, turn_of
from rules.conflict.order import Turn, may_go, waiting
from rules.conflict.state import State
from rules.errors import Invalid, NotFound
from rules.text import has_ink, one_line


def declare(call: Call, given: Declare) -> Done:
    """Declare what a participant does.

    Raises Invalid, NotFound (`no_participant`), NotAllowed, Conflict (`wrong_phase`, `not_your_turn`, …)."""
    text = words(given.action, "action")

    def work(row: Conflict, state: State) -> Step:
        named = pick(call, row, state, given.participant) if given.participant else None
        turn = _turn(call, row, state, named)
        after = declared(state, turn, text, given.category or "")
        return _step(after, EventType.CONFLICT_DECLARED, state, turn)

    return transition(call, given.conflict, work)


def act(call: Call, row: Conflict, state: State, type: EventType, named: str | None) -> Step:
    """Done or skipped. Where nobody is named, who runs it means the current turn; players their own."""
    if named is None and runs(call, row):
        require_run(call, row)
        turn = turn_of(known_state(call, row, state), None)
    else:
        turn = _turn(call, row, state, named)
    after = done(state, turn) if type == EventType.CONFLICT_DONE else skip(state, turn)
    return _step(after, type, state, turn)


def _turn(call: Call, row: Conflict, state: State, named: str | None) -> Turn:
    """The named one's; else one of one's own that can go now; else, for who runs it, the current one's."""
    if named is not None:
        require_own(call, row, state.participants[named])
        return turn_of(state, named)
    known = known_state(call, row, state)
    mine = {pk for pk, who in known.participants.items() if who.user == str(call.principal.id)}
    ready = [turn for turn in (*may_go(state.shown), *may_go(known)) if turn.participant in mine]
    if ready:
        pk: str | None = ready[0].participant
    elif runs(call, row):
        pk = None
    else:
        pk = _own(known, mine)
    turn = turn_of(known, pk)
    require_own(call, row, state.participants[turn.participant])
    return turn


def _own(state: State, mine: set[str]) -> str:
    """Name those of one's own who still wait, for the sentence that says why not."""
    if not mine:
        raise NotFound(_("You’re not in this conflict."), code="no_participant")
    later = [turn.participant for turn in waiting(state) if turn.participant in mine]
    return (later or sorted(mine))[0]


def _step(after: State, type: EventType, state: State, turn: Turn) -> Step:
    who = state.participants[turn.participant]
    return Step(after, type, owner=who.user, participant=turn.participant)


def words(value: str, name: str) -> str:
    """One line of text with something to see in it. Raises Invalid."""
    text = one_line(value)
    if not has_ink(text) or len(text) > MAX_TEXT:
        raise Invalid.field(name, _("Say it in 1 to {most} characters.", most=MAX_TEXT))
    return text
