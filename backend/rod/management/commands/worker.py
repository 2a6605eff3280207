"""Do the background work: tasks as they are enqueued, and those of the periodic table."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Runs background tasks until it is stopped. Several workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        # A scheduler that no other command needs.
        from background.worker import run
        from rod import observing
        from rod.periodic import TABLE
        from rod.start import make_sure

        make_sure(pages=False)
        observing.start()
        run(TABLE, batch=options["batch"])
