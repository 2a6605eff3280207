"""Channels may be made here: what Discord says of a channel is no longer all there is, and categories are rows."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0009_sessions_and_attendance")]

    operations = [
        migrations.AddField("server", "deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.RenameField("serverchannel", "category", "category_name"),
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
        migrations.AddField("serverchannel", "slug", models.CharField(default="", max_length=120)),
        migrations.AddField(
            "serverchannel", "description", models.TextField(blank=True, default="", max_length=1024)
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
                default=0, help_text="Seconds between two messages of one person; 0: off"
            ),
        ),
        migrations.AddField("serverchannel", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "serverchannel",
            "created_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False),
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
