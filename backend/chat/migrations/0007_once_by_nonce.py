from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def no_nonce_is_null(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("chat", "ChatMessage").objects.filter(nonce="").update(nonce=None)


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0006_mentions"),
        ("chronicle", "0012_channel_slugs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="chatmessage",
            name="nonce",
            field=models.CharField(blank=True, max_length=64, null=True),
        ),
        migrations.RunPython(no_nonce_is_null, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="chatmessage",
            constraint=models.UniqueConstraint(fields=("user", "room", "nonce"), name="message_once"),
        ),
    ]
