"""Sitting an exam: questions and deadline are fixed when it begins, by the server's clock, which alone counts.

It is scored once: when it is handed in, or when its time is up, by the periodic task or the first look at it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chronicle.principal import Principal
from contract.events import EventType, SittingSubject
from contract.exams import GivenAnswer
from contract.translation import N_, _
from discordauth.models import CustomUser
from progress.exams import questions, standard
from progress.models import Paper, PaperAttempt
from progress.services import certificates, game_stats, papers
from progress.services.earners import locked_user
from progress.services.once import award_once
from progress.services.row_by_row import settle_each
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.notices import notice
from timeline.database_outage import retry_lost_transactions
from timeline.services import Cause, record

# After the explanations one waits so long before sitting the same exam again.
WAIT = timedelta(hours=20)
# For passing an exam, once: a standard one; of a storyteller's own so many a question, up to a limit.
STANDARD_POINTS, QUESTION_POINTS, OWN_POINTS = 50, 2, 20
SYSTEM = Cause(actor=None, door="system")
TIME_UP = N_("Time’s up: this answer came too late to count.")
OVER = N_("This exam has been handed in.")


@transaction.atomic
def start(principal: Principal, exam_id: UUID, cause: Cause) -> PaperAttempt:
    """Begin an exam, or go on with the one that runs: one at a time for an exam, whatever its version, and person.

    Raises NotFound, NotAllowed (`knows_answers`), Conflict (`exam_archived`, `no_questions`, `too_soon`).
    """
    user = _require_user(principal)
    seen = papers.find(principal, exam_id)
    require_may_sit(principal, seen)
    if seen.pk in standard.EXAMS:
        standard.write_down(seen.pk)
    # All who begin this exam pass here one by one.
    paper = Paper.objects.select_for_update().get(pk=seen.pk)
    paper.chronicle = seen.chronicle
    now = timezone.now()
    running = _of(paper, user).filter(finished_at=None, deadline__gt=now).first()
    if running is not None:
        return running
    if paper.archived_at is not None:
        raise Conflict(_(papers.ARCHIVED), code="exam_archived")
    if not paper.questions:
        raise Conflict(_("This exam has no questions yet."), code="no_questions")
    opens = opens_at(paper, user)
    if opens is not None and opens > now:
        raise Conflict(
            _("You’ve seen the answers, so you can’t sit this exam again yet."),
            code="too_soon",
            opens_at=opens.isoformat(),
        )
    row = PaperAttempt.objects.create(
        paper=paper,
        user=user,
        questions=paper.questions,
        started_at=now,
        deadline=now + timedelta(minutes=paper.minutes),
    )
    _record(row, EventType.EXAM_STARTED, {"started": [False, True]}, cause)
    return row


def require_may_sit(principal: Principal, paper: Paper) -> None:
    """Raises NotAllowed (`knows_answers`)."""
    if papers.knows_answers(principal, paper, papers.read_by(principal, [paper])):
        raise NotAllowed(_("You know this exam’s answers, so you can’t sit it."), code="knows_answers")


def opens_at(paper: Paper, user: CustomUser) -> datetime | None:
    """From when on this person may sit the exam again; None if they never did.

    Another version of it asks much the same: for who has seen the answers it is not another exam.
    """
    last = _of(paper, user).order_by("-started_at", "-pk").first()
    return (last.finished_at or last.deadline) + WAIT if last else None


def _of(paper: Paper, user: CustomUser) -> "QuerySet[PaperAttempt]":
    """This person's sittings of any version of the exam."""
    return PaperAttempt.objects.filter(papers.of_first(paper, "paper__"), user=user)


def find(principal: Principal, sitting_id: UUID) -> PaperAttempt:
    """One's own sitting, scored by now if its time is up. Raises NotFound, for other people's too."""
    rows = PaperAttempt.objects.select_related("paper__chronicle__server", "user")
    row = rows.filter(pk=sitting_id, user_id=principal.id).first()
    if row is None:
        raise NotFound(_("There’s no such exam of yours."))
    if _is_due(row, timezone.now()):
        settle(row.pk)
        row = rows.get(pk=row.pk)
    return row


@transaction.atomic
def answer(
    principal: Principal, sitting_id: UUID, answers: Iterable[GivenAnswer], cause: Cause
) -> PaperAttempt:
    """Answer some questions; each may be answered again until the end.

    Raises NotFound, Invalid, Conflict (`time_up`, `exam_over`).
    """
    row = _locked(principal, sitting_id)
    if row.finished_at is not None:
        raise Conflict(_(OVER), code="exam_over")
    if _is_due(row, timezone.now()):
        raise Conflict(_(TIME_UP), code="time_up")
    require_may_sit(principal, row.paper)
    before = dict(row.answers)
    _enter(row, answers)
    changes = {
        f"answers.{number}": [before.get(number), choice]
        for number, choice in row.answers.items()
        if before.get(number) != choice
    }
    if changes:
        row.save(update_fields=["answers"])
        _record(row, EventType.EXAM_ANSWERED, changes, cause)
    return row


