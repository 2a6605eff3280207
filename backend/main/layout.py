"""Layout of a sheet: a deck of trackers, then one section per group of the schema.

Nothing here knows a splat: sections, columns and order come from the schema, so a homebrew splat gets its sheet
the same way.
"""

from collections.abc import Mapping
from typing import Any

from contract.translation import N_, _
from haven.registry import SPLATS
from main import cells
from rules.traits import Trait
from rules.visibility import NAMES

LISTS = ("trait-entries", "trait-powers", "trait-experience", "trait-conditions")
# Facts about the sheet itself stand last; who it is, the head of the page says already.
LAST_GROUP = "identity"
# They tell something only to those who may change them.
RAW = frozenset({"theme", "avatar"})

# Columns within a group.
SECTIONS = {
    "knowledges": N_("Knowledges"),
    "mental": N_("Mental"),
    "physical": N_("Physical"),
    "realms": N_("Realms"),
    "skills": N_("Skills"),
    "social": N_("Social"),
    "spheres": N_("Spheres"),
    "talents": N_("Talents"),
}

Cell = dict[str, Any]


def all_cells(
    splat: Mapping[str, Any], character: Mapping[str, Any], traits: Mapping[str, Trait] | None = None
) -> list[Cell]:
    """Build a cell for each visible trait; `traits` overrides the declared ones."""
    traits, fields = traits or SPLATS[splat["slug"]].traits, character["fields"]
    prefix = f"t-{character['id'][-12:]}"
    return [
        cells.build(traits[trait["slug"]], trait, fields.get(trait["slug"]), prefix)
        | {"group": trait["group"], "section": trait["section"] or "", "tracker": trait["tracker"]}
        for trait in splat["traits"]
        if is_shown(trait, character) and (trait["slug"] not in RAW or character["rights"].get("edit"))
    ]


def is_shown(schema: Mapping[str, Any], character: Mapping[str, Any]) -> bool:
    """Tell a trait without a value from a hidden one by the viewer's level: both are missing in the document."""
    level = character["visibility"].get(schema["slug"], schema["visibility"])
    return schema["slug"] in character["fields"] or NAMES[level] <= NAMES[character["rights"]["level"]]


def modules(built_cells: list[Cell]) -> list[str]:
    """Return the files of elements that not every sheet has."""
    return sorted(
        {cells.MODULES[cell["element"]] for cell in built_cells if cell["element"] in cells.MODULES}
    )


def deck(built_cells: list[Cell]) -> list[Cell]:
    return [cell for cell in built_cells if cell["tracker"]]


def sections(splat: Mapping[str, Any], built_cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the groups that have something to show: broad ones first, each kind in the schema's order."""
    order = sorted(splat["groups"], key=lambda group: group["slug"] == LAST_GROUP)
    built = (
        _section(group, [trait for trait in built_cells if trait["group"] == group["slug"]])
        for group in order
    )
    return sorted((section for section in built if section), key=lambda section: section["half"])


def _section(group: Mapping[str, str], built_cells: list[Cell]) -> dict[str, Any] | None:
    rest = [cell for cell in built_cells if not cell["tracker"]]
    if not rest:
        return None
    columns: dict[str, list[Cell]] = {}
    for cell in rest:
        if cell["section"]:
            columns.setdefault(cell["section"], []).append(cell)
    plain = [cell for cell in rest if not cell["section"]]
    lists = [cell for cell in plain if cell["element"] in LISTS]
    return {
        "slug": group["slug"],
        "label": group["label"],
        "columns": [{"label": _(SECTIONS[name]), "cells": many} for name, many in columns.items()],
        "facts": [cell for cell in plain if cell["element"] not in LISTS and not cell["multiline"]],
        "long": [cell for cell in plain if cell["multiline"]],
        "lists": lists,
        "solo": len(rest) == len(lists) == 1,
        # Short sections stand in two columns where there is room.
        "half": not columns and all(cell["element"] == "trait-experience" for cell in lists),
    }
