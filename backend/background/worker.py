"""The worker: runs tasks one after another, says that it is alive, sweeps, and enqueues what the periodic table says.

Each task runs at least once, so it must do no harm when it runs twice.
"""

import contextlib
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django_tasks.base import TaskResult
from django_tasks.signals import task_finished, task_started
from django_tasks_db.management.commands.db_worker import Worker
from redis.exceptions import RedisError

from background import clock, heartbeats
from background.limits import WatchedWorker
from background.models import Kind
from background.periodic import Periodic, enqueue_due
from background.sweep import sweep
from contract.logs import REQUEST
from monitoring import metrics

log = logging.getLogger(__name__)

POLL = 1.0  # seconds between two looks into an empty queue
LOOK = 10  # seconds between two sweeps, and two looks at the periodic table
PAUSE = 2.0  # seconds, while the database is away


def run(table: Sequence[Periodic], poll: float = POLL, *, batch: bool = False) -> None:
    """Work until a signal ends the process; the task at hand is finished first. `batch`: until the queue is empty."""
    while True:
        worker_id = f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
        try:
            if settings.TASKS_BACKEND == "redis":
                _work_by_redis(worker_id, table, batch)
            else:
                _work(_worker(worker_id, poll, batch), table)
            return
        except (DatabaseError, InterfaceError) as error:
            # By another name from here on: what this one was at is found abandoned, and runs again.
            log.warning("the worker lost its database and tries again: %s: %s", type(error).__name__, error)
            time.sleep(PAUSE)


def _worker(worker_id: str, poll: float, batch: bool) -> Worker:
    return WatchedWorker(
        queue_names=["*"],
        interval=poll,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )


def _name_the_task(sender: object, task_result: TaskResult[object], **_: object) -> None:
    """Lines of the log name the task as they name a request elsewhere."""
    REQUEST.set(task_result.id)


def _count_the_task(sender: object, task_result: TaskResult[object], **_: object) -> None:
    began, ended = task_result.started_at, task_result.finished_at
    if began and ended:
        metrics.TASKS.observe(
            (ended - began).total_seconds(), task_result.task.name, task_result.status.lower()
        )


def _work(worker: Worker, table: Sequence[Periodic]) -> None:
    task_finished.connect(_count_the_task)
    worker.configure_signals()
    with _alive(worker.worker_id, table, sweep):
        worker.run()


def _work_by_redis(worker_id: str, table: Sequence[Periodic], batch: bool) -> None:
    from background import redis_tasks, redis_worker  # which know no other settings

    sweep_redis = redis_tasks.Sweep(redis_tasks.queue_of_tasks())
    with _alive(worker_id, table, sweep, sweep_redis):
        # Each task gets a process of its own, which must not share this one's connection.
        connections.close_all()
        redis_worker.run(worker_id, batch=batch)


@contextlib.contextmanager
def _alive(worker_id: str, table: Sequence[Periodic], *sweeps: Callable[[], object]) -> Iterator[None]:
    """Say that the worker is alive, sweep, and look at the periodic table, beside its work."""
    task_started.connect(_name_the_task)
    beat = partial(heartbeats.beat, worker_id, Kind.WORKER, {})
    beat()
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    looks: list[Callable[[], object]] = [*sweeps, partial(enqueue_due, table)]
    jobs: list[tuple[Callable[[], object], int]] = [
        (beat, heartbeats.EVERY),
        *((look, LOOK) for look in looks),
    ]
    for job, seconds in jobs:
        scheduler.add_job(partial(_quietly, job), "interval", seconds=seconds, next_run_time=timezone.now())
    scheduler.start()
    ended = threading.Event()
    threading.Thread(target=clock.follow, args=(scheduler, LOOK, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        scheduler.shutdown(wait=False)
        with contextlib.suppress(DatabaseError, InterfaceError):
            heartbeats.ended(worker_id)


def _quietly(job: Callable[[], object]) -> None:
    """A database or a Redis that is away is one line in the log, and the next time comes."""
    close_old_connections()
    try:
        job()
    except (DatabaseError, InterfaceError) as error:
        log.warning("the worker cannot reach the database: %s: %s", type(error).__name__, error)
    except (RedisError, OSError) as error:
        log.warning("the worker cannot reach Redis: %s: %s", type(error).__name__, error)
    finally:
        close_old_connections()
