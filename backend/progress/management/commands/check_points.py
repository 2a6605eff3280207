"""Check that every total is the sum of the ledger's entries."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from progress.services import checking
from progress.terminal_bar import TerminalBar

MOST_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Compares points, levels and boards with the entries of the ledger, which are never changed. Ends with 1 where "
        "they differ; with --repair the entries decide."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="set what differs to what the entries come to"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = ""  # the bar ends its lines itself
        bar = TerminalBar(self.stdout, "Players", checking.people())
        listed, count = [], 0
        for difference in checking.check(repair=options["repair"], report=bar.add):
            count += 1
            if count <= MOST_SHOWN:
                listed.append(difference)
        bar.close()
        for row in listed:
            self.stdout.write(f"{row.user}: {row.what}: {row.stored}, the entries come to {row.right}\n")
        if not count:
            self.stdout.write("Everything agrees with the entries.\n")
        elif options["repair"]:
            self.stdout.write(f"Repaired: {count}.\n")
        else:
            raise CommandError(
                f"{count} values differ from the entries. --repair sets them right.", returncode=1
            )
