"""What can be done in a conflict, by name, with its input, answer and right."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from chronicle.call import Call
from conflicts import selectors
from conflicts.serializers import as_the_table_sees_it, conflict_for, effect_for
from conflicts.services import acting, effects, entering, running
from conflicts.services.common import Done, find, resolve
from contract import conflicts as shapes
from contract.conflicts import ConflictChanged, OneConflict
from contract.notices import read
from timeline.keys import Kept
from timeline.operations import InputT, Operation


def _changed(call: Call, done: Done) -> ConflictChanged:
    return ConflictChanged(
        conflict=conflict_for(
            done.conflict, call.principal, [read(notice.as_json()) for notice in done.notices]
        ),
        id=done.conflict.id,
        participant=done.participant or None,
        effect=done.effect or None,
    )


def _start(call: Call, given: shapes.StartConflict) -> ConflictChanged:
    return _changed(call, Done(running.start(call, given)))


def _step(run: Callable[[Call, InputT], Done]) -> Callable[[Call, InputT], ConflictChanged]:
    """The operation of a step: it answers with the conflict after it."""
    return lambda call, given: _changed(call, run(call, given))


def _replay(call: Call, kept: Kept) -> ConflictChanged:
    """The answer for a retry: the conflict as it is by now, with the notices of the step."""
    row = find(call.principal, UUID(str(kept.body["id"])))
    notices = [read(notice) for notice in kept.event().notices] if kept.event_id else []
    return ConflictChanged.model_validate(
        {**kept.body, "conflict": conflict_for(row, call.principal, notices)}
    )


def _list(call: Call, given: shapes.ListConflicts) -> shapes.Conflicts:
    return shapes.Conflicts(results=selectors.listed(call.principal, call.chronicle_for(given.chronicle)))


def _get(call: Call, given: shapes.GetConflict) -> OneConflict:
    row = resolve(call, given.conflict)
    return OneConflict(
        conflict=as_the_table_sees_it(row) if given.table else conflict_for(row, call.principal)
    )


def _pass_time(call: Call, given: shapes.PassTime) -> shapes.TimePassed:
    ended = effects.pass_time(call, given)
    return shapes.TimePassed(
        ended=[
            shapes.EndedEffect(**dict(effect_for(pk, effect)), conflict=row.id) for row, pk, effect in ended
        ]
    )


LIST = Operation(
    "conflicts.list", shapes.ListConflicts, shapes.Conflicts, _list, "chronicle.view", reads=True
)
GET = Operation("conflicts.get", shapes.GetConflict, OneConflict, _get, "chronicle.view", reads=True)
START = Operation(
    "conflicts.start",
    shapes.StartConflict,
    ConflictChanged,
    _start,
    "conflict.run",
    status=201,
    replay=_replay,
    summary="Start a conflict.",
)
ROLL = Operation(
    "conflicts.roll",
    shapes.RollInitiative,
    ConflictChanged,
    _step(entering.roll),
    "roll.make",
    replay=_replay,
    summary="Enter and roll; before the reveal, again with other numbers.",
)
JOIN = Operation(
    "conflicts.join",
    shapes.JoinConflict,
    ConflictChanged,
    _step(entering.join),
    "roll.make",
    replay=_replay,
    summary="Take part with the initiative of before, or where nothing is rolled.",
)
DECLARE = Operation(
    "conflicts.declare",
    shapes.Declare,
    ConflictChanged,
    _step(acting.declare),
    "roll.make",
    replay=_replay,
    summary="Declare what a participant does.",
)
MOVE = Operation(
    "conflicts.move",
    shapes.MoveConflict,
    ConflictChanged,
    _step(running.advance),
    "conflict.run",
    replay=_replay,
    summary="Move on: reveal, skip, done, the next round, a step back, the end.",
)
CHANGE = Operation(
    "conflicts.change",
    shapes.ChangeParticipant,
    ConflictChanged,
    _step(entering.change),
    "roll.make",
    replay=_replay,
    summary="Change a participant: name, extra actions, hidden from the table or not.",
)
LEAVE = Operation(
    "conflicts.leave",
    shapes.LeaveConflict,
    ConflictChanged,
    _step(entering.leave),
    "roll.make",
    replay=_replay,
    summary="Leave the conflict.",
)
EFFECT = Operation(
    "conflicts.effect",
    shapes.AddEffect,
    ConflictChanged,
    _step(effects.affect),
    "roll.make",
    replay=_replay,
    summary="Add an effect: for some turns, until the end of the scene, the night or the session.",
)
LIFT = Operation(
    "conflicts.lift",
    shapes.LiftEffect,
    ConflictChanged,
    _step(effects.lift),
    "roll.make",
    replay=_replay,
    summary="End an effect before its time.",
)
PASS_TIME = Operation(
    "conflicts.pass_time",
    shapes.PassTime,
    shapes.TimePassed,
    _pass_time,
    "conflict.run",
    summary="End the scene, the night or the session, and with it what lasts until then.",
)
STEPS: Mapping[str, Operation[Call, Any, ConflictChanged]] = {
    "roll": ROLL,
    "join": JOIN,
    "declare": DECLARE,
    "move": MOVE,
    "change": CHANGE,
    "leave": LEAVE,
    "effect": EFFECT,
    "lift": LIFT,
}
