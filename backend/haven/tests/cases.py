"""What the walks give to every trait: values that are too low, too high, of the wrong type, and right ones.

From the schema, so a new trait or splat is walked by being declared.
"""

import json
from typing import Any

import pytest

from haven.schema import schema

SPLATS = [splat["slug"] for splat in schema()["splats"]]


def _new_traits() -> dict[str, list[dict[str, Any]]]:
    """Each splat's traits that a person may write, but for those that an earlier splat declares word for word."""
    walked: set[str] = set()
    found: dict[str, list[dict[str, Any]]] = {}
    for splat in schema()["splats"]:
        writable = {json.dumps(trait): trait for trait in splat["traits"] if trait["writer"] != "system"}
        found[splat["slug"]] = [trait for text, trait in writable.items() if text not in walked]
        walked |= writable.keys()
    return found


NEW_TRAITS = _new_traits()
TRAITS = [
    pytest.param(splat, trait, id=f"{splat}-{trait['slug']}")
    for splat in SPLATS
    for trait in NEW_TRAITS[splat]
]
LISTS = [trait for trait in TRAITS if trait.values[1]["entry"]]
WRONG_TYPES = [True, "many", 1.5, [], {}, 10**30]


def wrong(field: dict[str, Any], kind: str) -> list[Any]:
    """Values that this field must refuse."""
    if field["type"] == "integer":
        optional = [] if field["start"] is None else [None]
        return [field["min"] - 1, field["max"] + 1, -(10**30), *WRONG_TYPES, *optional]
    if field["type"] == "boolean":
        return [None, 0, 1, "yes", [], {}]
    if field["type"] == "choice":
        unlisted = [] if field["free_text"] else ["something else", ""]
        return [None, 3, True, [], {}, "x" * (field["max_length"] + 1), *unlisted]
    empty = [""] if field["required"] else []
    strange = ["red", "#12345", "x" * 7] if kind == "colour" else []
    return [None, 3, True, [], {}, "x" * (field["max_length"] + 1), *empty, *strange]


def right(field: dict[str, Any], kind: str) -> list[Any]:
    if field["type"] == "integer":
        return [field["max"], (field["min"] + field["max"]) // 2, field["min"]]
    if field["type"] == "boolean":
        return [True, False]
    if field["type"] == "choice":
        return [*field["choices"], *(["Of our own"] if field["free_text"] else [])]
    if kind == "colour":
        return ["#000000", "#ffffff"]
    return ["x" * field["max_length"], "y", "Ærø 🦉"[: field["max_length"]]]


def fields_of(splat: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every trait that this splat brings, with each of its fields."""
    return [(trait, field) for trait in NEW_TRAITS[splat] for field in trait["fields"]]
