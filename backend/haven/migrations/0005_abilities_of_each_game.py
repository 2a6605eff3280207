"""Give each game of the 20th edition its own abilities: what a sheet had of others becomes a secondary ability.

An ability that a sheet kept as a secondary one takes the place that it now has. A wraith's health is its Corpus: the
worse of the two counts. Nothing is lost; what has neither dots nor specialties stays where it is, and nobody reads it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from rules.ids import entry_id

Sheet = dict[str, Any]
GONE: Mapping[str, Mapping[str, str]] = {
    "werewolf20th": {"awareness": "Awareness", "finance": "Finance", "politics": "Politics"},
    "changeling20th": {"awareness": "Awareness", "finance": "Finance", "occult": "Occult"},
    "mage20th": {
        "animal_ken": "Animal Ken",
        "finance": "Finance",
        "larceny": "Larceny",
        "performance": "Performance",
    },
    "wraith20th": {"animal_ken": "Animal Ken", "finance": "Finance", "law": "Law", "survival": "Survival"},
}
NEW: Mapping[str, tuple[str, ...]] = {
    "werewolf20th": ("primal_urge", "enigmas", "rituals"),
    "changeling20th": ("kenning", "enigmas", "gremayre"),
    "mage20th": (
        "art",
        "martial_arts",
        "meditation",
        "research",
        "cosmology",
        "enigmas",
        "esoterica",
    ),
    "wraith20th": ("persuasion", "meditation", "bureaucracy", "enigmas"),
}
SECONDARY = "secondary_abilities"
DAMAGE = ("bashing", "lethal", "aggravated")


def moved(splat: str, sheet: Sheet, levels: Mapping[str, int]) -> tuple[Sheet, dict[str, int]]:
    """The sheet with the abilities of its game, and who may see them: what was hidden stays hidden."""
    after, seen = dict(sheet), dict(levels)
    entries = dict(after.get(SECONDARY) or {})
    for slug in NEW[splat]:
        _promote(after, entries, slug)
    for slug, label in GONE[splat].items():
        if entry := _entry(label, after.get(slug) or {}):
            del after[slug]
            entries[entry_id()] = entry
            level = seen.pop(slug, None)
            if level is not None:
                seen[SECONDARY] = max(level, seen.get(SECONDARY, level))
    if entries or SECONDARY in after:
        after[SECONDARY] = entries
    if splat == "wraith20th" and "health" in after:
        _join_corpus(after)
    return after, seen


def _promote(sheet: Sheet, entries: Sheet, slug: str) -> None:
    """An entry of that name gives its dots to the ability; one that says more stays as well."""
    for key, entry in list(entries.items()):
        if "".join(filter(str.isalnum, str(entry.get("name", "")).casefold())) != slug.replace("_", ""):
            continue
        if (sheet.get(slug) or {}).get("dots") or not 0 < entry.get("rating", 0) <= 5:
            continue
        sheet[slug] = {"dots": entry["rating"], "specialties": {}}
        if not any(entry.get(name) for name in ("modifier", "description", "notes")):
            del entries[key]


def _entry(label: str, old: Sheet) -> Sheet:
    """The secondary ability; none for one without dots and specialties."""
    named = ", ".join(_names(old))
    if not old.get("dots") and not named:
        return {}
    entry = {"name": label, "rating": old.get("dots", 0), "modifier": 0, "description": "", "notes": ""}
    return entry | ({"notes": f"Specialties: {named}"} if named else {})


def _names(old: Sheet) -> Iterator[str]:
    return (str(entry["name"]) for entry in (old.get("specialties") or {}).values())


def _join_corpus(sheet: Sheet) -> None:
    corpus = dict(sheet.get("corpus") or {"total": 10, "current": 10})
    health = {**sheet["health"], "total": corpus["total"]}
    for kind in DAMAGE:
        surplus = sum(health[name] for name in DAMAGE) - health["total"]
        health[kind] -= min(health[kind], max(0, surplus))
    lost = corpus["total"] - corpus["current"] - sum(health[kind] for kind in DAMAGE)
    health["lethal"] += max(0, lost)
    corpus["current"] = health["total"] - sum(health[kind] for kind in DAMAGE)
    sheet |= {"health": health, "corpus": corpus}


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    characters = apps.get_model("haven", "Character").objects.using(editor.connection.alias)
    for character in characters.filter(splat__in=GONE).order_by("pk").iterator(chunk_size=200):
        sheet, levels = moved(character.splat, character.sheet, character.visibility)
        if (sheet, levels) != (character.sheet, character.visibility):
            characters.filter(pk=character.pk).update(sheet=sheet, visibility=levels)


class Migration(migrations.Migration):
    dependencies = [("haven", "0004_default_for_each_chronicle")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
