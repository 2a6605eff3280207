"""A clock that was set back: the scheduler would wait until it has caught up. It waits for no hour that has been."""

import logging
import threading
import time
from collections.abc import Callable

from apscheduler.schedulers.base import BaseScheduler
from django.utils import timezone

log = logging.getLogger(__name__)


class Watch:
    """Notices how far the time of day was moved, by the clock that only counts seconds."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()

    def set_back(self) -> float:
        """By how many seconds since the last look."""
        before, self._offset = self._offset, self._wall() - self._steady()
        return before - self._offset


def follow(
    scheduler: BaseScheduler, every: float, ended: threading.Event, watch: Watch | None = None
) -> None:
    """Until the end: when the clock was set back, each job runs now and goes on from there."""
    watch = watch or Watch()
    while not ended.wait(every):
        if (moved := watch.set_back()) > every:
            log.warning("the clock was set back by %.0f s: what is periodic goes on from now", moved)
            for job in scheduler.get_jobs():
                job.modify(next_run_time=timezone.now())
