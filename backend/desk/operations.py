"""What can be done at the storyteller's desk, by name, with its input, answer and right."""

from uuid import UUID

from chronicle.call import Call
from contract import desk as shapes
from contract.base import Named
from desk import selectors
from desk.models import Note, Submission
from desk.serializers import note_for, submission_for
from desk.services import awards, notes, submissions
from haven.services import Reference
from haven.services.reference import find
from timeline.keys import Kept
from timeline.operations import Operation


def _character(call: Call, name: str) -> UUID:
    """A character that the caller names, by id or name. Raises as every other naming does."""
    return find(call.principal, Reference(name, call.server, channel_id=call.channel_id)).id


def _desk(call: Call, given: shapes.GetDesk) -> shapes.Desk:
    filters = selectors.Filters(given.search or "", given.splat or "", given.state or "")
    return selectors.desk(call.principal, call.chronicle_for(given.chronicle), filters, given.page)


def _award(call: Call, given: shapes.Award) -> shapes.AwardGiven:
    chronicle = call.chronicle_for(given.chronicle)
    if given.characters is None:
        ids = selectors.active_ids(call.principal, chronicle)
    else:
        ids = [_character(call, name) for name in given.characters]
    changes = awards.award(call.principal, chronicle, ids, given.amount, given.reason, call.cause)
    return shapes.AwardGiven(
        changes=[
            shapes.Awarded(
                event=change.event.id if change.event else None,
                character=Named(id=change.character.id, name=change.character.name),
            )
            for change in changes
        ]
    )


def _list_notes(call: Call, given: shapes.ListNotes) -> shapes.Notes:
    about = _character(call, given.character) if given.character else None
    rows = notes.notes(call.principal, call.chronicle_for(given.chronicle), about)
    return shapes.Notes(results=[note_for(row) for row in rows[: given.limit]])


def _add_note(call: Call, given: shapes.AddNote) -> shapes.NoteChanged:
    chronicle = call.chronicle_for(given.chronicle)
    about = _character(call, given.character) if given.character else None
    text = given.text or ""
    return _note(notes.add(call.principal, chronicle, given.title, text, call.cause, about))


def _change_note(call: Call, given: shapes.ChangeNote) -> shapes.NoteChanged:
    return _note(notes.change(call.principal, given.note, given.title, given.text, call.cause))


def _remove_note(call: Call, given: shapes.RemoveNote) -> shapes.NoteChanged:
    return _note(notes.remove(call.principal, given.note, call.cause))


def _note(row: Note) -> shapes.NoteChanged:
    return shapes.NoteChanged(note=note_for(row), id=row.id)


def _replay_note(call: Call, kept: Kept) -> shapes.NoteChanged:
    pk = UUID(str(kept.body["id"]))
    return _note(Note.objects.select_related("character", "author").get(pk=pk))


def _submit(call: Call, given: shapes.Submit) -> shapes.SubmissionChanged:
    reference = Reference(
        text=given.character,
        server=call.server,
        owner_id=call.player_id,
        splats=tuple(given.splat.split(",")) if given.splat else (),
        channel_id=call.channel_id,
    )
    row = submissions.submit(
        call.principal, reference, given.changes or [], given.text or "", call.cause, given.base_version
    )
    return _submission(call, row)


def _comment(call: Call, given: shapes.CommentOn) -> shapes.SubmissionChanged:
    return _submission(call, submissions.comment(call.principal, given.submission, given.text, call.cause))


def _approve(call: Call, given: shapes.NamedSubmission) -> shapes.SubmissionChanged:
    return _submission(call, submissions.approve(call.principal, given.submission, call.cause))


def _send_back(call: Call, given: shapes.SendBack) -> shapes.SubmissionChanged:
    return _submission(
        call, submissions.send_back(call.principal, given.submission, given.reason, call.cause)
    )


def _withdraw(call: Call, given: shapes.NamedSubmission) -> shapes.SubmissionChanged:
    return _submission(call, submissions.withdraw(call.principal, given.submission, call.cause))


