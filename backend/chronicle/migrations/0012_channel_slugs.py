"""Slugs are unique in a server, and the category's name stands in its row alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0011_fill_channels")]

    operations = [
        migrations.RemoveField("serverchannel", "category_name"),
        migrations.AlterField(
            "serverchannel",
            "slug",
            models.SlugField(
                blank=True, help_text="Made from the name, for people; no two in a server", max_length=120
            ),
        ),
        migrations.AlterField("serverchannel", "description", models.TextField(blank=True, max_length=1024)),
        migrations.AddConstraint(
            "serverchannel",
            models.UniqueConstraint(fields=("server", "slug"), name="channel_server_slug"),
        ),
    ]
