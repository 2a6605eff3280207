"""What lasts: for some turns, until the end of the scene, the night or the session."""

from dataclasses import replace

from django.db import transaction

from chronicle import features, rights
from chronicle.call import Call
from conflicts.models import Conflict
from conflicts.selectors import rows
from conflicts.services.acting import words
from conflicts.services.common import (
    Done,
    Step,
    keep,
    known_state,
    lock,
    pick,
    require_own,
    require_run,
    transition,
)
from contract.conflicts import MAX_TURNS, AddEffect, LiftEffect, PassTime
from contract.events import EventType
from contract.translation import _
from rules.conflict.effects import begun
from rules.conflict.phases import refuse_ended
from rules.conflict.state import TURNS, UNTIL, Effect, State
from rules.errors import Invalid, Limit, NotFound, Problems
from rules.ids import entry_id

MAX_EFFECTS = 50
# What is over when this much time has passed: no scene lasts longer than its night.
PASSES = {"scene": ("scene",), "night": ("scene", "night"), "session": ("session",)}


def affect(call: Call, given: AddEffect) -> Done:
    """Add an effect on a participant, or on all (for who runs it). Raises Invalid, NotFound, NotAllowed, Limit."""
    text, turns = words(given.text, "text"), _turns(given)

    def work(row: Conflict, state: State) -> Step:
        refuse_ended(state)
        pk = pick(call, row, state, given.participant) if given.participant else ""
        who = state.participants[pk] if pk else None
        if who:
            require_own(call, row, who)
        else:
            require_run(call, row)
        # Effects on the hidden take nobody's place: a refusal would tell of them.
        known = state if who and who.hidden else state.shown
        if len(known.effects) >= MAX_EFFECTS:
            raise Limit(_("A conflict can have up to {most} effects.", most=MAX_EFFECTS), code="too_many")
        made = begun(state, Effect(text, given.until, pk, who.name if who else "", turns))
        new = entry_id()
        after = replace(state, effects={**state.effects, new: made})
        return Step(after, EventType.CONFLICT_AFFECTED, who.user if who else "", pk, new)

    return transition(call, given.conflict, work)


def _turns(given: AddEffect) -> int:
    """How many turns it lasts; 0 where it does not last for turns. Raises Invalid."""
    problems = Problems()
    problems.one_of("until", given.until, UNTIL)
    if given.until == TURNS:
        problems.whole("turns", given.turns, 1, MAX_TURNS)
    problems.settle()
    return given.turns or 0 if given.until == TURNS else 0


def lift(call: Call, given: LiftEffect) -> Done:
    """End an effect before its time, also one that outlived its conflict."""

    def work(row: Conflict, state: State) -> Step:
        pk = given.effect
        if pk not in known_state(call, row, state).effects:
            raise NotFound(_("There’s no such effect."), code="no_effect")
        whose = state.participants.get(state.effects[pk].participant)
        if whose:
            require_own(call, row, whose)
        else:
            require_run(call, row)
        rest = {key: effect for key, effect in state.effects.items() if key != pk}
        return Step(replace(state, effects=rest), EventType.CONFLICT_LIFTED, whose.user if whose else "")

    return transition(call, given.conflict, work)


@transaction.atomic(savepoint=False)
def pass_time(call: Call, given: PassTime) -> list[tuple[Conflict, str, Effect]]:
    """End what lasts no longer, in all conflicts of the chronicle; one event each.

    Returns what ended, with its id, as far as this person knows of it.
    """
    chronicle = call.chronicle_for(given.chronicle)
    rights.can(call.principal, "conflict.run", chronicle).require()
    features.require(chronicle.server, "conflicts")
    if given.passed not in PASSES:
        raise Invalid.field("passed", _("Choose one of: {names}.", names=", ".join(PASSES)))
    ended = []
    for seen in rows().filter(chronicle=chronicle).exclude(is_open=None, lasts=False).order_by("pk"):
        ended += _passed(lock(seen), PASSES[given.passed], call)
    return ended


def _passed(row: Conflict, over: tuple[str, ...], call: Call) -> list[tuple[Conflict, str, Effect]]:
    state = row.state()
    gone = {pk: effect for pk, effect in state.effects.items() if effect.until in over}
    rest = {pk: effect for pk, effect in state.effects.items() if pk not in gone}
    keep(row, state, Step(replace(state, effects=rest), EventType.CONFLICT_TIME_PASSED), call.cause)
    known = known_state(call, row, state).effects
    return [(row, pk, effect) for pk, effect in gone.items() if pk in known]