def _submission(call: Call, row: Submission) -> shapes.SubmissionChanged:
    return shapes.SubmissionChanged(submission=submission_for(row, call.principal), id=row.id)


def _replay_submission(call: Call, kept: Kept) -> shapes.SubmissionChanged:
    return _submission(call, submissions.get(call.principal, UUID(str(kept.body["id"]))))


def _get_submission(call: Call, given: shapes.NamedSubmission) -> shapes.OneSubmission:
    row = submissions.get(call.principal, given.submission)
    return shapes.OneSubmission(submission=submission_for(row, call.principal))


def _list_waiting(call: Call, given: shapes.ListWaiting) -> shapes.Submissions:
    rows = selectors.waiting(call.principal, call.chronicle_for(given.chronicle))
    return shapes.Submissions(results=[submission_for(row, call.principal) for row in rows[: given.limit]])


GET = Operation(
    "desk.get",
    shapes.GetDesk,
    shapes.Desk,
    _desk,
    "chronicle.characters",
    reads=True,
    summary="All characters of the chronicle, and what waits for a storyteller; 200 a page.",
)
AWARD = Operation(
    "desk.award",
    shapes.Award,
    shapes.AwardGiven,
    _award,
    "chronicle.tell",
    status=201,
    summary="Award experience: all get it, or nobody does and `errors` says why for each.",
)
LIST_NOTES = Operation(
    "desk.notes",
    shapes.ListNotes,
    shapes.Notes,
    _list_notes,
    "chronicle.notes",
    reads=True,
    summary="Storytellers' notes, the newest first.",
)
ADD_NOTE = Operation(
    "desk.add_note",
    shapes.AddNote,
    shapes.NoteChanged,
    _add_note,
    "chronicle.tell",
    status=201,
    replay=_replay_note,
    summary="Write a note for storytellers.",
)
CHANGE_NOTE = Operation(
    "desk.change_note",
    shapes.ChangeNote,
    shapes.NoteChanged,
    _change_note,
    "chronicle.tell",
    replay=_replay_note,
    summary="Change a note.",
)
REMOVE_NOTE = Operation(
    "desk.remove_note",
    shapes.RemoveNote,
    shapes.NoteChanged,
    _remove_note,
    "chronicle.tell",
    replay=_replay_note,
    summary="Remove a note.",
)
SUBMIT = Operation(
    "desk.submit",
    shapes.Submit,
    shapes.SubmissionChanged,
    _submit,
    "character.propose",
    status=201,
    replay=_replay_submission,
    summary="Submit changes for a storyteller to approve; without any, the new character itself.",
)
GET_SUBMISSION = Operation(
    "desk.get_submission",
    shapes.NamedSubmission,
    shapes.OneSubmission,
    _get_submission,
    "character.propose",
    reads=True,
    summary="A submission, for its player and the storytellers.",
)
LIST_WAITING = Operation(
    "desk.waiting",
    shapes.ListWaiting,
    shapes.Submissions,
    _list_waiting,
    "chronicle.characters",
    reads=True,
    summary="What waits for a storyteller, the oldest first.",
)
COMMENT = Operation(
    "desk.comment",
    shapes.CommentOn,
    shapes.SubmissionChanged,
    _comment,
    "character.propose",
    status=201,
    replay=_replay_submission,
    summary="Comment on a submission.",
)
APPROVE = Operation(
    "desk.approve",
    shapes.NamedSubmission,
    shapes.SubmissionChanged,
    _approve,
    "character.review",
    replay=_replay_submission,
    summary="Approve a submission: what no longer fits is refused, and nothing happens.",
)
SEND_BACK = Operation(
    "desk.send_back",
    shapes.SendBack,
    shapes.SubmissionChanged,
    _send_back,
    "character.review",
    replay=_replay_submission,
    summary="Send a submission back with a reason.",
)
WITHDRAW = Operation(
    "desk.withdraw",
    shapes.NamedSubmission,
    shapes.SubmissionChanged,
    _withdraw,
    "character.propose",
    replay=_replay_submission,
    summary="Withdraw one's own submission.",
)
