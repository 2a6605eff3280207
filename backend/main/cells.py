"""Context of each sheet element's template, built from a trait's schema and its value.

A cell is one trait of one character, ready to draw. The browser draws the same shapes again when a value changes
there (static/main/js/elements/).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from contract.translation import _, n_
from rules.traits import Trait
from rules.traits.adventurer import modifier, with_sign
from rules.traits.damage20 import wound

Schema = Mapping[str, Any]
Json = Any
# Elements that few sheets have come in files of their own (static/main/js/ and css/), which only those sheets load.
MODULES = {"trait-ability": "adventurer", "trait-hp": "adventurer", "trait-conditions": "adventurer"}
# Longer rows are told in numbers alone: nobody counts fifty boxes.
MOST_DOTS, MOST_BOXES = 10, 30


def build(trait: Trait, schema: Schema, value: Json, prefix: str = "t") -> dict[str, Any]:
    """Build a cell; `value` is the trait's value in the document, None if it has none."""
    fields = schema["fields"]
    cell = {
        "slug": schema["slug"],
        "label": schema["label"],
        "page": schema["page"],
        "id": f"{prefix}-{schema['slug']}",
        "template": f"main/elements/{schema['element']}.html",
        "element": schema["element"],
        "text": "" if value in (None, "") else trait.text(value),
        "short": short(schema, value),
        "value": value,
        "multiline": bool(fields and fields[0].get("multiline")),
    }
    extra = EXTRAS.get(schema["element"])
    return cell | extra(schema, value) if extra else cell


def _dots(schema: Schema, value: int | None) -> dict[str, Any]:
    top = schema["fields"][0]["max"]
    return {"max": top, "pips": pips(value or 0, top)}


def pips(value: int, top: int, stains: int = 0) -> list[str]:
    """Return a class name per dot: filled from the left, stains from the right."""
    return ["on" if n < value else "stain" if n >= top - stains else "" for n in range(top)]


