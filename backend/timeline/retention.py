"""Rows that serve for a while go by themselves, in batches: every hour by a task, and now and then by what writes keys,
after its commit, so that they stay few where no worker runs.

Retries come within minutes, notifications are delivered within a day, and a session that has ended is nobody's.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from timeline.models import IdempotencyKey, Notification

BATCH = 1000  # so many rows at once: ten times as many as are written between two times
EVERY = 100  # keys that this process writes
AT_LEAST_EVERY = timedelta(hours=1)  # where few are written


class _Turn:
    """Whose turn it is to look, in this process. Two threads may both find that it is theirs: no harm."""

    written = 0
    last: datetime | None = None

    def comes(self) -> bool:
        self.written += 1
        now = timezone.now()
        if self.written < EVERY and self.last is not None and now - self.last < AT_LEAST_EVERY:
            return False
        self.written, self.last = 0, now
        return True


turn = _Turn()


def key_written() -> None:
    """Call in the transaction that writes a key."""
    if turn.comes():
        transaction.on_commit(forget_old, robust=True)


def forget_old(batches: int = 1) -> None:
    for model in (IdempotencyKey, Notification, Session):
        forget(model, batches)


def forget(model: type[Model], batches: int, size: int = BATCH) -> int:
    """Delete old rows and return their number.

    Keys and notifications are kept for KEYS_KEPT_HOURS. Ids first: one engine cannot limit a DELETE, another cannot
    delete from what it selects.
    """
    field, before = "created_at", timezone.now() - timedelta(hours=settings.KEYS_KEPT_HOURS)
    if model is Session:
        field, before = "expire_date", timezone.now()
    rows, deleted = model._default_manager, 0
    for _ in range(batches):
        old = rows.filter(**{f"{field}__lt": before}).order_by(field)
        ids: list[Any] = list(old.values_list("pk", flat=True)[:size])
        deleted += rows.filter(pk__in=ids).delete()[0] if ids else 0
        if len(ids) < size:
            break
    return deleted
