"""From a row to its real class, and from a change of traits to a change of columns."""

from collections.abc import Mapping
from typing import Any

from haven.models import Character
from haven.models.common import COLUMNS
from haven.registry import SPLATS
from rules.errors import Invalid
from rules.traits import Json


def model_of(slug: Any) -> type[Character]:
    """The class of a splat. Raises Invalid for one that does not exist."""
    if not isinstance(slug, str) or slug not in SPLATS:
        raise Invalid.field("splat", f"There is no character type “{str(slug)[:30]}”.")
    return SPLATS[slug]


def derived(character: Character) -> Character:
    """The same row as an instance of its real class. The row alone tells; no query."""
    character.__class__ = SPLATS[character.splat]
    return character


def store(character: Character, values: Mapping[str, Json]) -> set[str]:
    """Puts new trait values into the row's attributes; returns the names of the columns that changed."""
    touched: set[str] = set()
    for slug, value in values.items():
        rest = value
        for path, column in COLUMNS.items():
            if path == slug:
                setattr(character, column, value)
                touched.add(column)
                break
            head, _, part = path.partition(".")
            if head == slug:
                setattr(character, column, value[part])
                touched.add(column)
                rest = {name: one for name, one in rest.items() if name != part}
        else:
            touched.add("sheet")
            if rest is None:
                character.sheet.pop(slug, None)
            else:
                character.sheet[slug] = rest
    return touched
