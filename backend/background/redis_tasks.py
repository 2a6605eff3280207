"""Tasks that wait in Redis (`TASKS_BACKEND=redis`), by django-tasks-rq: for many machines.

Each is a row of the database first, in the transaction with what it belongs to. Once that is saved it is handed to
Redis, and the row goes. What could not be handed over, as Redis was away or the process died, a sweep hands over.
"""

import contextlib
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from math import ceil
from typing import Any, cast

import django_rq
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone
from django_tasks.base import TASK_MAX_PRIORITY, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_rq import Job, RQBackend
from django_tasks_rq.backend import failed_callback, success_callback
from redis import Redis
from redis.exceptions import RedisError
from rq import Callback, Retry
from rq.exceptions import DuplicateJobError
from rq.job import JobStatus
from rq.queue import Queue
from rq.registry import FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry
from rq.scheduler import RQScheduler
from rq.timeouts import TimerDeathPenalty

from background.limits import limit_of_row
from background.sweep import ATTEMPTS, BATCH, FAILED_DAYS, SUCCESSFUL_DAYS, Row, pause_after

log = logging.getLogger(__name__)

QUEUE = "default"
DAY = 24 * 60 * 60
PAUSES = [int(pause_after(attempt).total_seconds()) for attempt in range(1, ATTEMPTS)]
# The process that enqueued it hands it over by itself within that time.
YOUNG = timedelta(seconds=10)
AWAY = (RedisError, OSError, DatabaseError, InterfaceError)


class RedisTasks(RQBackend):
    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self._rows = DatabaseBackend(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        result: Any = self._rows.enqueue(task, args, kwargs)
        transaction.on_commit(partial(_hand_over_if_possible, result.db_result))
        return result

    def _get_job(self, result_id: str) -> Job | None:
        # The package would read it as a pickle.
        return cast(Job | None, queue_of_tasks().fetch_job(result_id))

    def get_result(self, result_id: str) -> Any:
        try:
            return super().get_result(result_id)
        except TaskResultDoesNotExist:
            return self._rows.get_result(result_id)


def _hand_over_if_possible(row: Row) -> None:
    try:
        hand_over(row)
    except AWAY as error:
        log.warning("a task waits in the database until Redis answers: %s", error or type(error).__name__)


def hand_over(row: Row) -> None:
    """Put a task into Redis, and forget its row. Twice does no harm: the job has the id of the row."""
    queue = queue_of_tasks()
    job = queue.create_job(
        row.task_path,
        args=row.args_kwargs["args"],
        kwargs=row.args_kwargs["kwargs"],
        job_id=str(row.pk),
        timeout=ceil(limit_of_row(row)),
        retry=Retry(max=len(PAUSES), interval=PAUSES),
        result_ttl=SUCCESSFUL_DAYS * DAY,
        failure_ttl=FAILED_DAYS * DAY,
        on_failure=Callback(failed_callback),
        on_success=Callback(success_callback),
        meta={"backend_name": row.backend_name},
    )
    if row.run_after < get_date_max() and row.run_after > timezone.now():
        job.set_status(JobStatus.SCHEDULED)
        queue.schedule_job(job, row.run_after)
    else:
        with contextlib.suppress(DuplicateJobError):
            queue.enqueue_job(job, at_front=row.priority == TASK_MAX_PRIORITY, unique=True)
    DBTaskResult.objects.filter(pk=row.pk).delete()


def queue_of_tasks() -> Queue:
    connection = _connection(repr(settings.RQ_QUEUES[QUEUE]))
    return django_rq.get_queue(QUEUE, job_class=Job, connection=connection)


@cache
def _connection(config: str) -> Redis:
    """One for all threads, where django-rq makes one each time."""
    return django_rq.get_connection(QUEUE)


def hand_over_waiting() -> int:
    """Hand over the tasks whose rows were left, those of a time with `TASKS_BACKEND=database` too."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, enqueued_at__lt=timezone.now() - YOUNG
    )
    rows = list(waiting[:BATCH])
    for row in rows:
        hand_over(row)
    return len(rows)


class Sweep:
    """Puts back what a dead worker was at, and what is to be tried again. Of several workers one does it at a time."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._scheduler = RQScheduler(
            [queue],
            connection=queue.connection,
            logging_level=logging.WARNING,
            serializer=queue.serializer,
        )

    def __call__(self) -> None:
        hand_over_waiting()
        if not self._scheduler.acquire_locks():
            return
        # A job that nobody says is alive any more: rq's signals work in the main thread alone.
        StartedJobRegistry(queue=self._queue, job_class=Job, death_penalty_class=TimerDeathPenalty).cleanup()
        for registry in (FinishedJobRegistry, FailedJobRegistry):
            registry(queue=self._queue, job_class=Job).cleanup()
        self._scheduler.enqueue_scheduled_jobs()


def counted() -> Counter[str]:
    """How many tasks there are in Redis, by status."""
    queue = queue_of_tasks()
    return Counter(
        {
            "ready": queue.count + queue.scheduled_job_registry.count,
            "running": queue.started_job_registry.count,
            "failed": queue.failed_job_registry.count,
            "successful": queue.finished_job_registry.count,
        }
    )


def oldest() -> datetime | None:
    """When the task that waits longest in Redis was enqueued."""
    job_ids: Iterable[str] = queue_of_tasks().get_job_ids(0, 1)
    for job in filter(None, map(queue_of_tasks().fetch_job, job_ids)):
        return job.enqueued_at and job.enqueued_at.replace(tzinfo=UTC)
    return None
