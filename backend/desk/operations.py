"""What can be done at the storyteller's desk, by name, with its input, answer and right."""

from collections.abc import Callable
from uuid import UUID

from chronicle import rights
from chronicle.call import Call
from contract import desk as shapes
from contract import endpoints
from contract.base import Named
from contract.endpoints import Endpoint, Shape
from desk import selectors
from desk.models import Note, Submission
from desk.serializers import note_for, submission_for
from desk.services import awards, notes, submissions
from haven.services import Change, Reference
from haven.services.change import operations_of
from haven.services.reference import find, meant_by
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def _character(call: Call, name: str) -> UUID:
    """A character that the caller names, by id or name. Raises as every other naming does."""
    return find(call.principal, Reference(name, call.server, channel_id=call.bound_channel)).id


def _desk(call: Call, given: shapes.GetDesk) -> shapes.Desk:
    """All characters of the chronicle, and what waits for a storyteller; 200 a page."""
    filters = selectors.Filters(given.search or "", given.splat or "", given.state or "")
    return selectors.desk(call.principal, call.chronicle_for(given.chronicle), filters, given.page)


def _award(call: Call, given: shapes.Award) -> shapes.AwardGiven:
    """Award experience: all get it, or nobody does and `errors` says why for each."""
    chronicle = call.chronicle_for(given.chronicle)
    if given.characters is None:
        ids = selectors.active_ids(call.principal, chronicle)
    else:
        ids = [_character(call, name) for name in given.characters]
    changes = awards.award(call.principal, chronicle, ids, given.amount, given.reason, call.cause)
    return shapes.AwardGiven(changes=[_awarded(change) for change in changes])


def _awarded(change: Change) -> shapes.Awarded:
    event = change.event.id if change.event else None
    return shapes.Awarded(event=event, character=Named.from_object(change.character))


def _list_notes(call: Call, given: shapes.ListNotes) -> shapes.Notes:
    """Storytellers' notes, the newest first."""
    about = None if given.character is None else _character(call, given.character)
    rows = notes.notes(call.principal, call.chronicle_for(given.chronicle), about)
    return shapes.Notes(results=[note_for(row) for row in rows[: given.limit]])


def _add_note(call: Call, given: shapes.AddNote) -> shapes.NoteChanged:
    """Write a note for storytellers."""
    chronicle = call.chronicle_for(given.chronicle)
    about = None if given.character is None else _character(call, given.character)
    text = given.text or ""
    return _note(notes.add(call.principal, chronicle, given.title, text, call.cause, about))


def _change_note(call: Call, given: shapes.ChangeNote) -> shapes.NoteChanged:
    """Change a note."""
    return _note(notes.change(call.principal, given.note, given.title, given.text, call.cause))


def _remove_note(call: Call, given: shapes.RemoveNote) -> shapes.NoteChanged:
    """Remove a note."""
    return _note(notes.remove(call.principal, given.note, call.cause))


def _note(row: Note) -> shapes.NoteChanged:
    return shapes.NoteChanged(note=note_for(row), id=row.id)


def _replay_note(call: Call, kept: Kept) -> shapes.NoteChanged:
    """For who may still read it."""
    rows = Note.objects.select_related("character", "author", "chronicle__server")
    row = rows.get(pk=UUID(str(kept.body["id"])))
    rights.can(call.principal, "chronicle.notes", row.chronicle).require()
    return _note(row)


def _submit(call: Call, given: shapes.Submit) -> shapes.SubmissionChanged:
    """Submit changes for a storyteller to approve; without any, the new character itself."""
    row = submissions.submit(
        call.principal,
        meant_by(call, given),
        operations_of(given.changes),
        given.text or "",
        call.cause,
        given.base_version,
    )
    return _submission(call, row)


def _comment(call: Call, given: shapes.CommentOn) -> shapes.SubmissionChanged:
    """Comment on a submission."""
    return _submission(call, submissions.comment(call.principal, given.submission, given.text, call.cause))


def _approve(call: Call, given: shapes.NamedSubmission) -> shapes.SubmissionChanged:
    """Approve a submission: what no longer fits is refused, and nothing happens."""
    return _submission(call, submissions.approve(call.principal, given.submission, call.cause))


def _send_back(call: Call, given: shapes.SendBack) -> shapes.SubmissionChanged:
    """Send a submission back with a reason."""
    return _submission(
        call, submissions.send_back(call.principal, given.submission, given.reason, call.cause)
    )


