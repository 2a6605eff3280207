from typing import Any

from django.core.management.base import BaseCommand

from chat.statistics import statistics


class Command(BaseCommand):
    help = "Show how many messages there are, by channel, and how many people wrote in the last 24 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        found = statistics()
        self.stdout.write(f"Total messages: {found.messages}")
        self.stdout.write("Messages per channel:")
        for count in found.channels:
            self.stdout.write(f"  {count.server} / {count.channel}: {count.messages}")
        self.stdout.write(f"Active users (last 24 hours): {found.active}")
