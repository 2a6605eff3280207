"""Names of macros become one by the rule for those of characters (`haven.0006_fold_names`)."""

from typing import Any

from django.db import migrations

from contract.lookup import key

LENGTH = 100


def fold_names(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("rolls", "Macro").objects.order_by("id")
    listed = [
        (row, (row.character_id, row.name_key), (row.character_id, key(row.name)[:LENGTH])) for row in rows
    ]
    taken = {before for _, before, after in listed if before == after}
    for row, before, after in listed:
        if before != after and after not in taken:
            taken.add(after)
            row.name_key = after[1]
            row.save(update_fields=["name_key"])


class Migration(migrations.Migration):
    dependencies = [("rolls", "0001_initial")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
