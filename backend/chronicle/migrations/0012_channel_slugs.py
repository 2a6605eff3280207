"""Slugs are unique in a server; of channels that the code of before writes they are null, which are never equal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0011_fill_channels")]

    operations = [
        migrations.AddConstraint(
            "serverchannel",
            models.UniqueConstraint(fields=("server", "slug"), name="channel_server_slug"),
        ),
    ]