@transaction.atomic
def hand_in(
    principal: Principal, sitting_id: UUID, answers: Iterable[GivenAnswer], cause: Cause
) -> PaperAttempt:
    """Score it, with the last answers if they come in time. Once: afterwards this changes nothing."""
    row = _locked(principal, sitting_id)
    if row.finished_at is None:
        now = timezone.now()
        if not _is_due(row, now):
            require_may_sit(principal, row.paper)
            _enter(row, answers)
        _finish(row, cause, now)
    return row


def settle(sitting_id: UUID) -> bool:
    """Score a sitting whose time is up, once; one that went meanwhile, with its account or by a reset, is none."""

    @transaction.atomic
    def score() -> bool:
        row = PaperAttempt.objects.select_for_update().filter(pk=sitting_id).first()
        now = timezone.now()
        if row is None or not _is_due(row, now):
            return False
        _finish(row, SYSTEM, now)
        return True

    return retry_lost_transactions(score)


def settle_due() -> int:
    """Score all whose time is up; return how many."""
    return settle_each(PaperAttempt.objects.filter(finished_at=None, deadline__lte=timezone.now()), settle)


def seconds_left(row: PaperAttempt) -> int:
    """By the server's clock; never more than the exam lasts, even where that clock was set back."""
    if row.finished_at is not None:
        return 0
    left = (row.deadline - timezone.now()).total_seconds()
    return max(0, ceil(min(left, (row.deadline - row.started_at).total_seconds())))


def _is_due(row: PaperAttempt, now: datetime) -> bool:
    return row.finished_at is None and row.deadline <= now


def _require_user(principal: Principal) -> CustomUser:
    if principal.user is None:
        raise NotAllowed(_("Please sign in first."))
    return principal.user


def _locked(principal: Principal, sitting_id: UUID) -> PaperAttempt:
    row = PaperAttempt.objects.select_for_update().filter(pk=sitting_id, user_id=principal.id).first()
    if row is None:
        raise NotFound(_("There’s no such exam of yours."))
    return row


def _enter(row: PaperAttempt, answers: Iterable[GivenAnswer]) -> None:
    """Raises Invalid for a question or an option that there is not: then none of the answers counts."""
    entered = dict(row.answers)
    for given in answers:
        if given.question > len(row.questions):
            raise Invalid.field("question", _("This exam has no question {number}.", number=given.question))
        if given.choice >= questions.options_of(row.questions[given.question - 1]):
            raise Invalid.field("choice", _("That isn’t one of the options."))
        entered[str(given.question)] = given.choice
    row.answers = entered


def _finish(row: PaperAttempt, cause: Cause, now: datetime) -> None:
    """Score a locked sitting. A person's sittings end one by one, so that points and certificate are granted once."""
    user = locked_user(row.user_id)
    paper = Paper.objects.select_related("chronicle__server").get(pk=row.paper_id)
    right, counted = questions.mark(row.questions, row.answers)
    row.right, row.score = right, 100 * right // counted if counted else 0
    row.passed = counted > 0 and row.score >= paper.pass_mark
    row.finished_at = min(now, row.deadline)
    if row.passed:
        row.points = _points_for(row, user, paper, cause)
        certificates.grant(user, paper, row.score, row.finished_at)
    row.save(update_fields=["answers", "right", "score", "passed", "finished_at", "points"])
    game_stats.add(user, paper.system, exams=1, passed=int(row.passed))
    row.user, row.paper = user, paper
    changes: dict[str, list[object]] = {"score": [None, row.score], "passed": [None, row.passed]}
    _record(row, EventType.EXAM_FINISHED, changes, cause)


def _points_for(row: PaperAttempt, user: CustomUser, paper: Paper, cause: Cause) -> int:
    """Points for the first time that somebody passes any version of an exam."""
    if _of(paper, user).filter(passed=True).exclude(pk=row.pk).exists():
        return 0
    own = min(QUESTION_POINTS * len(row.questions), OWN_POINTS)
    entry = award_once(
        user,
        STANDARD_POINTS if paper.slug else own,
        "exam",
        notice("exam_passed", title=paper.title, score=row.score or 0),
        f"exam:{papers.first_of(paper)}",
        cause,
        chronicle=paper.chronicle,
    )
    return entry.amount if entry else 0


def _record(row: PaperAttempt, type: EventType, changes: dict[str, list[object]], cause: Cause) -> None:
    record(
        stream=("user", row.user_id),
        type=type,
        subject=SittingSubject(owner=row.user_id, name=row.paper.title),
        entity_id=row.pk,
        version=0,
        cause=cause,
        changes=changes,
    )
