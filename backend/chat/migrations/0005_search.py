"""The index of words, as each engine has it (`chat.search.index`), and pages around a date."""

from typing import Any

from django.db import migrations, models

from chat.search import index


def make(apps: Any, schema_editor: Any) -> None:
    index.make(schema_editor.connection)


def drop(apps: Any, schema_editor: Any) -> None:
    index.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_game")]

    operations = [
        migrations.AddIndex(
            model_name="chatmessage",
            index=models.Index(fields=["room", "created_at"], name="message_room_created"),
        ),
        migrations.RunPython(make, drop),
    ]
