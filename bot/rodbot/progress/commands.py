"""`/progress …`: what a player earns by playing and practising. Each part is a module with its commands and buttons."""

from discord import app_commands

from rodbot.core.forms import Form
from rodbot.core.persistent import PersistentItems
from rodbot.progress import badges, exams, honours, points, practice, reset

group = app_commands.Group(name="progress", description="Practise, and see what you have earned")
PARTS = (points, practice, exams, badges, honours, reset)
PERSISTENT: PersistentItems = tuple(item for part in PARTS for item in part.PERSISTENT)
FORMS: tuple[Form, ...] = (*honours.FORMS, *reset.FORMS)

for part in PARTS:
    for command in part.COMMANDS:
        group.add_command(command)