def _withdraw(call: Call, given: shapes.NamedSubmission) -> shapes.SubmissionChanged:
    """Withdraw one's own submission."""
    return _submission(call, submissions.withdraw(call.principal, given.submission, call.cause))


def _submission(call: Call, row: Submission) -> shapes.SubmissionChanged:
    return shapes.SubmissionChanged(submission=submission_for(row, call.principal), id=row.id)


def _replay_submission(call: Call, kept: Kept) -> shapes.SubmissionChanged:
    return _submission(call, submissions.get(call.principal, UUID(str(kept.body["id"]))))


def _get_submission(call: Call, given: shapes.NamedSubmission) -> shapes.OneSubmission:
    """A submission, for its player and the storytellers."""
    row = submissions.get(call.principal, given.submission)
    return shapes.OneSubmission(submission=submission_for(row, call.principal))


def _list_waiting(call: Call, given: shapes.ListWaiting) -> shapes.Submissions:
    """What waits for a storyteller, the oldest first."""
    rows = selectors.waiting(call.principal, call.chronicle_for(given.chronicle))
    return shapes.Submissions(results=[submission_for(row, call.principal) for row in rows[: given.limit]])


def _on_submission(
    name: str,
    endpoint: Endpoint[InputT, shapes.SubmissionChanged],
    run: Callable[[Call, InputT], shapes.SubmissionChanged],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, shapes.SubmissionChanged]:
    return Operation(f"desk.{name}", endpoint, run, right, status=status, replay=_replay_submission)


def _on_note(
    name: str,
    shape: Endpoint[InputT, shapes.NoteChanged] | Shape[InputT, shapes.NoteChanged],
    run: Callable[[Call, InputT], shapes.NoteChanged],
    status: int = 200,
) -> Operation[Call, InputT, shapes.NoteChanged]:
    return Operation(f"desk.{name}", shape, run, "chronicle.tell", status=status, replay=_replay_note)


GET = Operation("desk.get", endpoints.GET_DESK, _desk, "chronicle.characters", reads=True)
AWARD = Operation("desk.award", endpoints.AWARD, _award, "chronicle.tell", status=201)
LIST_NOTES = Operation("desk.notes", endpoints.LIST_NOTES, _list_notes, "chronicle.notes", reads=True)
ADD_NOTE = _on_note("add_note", endpoints.ADD_NOTE, _add_note, 201)
CHANGE_NOTE = _on_note("change_note", Shape(shapes.ChangeNote, shapes.NoteChanged), _change_note)
REMOVE_NOTE = _on_note("remove_note", endpoints.REMOVE_NOTE, _remove_note)
GET_SUBMISSION = Operation(
    "desk.get_submission",
    endpoints.GET_SUBMISSION,
    _get_submission,
    "character.propose",
    reads=True,
)
LIST_WAITING = Operation(
    "desk.waiting", endpoints.LIST_WAITING, _list_waiting, "chronicle.characters", reads=True
)
SUBMIT = _on_submission("submit", endpoints.SUBMIT, _submit, "character.propose", 201)
COMMENT = _on_submission("comment", endpoints.COMMENT, _comment, "character.propose", 201)
APPROVE = _on_submission("approve", endpoints.APPROVE, _approve, "character.review")
SEND_BACK = _on_submission("send_back", endpoints.SEND_BACK, _send_back, "character.review")
WITHDRAW = _on_submission("withdraw", endpoints.WITHDRAW, _withdraw, "character.propose")
REST: Addresses = {
    "chronicles/<uuid:chronicle>/desk/": {"GET": GET},
    "chronicles/<uuid:chronicle>/awards/": {"POST": AWARD},
    "chronicles/<uuid:chronicle>/notes/": {"GET": LIST_NOTES, "POST": ADD_NOTE},
    "notes/<uuid:note>/": {"PATCH": CHANGE_NOTE, "DELETE": REMOVE_NOTE},
    "submissions/": {"POST": SUBMIT},
    "submissions/<uuid:submission>/": {"GET": GET_SUBMISSION},
    "submissions/<uuid:submission>/comments/": {"POST": COMMENT},
    "submissions/<uuid:submission>/approve/": {"POST": APPROVE},
    "submissions/<uuid:submission>/return/": {"POST": SEND_BACK},
    "submissions/<uuid:submission>/withdraw/": {"POST": WITHDRAW},
}
