"""Idempotency keys serve retries, which come within minutes. Old ones are forgotten, a batch at a time."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from timeline.models import IdempotencyKey

KEPT = timedelta(hours=48)
BATCH = 1000


class Command(BaseCommand):
    help = "Deletes idempotency keys older than 48 hours. Safe at any time; run it daily."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batches", type=int, default=1000, help=f"at most so many times {BATCH} keys")

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten = 0
        for _ in range(options["batches"]):
            batch = forget_batch()
            forgotten += batch
            if batch < BATCH:
                break
        self.stdout.write(f"{forgotten} keys forgotten.")


def forget_batch() -> int:
    """Ids first: one engine cannot limit a DELETE, another cannot delete from what it selects."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:BATCH])
    return IdempotencyKey.objects.filter(pk__in=ids).delete()[0]
