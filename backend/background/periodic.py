"""The periodic table: tasks that run at fixed times. Each time is claimed in the database, so one worker enqueues it.

What came due while no worker ran is made up for once, when one starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from background.models import PeriodicRun

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger


@dataclass(frozen=True)
class Periodic:
    """`when` is a crontab's five fields, in UTC."""

    name: str
    when: str
    task: Task[[], Any]

    @cached_property
    def trigger(self) -> "CronTrigger":
        from apscheduler.triggers.cron import CronTrigger

        return CronTrigger.from_crontab(self.when, UTC)

    def is_due(self, ran_at: datetime, now: datetime) -> bool:
        due = self.trigger.get_next_fire_time(ran_at, ran_at)
        return due is not None and due <= now


def enqueue_due(table: Iterable[Periodic]) -> list[str]:
    """Enqueue what is due, and return its names. A new task of the table is first due at its next time."""
    now = timezone.now()
    last = dict(PeriodicRun.objects.values_list("name", "ran_at"))
    return [periodic.name for periodic in table if _enqueue(periodic, last.get(periodic.name), now)]


def _enqueue(periodic: Periodic, ran_at: datetime | None, now: datetime) -> bool:
    rows = PeriodicRun.objects.filter(name=periodic.name)
    if ran_at is None:
        PeriodicRun.objects.get_or_create(name=periodic.name, defaults={"ran_at": now})
        return False
    if ran_at > now:  # the clock was wrong, and has been set back
        rows.filter(ran_at=ran_at).update(ran_at=now)
        return False
    if not periodic.is_due(ran_at, now):
        return False
    with transaction.atomic():
        claimed = rows.filter(ran_at=ran_at).update(ran_at=now)
        if claimed:
            periodic.task.enqueue()
    return bool(claimed)
