"""Who is in a voice channel, and servers whose time to be restored is over."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import rules.ids


class Migration(migrations.Migration):
    dependencies = [
        ("chronicle", "0012_channel_slugs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("server", "removed_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="VoiceSeat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rules.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("renewed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="chronicle.serverchannel",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seat",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "voice_seats", "ordering": ["joined_at", "id"]},
        ),
    ]
