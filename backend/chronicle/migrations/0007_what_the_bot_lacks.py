"""Where the bot may not post, as the Discord process reports it with the next mirror of a server."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0006_who_sees_a_channel")]

    operations = [
        migrations.AddField("serverchannel", "bot_lacks", models.JSONField(blank=True, default=list)),
    ]
