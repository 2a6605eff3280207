"""What a server's set-up needs to know: that somebody chose the edition, and that Discord has our commands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0007_what_the_bot_lacks")]

    operations = [
        migrations.AddField("server", "edition_chosen", models.BooleanField(default=False)),
        migrations.AddField(
            "server", "commands_registered", models.BooleanField(blank=True, default=None, null=True)
        ),
    ]
