"""On MariaDB and MySQL the key "a" is not the key "A": their usual collations do not tell letter cases apart."""

from typing import Any

from django.db import migrations


def set_collation(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "mysql":
        schema_editor.execute(
            "ALTER TABLE idempotency_keys"
            " MODIFY scope varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,"
            " MODIFY `key` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
        )


class Migration(migrations.Migration):
    atomic = False  # there, a change of a table ends any transaction by itself
    dependencies = [("timeline", "0001_initial")]

    operations = [migrations.RunPython(set_collation, migrations.RunPython.noop)]
