"""Exams: the standard ones, and those that a storyteller makes for their chronicle.

Nobody's exam changes once somebody sat it: the change makes a new version of it, and the old one is archived.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chronicle import house_rules, rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract import exams as shapes
from contract.events import EventType, ExamSubject
from contract.exams import MAX_QUESTIONS, MAX_TITLE
from contract.translation import N_, _
from progress.exams import questions, standard
from progress.models import KeyReader, Paper
from rules.dice.source import system as drawn_by_system
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound
from rules.text import clean, has_ink
from rules.visibility import TABLE
from timeline.services import Cause, record

MAX_EXAMS = 50
NO_SUCH = N_("There’s no such exam.")
ARCHIVED = N_("This exam is archived.")


def find(principal: Principal, exam_id: UUID) -> Paper:
    """An exam that this person may know of; a standard one need not be saved yet. Raises NotFound."""
    row = Paper.objects.select_related("chronicle__server").filter(pk=exam_id).first()
    if row is None and exam_id in standard.EXAMS:
        return standard.EXAMS[exam_id].paper()
    if row is None or not _is_known_to(principal, row):
        raise NotFound(_(NO_SUCH))
    return row


def _is_known_to(principal: Principal, paper: Paper) -> bool:
    return paper.chronicle is None or bool(rights.can(principal, "chronicle.view", paper.chronicle))


def may_change(principal: Principal, paper: Paper) -> bool:
    return paper.chronicle is not None and bool(rights.can(principal, "chronicle.tell", paper.chronicle))


def require_changeable(principal: Principal, exam_id: UUID) -> Paper:
    """One that this person may change, or could before it was archived. Raises NotFound, NotAllowed."""
    paper = find(principal, exam_id)
    if paper.chronicle is None:
        raise NotAllowed(_("Standard exams are the same for everybody, so nobody can change them."))
    rights.can(principal, "chronicle.tell", paper.chronicle).require()
    return paper


def require_reads_key(principal: Principal, paper: Paper) -> None:
    """Storytellers may read it, also where their chronicle is read-only. Raises NotAllowed."""
    rights.can(principal, "chronicle.notes", paper.chronicle).require()


def open_key(principal: Principal, paper: Paper) -> None:
    """Note that this person reads the key: they can't sit the exam any more, whatever they become."""
    if principal.user is not None and not read_by(principal, [paper]):
        rows = [KeyReader(paper_id=first_of(paper), user=principal.user, read_at=timezone.now())]
        KeyReader.objects.bulk_create(rows, ignore_conflicts=True)


def read_by(principal: Principal, listed: Iterable[Paper]) -> frozenset[UUID]:
    """The first versions of those of these exams whose key this person has read, in one query."""
    rows = KeyReader.objects.filter(user_id=principal.id, paper__in={first_of(paper) for paper in listed})
    return frozenset(rows.values_list("paper_id", flat=True))


def knows_answers(principal: Principal, paper: Paper, read: Collection[UUID]) -> bool:
    """Whether this person knows the key: as its author, because they may read it, or because they did (`read_by`)."""
    return paper.chronicle is not None and (
        paper.author_id == principal.id
        or first_of(paper) in read
        or bool(rights.can(principal, "chronicle.notes", paper.chronicle))
    )


def first_of(paper: Paper) -> UUID:
    """The first version of an exam, by which all its versions are known as one."""
    return paper.first_version_id or paper.pk


def of_first(paper: Paper, prefix: str = "") -> Q:
    """All versions of an exam, or what refers to one by `prefix`."""
    first = first_of(paper)
    return Q(**{f"{prefix}pk": first}) | Q(**{f"{prefix}first_version": first})


def create(principal: Principal, chronicle: Chronicle, given: shapes.CreateExam, cause: Cause) -> Paper:
    """Raises NotAllowed, Invalid, Limit (`too_many_exams`)."""
    rights.can(principal, "chronicle.tell", chronicle).require()
    if Paper.objects.filter(chronicle=chronicle, archived_at=None).count() >= MAX_EXAMS:
        raise Limit(
            _("A chronicle can have up to {most} exams. Archive one first.", most=MAX_EXAMS),
            code="too_many_exams",
        )
    rules = house_rules.changed(chronicle)
    drawn = questions.generated(given.system, given.level, given.count, drawn_by_system(), rules=rules)
    paper = Paper.objects.create(
        chronicle=chronicle,
        author=principal.user,
        title=_title(given.title),
        system=given.system,
        minutes=given.minutes,
        pass_mark=given.pass_mark,
        questions=drawn,
        length=len(drawn),
        house_rules=rules,
    )
    _record(paper, EventType.EXAM_CREATED, {"title": [None, paper.title]}, cause)
    return paper


def change(principal: Principal, given: shapes.ChangeExam, cause: Cause) -> Paper:
    def edit(paper: Paper) -> None:
        if given.title is not None:
            paper.title = _title(given.title)
        paper.minutes = given.minutes or paper.minutes
        paper.pass_mark = given.pass_mark or paper.pass_mark

    return _change(principal, given.exam, edit, cause)


