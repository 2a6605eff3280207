"""What can be done in a conflict, by name, with its input, answer and right."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from chronicle.call import Call
from chronicle.operations.servers import know_named_thread
from conflicts import selectors
from conflicts.models import Conflict
from conflicts.serializers import as_the_table_sees_it, conflict_for, effect_for, knows
from conflicts.services import acting, effects, entering, running
from conflicts.services.common import Done, find, resolve
from contract import conflicts as shapes
from contract import endpoints
from contract.conflicts import ConflictChanged, OneConflict
from contract.notices import StoredNotice, read
from rules.visibility import SECRET
from timeline.keys import Kept
from timeline.models import Event
from timeline.operations import Addresses, InputT, Operation


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
    """Start a conflict."""
    if call.server:
        know_named_thread(call, call.server, call.channel_id)
    return _changed(call, Done(running.start(call, given)))


def _replay(call: Call, kept: Kept) -> ConflictChanged:
    """The answer for a retry: the conflict as it is by now, with the notices of the step."""
    row = find(call.principal, UUID(str(kept.body["id"])))
    notices = _notices(call, row, kept.event()) if kept.event_id else []
    return ConflictChanged.model_validate(
        {**kept.body, "conflict": conflict_for(row, call.principal, notices)}
    )


def _notices(call: Call, row: Conflict, event: Event) -> list[StoredNotice]:
    """Those of a step, unless it was about somebody whom this person may not see too."""
    if SECRET in event.visibility.values() and not knows(call.principal, row.chronicle):
        return []
    return [read(notice) for notice in event.notices]


def _list(call: Call, given: shapes.ListConflicts) -> shapes.Conflicts:
    """What runs, the newest first, then the last that ended."""
    return shapes.Conflicts(results=selectors.listed(call.principal, call.chronicle_for(given.chronicle)))


def _get(call: Call, given: shapes.GetConflict) -> OneConflict:
    """A conflict as its reader may see it."""
    row = resolve(call, given.conflict)
    return OneConflict(
        conflict=as_the_table_sees_it(row) if given.table else conflict_for(row, call.principal)
    )


def _pass_time(call: Call, given: shapes.PassTime) -> shapes.TimePassed:
    """End the scene, the night or the session, and with it what lasts until then."""
    ended = effects.pass_time(call, given)
    return shapes.TimePassed(
        ended=[
            shapes.EndedEffect(**dict(effect_for(pk, effect)), conflict=row.id) for row, pk, effect in ended
        ]
    )


def _step(
    name: str,
    shape: endpoints.Endpoint[InputT, ConflictChanged],
    run: Callable[[Call, InputT], Done],
    right: str,
) -> Operation[Call, InputT, ConflictChanged]:
    """The operation of a step: it answers with the conflict after it."""

    @wraps(run)
    def changed(call: Call, given: InputT) -> ConflictChanged:
        return _changed(call, run(call, given))

    return Operation(f"conflicts.{name}", shape, changed, right, replay=_replay)


LIST = Operation("conflicts.list", endpoints.LIST_CONFLICTS, _list, "chronicle.view", reads=True)
GET = Operation("conflicts.get", endpoints.GET_CONFLICT, _get, "chronicle.view", reads=True)
START = Operation(
    "conflicts.start",
    endpoints.START_CONFLICT,
    _start,
    "conflict.run",
    status=201,
    replay=_replay,
)
ROLL = _step("roll", endpoints.ROLL_INITIATIVE, entering.roll, "roll.make")
JOIN = _step("join", endpoints.JOIN_CONFLICT, entering.join, "roll.make")
DECLARE = _step("declare", endpoints.DECLARE, acting.declare, "roll.make")
MOVE = _step("move", endpoints.MOVE_CONFLICT, running.advance, "conflict.run")
CHANGE = _step("change", endpoints.CHANGE_PARTICIPANT, entering.change, "roll.make")
LEAVE = _step("leave", endpoints.LEAVE_CONFLICT, entering.leave, "roll.make")
EFFECT = _step("effect", endpoints.ADD_EFFECT, effects.affect, "roll.make")
LIFT = _step("lift", endpoints.LIFT_EFFECT, effects.lift, "roll.make")
PASS_TIME = Operation("conflicts.pass_time", endpoints.PASS_TIME, _pass_time, "conflict.run")
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
REST: Addresses = {
    "chronicles/<uuid:chronicle>/conflicts/": {"GET": LIST, "POST": START},
    "chronicles/<uuid:chronicle>/conflicts/time/": {"POST": PASS_TIME},
    "conflicts/<uuid:conflict>/": {"GET": GET},
    **{f"conflicts/<uuid:conflict>/{name}/": {"POST": step} for name, step in STEPS.items()},
}
