"""Confirm that the six tables of campaigns exist: `manage.py verify_schema`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Model

from chronicle.models import Chronicle, Episode
from companion.models import LayoutOverrides, Roster
from haven.models import Character
from timeline.models import Event

TABLES: dict[str, type[Model]] = {
    "Campaigns": Chronicle,
    "Characters": Character,
    "Episodes": Episode,
    "Events": Event,
    "Rosters": Roster,
    "LayoutOverrides": LayoutOverrides,
}


class Command(BaseCommand):
    help = "Confirm that the tables of campaigns exist."

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(connection.introspection.table_names())
        names = {title: model._meta.db_table for title, model in TABLES.items()}
        if missing := [name for name in names.values() if name not in there]:
            raise CommandError(f"Missing: {', '.join(missing)}. Run python manage.py migrate.")
        self.stdout.write("Tables created successfully!")
        for title, name in names.items():
            self.stdout.write(f"{title} table exists: {name}")
