"""What waits for approval asks for an ability of another game: it asks for the secondary ability that there is now."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GONE: Mapping[str, Mapping[str, str]] = import_module("haven.migrations.0005_abilities_of_each_game").GONE
SECONDARY = "secondary_abilities"
Operations = list[dict[str, Any]]


def moved(splat: str, sheet: Mapping[str, Any], operations: Operations) -> Operations:
    """The operations for the sheet as it is now; dots are moved, what concerns specialties is left as it is."""
    return [_moved(GONE[splat], sheet, operation) for operation in operations]


def _moved(gone: Mapping[str, str], sheet: Mapping[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    slug, _, part = operation["path"].partition(".")
    dots = _dots(operation)
    if slug not in gone or part not in ("", "dots") or dots is None:
        return operation
    name = gone[slug]
    for key, entry in (sheet.get(SECONDARY) or {}).items():
        if entry["name"].casefold() == name.casefold():
            return operation | {"path": f"{SECONDARY}.{key}.rating"}
    return {"path": SECONDARY, "op": "add", "value": {"name": name, "rating": min(5, max(0, dots))}}


def _dots(operation: dict[str, Any]) -> int | None:
    """How many dots there are after it where there were none; None where it is of no dots."""
    try:
        return int(operation["value"])
    except (TypeError, ValueError):
        return None


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    waiting = apps.get_model("desk", "Submission").objects.using(editor.connection.alias).filter(is_open=True)
    for row in waiting.filter(character__splat__in=GONE).select_related("character"):
        operations = moved(row.character.splat, row.character.sheet, row.operations)
        if operations != row.operations:
            row.operations = operations
            row.save(update_fields=["operations"])


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_desk"), ("haven", "0005_abilities_of_each_game")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
