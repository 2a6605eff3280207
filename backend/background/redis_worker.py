"""The worker where tasks wait in Redis: rq's, which runs each in a process of its own and ends it in time."""

import contextlib
import ctypes
import logging
import secrets
import signal
import sys
import time
from types import FrameType

import django_rq
from django_tasks_rq import Job as TaskJob
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.queue import Queue

from background.redis_tasks import QUEUE
from monitoring import metrics

log = logging.getLogger(__name__)

# Between two signs of life of a task; it has died when none came for a minute longer.
SIGN_OF_LIFE = 10  # seconds
# So long an idle worker waits for a task before it looks around; rq takes 15 s off.
LIFE = 30  # seconds
PR_SET_PDEATHSIG = 1  # of Linux: the signal that comes when the parent dies
PAUSE = 2.0  # seconds, while Redis is away


class RedisWorker(Worker):
    stopped = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopped = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # of a package without types

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run a task, in its own process."""
        if sys.platform == "linux":
            # With its worker, else it would go on unseen while another worker does it.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        super().main_work_horse(job, queue)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a task; count it here, as its own process ends with it."""
        began = time.monotonic()
        super().execute_job(job, queue)
        outcome = "successful" if job.get_status(refresh=True) == "finished" else "failed"
        metrics.TASKS.observe(time.monotonic() - began, str(job.func_name).rpartition(".")[2], outcome)


def run(worker_id: str, *, batch: bool) -> None:
    """Work until a signal comes. A Redis that is away is waited for."""
    logging.getLogger("rq.worker").addFilter(_is_news)
    with contextlib.suppress(StopRequested):  # while nobody worked
        while not _work(worker_id, batch):
            time.sleep(PAUSE)


def _work(worker_id: str, batch: bool) -> bool:
    """Work; return whether that was all, or Redis went away."""
    stopped = False
    try:
        # By another name each time: rq takes the one before for alive until a Redis that came back forgets it.
        worker = _worker(f"{worker_id}-{secrets.token_hex(4)}")
        try:
            worker.work(burst=batch, logging_level="WARNING")
        finally:
            stopped = worker.stopped
    except (RedisError, OSError) as error:
        log.warning("the worker lost Redis: %s", error or type(error).__name__)
        return stopped
    return stopped or batch


def _worker(name: str) -> RedisWorker:
    # With a connection of its own: rq lets it wait as long as an idle worker does.
    queue = django_rq.get_queue(QUEUE, job_class=TaskJob)
    return RedisWorker(
        [queue],
        name=name,
        connection=queue.connection,
        serializer=queue.serializer,
        job_class=TaskJob,
        job_monitoring_interval=SIGN_OF_LIFE,
        worker_ttl=LIFE,
        maintenance_interval=2 * LIFE,
        log_job_description=False,
    )


def _is_news(record: logging.LogRecord) -> bool:
    """The failure of a task is logged by django-tasks already."""
    return "exception raised while executing" not in str(record.msg)
