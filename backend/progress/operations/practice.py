"""What can be done in practice, by name, with its input and answer. Everybody may, in their own drills alone."""

from uuid import UUID

from chronicle.call import Call
from contract import endpoints
from contract import practice as shapes
from contract.base import Empty
from contract.endpoints import Shape
from progress.models import PracticeSession
from progress.serializers.practice import drill_for
from progress.services import practice
from timeline.keys import Kept
from timeline.operations import Addresses, Operation

# By the edition that a chronicle plays.
OF_EDITION = {"5th": "v5", "20th": "wod20", "cod": "cod"}


def _start(call: Call, given: shapes.StartDrill) -> shapes.DrillChanged:
    """Start a drill with its first question; one that is under way ends, and keeps what was done.

    Where nothing is chosen, the one that is under way goes on.
    """
    if not given.system and not given.level and (running := practice.under_way(call.user)):
        return _changed(running)
    before, chronicle = practice.last(call.user), call.chronicle
    edition = chronicle.edition if chronicle else ""
    system = given.system or (before.system if before else OF_EDITION.get(edition, "v5"))
    level = given.level or (before.level if before else 1)
    return _changed(
        practice.start(call.user, system, level, call.cause, server=call.server, chronicle=chronicle)
    )


def _answer(call: Call, given: shapes.AnswerDrill) -> shapes.DrillChanged:
    """Answer the question that waits; the last one finishes the drill."""
    return _changed(practice.answer(call.user, given.drill, given.number, given.choice, call.cause))


def _finish(call: Call, given: shapes.NamedDrill) -> shapes.DrillChanged:
    """Stop a drill before its last question; what was answered counts."""
    return _changed(practice.finish(call.user, given.drill, call.cause))


def _get(call: Call, given: shapes.GetDrill) -> shapes.OneDrill:
    """A drill of one's own; the one that is under way if none is named."""
    row = practice.find(call.user, given.drill) if given.drill else practice.under_way(call.user)
    return shapes.OneDrill(drill=drill_for(row) if row else None)


def _current(call: Call, given: Empty) -> shapes.OneDrill:
    """The drill that is under way."""
    row = practice.under_way(call.user)
    return shapes.OneDrill(drill=drill_for(row) if row else None)


def _changed(row: PracticeSession) -> shapes.DrillChanged:
    return shapes.DrillChanged(id=row.pk, drill=drill_for(row))


def _replay(call: Call, kept: Kept) -> shapes.DrillChanged:
    return _changed(practice.find(call.user, UUID(str(kept.body["id"]))))


START = Operation("progress.start_drill", endpoints.START_DRILL, _start, status=201, replay=_replay)
ANSWER = Operation("progress.answer_drill", endpoints.ANSWER_DRILL, _answer, replay=_replay)
FINISH = Operation("progress.finish_drill", endpoints.FINISH_DRILL, _finish, replay=_replay)
GET = Operation("progress.get_drill", endpoints.GET_DRILL, _get, reads=True)
CURRENT = Operation("progress.current_drill", Shape(Empty, shapes.OneDrill), _current, reads=True)
REST: Addresses = {
    "progress/practice/": {"GET": CURRENT, "POST": START},
    "progress/practice/<uuid:drill>/": {"GET": GET},
    "progress/practice/<uuid:drill>/answers/": {"POST": ANSWER},
    "progress/practice/<uuid:drill>/finish/": {"POST": FINISH},
}
