"""Give every channel its slug and time, and let moderators manage messages. The mirror makes rows of the categories."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations
from django.utils.text import slugify

from rules.ids import uuid7

# Discord's ids carry the milliseconds since 2015.
DISCORD_EPOCH = 1_420_070_400_000


def fill_channels(apps: Any, schema_editor: Any) -> None:
    Channel = apps.get_model("chronicle", "ServerChannel")
    servers = Channel.objects.order_by().values_list("server_id", flat=True).distinct()
    for server_id in list(servers):
        rows = list(Channel.objects.filter(server_id=server_id).order_by("position", "id"))
        taken: set[str] = set()
        for row in rows:
            row.slug = _free(slugify(row.name), taken)
            row.created_at = _made(row)
        Channel.objects.bulk_update(rows, ["slug", "created_at"], batch_size=200)


def _free(wanted: str, taken: set[str]) -> str:
    base = wanted[:100].strip("-") or str(uuid7())
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def _made(row: Any) -> Any:
    """When Discord made it, which its id tells; ids made up for a test tell nothing sensible."""
    milliseconds = (int(row.discord_id) >> 22) + DISCORD_EPOCH if row.discord_id else 0
    made = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return made if DISCORD_EPOCH < milliseconds and made < row.created_at else row.created_at


def let_moderators(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("chronicle", "ServerRole").objects.filter(system="MODERATOR").iterator(500):
        if "manage_messages" not in role.permissions:
            role.permissions |= {"manage_messages": "allow"}
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0010_channels_of_our_own")]

    operations = [
        migrations.RunPython(fill_channels, migrations.RunPython.noop),
        migrations.RunPython(let_moderators, migrations.RunPython.noop),
    ]