def _humanity(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    top = schema["fields"][0]["max"]
    return {"max": top, "pips": pips(value["value"], top, value["stains"])}


def _severities(schema: Schema) -> list[str]:
    """Return the kinds of damage of a track, from the lightest to the gravest: its parts beside the number of boxes."""
    return [field["path"].rpartition(".")[2] for field in schema["fields"][1:]]


def _hurt(schema: Schema, value: Mapping[str, int]) -> list[str]:
    return [severity for severity in reversed(_severities(schema)) for _ in range(value[severity])]


def _damage(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    return {"boxes": (_hurt(schema, value) + [""] * value["total"])[: value["total"]]}


def _damage20(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    """Add `levels` for the browser, so that the wound levels are declared once."""
    hurt = _hurt(schema, value)
    levels = tuple(map(tuple, schema["levels"]))
    if hurt:
        level, lost = wound(value, levels)
    else:
        level, lost = n_("{count} box", "{count} boxes", value["total"]), 0
    return {
        **_damage(schema, value),
        "levels": json.dumps(levels),
        "wound": (
            n_("{level}, −{count} die", "{level}, −{count} dice", lost, level=level) if lost else level
        ),
    }


def _pool(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    total, current = value["total"], value["current"]
    top = schema["fields"][0]["max"]
    within = min(current, total)
    boxes = ["on"] * within + ["on over"] * (current - within) + [""] * (total - within)
    return {
        "max": top,
        "pips": pips(total, top) if top <= MOST_DOTS else [],
        "boxes": boxes if len(boxes) <= MOST_BOXES else [],
        "rating_text": _("Rating {value} of {most}", value=total, most=top),
    }


def _hit_points(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    """Add how long the bar is: temporary points stand after the others, beyond the maximum too."""
    return {"width": max(value["total"], value["current"] + value["temporary"])}


def _ability(schema: Schema, value: int) -> dict[str, Any]:
    return {"modifier": with_sign(modifier(value))}


def _rollover(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    lasting, passing = schema["fields"]
    return {
        "max": lasting["max"],
        "pips": pips(value["permanent"], lasting["max"]),
        "boxes": pips(value["temporary"], passing["max"]),
        "rating_text": _(
            "{label} {value} of {most}",
            label=lasting["label"],
            value=value["permanent"],
            most=lasting["max"],
        ),
    }


def _wheel(schema: Schema, value: Mapping[str, int]) -> dict[str, Any]:
    slots = schema["fields"][0]["max"]
    quintessence, paradox = value["quintessence"], value["paradox"]
    free = [""] * (slots - quintessence - paradox)
    return {"boxes": ["on"] * quintessence + free + ["paradox"] * paradox}


def _skill(schema: Schema, value: Mapping[str, Any]) -> dict[str, Any]:
    entries = value.get("specialties", {})
    return _dots(schema, value["dots"]) | {"entries": entry_list(schema["entry"], entries)}


def _entries(schema: Schema, value: Mapping[str, Any] | None) -> dict[str, Any]:
    shape = schema["entry"]
    return {
        "title": shape["title"],
        "entries": entry_list(shape, value or {}),
        "blank": entry_cell(shape, "", {}),
    }


def _experience(schema: Schema, value: Mapping[str, Any]) -> dict[str, Any]:
    return _entries(schema, value.get("spends"))


def entry_list(shape: Schema, entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return entries in order of creation; ids are time-ordered."""
    return [entry_cell(shape, key, entries[key]) for key in sorted(entries)]


def entry_cell(shape: Schema, key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Build an entry: short parts as tags, long ones as paragraphs, one nested list (a discipline's powers)."""
    parts = [
        _part(field, entry, shape["rating"]) for field in shape["fields"] if field["name"] != shape["title"]
    ]
    rating = next((part for part in parts if part["name"] == shape["rating"]), None)
    cell: dict[str, Any] = {
        "id": key,
        "name": entry.get(shape["title"], ""),
        "raw": entry,
        "rating": rating,
        "pips": pips(rating["value"] or 0, rating["max"]) if rating and rating["dots"] else [],
        "tags": [part for part in parts if not part["multiline"]],
        "texts": [part for part in parts if part["multiline"]],
    }
    for name, nested in (shape["entries"] or {}).items():
        inner = entry_list(nested, entry.get(name, {}))
        cell["nested"] = {
            "name": name,
            "title": nested["title"],
            "entries": inner,
            "blank": entry_cell(nested, "", {}),
        }
    return cell


def _part(field: Schema, entry: Mapping[str, Any], rating: str | None) -> dict[str, Any]:
    value = entry.get(field["name"])
    most = MOST_DOTS if field["name"] == rating else 5
    dots = field["type"] == "integer" and 0 < (field["max"] or 0) <= most
    shown = dots_text(value or 0, field["max"]) if dots else str(value) if value else ""
    return {
        "name": field["name"],
        "label": field["label"],
        "value": value,
        "max": field.get("max"),
        "dots": dots,
        "multiline": bool(field.get("multiline")),
        "text": shown,
    }


def short(schema: Schema, value: Json) -> str:
    """Return the shortest form of a value, for tables and the bar on phones; `words.js` draws it again (`mini`)."""
    if value is None:
        return "–"
    shape = SHORT.get(schema["element"])
    return shape(schema, value) if shape else str(value)


def _left(schema: Schema, value: Mapping[str, int]) -> str:
    return f"{max(0, value['total'] - len(_hurt(schema, value)))}/{value['total']}"


def _short_humanity(value: Mapping[str, int]) -> str:
    return f"{value['value']}·{value['stains']}" if value["stains"] else str(value["value"])


def _short_entries(schema: Schema, value: Mapping[str, Any]) -> str:
    return ", ".join(entry["name"] for entry in entry_list(schema["entry"], value)) or "–"


SHORT: dict[str, Callable[[Schema, Any], str]] = {
    "trait-damage5th": _left,
    "trait-damage20th": _left,
    "trait-pool": lambda schema, value: f"{value['current']}/{value['total']}",
    "trait-hp": lambda schema, value: f"{value['current']}/{value['total']}",
    "trait-conditions": lambda schema, value: _short_entries(schema, value),
    "trait-rollover": lambda schema, value: f"{value['permanent']}·{value['temporary']}",
    "trait-wheel": lambda schema, value: f"{value['quintessence']}·{value['paradox']}",
    "trait-humanity": lambda schema, value: _short_humanity(value),
    "trait-experience": lambda schema, value: str(value["current"]),
    "trait-choice": lambda schema, value: _(value),
    "trait-flag": lambda schema, value: _("yes") if value else _("no"),
    "trait-dots": lambda schema, value: f"{value}/{schema['fields'][0]['max']}",
}


def dots_text(value: int, top: int) -> str:
    return "●" * value + "○" * (top - value)


EXTRAS: dict[str, Callable[[Schema, Any], dict[str, Any]]] = {
    "trait-dots": _dots,
    "trait-humanity": _humanity,
    "trait-damage5th": _damage,
    "trait-damage20th": _damage20,
    "trait-pool": _pool,
    "trait-hp": _hit_points,
    "trait-ability": _ability,
    "trait-conditions": _entries,
    "trait-rollover": _rollover,
    "trait-wheel": _wheel,
    "trait-skill": _skill,
    "trait-entries": _entries,
    "trait-powers": _entries,
    "trait-experience": _experience,
}
