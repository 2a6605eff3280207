"""Drills: start, answer, finish, and the end of those that nobody finished.

All of a person's drills change under the lock of their user row, so that two devices take turns.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle.models import Chronicle, Server
from contract.events import DrillSubject, EventType
from contract.translation import _
from discordauth.models import CustomUser
from progress.models import Attempt, PracticeSession
from progress.services import game_stats, ledger, streaks
from progress.services.earners import locked_user
from progress.services.row_by_row import settle_each
from rules import drills
from rules.dice.source import system as dice
from rules.drills import Question
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from rules.notices import notice
from timeline.services import Cause, record

QUESTIONS = 5
LASTS = timedelta(hours=2)
# For each right answer, by level.
POINTS = {1: 2, 2: 3, 3: 4}
# So many abandoned drills are looked up at once.


@transaction.atomic(savepoint=False)
def start(
    user: CustomUser,
    system: str,
    level: int,
    cause: Cause,
    *,
    server: Server | None = None,
    chronicle: Chronicle | None = None,
) -> PracticeSession:
    """Start a drill with its first question. One that is under way ends, and keeps what was done."""
    drills.kinds(system, level)
    now, locked = timezone.now(), locked_user(user.pk)
    for earlier in PracticeSession.objects.select_for_update().filter(user=locked, finished_at=None):
        _finish(locked, earlier, now, cause)
    drill = PracticeSession.objects.create(
        user=locked,
        server=server,
        chronicle=chronicle,
        system=system,
        level=level,
        started_at=now,
        ends_at=now + LASTS,
    )
    _ask(drill)
    _record(EventType.PRACTICE_STARTED, drill, _counts(drill), cause)
    return drill


@transaction.atomic(savepoint=False)
def answer(user: CustomUser, pk: UUID, number: int, choice: int, cause: Cause) -> PracticeSession:
    """Answer the question of this number, and ask the next one; the last answer finishes the drill.

    Raises NotFound, NotAllowed, Conflict (`drill_over`, `answered`), Invalid.
    """
    now, locked = timezone.now(), locked_user(user.pk)
    drill = find(locked, pk, lock=True)
    attempt, before = _waiting(drill, number, now), _counts(drill)
    if (question := question_of(attempt)) is None:
        attempt.question = _drawn(drill).document()
        attempt.save(update_fields=["question"])
    else:
        _keep(attempt, question, choice, now)
        _count(locked, drill, attempt)
        streaks.practised(locked, now, cause)
        if drill.asked < QUESTIONS:
            _ask(drill)
        else:
            _end(locked, drill, now, cause)
    finished = drill.finished_at is not None
    _record(EventType.PRACTICE_FINISHED if finished else EventType.PRACTICE_ANSWERED, drill, before, cause)
    return drill


@transaction.atomic(savepoint=False)
def finish(user: CustomUser, pk: UUID, cause: Cause) -> PracticeSession:
    """Stop before the last question; what was answered counts. Raises as `answer` does."""
    now, locked = timezone.now(), locked_user(user.pk)
    drill = find(locked, pk, lock=True)
    if drill.finished_at is not None:
        raise Conflict(_("This drill is over already."), "drill_over")
    _finish(locked, drill, now, cause)
    return drill


def end_abandoned(now: datetime | None = None) -> int:
    """End the drills whose time is up, each in its own transaction; return how many."""
    now = now or timezone.now()
    # Of a closed account nothing is kept that would be deleted a moment later.
    due = PracticeSession.objects.filter(finished_at=None, ends_at__lte=now, user__is_active=True)
    return settle_each(due, lambda pk: _end_by_itself(pk, now))


@transaction.atomic
def _end_by_itself(pk: UUID, now: datetime) -> bool:
    """Whether it was still there and under way: its owner may have finished it, or be gone."""
    seen = PracticeSession.objects.filter(pk=pk).only("user").first()
    if seen is None:
        return False
    user = CustomUser.objects.select_for_update().filter(pk=seen.user_id, is_active=True).first()
    rows = PracticeSession.objects.select_for_update()
    drill = rows.filter(pk=pk, finished_at=None, ends_at__lte=now).first()
    if user is None or drill is None:
        return False
    _finish(user, drill, now, Cause(None, "system"))
    return True


def find(user: CustomUser, pk: UUID, *, lock: bool = False) -> PracticeSession:
    """A drill of this person's. Raises NotFound, NotAllowed.

    `lock`: a reset that takes it away meanwhile waits, or has taken it.
    """
    rows = PracticeSession.objects.select_for_update() if lock else PracticeSession.objects
    drill = rows.filter(pk=pk).first()
    if drill is None:
        raise NotFound(_("This drill is no longer there. Start another one."))
    if drill.user_id != user.pk:
        raise NotAllowed(_("This is somebody else’s drill. Start one of your own."), "not_yours")
    drill.user = user
    return drill


def under_way(user: CustomUser) -> PracticeSession | None:
    """The drill that this person can go on with."""
    rows = PracticeSession.objects.filter(user=user, finished_at=None, ends_at__gt=timezone.now())
    return rows.order_by("-started_at").first()


def last(user: CustomUser) -> PracticeSession | None:
    return PracticeSession.objects.filter(user=user).order_by("-started_at").first()


def question_of(attempt: Attempt) -> Question | None:
    """None where the rules have changed since it was asked, so that it is no question any more."""
    try:
        return drills.read(attempt.question)
    except Unprocessable:
        return None


def _waiting(drill: PracticeSession, number: int, now: datetime) -> Attempt:
    """The question that waits, if it is the one of this number."""
    if drill.finished_at is not None:
        raise Conflict(_("This drill is over already."), "drill_over")
    if drill.ends_at <= now:
        raise Conflict(_("Time’s up for this drill. What you answered before counts."), "drill_over")
    if number > drill.asked:
        raise Invalid.field("number", _("This question wasn’t asked yet."))
    if number < drill.asked:
        raise Conflict(_("You already answered this question."), "answered", number=drill.asked)
    return drill.attempts.get(number=number)


def _keep(attempt: Attempt, question: Question, choice: int, now: datetime) -> None:
    if choice >= len(question.choices):
        raise Invalid.field("choice", _("That isn’t one of the options."))
    attempt.choice, attempt.is_right, attempt.answered_at = choice, choice == question.right, now
    attempt.save(update_fields=["choice", "is_right", "answered_at"])


def _count(user: CustomUser, drill: PracticeSession, attempt: Attempt) -> None:
    drill.right += bool(attempt.is_right)
    drill.wrong += not attempt.is_right
    drill.save(update_fields=["right", "wrong"])
    user.total_questions_attempted += 1
    user.save(update_fields=["total_questions_attempted"])


def _ask(drill: PracticeSession) -> None:
    drill.asked += 1
    drill.save(update_fields=["asked"])
    drill.attempts.create(number=drill.asked, question=_drawn(drill).document())


def _drawn(drill: PracticeSession) -> Question:
    return drills.generate(drill.system, drill.level, dice())


def _finish(user: CustomUser, drill: PracticeSession, now: datetime, cause: Cause) -> None:
    before = _counts(drill)
    _end(user, drill, now, cause)
    _record(EventType.PRACTICE_FINISHED, drill, before, cause)


def _end(user: CustomUser, drill: PracticeSession, now: datetime, cause: Cause) -> None:
    """Give the points, as many as the day still allows, and count the drill."""
    if drill.right:
        entry = ledger.award(
            user,
            drill.right * POINTS[drill.level],
            "practice",
            notice("points_practice", right=drill.right, answered=drill.right + drill.wrong),
            f"practice:{drill.pk}",
            cause,
            server=drill.server,
            chronicle=drill.chronicle,
            now=now,
        )
        drill.points = entry.amount if entry else 0
    drill.finished_at = now
    drill.save(update_fields=["points", "finished_at"])
    if drill.right + drill.wrong:
        game_stats.add(user, drill.system, drills=1, questions=drill.right + drill.wrong, right=drill.right)


def _counts(drill: PracticeSession) -> dict[str, int]:
    return {"right": drill.right, "wrong": drill.wrong, "points": drill.points}


def _record(type: EventType, drill: PracticeSession, before: dict[str, int], cause: Cause) -> None:
    """In the person's own stream: nobody else hears of it."""
    after = _counts(drill)
    record(
        stream=("user", drill.user_id),
        type=type,
        subject=DrillSubject(owner=drill.user_id, name=drill.user.display_name),
        entity_id=drill.pk,
        version=0,
        cause=cause,
        changes={name: [before[name], after[name]] for name in after if before[name] != after[name]},
    )
