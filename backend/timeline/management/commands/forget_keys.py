"""Idempotency keys serve retries, which come within minutes, and letters are news for a day. Old ones are forgotten, a
batch at a time.
"""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from timeline.models import IdempotencyKey, Letter

KEPT = timedelta(hours=48)
BATCH = 1000


class Command(BaseCommand):
    help = "Deletes idempotency keys and letters older than 48 hours. Safe at any time; run it daily."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batches", type=int, default=1000, help=f"at most so many times {BATCH} keys")

    def handle(self, *args: Any, **options: Any) -> None:
        keys, letters = (forget(model, options["batches"]) for model in (IdempotencyKey, Letter))
        self.stdout.write(f"{keys} keys and {letters} letters forgotten.")


def forget(model: type[IdempotencyKey] | type[Letter], batches: int) -> int:
    """Ids first: one engine cannot limit a DELETE, another cannot delete from what it selects."""
    forgotten = 0
    for _ in range(batches):
        old = model._default_manager.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
        ids: list[Any] = list(old.values_list("pk", flat=True)[:BATCH])
        forgotten += model._default_manager.filter(pk__in=ids).delete()[0]
        if len(ids) < BATCH:
            break
    return forgotten
