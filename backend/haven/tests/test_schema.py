"""The schema fits what is built from it: Discord's slash commands above all."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from haven.models.common import GROUPS
from haven.registry import SPLATS
from haven.schema import schema
from rules.visibility import NAMES

SPLAT_SCHEMAS = [pytest.param(splat, id=splat["slug"]) for splat in schema()["splats"]]
OPTION = re.compile(r"[a-z0-9_]{1,32}")
# Beside the trackers a command has name, exp, color, image, notes, change_name and player at most.
DISCORDS_OPTIONS, OUR_OWN = 25, 7
DISCORDS_CHOICES = 25
ELEMENTS = {
    "trait-ability",
    "trait-conditions",
    "trait-damage20th",
    "trait-hp",
    "trait-dots",
    "trait-pool",
    "trait-rollover",
    "trait-wheel",
    "trait-number",
    "trait-damage5th",
    "trait-humanity",
    "trait-choice",
    "trait-flag",
    "trait-text",
    "trait-skill",
    "trait-entries",
    "trait-powers",
    "trait-experience",
}
CARDS = {
    "choice",
    "conditions",
    "damage20th",
    "damage5th",
    "dots",
    "flag",
    "hp",
    "humanity",
    "number",
    "pool",
    "rollover",
    "text",
    "wheel",
}


def fields(splat: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return ((trait, field) for trait in splat["traits"] for field in trait["fields"])


@pytest.mark.parametrize("splat", SPLAT_SCHEMAS)
def test_option_names_fit_discord_and_are_unique(splat: dict[str, Any]) -> None:
    names = [field["name"] for _, field in fields(splat)]
    assert all(OPTION.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)
    paths = [field["path"] for _, field in fields(splat)]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("splat", SPLAT_SCHEMAS)
def test_words_are_short_enough_to_show(splat: dict[str, Any]) -> None:
    for trait in splat["traits"]:
        assert 0 < len(trait["label"]) <= 45
    for _, field in fields(splat):
        assert 0 < len(field["label"]) <= 45
        assert 0 < len(field["description"]) <= 100


@pytest.mark.parametrize("splat", SPLAT_SCHEMAS)
def test_the_trackers_fit_into_one_command(splat: dict[str, Any]) -> None:
    options = [field for trait, field in fields(splat) if trait["tracker"]]
    assert 0 < len(options) <= DISCORDS_OPTIONS - OUR_OWN
    for field in options:
        assert len(field.get("choices", ())) <= DISCORDS_CHOICES


@pytest.mark.parametrize("splat", SPLAT_SCHEMAS)
def test_every_trait_says_where_it_shows(splat: dict[str, Any]) -> None:
    groups = {group["slug"] for group in splat["groups"]}
    for trait in splat["traits"]:
        assert trait["group"] in groups <= GROUPS.keys()
        assert trait["element"] in ELEMENTS, trait["slug"]
        assert trait["card"] in CARDS, trait["slug"]
        assert trait["visibility"] in NAMES
        assert trait["writer"] in ("owner", "player", "storyteller", "system")
        assert trait["fields"] or trait["entry"]


@pytest.mark.parametrize("splat", SPLAT_SCHEMAS)
def test_start_values_are_within_the_range(splat: dict[str, Any]) -> None:
    for _, field in fields(splat):
        if field["type"] == "integer":
            assert field["start"] is None or field["min"] <= field["start"] <= field["max"]
        if field["type"] == "choice" and not field["free_text"]:
            assert field["start"] in field["choices"]


def test_the_schema_is_plain_json() -> None:
    assert orjson.loads(orjson.dumps(schema())) == schema()


def test_every_splat_is_in_it_once() -> None:
    assert [splat["slug"] for splat in schema()["splats"]] == list(SPLATS)
