"""A conflict begins, goes on, goes a step back, and ends."""

from typing import Any

from django.db import transaction

from chronicle import features, rights
from conflicts.models import MAX_TITLE, Conflict
from conflicts.serializers import last_mark, mark_of
from conflicts.services.acting import act
from conflicts.services.common import (
    STEP,
    Call,
    Done,
    Following,
    in_channel,
    keep,
    lock,
    meant,
    pick,
    record,
    require_run,
    save,
    transition,
)
from contract.events import EventType
from rules.conflict import moves
from rules.conflict.kinds import kind_of
from rules.conflict.state import State, flat, taken_back, unflat
from rules.dice.base import Problems
from rules.errors import Conflict as Clash
from rules.errors import Unprocessable
from rules.text import clean
from rules.visibility import TABLE
from timeline.models import Event

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
def start(call: Call, kind: Any = None, title: Any = "", replace: Any = None) -> Conflict:
    """Raises NotAllowed, Invalid, Unprocessable (`server_only`), Conflict (`conflict_running`)."""
    chronicle, user = call.chronicle, call.principal.user
    if chronicle is None or user is None:
        raise Unprocessable("A conflict needs a chronicle: this works in a server only.", "server_only")
    rights.can(call.principal, "conflict.run", chronicle).require()
    features.require(chronicle.server, "conflicts")
    problems = Problems()
    problems.words("title", title or "", MAX_TITLE)
    problems.settle()
    chosen = kind_of(kind or chronicle.server.edition)
    _make_room(call, replace)
    state = State(chosen)
    row = Conflict(
        chronicle=chronicle,
        channel_id=call.channel_id or None,
        kind=chosen.slug,
        title=clean(title, MAX_TITLE),
        paths=flat(state),
        starter=user,
    )
    save(row)
    changes: dict[str, list[Any]] = {path: [None, value] for path, value in row.paths.items()}
    record(
        row, Following(state, EventType.CONFLICT_STARTED), call.cause, changes, dict.fromkeys(changes, TABLE)
    )
    return row


def _make_room(call: Call, replace: Any) -> None:
    """Ends the one that runs in this channel, if it is the one that was meant to be replaced."""
    here = in_channel(call)
    if here is None:
        return
    if str(here.id) != str(replace):
        raise Clash(
            f"“{here}” runs in this channel. End it, or begin a new one in its place.",
            code="conflict_running",
            conflict=str(here.id),
            title=str(here),
        )
    advance(call, here.id, moves.END)


def advance(call: Call, conflict_id: Any, move: Any, participant: Any = None, mark: Any = None) -> Done:
    """One of `rules.conflict.moves`. `mark` is what somebody saw: refused with `moved_on` when it moved on since."""
    if move == moves.REWIND:
        return rewind(call, conflict_id, mark)

    def work(row: Conflict, state: State) -> Following:
        _refuse_moved_on(row, state, mark)
        if move in (moves.DO, moves.SKIP):
            named = pick(call, row, state, participant) if participant else None
            return act(call, row, state, EVENTS[str(move)], named)
        require_run(call, row)
        after = moves.make(state, move)
        return Following(after, EVENTS[str(move)])

    return transition(call, conflict_id, work)


def _refuse_moved_on(row: Conflict, state: State, mark: Any) -> None:
    if mark and mark not in (mark_of(state), last_mark(row)):
        raise Clash(
            "Somebody was quicker: the conflict has moved on since.", code="moved_on", conflict=str(row.id)
        )


@transaction.atomic(savepoint=False)
def rewind(call: Call, conflict_id: Any, mark: Any = None) -> Done:
    """Takes the last step back, whoever made it. Raises Conflict (`nothing_to_rewind`, `moved_on`)."""
    row = lock(meant(call, conflict_id, ended=True))
    require_run(call, row)
    before = row.state()
    _refuse_moved_on(row, before, mark)
    event = last_step(row)
    if event is None:
        raise Clash("There is nothing to take back.", code="nothing_to_rewind")
    changes = {path: pair for path, pair in event.changes.items() if path != STEP}
    after = unflat(row.kind, taken_back(row.paths, changes))
    following = Following(after, EventType.CONFLICT_REWOUND, owner=str(event.subject.get("owner", "")))
    keep(row, before, following, call.cause, undoes=event)
    return Done(row)


def last_step(row: Conflict) -> Event | None:
    """What would be taken back next; how it began stays."""
    steps = Event.objects.filter(entity_id=row.id, undoes=None, undone_by=None, version__gt=1)
    return steps.order_by("-version").first()
