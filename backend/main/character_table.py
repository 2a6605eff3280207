"""Characters as rows of a table, or as cards: what the dashboard and the desk show of many at once."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import QueryDict

from contract.characters import BriefCharacter
from haven import schema
from main import cells, layout

PAGE = 50
# These have columns of their own; what else moves in play stands in one column.
COLUMNS = ("health", "willpower")
VIEWS = ("table", "cards")
# What the scripts need of a field to draw its shortest form in the reader's language.
IN_SHORT = ("path", "type", "max", "choices", "choice_labels")

Brief = dict[str, Any]


class Choices(NamedTuple):
    """How the reader wants to see them."""

    view: str
    page: int

    @classmethod
    def read(cls, query: QueryDict) -> "Choices":
        view, page = query.get("view", ""), query.get("page", "")
        return cls(
            view if view in VIEWS else VIEWS[0], int(page) if page.isdecimal() and len(page) < 6 else 1
        )


def as_json(character: BriefCharacter) -> Brief:
    """As the page's scripts and templates read it."""
    return character.model_dump(mode="json")


def drawn(character: Brief, view: str) -> Brief:
    """Return a brief character as the view needs it."""
    return card(character) if view == "cards" else row(character)


def card(character: Brief) -> Brief:
    """Add read-only cells of its trackers."""
    described = _schema(character["splat"])
    readable = character | {"rights": {"level": "public"}, "visibility": {}}
    return character | {
        "state": _state(character, described),
        "cells": layout.deck(layout.all_cells(described, readable)),
    }


def row(character: Brief) -> Brief:
    """Add the shortest form of each tracker."""
    described, fields = _schema(character["splat"]), character["fields"]
    shown = {
        trait["slug"]: trait for trait in described["traits"] if trait["slug"] in fields and _moves(trait)
    }
    brief = {
        slug: {
            "slug": slug,
            "label": trait["label"],
            "short": cells.short(trait, fields[slug]),
            "is_typed": trait["element"] == "trait-conditions",
        }
        for slug, trait in shown.items()
    }
    return character | {
        "state": _state(character, described),
        "columns": [brief.get(slug) for slug in COLUMNS],
        "others": [brief[slug] for slug in shown if slug not in (*COLUMNS, "experience")],
        "experience": brief.get("experience"),
    }


def _moves(trait: dict[str, Any]) -> bool:
    return bool(trait["tracker"]) or trait["slug"] == "experience"


def _state(character: Brief, described: dict[str, Any]) -> Brief:
    """Return what the scripts need to follow it: its trackers and where its news come from."""
    known = {trait["slug"] for trait in described["traits"] if _moves(trait)} | {"name", "theme"}
    state = {name: character[name] for name in ("id", "splat", "stream", "version")}
    fields = {slug: value for slug, value in character["fields"].items() if slug in known}
    return state | {"owner": {"id": character["owner"]["id"]}, "fields": fields}


def tracker_schemas(characters: Iterable[Brief], view: str) -> list[dict[str, Any]]:
    """Return the schemas that these characters need for live updates; a table draws numbers alone."""
    used = {character["splat"] for character in characters}
    shape = _short_schema if view == "table" else dict
    return [
        {"slug": splat["slug"], "traits": [shape(trait) for trait in splat["traits"] if _moves(trait)]}
        for splat in schema.schema()["splats"]
        if splat["slug"] in used
    ]


def _short_schema(trait: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {name: field[name] for name in IN_SHORT if field.get(name) not in (None, [])}
        for field in trait["fields"][:1]
    ]
    return {"slug": trait["slug"], "label": trait["label"], "element": trait["element"], "fields": fields}


def _schema(slug: str) -> dict[str, Any]:
    return next(splat for splat in schema.schema()["splats"] if splat["slug"] == slug)


def paged(characters: Sequence[Any], page: int) -> tuple[Sequence[Any], int]:
    """Return this page of the characters, and how many pages there are."""
    pages = Paginator(characters, PAGE)
    return list(pages.get_page(page).object_list), pages.num_pages


def address_without(query: QueryDict, *names: str) -> str:
    """Return the query without these names and without what is empty, ready for another value to follow."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in names:
            kept.setlist(name, [value for value in values if value])
    return f"{kept.urlencode()}&" if kept else ""
