"""Who sees a channel on Discord; and no event of a server names channels any more, as one may be hidden later."""

from typing import Any

from django.db import migrations, models

UNSEEN = 4
EDITIONS = [
    ("5th", "5th edition"),
    ("20th", "20th anniversary edition"),
    ("cod", "Chronicles of Darkness"),
]


def names_channels(path: str) -> bool:
    return path.startswith("channels.") or path in ("tracker_channel", "settings")


def hide_channels(apps: Any, schema_editor: Any) -> None:
    Event = apps.get_model("timeline", "Event")
    rows = Event.objects.filter(stream__kind="server", type__startswith="server.")
    for event in rows.only("changes", "visibility").iterator(chunk_size=500):
        hidden = {path: UNSEEN for path in event.changes if names_channels(path)}
        if hidden:
            event.visibility |= hidden
            event.save(update_fields=["visibility"])


class Migration(migrations.Migration):
    dependencies = [
        ("chronicle", "0005_threads"),
        ("timeline", "0007_keys_keep_the_event"),
    ]

    operations = [
        migrations.AddField("serverchannel", "seen_by", models.JSONField(blank=True, default=dict)),
        migrations.AlterField(
            "chronicle",
            "own_edition",
            models.CharField(
                blank=True,
                choices=EDITIONS,
                db_column="edition",
                default="",
                help_text="Empty: the server's",
                max_length=4,
            ),
        ),
        migrations.AlterField(
            "server", "edition", models.CharField(choices=EDITIONS, default="5th", max_length=4)
        ),
        migrations.RunPython(hide_channels, migrations.RunPython.noop),
    ]
