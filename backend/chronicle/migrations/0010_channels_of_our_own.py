"""Channels may be made here: what Discord says of a channel is no longer all there is, and categories are rows.

The column of a category's name stays as it is, for the code of before; only the field is called otherwise.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now

NAMED = models.CharField(blank=True, db_column="category", default="", max_length=100)


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0009_sessions_and_attendance")]

    operations = [
        migrations.AddField("server", "deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("serverchannel", "category", "category_name"),
                migrations.AlterField("serverchannel", "category_name", NAMED),
            ]
        ),
        migrations.AddField(
            "serverchannel",
            "category",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="channels",
                to="chronicle.serverchannel",
            ),
        ),
        migrations.AddField(
            "serverchannel",
            "slug",
            models.SlugField(
                blank=True,
                help_text="Made from the name, for people; no two in a server",
                max_length=120,
                null=True,
            ),
        ),
        migrations.AddField(
            "serverchannel",
            "description",
            models.CharField(blank=True, db_default="", default="", max_length=1024),
        ),
        migrations.AddField(
            "serverchannel",
            "user_limit",
            models.PositiveSmallIntegerField(
                blank=True, help_text="Of a voice channel; empty or 0: any number", null=True
            ),
        ),
        migrations.AddField(
            "serverchannel",
            "slow_mode",
            models.PositiveIntegerField(
                db_default=0, default=0, help_text="Seconds between two messages of one person; 0: off"
            ),
        ),
        migrations.AddField("serverchannel", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "serverchannel",
            "created_at",
            models.DateTimeField(db_default=Now(), default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField(
            "serverchannel",
            "discord_id",
            models.CharField(blank=True, max_length=20, null=True, unique=True),
        ),
        migrations.AlterField(
            "serverchannel",
            "kind",
            models.PositiveSmallIntegerField(
                default=0, help_text="Discord's channel type; 0 is text, 2 voice, 4 a category"
            ),
        ),
        *(
            migrations.CreateModel(
                name=name,
                fields=[],
                options={"proxy": True, "indexes": [], "constraints": []},
                bases=("chronicle.serverchannel",),
            )
            for name in ("TextChannel", "VoiceChannel")
        ),
    ]
