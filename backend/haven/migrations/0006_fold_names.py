"""Names that differ in marks, apostrophes or kinds of dashes alone are one: their keys are made again."""

from typing import Any

from django.db import migrations

from contract.lookup import key

LENGTH = 100


def fold_names(apps: Any, schema_editor: Any) -> None:
    """Of two old names that are one by now, the second keeps its key of before: nothing is renamed."""
    rows = apps.get_model("haven", "Character").objects.exclude(name_key=None).order_by("id")
    listed = [(row, (row.owner_id, row.name_key), (row.owner_id, key(row.name)[:LENGTH])) for row in rows]
    taken = {before for _, before, after in listed if before == after}
    for row, before, after in listed:
        if before != after and after not in taken:
            taken.add(after)
            row.name_key = after[1]
            row.save(update_fields=["name_key"])


class Migration(migrations.Migration):
    dependencies = [("haven", "0005_abilities_of_each_game")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
