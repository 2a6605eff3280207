"""A conflict begins, goes on, goes a step back, and ends."""

from typing import Any
from uuid import UUID

from django.db import transaction

from chronicle import features, rights
from chronicle.call import Call
from chronicle.models import Chronicle
from chronicle.operations.servers import know_named_thread
from chronicle.services import require_postable
from conflicts import selectors
from conflicts.models import Conflict
from conflicts.serializers import TABLE_MARK, knows, last_mark, mark_of
from conflicts.services.acting import act
from conflicts.services.common import (
    Done,
    Step,
    in_channel,
    is_heard,
    keep,
    known_state,
    lock,
    pick,
    record,
    require_run,
    resolve,
    runs,
    save,
    transition,
)
from contract.conflicts import MAX_TITLE, MoveConflict, StartConflict
from contract.events import EventType
from contract.translation import _
from rules.conflict import moves
from rules.conflict.kinds import kind_of
from rules.conflict.order import current
from rules.conflict.state import State, flat, taken_back, unflat
from rules.errors import Conflict as Clash
from rules.errors import Invalid
from rules.text import clean
from rules.visibility import TABLE
from timeline.frames import STEP_PATH
from timeline.models import Event
from timeline.services import Cause

EVENTS = {
    moves.REVEAL: EventType.CONFLICT_REVEALED,
    moves.BEGIN_DECLARING: EventType.CONFLICT_DECLARING,
    moves.BEGIN_ACTING: EventType.CONFLICT_ACTING,
    moves.DO: EventType.CONFLICT_DONE,
    moves.SKIP: EventType.CONFLICT_SKIPPED,
    moves.NEXT_NEW: EventType.CONFLICT_ROUND,
    moves.NEXT_SAME: EventType.CONFLICT_ROUND,
    moves.END: EventType.CONFLICT_ENDED,
}


@transaction.atomic(savepoint=False)
def start(call: Call, given: StartConflict) -> Conflict:
    """Raises NotAllowed, Invalid, Unprocessable (`server_only`), Conflict (`conflict_running`)."""
    chronicle, user = call.chronicle_for(given.chronicle), call.user
    rights.can(call.principal, "conflict.run", chronicle).require()
    features.require(chronicle.server, "conflicts")
    channel_id = _channel(call, chronicle, given.channel_id)
    chosen = kind_of(given.kind or chronicle.edition)
    _make_room(call, channel_id, given.replace)
    state = State(chosen)
    row = Conflict(
        chronicle=chronicle,
        channel_id=channel_id or None,
        kind=chosen.slug,
        title=clean(given.title, MAX_TITLE),
        paths=flat(state),
        starter=user,
    )
    save(row)
    changes: dict[str, list[Any]] = {path: [None, value] for path, value in row.paths.items()}
    record(row, Step(state, EventType.CONFLICT_STARTED), call.cause, changes, dict.fromkeys(changes, TABLE))
    return row


def _channel(call: Call, chronicle: Chronicle, chosen: str | None) -> str:
    """Where it runs: the channel of the command, on the web a chosen one or none. Raises Invalid."""
    if not chosen:
        know_named_thread(call, chronicle.server, call.channel_id)
        return call.channel_id
    offered = {channel.discord_id: channel for channel in selectors.channels(call.principal, chronicle)}
    if chosen not in offered:
        raise Invalid.field("channel_id", _("There’s no such channel here."))
    require_postable(offered[chosen], "channel_id", call.principal)
    return chosen


def _make_room(call: Call, channel_id: str, replace: UUID | None) -> None:
    """End the one that runs in this channel, if it is the one to be replaced."""
    here = in_channel(channel_id)
    if here is None:
        return
    if here.id != replace:
        raise Clash(
            _("“{here}” is running in this channel. End it, or start a new one in its place.", here=here),
            code="conflict_running",
            conflict=str(here.id),
            title=str(here),
        )
    advance(call, MoveConflict(conflict=here.id, move=moves.END))


def advance(call: Call, given: MoveConflict) -> Done:
    """Move on: reveal, skip, done, the next round, a step back, the end.

    One of `rules.conflict.moves`. `mark` is what somebody saw: refused with `moved_on` when it moved on since.
    """
    if given.move == moves.REWIND:
        return rewind(call, given)

    def work(row: Conflict, state: State) -> Step:
        seen = _seen_with(call, row, state, given.mark)
        if given.move in (moves.DO, moves.SKIP):
            named = pick(call, row, state, given.participant) if given.participant else None
            return act(call, row, state, EVENTS[given.move], named or _current(call, row, seen))
        require_run(call, row)
        # What is refused to who does not see all, is refused by what they see.
        moves.make(known_state(call, row, state), given.move)
        return Step(moves.make(state, given.move), EVENTS[given.move])

    return transition(call, given.conflict, work)


def _seen_with(call: Call, row: Conflict, state: State, mark: str | None) -> State:
    """Return the state that a mark was made for: all that this person knows, or what the table knows.

    Raises Conflict (`moved_on`).
    """
    sees_all = knows(call.principal, row.chronicle)
    if not mark or (sees_all and mark in (mark_of(state), last_mark(row, sees_all=True))):
        return state if sees_all else state.shown
    if mark in (mark_of(state.shown), last_mark(row, sees_all=False)):
        return state.shown
    raise Clash(_("The conflict has already moved on."), code="moved_on", conflict=str(row.id))


def _current(call: Call, row: Conflict, seen: State) -> str | None:
    """Whose turn it is, for who runs the conflict and names nobody."""
    now = current(seen) if runs(call, row) else None
    return now.participant if now else None


@transaction.atomic(savepoint=False)
def rewind(call: Call, given: MoveConflict) -> Done:
    """Take the last step back, no matter whose it was. Raises Conflict (`nothing_to_rewind`, `moved_on`).

    With the button of the table's message, or by who does not see all, it is the last step that the table saw: what
    nobody there saw after it goes with it.
    """
    row = lock(resolve(call, given.conflict, ended=True))
    require_run(call, row)
    _seen_with(call, row, row.state(), given.mark)
    for_table = not knows(call.principal, row.chronicle) or (given.mark or "").startswith(TABLE_MARK)
    steps = _last_steps(row, for_table=for_table)
    if not steps:
        raise Clash(_("There’s nothing to undo."), code="nothing_to_rewind")
    for event in steps:
        _take_back(row, event, call.cause)
    return Done(row)


def _take_back(row: Conflict, event: Event, cause: Cause) -> None:
    """Take back a step of the (locked) conflict that is now the last one."""
    changes = {path: pair for path, pair in event.changes.items() if path != STEP_PATH}
    after = unflat(row.kind, taken_back(row.paths, changes))
    step = Step(after, EventType.CONFLICT_REWOUND, owner=str(event.subject.get("owner", "")))
    keep(row, row.state(), step, cause, undoes=event)


def _last_steps(row: Conflict, *, for_table: bool) -> list[Event]:
    """What would be taken back next, the last first: one, or all down to the last that the table saw.

    How it began stays.
    """
    steps = Event.objects.filter(entity_id=row.id, undoes=None, undone_by=None, version__gt=1)
    found = []
    for event in steps.order_by("-version"):
        found.append(event)
        if not for_table or is_heard(event.visibility):
            return found
    return []
