"""Every trait of every splat through the service: too low, too high, of the wrong type, and right.

The cases come from the schema, so a new trait or splat is walked by being declared.
"""

from contextlib import suppress
from typing import Any

import pytest
from django.db.transaction import atomic

from haven.models import Character
from haven.schema import schema
from haven.tests.cases import LISTS, TRAITS, right, wrong
from haven.tests.kit import at, change, make, of, refused
from rules.errors import Invalid, NotAllowed
from testing.personas import World


def walk_field(world: World, character: Character, path: str, field: dict[str, Any], kind: str) -> None:
    for value in wrong(field, kind):
        with refused(Invalid) as caught:
            change(world, character, of(path, "set", value), who="root")
        assert list(caught.value.data["fields"]) == [path], value
    for value in right(field, kind):
        done = change(world, character, of(path, "set", value), who="root")
        notices = [*(done.event.notices if done.event else []), *done.notices]
        assert at(character, path) == value or notices, f"{value!r} was not taken, and nothing said"


@pytest.mark.parametrize(("splat", "trait"), TRAITS)
def test_every_field_takes_what_is_right_and_refuses_the_rest(
    world: World, splat: str, trait: dict[str, Any]
) -> None:
    character = make(world, splat=splat)
    for field in trait["fields"]:
        walk_field(world, character, field["path"], field, trait["kind"])


@pytest.mark.parametrize(("splat", "trait"), TRAITS)
def test_every_number_goes_up_and_down_and_stops_at_its_ends(
    world: World, splat: str, trait: dict[str, Any]
) -> None:
    character = make(world, splat=splat)
    for field in trait["fields"]:
        if not field.get("adjust"):
            with refused(Invalid):
                change(world, character, of(field["path"], "adjust", 1), who="root")
            continue
        for value in (field["adjust_min"] - 1, field["adjust_max"] + 1, True, "1", 0.5, None):
            with refused(Invalid):
                change(world, character, of(field["path"], "adjust", value), who="root")
        if field["start"] is None:
            change(world, character, of(field["path"], "set", field["min"]), who="root")
        for step in (field["adjust_min"], 1, field["adjust_max"], -1):
            before = at(character, field["path"])
            # Case PLAY-07: what is paid is never limited.
            with suppress(Invalid), atomic():
                change(world, character, of(field["path"], "adjust", step), who="root")
                before = None
            assert before is None or (at(character, field["path"]) == before and step < field["min"] - before)
            assert field["min"] <= at(character, field["path"]) <= field["max"]


def list_path(trait: dict[str, Any]) -> str:
    inside = {"skill": ".specialties", "experience": ".spends"}
    return trait["slug"] + inside.get(trait["kind"], "")


def walk_list(world: World, character: Character, path: str, entry: dict[str, Any]) -> None:
    title = entry["title"]
    change(world, character, of(path, "add", {title: "First"}), who="root")
    (key,) = at(character, path)
    for field in entry["fields"]:
        for value in wrong(field, ""):
            with refused(Invalid):
                change(
                    world, character, of(path, "add", {title: "Second"} | {field["name"]: value}), who="root"
                )
        walk_field(world, character, f"{path}.{key}.{field['name']}", field, "")
    for name, nested in entry["entries"].items():
        walk_list(world, character, f"{path}.{key}.{name}", nested)
    change(world, character, of(f"{path}.{key}", "remove"), who="root")
    assert at(character, path) == {}


@pytest.mark.parametrize(("splat", "trait"), LISTS)
def test_every_part_of_every_entry(world: World, splat: str, trait: dict[str, Any]) -> None:
    character = make(world, splat=splat, operations=[of("experience", "set", 5000)])
    walk_list(world, character, list_path(trait), trait["entry"])


@pytest.mark.parametrize(("splat", "trait"), LISTS)
def test_every_list_has_its_end(world: World, splat: str, trait: dict[str, Any]) -> None:
    character = make(world, splat=splat)
    path, entry = list_path(trait), trait["entry"]
    many = [of(path, "add", {entry["title"]: f"Entry {number}"}) for number in range(entry["max"])]
    change(world, character, *many, who="root")
    assert len(at(character, path)) == entry["max"], "entries of one moment have met"
    assert [entry_[entry["title"]] for _, entry_ in sorted(at(character, path).items())] == [
        f"Entry {number}" for number in range(entry["max"])
    ]
    with refused(Invalid):
        change(world, character, of(path, "add", {entry["title"]: "One more"}), who="root")


@pytest.mark.parametrize("splat", [splat["slug"] for splat in schema()["splats"]])
def test_what_only_the_system_writes_is_nobodys_to_set(world: World, splat: str) -> None:
    character = make(world, splat=splat)
    for trait in character.traits.values():
        if trait.writer == "system":
            for who in ("mira", "vesna", "root"):
                with refused(NotAllowed):
                    change(world, character, of(trait.slug, "set", "elsewhere"), who=who)


@pytest.mark.parametrize("splat", [splat["slug"] for splat in schema()["splats"]])
def test_a_new_character_has_every_trait_at_its_start(world: World, splat: str) -> None:
    character = make(world, splat=splat)
    (described,) = [candidate for candidate in schema()["splats"] if candidate["slug"] == splat]
    for trait in described["traits"]:
        for field in trait["fields"]:
            if field["start"] is None:
                assert field["path"] not in at_least(character)
            elif field["path"] != "name":
                assert at(character, field["path"]) == field["start"]


def at_least(character: Character) -> set[str]:
    return set(character.document())
