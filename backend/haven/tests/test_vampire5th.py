"""The numbers of Vampire: The Masquerade, 5th edition."""

from typing import Any

import pytest

from haven.models import Vampire5th
from haven.models.vampire5th import CLANS, PREDATOR_TYPES
from rules.traits import Skill

ATTRIBUTES = {
    "physical": "strength dexterity stamina",
    "social": "charisma manipulation composure",
    "mental": "intelligence wits resolve",
}
SKILLS = {
    "physical": "athletics brawl craft drive firearms larceny melee stealth survival",
    "social": "animal_ken etiquette insight intimidation leadership performance persuasion streetwise subterfuge",
    "mental": "academics awareness finance investigation medicine occult politics science technology",
}
# path: (lowest, highest, of a new character)
NUMBERS: dict[str, tuple[int, int, int | None]] = {
    "health.total": (1, 20, 4),
    "health.superficial": (0, 20, 0),
    "health.aggravated": (0, 20, 0),
    "willpower.total": (1, 20, 2),
    "willpower.superficial": (0, 20, 0),
    "willpower.aggravated": (0, 20, 0),
    "humanity.value": (0, 10, 7),
    "humanity.stains": (0, 10, 0),
    "hunger": (0, 5, 1),
    "blood_potency": (0, 10, 0),
    "generation": (1, 16, None),
    "experience.total": (0, 10_000, 0),
    "experience.current": (0, 10_000, 0),
    **{name: (1, 5, 1) for names in ATTRIBUTES.values() for name in names.split()},
    **{f"{name}.dots": (0, 5, 0) for names in SKILLS.values() for name in names.split()},
}
TEXTS = {
    "name": 50,
    "sire": 50,
    "hunting_roll": 100,
    "resonance": 50,
    "date_of_birth": 20,
    "date_of_death": 20,
    "age": 20,
    "apparent_age": 20,
    "history": 6000,
    "appearance": 1000,
    "notes": 6000,
    "more_notes": 6000,
    "ambition": 100,
    "desire": 100,
    "tenets": 1000,
    "touchstones": 2000,
    "convictions": 2000,
    "haven_name": 50,
    "haven_location": 500,
    "haven_description": 1000,
}


def declared() -> dict[str, dict[str, Any]]:
    return {
        field["path"]: field for trait in Vampire5th.traits.values() for field in trait.schema()["fields"]
    }


def test_every_number_and_no_other() -> None:
    numbers = {
        path: (field["min"], field["max"], field["start"])
        for path, field in declared().items()
        if field["type"] == "integer"
    }
    assert numbers == NUMBERS


def test_texts_have_the_lengths_that_people_are_used_to() -> None:
    lengths = {path: field.get("max_length") for path, field in declared().items()}
    assert {path: lengths[path] for path in TEXTS} == TEXTS


@pytest.mark.parametrize("table", [ATTRIBUTES, SKILLS], ids=["attributes", "skills"])
def test_sections(table: dict[str, str]) -> None:
    for section, names in table.items():
        assert {Vampire5th.traits[name].section for name in names.split()} == {section}
    assert sum(len(names.split()) for names in ATTRIBUTES.values()) == 9
    assert sum(isinstance(trait, Skill) for trait in Vampire5th.traits.values()) == 27


def test_what_is_on_the_card() -> None:
    trackers = [slug for slug, trait in Vampire5th.traits.items() if trait.tracker]
    assert sorted(trackers) == ["health", "humanity", "hunger", "willpower"]
    required = [slug for slug, trait in Vampire5th.traits.items() if trait.required and trait.tracker]
    assert sorted(required) == ["health", "humanity", "willpower"]


def test_lists_of_names() -> None:
    assert len(CLANS) == len(set(CLANS)) == 16
    assert len(PREDATOR_TYPES) == len(set(PREDATOR_TYPES)) == 18


@pytest.mark.parametrize("slug", ["merits", "flaws", "backgrounds", "loresheets", "haven"])
def test_advantages(slug: str) -> None:
    parts = {field["name"]: field for field in Vampire5th.traits[slug].entry_schema()["fields"]}
    lengths = {name: part["max_length"] for name, part in parts.items() if part["type"] == "text"}
    assert lengths == {"name": 80, "description": 1000, "notes": 1000}
    assert (parts["rating"]["min"], parts["rating"]["max"]) == (0, 5)


def test_disciplines_and_powers() -> None:
    entry = Vampire5th.traits["disciplines"].entry_schema()
    parts = {field["name"]: field.get("max_length", field.get("max")) for field in entry["fields"]}
    assert parts == {"name": 50, "dots": 5, "source": 50, "description": 4000, "characteristics": 3000}
    powers = {
        field["name"]: field.get("max_length", field.get("max"))
        for field in entry["entries"]["powers"]["fields"]
    }
    assert powers == {
        "name": 50,
        "level": 5,
        "amalgam": 50,
        "cost": 50,
        "dice_pool": 200,
        "duration": 50,
        "description": 1000,
        "system": 1000,
    }