def add_generated(principal: Principal, given: shapes.AddGenerated, cause: Cause) -> Paper:
    """Raises Limit (`too_many_questions`), as `add_own` does."""

    def edit(paper: Paper) -> None:
        _require_room(paper, given.count)
        paper.house_rules = house_rules.changed(paper.chronicle)
        drawn = questions.generated(
            paper.system,
            given.level,
            given.count,
            drawn_by_system(),
            paper.questions,
            paper.house_rules,
        )
        paper.questions = [*paper.questions, *drawn]

    return _change(principal, given.exam, edit, cause)


def add_own(principal: Principal, given: shapes.AddOwn, cause: Cause) -> Paper:
    def edit(paper: Paper) -> None:
        _require_room(paper, 1)
        paper.questions = [*paper.questions, questions.own(given)]

    return _change(principal, given.exam, edit, cause)


def remove_question(principal: Principal, given: shapes.RemoveQuestion, cause: Cause) -> Paper:
    def edit(paper: Paper) -> None:
        place = _place(paper, given)
        paper.questions = [*paper.questions[:place], *paper.questions[place + 1 :]]

    return _change(principal, given.exam, edit, cause)


def change_question(principal: Principal, given: shapes.ChangeQuestion, cause: Cause) -> Paper:
    """Raises Conflict (`generated_question`), Invalid, and as the others do."""

    def edit(paper: Paper) -> None:
        place = _place(paper, given)
        edited = questions.changed(paper.questions[place], given)
        paper.questions = [*paper.questions[:place], edited, *paper.questions[place + 1 :]]

    return _change(principal, given.exam, edit, cause)


def move_question(principal: Principal, given: shapes.MoveQuestion, cause: Cause) -> Paper:
    def edit(paper: Paper) -> None:
        listed = list(paper.questions)
        if given.to > len(listed):
            raise Invalid.field("to", _("This exam has no question {number}.", number=given.to))
        moved = listed.pop(_place(paper, given))
        paper.questions = [*listed[: given.to - 1], moved, *listed[given.to - 1 :]]

    return _change(principal, given.exam, edit, cause)


def _place(paper: Paper, given: shapes.NamedQuestion) -> int:
    for place, stored in enumerate(paper.questions):
        if stored["id"] == given.question:
            return place
    raise NotFound(_("There’s no such question in this exam."))


@transaction.atomic
def archive(principal: Principal, exam_id: UUID, cause: Cause) -> Paper:
    """Nobody can begin it any more; who sits it already may finish. Raises Conflict (`exam_archived`)."""
    paper = _locked(principal, exam_id)
    _archive(paper)
    _record(paper, EventType.EXAM_ARCHIVED, {"archived": [False, True]}, cause)
    return paper


def _archive(paper: Paper) -> None:
    paper.archived_at = timezone.now()
    paper.save(update_fields=["archived_at"])


@transaction.atomic
def _change(principal: Principal, exam_id: UUID, edit: Callable[[Paper], None], cause: Cause) -> Paper:
    """Edit the exam, or its next version where somebody sat it; record what differs, if anything does."""
    locked = _locked(principal, exam_id)
    before = _document(locked)
    paper = _next_version(locked) if locked.attempts.exists() else locked
    edit(paper)
    after = _document(paper)
    if after == before:
        return locked
    paper.version, paper.length = paper.version + 1, len(paper.questions)
    paper.save()
    if paper.pk != locked.pk:
        _archive(locked)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if "questions" in changes:  # how many there are: history tells nobody which
        changes["questions"] = [len(before["questions"]), len(after["questions"])]
    _record(paper, EventType.EXAM_CHANGED, changes, cause)
    return paper


def _locked(principal: Principal, exam_id: UUID) -> Paper:
    """The row, locked, if this person may change it as it is. Raises NotFound, NotAllowed, Conflict."""
    seen = require_changeable(principal, exam_id)
    locked = Paper.objects.select_for_update().get(pk=seen.pk)
    locked.chronicle = seen.chronicle
    if locked.archived_at is not None:
        raise Conflict(_(ARCHIVED), code="exam_archived")
    return locked


def _next_version(paper: Paper) -> Paper:
    return Paper(
        chronicle=paper.chronicle,
        author=paper.author,
        title=paper.title,
        system=paper.system,
        minutes=paper.minutes,
        pass_mark=paper.pass_mark,
        questions=paper.questions,
        house_rules=paper.house_rules,
        version=paper.version,
        first_version_id=first_of(paper),
    )


def _document(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in ("title", "minutes", "pass_mark", "questions")}


def _title(text: str) -> str:
    title = clean(text, MAX_TITLE)
    if not has_ink(title):
        raise Invalid.field("title", _("An exam’s title has 1 to {most} characters.", most=MAX_TITLE))
    return title


def _require_room(paper: Paper, more: int) -> None:
    if len(paper.questions) + more > MAX_QUESTIONS:
        raise Limit(
            _("An exam can have up to {most} questions.", most=MAX_QUESTIONS), code="too_many_questions"
        )


def _record(paper: Paper, type: EventType, changes: dict[str, list[Any]], cause: Cause) -> None:
    if paper.chronicle_id is None:
        raise ValueError("a standard exam has no history")
    record(
        stream=("chronicle", paper.chronicle_id),
        type=type,
        subject=ExamSubject(name=paper.title),
        entity_id=paper.pk,
        version=paper.version,
        cause=cause,
        changes=changes,
        visibility=dict.fromkeys(changes, int(TABLE)),
    )
