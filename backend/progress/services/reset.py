"""The reset of progress: one operation, one transaction. What it takes away can be kept in a restore point (`undo`).

It deletes practice sessions with their answers, sat exams and badges; zeroes what users have earned, and boards. The
ledger stays and gets a balance for each user (`balances`), levels follow. All else stays: accounts, profiles, archived
weeks, certificates, attendance, sessions, schedules, supporter tiers and pledges, logs.

A reset of one server, chronicle or season takes away what was earned there alone, and subtracts it elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from progress.models import Attempt, PaperAttempt, PracticeSession, RestorePoint
from progress.services import reset_boards, reset_notices, reset_users, restore_points
from progress.services.reset_run import Report, Run, ids_of, lock
from progress.services.restore_points import Keeper
from progress.services.scopes import Scope
from timeline.services import Cause

# An exam or a badge is a row; a drill has its answers too.
DRILLS = 100


@dataclass(frozen=True)
class Reset:
    """What was done. `counts`: rows by step. `point` is none after a dry run."""

    counts: dict[str, int]
    point: RestorePoint | None = None

    @property
    def undo_until(self) -> datetime | None:
        return self.point.expires_at if self.point and self.point.summary["kept"] else None


def reset(
    scope: Scope,
    cause: Cause,
    *,
    after: UUID,
    dry_run: bool = False,
    keep: bool = True,
    report: Report | None = None,
) -> Reset:
    """Reset the progress in this scope. `after`: the last reset that the caller knows (`restore_points.last_id`).

    `keep`: what is taken away, so that it can be undone. Raises Conflict (`reset_running`).
    """
    report = report or Report()
    if dry_run:
        return Reset(_steps(Run(scope, None, None), report))
    with transaction.atomic():
        point = _point(scope, cause, keep)
        restore_points.begin(after, point)
        with reset_notices.about(scope):
            counts = _steps(Run(scope, point, Keeper(point, keep)), report)
        point.summary = {**counts, "kept": keep}
        point.save(update_fields=["summary"])
        reset_notices.record_event(scope, cause)
        report.committing()
    return Reset(counts, point)


def _point(scope: Scope, cause: Cause, keep: bool) -> RestorePoint:
    now = timezone.now()
    until = now + timedelta(days=settings.RESET_UNDO_DAYS if keep else 0)
    return RestorePoint(
        made_by=cause.actor, scope=scope.kind, scope_id=scope.id, made_at=now, expires_at=until
    )


def _wait_for_all(run: Run) -> None:
    """Let everybody finish who is about to earn something, and nobody begin, by the locks that they all take first."""
    for ids in ids_of(run.scope.paper_attempts().filter(finished_at=None)):
        list(PaperAttempt.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    for ids in run.people():
        lock(ids)


def _steps(run: Run, report: Report) -> dict[str, int]:
    if run.keeper:
        _wait_for_all(run)
    counts = {}
    for step in STEPS:
        report.started(step.slug, step.rows(run.scope))
        done = 0
        for count in step.work(run):
            done += count
            report.moved(step.slug, done)
        counts[step.slug] = done
        report.finished(step.slug, done)
    return counts


def _drills(run: Run) -> Iterator[int]:
    for ids in ids_of(run.scope.sessions(), DRILLS):
        rows, attempts = PracticeSession.objects.filter(pk__in=ids), Attempt.objects.filter(session__in=ids)
        if run.keeper:
            run.keeper.keep_rows(rows)
            run.keeper.keep_rows(attempts, "session__user_id")
        if not run.scope.is_all:
            answered = attempts.exclude(answered_at=None).order_by().values_list("session__user")
            run.answered.update(dict(answered.annotate(count=Count("pk"))))
        # The answers go by Django's cascade.
        yield rows.delete()[1].get(PracticeSession._meta.label, 0) if run.keeper else len(ids)


def _deleted(rows: Callable[[Scope], "QuerySet[Any]"]) -> Callable[[Run], Iterator[int]]:
    def work(run: Run) -> Iterator[int]:
        for ids in ids_of(rows(run.scope)):
            found = rows(run.scope).model._default_manager.filter(pk__in=ids)
            if run.keeper:
                run.keeper.keep_rows(found)
                found.delete()
            yield len(ids)

    return work


@dataclass(frozen=True)
class Step:
    """`rows`: at most so many does it go through, for a progress bar."""

    slug: str
    rows: Callable[[Scope], int]
    work: Callable[[Run], Iterator[int]]


STEPS = (
    Step("practice_sessions", lambda scope: scope.sessions().count(), _drills),
    Step("paper_attempts", lambda scope: scope.paper_attempts().count(), _deleted(Scope.paper_attempts)),
    Step("rewards", lambda scope: scope.rewards().count(), _deleted(Scope.rewards)),
    Step("users", reset_users.count, reset_users.work),
    Step("leaderboard_entries", lambda scope: reset_boards.standing(scope).count(), reset_boards.work),
)
