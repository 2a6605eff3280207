"""What lasts: for some turns, until the end of the scene, the night or the session."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from chronicle import features, rights
from conflicts.models import Conflict
from conflicts.services.acting import words
from conflicts.services.common import (
    Call,
    Done,
    Following,
    keep,
    lock,
    pick,
    require_own,
    require_run,
    rows,
    transition,
)
from contract.events import EventType
from rules.conflict.phases import refuse_ended
from rules.conflict.state import TURNS, UNTIL, Effect, State
from rules.dice.base import Problems
from rules.errors import Invalid, Limit, NotFound, Unprocessable
from rules.ids import entry_id

MAX_EFFECTS = 50
MAX_TURNS = 50
# What is over when this much time has passed: no scene lasts longer than its night.
PASSES = {"scene": ("scene",), "night": ("scene", "night"), "session": ("session",)}


def affect(
    call: Call, conflict_id: Any, text: Any, until: Any, participant: Any = None, turns: Any = None
) -> Done:
    """An effect on a participant, or on all (for who runs it). Raises Invalid, NotFound, NotAllowed, Limit."""
    told = words(text, "text")
    problems = Problems()
    problems.one_of("until", until, UNTIL)
    if until == TURNS:
        problems.whole("turns", turns, 1, MAX_TURNS)
    problems.settle()

    def work(row: Conflict, state: State) -> Following:
        refuse_ended(state)
        pk = pick(call, row, state, participant) if participant else ""
        who = state.participants[pk] if pk else None
        if who:
            require_own(call, row, who)
        else:
            require_run(call, row)
        if len(state.effects) >= MAX_EFFECTS:
            raise Limit(f"At most {MAX_EFFECTS} effects in a conflict.", code="too_many")
        made = Effect(told, until, pk, who.name if who else "", turns if until == TURNS else 0)
        new = entry_id()
        after = replace(state, effects={**state.effects, new: made})
        return Following(after, EventType.CONFLICT_AFFECTED, who.user if who else "", pk, new)

    return transition(call, conflict_id, work)


def lift(call: Call, conflict_id: Any, effect: Any) -> Done:
    """Ends one before its time, also one that outlived its conflict."""

    def work(row: Conflict, state: State) -> Following:
        pk = str(effect or "")
        if pk not in state.effects:
            raise NotFound("There is no such effect.", code="no_effect")
        whose = state.participants.get(state.effects[pk].participant)
        if whose:
            require_own(call, row, whose)
        else:
            require_run(call, row)
        rest = {key: one for key, one in state.effects.items() if key != pk}
        return Following(replace(state, effects=rest), EventType.CONFLICT_LIFTED, whose.user if whose else "")

    return transition(call, conflict_id, work)


@transaction.atomic(savepoint=False)
def pass_time(call: Call, passed: Any) -> list[tuple[Conflict, str, Effect]]:
    """Ends what lasts no longer, in all conflicts of the chronicle; one event each. What ended, with its id."""
    chronicle = call.chronicle
    if chronicle is None:
        raise Unprocessable("This works in a server only.", "server_only")
    rights.can(call.principal, "conflict.run", chronicle).require()
    features.require(chronicle.server, "conflicts")
    if str(passed) not in PASSES:
        raise Invalid.field("passed", f"One of: {', '.join(PASSES)}.")
    ended = []
    for seen in rows().filter(chronicle=chronicle).exclude(is_open=None, lasts=False).order_by("pk"):
        ended += _passed(lock(seen), PASSES[passed], call)
    return ended


def _passed(row: Conflict, over: tuple[str, ...], call: Call) -> list[tuple[Conflict, str, Effect]]:
    state = row.state()
    gone = {pk: one for pk, one in state.effects.items() if one.until in over}
    rest = {pk: one for pk, one in state.effects.items() if pk not in gone}
    keep(row, state, Following(replace(state, effects=rest), EventType.CONFLICT_TIME_PASSED), call.cause)
    return [(row, pk, one) for pk, one in gone.items()]
