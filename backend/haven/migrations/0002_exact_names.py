"""On MariaDB and MySQL "José" is not "Jose", and an owl is not a wolf: their usual collations tell neither apart."""

from typing import Any

from django.db import migrations


def set_collation(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "mysql":
        schema_editor.execute(
            "ALTER TABLE characters MODIFY name_key varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL"
        )


class Migration(migrations.Migration):
    atomic = False  # there, a change of a table ends any transaction by itself
    dependencies = [("haven", "0001_initial")]

    operations = [migrations.RunPython(set_collation, migrations.RunPython.noop)]
