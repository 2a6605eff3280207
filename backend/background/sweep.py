"""What the library leaves to us: tasks whose worker died run again, and failed ones are retried, later each time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background.heartbeats import DEAD, around
from background.models import Heartbeat

ATTEMPTS = 5
FIRST_PAUSE = timedelta(
    seconds=30
)  # four times as long after each further attempt: the last after half an hour
BATCH = 100
# How long results are kept.
SUCCESSFUL_DAYS, FAILED_DAYS = 2, 30
Row = DBTaskResult[..., Any]


class WorkerDied(Exception):
    """What the admin shows of a task that no worker survived."""


def sweep() -> int:
    """Put back into the queue what is to run again; return how many. Two workers may do it at once."""
    now = timezone.now()
    return sum(_requeue(row, now) for row in [*_abandoned(now), *_to_retry(now)])


def pause_after(attempts: int) -> timedelta:
    return FIRST_PAUSE * int(4 ** (attempts - 1))


def retry(row: Row) -> int:
    """Run a failed task again at once, with all its attempts before it. Somebody pressed a button."""
    failed = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.FAILED)
    return failed.update(status=TaskResultStatus.READY, run_after=timezone.now(), worker_ids=[])


def _abandoned(now: datetime) -> list[Row]:
    """Running tasks whose worker has not been heard of for a while."""
    running = DBTaskResult.objects.running().exclude(started_at__range=around(now, DEAD))
    rows = list(running.order_by("started_at")[:BATCH])
    names = {row.worker_ids[-1] for row in rows}
    heard = Heartbeat.objects.filter(seen_at__range=around(now, DEAD), pk__in=names)
    living = set(heard.values_list("pk", flat=True)) if rows else set()
    return [row for row in rows if row.worker_ids[-1] not in living]


def _to_retry(now: datetime) -> list[Row]:
    """Failed tasks with attempts left whose pause is over. Those without stay as they are, for the admin."""
    recent = now - pause_after(ATTEMPTS)
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=recent).order_by("finished_at")[:BATCH]
    return [
        row
        for row in failed
        if row.finished_at
        and (tried := len(row.worker_ids)) < ATTEMPTS
        and row.finished_at + pause_after(tried) <= now
    ]


def _requeue(row: Row, now: datetime) -> int:
    """Change it only if it still is as it was read. What has ended every worker that tried it has failed."""
    same = DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)
    if len(row.worker_ids) < ATTEMPTS:
        return same.update(status=TaskResultStatus.READY, run_after=now)
    died = f"{WorkerDied.__module__}.{WorkerDied.__qualname__}"
    same.update(status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=died)
    return 0
