"""Each game of the 20th edition has its own abilities, and sheets that had others keep their dots."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from haven.models import Character
from haven.registry import SPLATS
from haven.tests.kit import make
from testing.personas import World

migration = importlib.import_module("haven.migrations.0005_abilities_of_each_game")

THIRTY = {
    "alertness athletics awareness brawl empathy expression intimidation leadership streetwise subterfuge",
    "animal_ken crafts drive etiquette firearms larceny melee performance stealth survival",
    "academics computer finance investigation law medicine occult politics science technology",
}
VAMPIRE = set(" ".join(THIRTY).split())
DIFFERENCES = {
    "vampire20th": ("", ""),
    "ghoul20th": ("", ""),
    "human20th": ("", ""),
    "demon20th": ("", ""),
    "werewolf20th": ("primal_urge enigmas rituals", "awareness finance politics"),
    "changeling20th": ("kenning enigmas gremayre", "awareness finance occult"),
    "mage20th": (
        "art martial_arts meditation research cosmology enigmas esoterica",
        "animal_ken larceny performance finance",
    ),
    "wraith20th": ("persuasion meditation bureaucracy enigmas", "animal_ken survival finance law"),
}


@pytest.mark.parametrize(("splat", "more", "less"), [(slug, *both) for slug, both in DIFFERENCES.items()])
def test_play_20_each_game_has_its_own_abilities(splat: str, more: str, less: str) -> None:
    traits = SPLATS[splat].traits
    abilities = {slug for slug, trait in traits.items() if trait.group == "abilities"}
    assert abilities - {"secondary_abilities"} == (VAMPIRE | set(more.split())) - set(less.split())


def test_abilities_stand_in_their_column_by_name() -> None:
    traits = [trait for trait in SPLATS["mage20th"].traits.values() if trait.section == "skills"]
    assert [trait.label for trait in traits] == sorted(trait.label for trait in traits)
    assert "Technology" in [trait.label for trait in traits]
    assert SPLATS["wraith20th"].traits["leadership"].section == "skills"
    assert SPLATS["werewolf20th"].traits["primal_urge"].label == "Primal-Urge"


def dots(number: int, *specialties: str) -> dict[str, Any]:
    return {"dots": number, "specialties": {str(n): {"name": name} for n, name in enumerate(specialties)}}


@pytest.mark.parametrize(("splat", "less"), [(slug, both[1].split()) for slug, both in DIFFERENCES.items()])
def test_play_20_sheets_with_the_old_abilities_keep_their_dots(splat: str, less: list[str]) -> None:
    if not less:
        return
    before = {slug: dots(number + 1, f"In {slug}") for number, slug in enumerate(less)}
    after, _ = migration.moved(splat, before | {"brawl": dots(4, "Claws")}, {})
    assert after["brawl"] == dots(4, "Claws")
    kept = {entry["name"]: entry for entry in after["secondary_abilities"].values()}
    for number, slug in enumerate(less):
        entry = kept[slug.replace("_", " ").title()]
        assert (entry["rating"], entry["notes"]) == (number + 1, f"Specialties: In {slug}")
    entries = SPLATS[splat].traits["secondary_abilities"]
    assert entries.checked(after["secondary_abilities"])  # type: ignore[attr-defined]
    assert migration.moved(splat, after, {}) == (after, {})


def test_what_had_no_dots_leaves_no_entry() -> None:
    before = {"awareness": dots(0)}
    assert migration.moved("werewolf20th", before, {}) == (before, {})


def test_a_secondary_ability_becomes_the_ability_that_there_is_now() -> None:
    plain = {"name": "Primal-Urge", "rating": 3, "modifier": 0, "description": "", "notes": ""}
    given = {"name": "enigmas", "rating": 2, "modifier": 0, "description": "", "notes": "Riddles"}
    before = {"secondary_abilities": {"a": plain, "b": given}}
    after, _ = migration.moved("werewolf20th", before, {})
    assert after["primal_urge"] == dots(3)
    assert after["enigmas"] == dots(2)
    assert after["secondary_abilities"] == {"b": given}


def test_what_was_hidden_stays_hidden() -> None:
    _, levels = migration.moved("werewolf20th", {"awareness": dots(2)}, {"awareness": 3, "brawl": 1})
    assert levels == {"secondary_abilities": 3, "brawl": 1}


@pytest.mark.parametrize(
    ("current", "damage", "left", "lethal"),
    [
        (10, (0, 0, 0), 10, 0),
        (10, (0, 2, 1), 7, 2),
        (6, (0, 1, 0), 6, 4),
        (3, (7, 0, 0), 3, 0),
        (0, (0, 0, 7), 0, 3),
    ],
)
def test_play_28_the_old_health_of_a_wraith_becomes_its_corpus(
    current: int, damage: tuple[int, int, int], left: int, lethal: int
) -> None:
    health = {"total": 7, **dict(zip(("bashing", "lethal", "aggravated"), damage, strict=True))}
    before = {"health": health, "corpus": {"total": 10, "current": current}}
    after, _ = migration.moved("wraith20th", before, {})
    assert after["corpus"] == {"total": 10, "current": left}
    assert after["health"] == {**health, "total": 10, "lethal": lethal}
    assert migration.moved("wraith20th", after, {}) == (after, {})


@pytest.mark.engine
def test_play_20_the_migration_changes_the_rows_that_need_it(world: World) -> None:
    wolf, owl = make(world, "Wolf", splat="werewolf20th"), make(world, "Owl", splat="vampire20th")
    before = {"politics": dots(3, "City")} | sheet_of(wolf)
    Character.objects.filter(pk=wolf.pk).update(sheet=before)
    untouched = sheet_of(owl)
    migration.forwards(apps, SimpleNamespace(connection=connection))
    after = sheet_of(wolf)
    (entry,) = after["secondary_abilities"].values()
    assert (entry["name"], entry["rating"], entry["notes"]) == ("Politics", 3, "Specialties: City")
    rest = {"politics", "secondary_abilities"}
    assert {name: value for name, value in after.items() if name not in rest} == {
        name: value for name, value in before.items() if name not in rest
    }
    assert sheet_of(owl) == untouched


def sheet_of(character: Character) -> dict[str, Any]:
    found: dict[str, Any] = Character.objects.get(pk=character.pk).sheet
    return found
