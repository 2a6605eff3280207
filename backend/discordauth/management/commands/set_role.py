"""Make somebody an admin of the platform, or a member again: `manage.py set_role NAME admin`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q

from discordauth.models import CustomUser
from discordauth.profile import logged, note_changes


class Command(BaseCommand):
    help = "Sets the role of an account. An admin may reset everybody’s progress (docs/RESET.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="name on Discord or here, or Discord id")
        parser.add_argument("role", choices=CustomUser.Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        named = options["account"]
        wanted = Q(username=named) | Q(discord_username=named) | Q(discord_id=named)
        found = list(CustomUser.objects.filter(wanted, erased_at=None)[:2])
        if len(found) != 1:
            many = "Several accounts are" if found else "No account is"
            raise CommandError(
                f"{many} called “{named}”. Name it by its Discord id, or as the admin pages list it."
            )
        user = found[0]
        with transaction.atomic():
            before, user.role = logged(user), options["role"]
            user.save(update_fields=["role"])
            note_changes(before, user, None)
        self.stdout.write(f"{user.username}: {user.role}")
