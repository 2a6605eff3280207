"""Award badges for what happened before: of a new rule, or of one that has changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from progress.badges import BADGES
from progress.models import Reward
from progress.services import badge_walks, badges
from progress.terminal_bar import TerminalBar


class Command(BaseCommand):
    help = (
        "Counts badges from the beginning of the timeline and gives those that are due. Without names: those that "
        "were never counted so, as of a new rule. Broken off, it goes on where it was. What a reset took is given "
        "again only with --before-resets."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("badge", nargs="*", help="names of badges (--list shows them)")
        parser.add_argument("--list", action="store_true", help="show all badges and end")
        parser.add_argument(
            "--before-resets", action="store_true", help="give also what people had before a reset"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = ""  # the bar ends its lines itself
        if options["list"]:
            self.stdout.write("".join(f"{badge.slug:<20} {badge.label}\n" for badge in BADGES.values()))
            return
        slugs = self._wanted(options["badge"])
        while badges.look_around():  # what happened within the last minute
            pass
        before = Reward.objects.count()
        begun = badge_walks.begun()
        badge_walks.begin([slug for slug in slugs if slug not in begun])
        bar = TerminalBar(self.stdout, "Events", badge_walks.events_before())
        badge_walks.walk(bar.add)
        bar.close()
        if options["before_resets"]:
            badge_walks.give_before_resets(slugs)
        given = Reward.objects.count() - before
        self.stdout.write(f"Counted: {', '.join(slugs) or 'nothing'}. New badges: {given}.\n")

    def _wanted(self, named: list[str]) -> list[str]:
        if unknown := sorted(set(named) - BADGES.keys()):
            raise CommandError(f"There is no badge {', '.join(unknown)}. --list shows all of them.")
        return named or badge_walks.never_finished()
