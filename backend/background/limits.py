"""How long a task may take, and what ends one that takes longer: no thread can be killed, so a process is."""

import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from background import heartbeats
from monitoring import metrics

P = ParamSpec("P")
T = TypeVar("T")
Row = DBTaskResult[..., Any]
log = logging.getLogger(__name__)

# A task that lets no other thread run, not even the one that watches, ends the process so much later.
GRACE = 10  # seconds
LIMIT = "at_most"
STDERR = 2
FILES = 65_536  # more than a process has open


class TookTooLong(Exception):
    """What the admin shows of a task that was ended."""


def at_most(**time: float) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Declare how long a task may take, below its `@task`: `@at_most(minutes=30)`. Others have TASK_SECONDS."""
    seconds = timedelta(**time).total_seconds()

    def declare(function: Callable[P, T]) -> Callable[P, T]:
        setattr(function, LIMIT, seconds)
        return function

    return declare


def limit_of(function: Callable[..., Any]) -> float:
    """Return how many seconds the function of a task may take."""
    return float(getattr(function, LIMIT, settings.TASK_SECONDS))


class WatchedWorker(Worker):
    """Ends, and starts again as a new process in its place, when a task takes too long."""

    def run_task(self, db_task_result: Row) -> None:
        with self._watched(db_task_result):
            super().run_task(db_task_result)

    @contextmanager
    def _watched(self, row: Row) -> Iterator[None]:
        limit = limit_of_row(row)
        watch = threading.Timer(limit, self._end, (row, limit, threading.get_ident()))
        watch.daemon = True
        watch.start()
        faulthandler.dump_traceback_later(limit + GRACE, exit=True, file=STDERR)
        try:
            yield
        finally:
            watch.cancel()
            faulthandler.cancel_dump_traceback_later()

    def _end(self, row: Row, limit: float, thread: int) -> None:
        frame = sys._current_frames().get(thread)
        where = "".join(traceback.format_stack(frame)) if frame else ""
        try:
            if not _fail(row, where):
                return  # it ended in this very moment
            heartbeats.ended(self.worker_id)
            metrics.TASKS.observe(limit, row.task_name, TaskResultStatus.FAILED.lower())
        except (DatabaseError, InterfaceError):
            log.warning("the worker cannot reach the database: task %s is found abandoned later", row.pk)
        finally:
            connection.close()
        log.error(
            "task %s took longer than %g s: it has failed, and the worker starts again", row.task_name, limit
        )
        _start_again(goes_on=self.running)


def limit_of_row(row: Row) -> float:
    try:
        return limit_of(row.task.func)
    except (ImportError, SuspiciousOperation):  # it fails in a moment, and says why
        return float(settings.TASK_SECONDS)


def _fail(row: Row, where: str) -> int:
    same = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    return same.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{TookTooLong.__module__}.{TookTooLong.__qualname__}",
        traceback=where,
        return_value=None,
    )


def _start_again(goes_on: bool) -> NoReturn:
    """Become a new process with the same command and id. What this one had open, the database takes back."""
    if not goes_on:
        os._exit(0)
    os.closerange(3, FILES)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # our own command
