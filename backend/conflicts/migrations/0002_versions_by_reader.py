"""A conflict counts apart what the table saw: what ran before goes on from its version."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def go_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Pages that are open never see a lower number."""
    apps.get_model("conflicts", "Conflict").objects.update(shown_version=models.F("version"))


class Migration(migrations.Migration):
    dependencies = [("conflicts", "0001_conflicts")]

    operations = [
        migrations.AddField("conflict", "shown_version", models.PositiveIntegerField(default=1)),
        migrations.AddField("conflict", "own_steps", models.JSONField(default=dict)),
        migrations.RunPython(go_on, migrations.RunPython.noop),
    ]
