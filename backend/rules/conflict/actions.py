"""Actions of participants: declare, act, skip. Each function returns the next state, or raises."""

from dataclasses import replace

from contract.translation import _
from rules.conflict.effects import turn_over
from rules.conflict.kinds import ACT, CATEGORIES, DECLARE, LAST_CATEGORY
from rules.conflict.order import Turn, current, may_go, waiting
from rules.conflict.phases import refuse_ended, wrong_phase
from rules.conflict.state import DONE, SKIPPED, Action, State, participant
from rules.errors import Conflict, Invalid


def turn_of(state: State, pk: str | None) -> Turn:
    """Return the turn that this participant can take now; for None, the current turn. Raises Conflict, NotFound."""
    refuse_ended(state)
    if state.phase not in (DECLARE, ACT):
        raise wrong_phase(state)
    if pk is None:
        if (now := current(state)) is None:
            raise Conflict(_("It’s nobody’s turn right now. Who do you mean?"), code="not_your_turn")
        return now
    who = participant(state, pk)
    seen = state.as_seen_with(pk)
    if mine := [turn for turn in may_go(seen) if turn.participant == pk]:
        return mine[0]
    if any(turn.participant == pk for turn in waiting(seen)):
        raise Conflict(_("It is not {name}’s turn yet.", name=who.name), code="not_your_turn")
    sentence = (
        _("{name} has already declared, or is sitting this round out.", name=who.name)
        if state.phase == DECLARE
        else _("{name} has already acted, or is sitting this round out.", name=who.name)
    )
    raise Conflict(sentence, code="already_declared")


def declare(state: State, turn: Turn, text: str, category: str = "") -> State:
    if state.phase != DECLARE:
        raise wrong_phase(state)
    if category and not state.kind.by_category:
        raise Invalid.field("category", _("Actions have no category in this kind of conflict."))
    if category and category not in CATEGORIES:
        raise Invalid.field("category", _("One of: {names}.", names=", ".join(CATEGORIES)))
    chosen = category or (LAST_CATEGORY if state.kind.by_category else "")
    return settled(_with(state, turn, Action(text, chosen)))


def done(state: State, turn: Turn) -> State:
    if state.phase != ACT:
        raise wrong_phase(state)
    after = _with(state, turn, replace(state.actions.get(turn.key, Action()), state=DONE))
    return turn_over(after, turn.participant)


def skip(state: State, turn: Turn) -> State:
    after = _with(state, turn, replace(state.actions.get(turn.key, Action()), state=SKIPPED))
    return settled(turn_over(after, turn.participant))


def _with(state: State, turn: Turn, action: Action) -> State:
    return replace(state, actions={**state.actions, turn.key: action})


def settled(state: State) -> State:
    """Move on to acting once everybody has declared, where actions are declared in turn.

    Hidden participants are waited for only where there is nobody else: else the wait would give them away.
    """
    seen = state.shown if state.shown.joined else state
    if state.phase == DECLARE and state.kind.slowest_first and not waiting(seen):
        return replace(state, phase=ACT)
    return state
