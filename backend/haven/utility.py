"""Map rows to their splat's class, and trait changes to columns."""

from collections.abc import Mapping

from contract import lookup
from contract.translation import _
from haven.models import Character
from haven.models.common import columns_of
from haven.registry import SPLATS
from rules.errors import Invalid
from rules.text import clean
from rules.traits import Json


def model_of(slug: str) -> type[Character]:
    """Return the class of a splat. Raises Invalid for an unknown one."""
    if slug not in SPLATS:
        raise Invalid.field("splat", _("There is no character type “{typed}”.", typed=clean(slug, 30)))
    return SPLATS[slug]


def derived(character: Character) -> Character:
    """Return the row as an instance of its splat's class; no query."""
    character.__class__ = SPLATS[character.splat]
    return character


def name_key(name: str) -> str:
    """Return the key by which two names of one player are equal: `contract.lookup.key`, as long as its column."""
    return lookup.key(name)[:100]


def store(character: Character, values: Mapping[str, Json]) -> set[str]:
    """Write new trait values into the row's attributes; return the names of the columns that changed."""
    touched: set[str] = set()
    for slug, value in values.items():
        inside = columns_of(slug)
        for part, column in inside.items():
            setattr(character, column, value[part] if part else value)
        touched |= set(inside.values())
        if "" not in inside:
            kept = {name: part for name, part in value.items() if name not in inside} if inside else value
            _put(character.sheet, slug, kept)
            touched.add("sheet")
    return touched


def _put(sheet: dict[str, Json], slug: str, value: Json) -> None:
    if value is None:
        sheet.pop(slug, None)
    else:
        sheet[slug] = value
