"""Storytellers' notes. Observers learn that a note was made, but not what it says."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import features, rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.services.change import UNSEEN
from contract.desk import MAX_NOTE, MAX_TITLE
from contract.events import EventType, NoteSubject
from contract.translation import _
from desk.models import Note
from haven.models import Character
from haven.selectors import alive
from rules.errors import Invalid, NotAllowed, NotFound
from rules.text import clean, clean_lines
from rules.visibility import SECRET
from timeline import services as timeline
from timeline.services import Cause

LABELS = {"title": "Title", "text": "Text"}


def notes(principal: Principal, chronicle: Chronicle, character_id: UUID | None = None) -> list[Note]:
    """Return the notes of one character or of the chronicle, the newest first."""
    rights.can(principal, "chronicle.notes", chronicle).require()
    rows = Note.objects.filter(chronicle=chronicle, removed_at=None).select_related("character", "author")
    if character_id:
        rows = rows.filter(character_id=character_id)
    return list(rows.order_by("-updated_at", "-id")[:500])


@transaction.atomic(savepoint=False)
def add(
    principal: Principal,
    chronicle: Chronicle,
    title: str,
    text: str,
    cause: Cause,
    character: UUID | None = None,
) -> Note:
    rights.can(principal, "chronicle.tell", chronicle).require()
    features.require(chronicle.server, "desk")
    if principal.user is None:
        raise NotAllowed(_("Sign in to write a note."))
    values = {"title": _title(title), "text": _text(text)}
    about = _about(chronicle, character)
    row = Note.objects.create(chronicle=chronicle, character=about, author=principal.user, **values)
    _record(row, EventType.NOTE_ADDED, cause, {name: [None, value] for name, value in values.items()})
    return row


@transaction.atomic(savepoint=False)
def change(principal: Principal, note_id: UUID, title: str | None, text: str | None, cause: Cause) -> Note:
    """Change the title or the text; None leaves it as it is."""
    row = _locked(principal, note_id)
    values = {}
    if title is not None:
        values["title"] = _title(title)
    if text is not None:
        values["text"] = _text(text)
    changes = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    if changes:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        _record(row, EventType.NOTE_CHANGED, cause, changes)
    return row


@transaction.atomic(savepoint=False)
def remove(principal: Principal, note_id: UUID, cause: Cause) -> Note:
    row = _locked(principal, note_id)
    row.removed_at = timezone.now()
    row.version += 1
    row.save()
    _record(row, EventType.NOTE_REMOVED, cause, {"title": [row.title, None]})
    return row


def _locked(principal: Principal, note_id: UUID) -> Note:
    row = Note.objects.select_for_update().filter(pk=note_id, removed_at=None).first()
    if row is None or not rights.can(principal, "chronicle.tell", row.chronicle):
        raise NotFound(_("There’s no such note."))
    return row


def _about(chronicle: Chronicle, character: UUID | None) -> Character | None:
    if character is None:
        return None
    subject = alive().filter(id=character, chronicle=chronicle).first()
    if subject is None:
        raise NotFound(_("There’s no such character in this chronicle."))
    return subject


def _title(value: str) -> str:
    title = clean(value, MAX_TITLE + 1)
    if not title or len(title) > MAX_TITLE:
        raise Invalid.field("title", _("A note’s title has 1 to {most} characters.", most=MAX_TITLE))
    return title


def _text(value: str) -> str:
    text = clean_lines(value, MAX_NOTE + 1)
    if len(text) > MAX_NOTE:
        raise Invalid.field("text", _("Up to {most} characters.", most=MAX_NOTE))
    return text


def _record(row: Note, type: EventType, cause: Cause, changes: dict[str, list[object]]) -> None:
    timeline.record(
        stream=("chronicle", row.chronicle_id),
        type=type,
        subject=NoteSubject(name=row.title, character=row.character_id),
        entity_id=row.id,
        version=row.version,
        cause=cause,
        changes=changes | {"note": [None, str(row.id)]},
        # Of what is written no socket tells: who observes sees as deep as a storyteller, and is none.
        visibility=dict.fromkeys(changes, UNSEEN) | {"note": int(SECRET)},
        labels=LABELS,
    )
