"""Delete at once what goes by itself in time (`timeline.retention`), in batches."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from timeline.models import IdempotencyKey, Notification
from timeline.retention import BATCH, KEPT, forget


class Command(BaseCommand):
    help = (
        f"Deletes idempotency keys and notifications older than {KEPT.days} days. They also go by themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batches", type=int, default=1000, help=f"at most so many times {BATCH} keys")

    def handle(self, *args: Any, **options: Any) -> None:
        batches = options["batches"]
        keys, notifications = (forget(model, batches, BATCH) for model in (IdempotencyKey, Notification))
        self.stdout.write(f"{keys} keys and {notifications} notifications deleted.")
