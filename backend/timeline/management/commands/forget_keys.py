"""Delete idempotency keys (retries come within minutes) and notifications (delivered within a day), in batches."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from timeline.models import IdempotencyKey, Notification

KEPT = timedelta(hours=48)
BATCH = 1000


class Command(BaseCommand):
    help = "Deletes idempotency keys and notifications older than 48 hours. Safe at any time; run it daily."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batches", type=int, default=1000, help=f"at most so many times {BATCH} keys")

    def handle(self, *args: Any, **options: Any) -> None:
        keys, notifications = (forget(model, options["batches"]) for model in (IdempotencyKey, Notification))
        self.stdout.write(f"{keys} keys and {notifications} notifications deleted.")


def forget(model: type[IdempotencyKey] | type[Notification], batches: int) -> int:
    """Delete old rows and return their number.

    Ids first: one engine cannot limit a DELETE, another cannot delete from what it selects.
    """
    deleted = 0
    for _ in range(batches):
        old = model._default_manager.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
        ids: list[Any] = list(old.values_list("pk", flat=True)[:BATCH])
        deleted += model._default_manager.filter(pk__in=ids).delete()[0]
        if len(ids) < BATCH:
            break
    return deleted
