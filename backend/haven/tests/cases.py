"""What the walks give to every trait: values that are too low, too high, of the wrong type, and right ones.

From the schema, so a new trait or splat is walked by being declared.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

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
WORDS = {
    "slug",
    "path",
    "name",
    "label",
    "description",
    "choices",
    "title",
    "rating",
    "group",
    "section",
    "page",
}


def _shape(part: Any) -> Any:
    """What is declared, without what it is called: strength and wits are of one shape."""
    if isinstance(part, dict):
        # The names of entries are their keys.
        inner = part | {"entries": [*part["entries"].values()]} if part.get("entries") else part
        return {key: _shape(value) for key, value in inner.items() if key not in WORDS}
    return [_shape(value) for value in part] if isinstance(part, list) else part


def walked(wanted: Callable[[dict[str, Any]], object] = bool) -> Iterator[ParameterSet]:
    """Every trait with its splat. The usual run takes the first of each shape, the long run all of them."""
    seen: set[str] = set()
    for splat in SPLATS:
        for trait in filter(wanted, NEW_TRAITS[splat]):
            shape = json.dumps(_shape(trait))
            marks = [pytest.mark.long] if shape in seen else []
            seen.add(shape)
            yield pytest.param(splat, trait, id=f"{splat}-{trait['slug']}", marks=marks)


TRAITS = list(walked())
LISTS = list(walked(lambda trait: trait["entry"]))
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
