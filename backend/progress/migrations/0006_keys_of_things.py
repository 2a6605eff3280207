"""Name the awards for badges and exams by what they are for, as all are since: by that a second one is known.

Before, they were named by the row of the reward or of the sitting, which a reset may have taken away meanwhile.
"""

import re
from typing import Any

from django.db import migrations

_ID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
OLD = re.compile(rf"(?P<before>(?:again:)?)(?P<named>(?:badge|exam):(?P<id>{_ID}))(?P<after>(?::undone)?)")
CHUNK = 500


def rename(apps: Any, editor: Any) -> None:
    entries = apps.get_model("progress", "PointEntry").objects.using(editor.connection.alias)
    awards: dict[tuple[Any, str], list[tuple[Any, re.Match[str]]]] = {}
    rows = entries.filter(source__in=("badge", "exam")).order_by("pk").values_list("pk", "user_id", "key")
    for pk, user, key in rows.iterator(CHUNK):
        if found := OLD.fullmatch(key):
            awards.setdefault((user, found["named"]), []).append((pk, found))
    things = _things(apps, editor, {found[0][1]["id"] for found in awards.values()})
    for (user, _named), found in awards.items():
        if (thing := things.get(found[0][1]["id"])) is not None:
            key = _free(
                set(entries.filter(user=user, key__startswith=thing).values_list("key", flat=True)), thing
            )
            for pk, old in found:
                entries.filter(pk=pk).update(key=f"{old['before']}{key}{old['after']}")


def _things(apps: Any, editor: Any, ids: set[str]) -> dict[str, str]:
    """What rewards and sittings are for, by their ids: as they stand, or as a restore point keeps them."""
    alias = editor.connection.alias
    papers = apps.get_model("progress", "Paper").objects.using(alias).values_list("pk", "first_version")
    first = {str(pk): str(earlier or pk) for pk, earlier in papers.iterator(CHUNK)}
    found: dict[str, str] = {}

    def note(table: str, row: dict[str, Any]) -> None:
        if table == "rewards":
            found[str(row["id"])] = f"badge:{row['badge']}:{row['scope']}"
        elif str(row["paper_id"]) in first:
            found[str(row["id"])] = f"exam:{first[str(row['paper_id'])]}"

    wanted = sorted(ids)
    for model, columns in (("Reward", ("id", "badge", "scope")), ("PaperAttempt", ("id", "paper_id"))):
        table = apps.get_model("progress", model)
        for start in range(0, len(wanted), CHUNK):
            rows = table.objects.using(alias).filter(pk__in=wanted[start : start + CHUNK]).values(*columns)
            for row in rows:
                note(table._meta.db_table, row)
        if ids - found.keys():
            kept = apps.get_model("progress", "KeptRows").objects.using(alias)
            for chunk in kept.filter(table=table._meta.db_table).iterator(1):
                for row in chunk.rows:
                    if str(row["id"]) in ids:
                        note(table._meta.db_table, row)
    return found


def _free(taken: set[str], thing: str) -> str:
    """The key of one more award for a thing."""
    if thing not in taken:
        return thing
    return next(key for number in range(2, len(taken) + 3) if (key := f"{thing}#{number}") not in taken)


class Migration(migrations.Migration):

    dependencies = [("progress", "0005_key_readers")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
