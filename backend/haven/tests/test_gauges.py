"""What of a sheet is drawn on a stage, for every splat: gauges of its trackers, conditions, abilities."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haven.gauges import on_stage
from haven.models import Vampire5th, Vampire20th
from haven.registry import SPLATS
from haven.serializers.character import visible
from haven.tests.kit import make, of, sets
from rules.visibility import Level
from testing.community import update_chronicle
from testing.personas import SYSTEM, World


def start_of(splat: str) -> dict[str, Any]:
    return {slug: trait.start() for slug, trait in SPLATS[splat].traits.items() if trait.start() is not None}


@pytest.mark.parametrize("splat", SPLATS)
def test_every_tracker_of_every_splat_has_a_gauge(splat: str) -> None:
    model, document = SPLATS[splat], start_of(splat)
    shown = on_stage(model, document).stats.gauges
    assert [gauge.path for gauge in shown] == [slug for slug, trait in model.traits.items() if trait.tracker]
    for gauge in shown:
        trait = model.traits[gauge.path]
        assert (gauge.kind, gauge.label, gauge.value) == (trait.kind, trait.label, document[gauge.path])
        assert gauge.max is None or gauge.max > 0


@pytest.mark.parametrize("splat", SPLATS)
@given(data=st.data())
def test_what_is_not_in_the_document_is_not_on_the_stage(splat: str, data: st.DataObject) -> None:
    document = start_of(splat)
    kept = data.draw(st.sets(st.sampled_from(sorted(document))))
    stats = on_stage(SPLATS[splat], {slug: document[slug] for slug in kept}).stats
    assert {gauge.path for gauge in stats.gauges} <= kept
    assert set(stats.abilities or ()) <= kept
    if not kept:
        assert stats.model_dump() == {"gauges": []}


def test_gauges_end_where_the_sheet_does() -> None:
    document = start_of("vampire20th") | {"blood": {"total": 12, "current": 9}}
    ends = {gauge.path: gauge.max for gauge in on_stage(Vampire20th, document).stats.gauges}
    assert ends == {"willpower": 6, "health": 7, "blood": 12, "morality": 10, "morality_name": None}


@pytest.mark.parametrize(
    ("splat", "path", "value", "expected"),
    [
        ("vampire5th", "health", {"total": 5, "superficial": 3, "aggravated": 2}, ["Impaired"]),
        ("vampire5th", "health", {"total": 5, "superficial": 3, "aggravated": 1}, []),
        ("mage20th", "health", {"total": 7, "bashing": 3, "lethal": 2, "aggravated": 0}, ["Mauled"]),
        ("mage20th", "health", {"total": 7, "bashing": 0, "lethal": 0, "aggravated": 0}, []),
        ("hunter5th", "despair", True, ["Despair"]),
        ("hunter5th", "despair", False, []),
    ],
)
def test_conditions_are_what_the_trackers_say(splat: str, path: str, value: Any, expected: list[str]) -> None:
    assert on_stage(SPLATS[splat], start_of(splat) | {path: value}).stats.conditions == expected


def test_the_same_condition_of_two_tracks_is_said_once() -> None:
    full = {"total": 5, "superficial": 5, "aggravated": 0}
    document = start_of("vampire5th") | {"health": full, "willpower": full}
    assert on_stage(Vampire5th, document).stats.conditions == ["Impaired"]


def test_attributes_are_abilities_and_a_clan_is_a_class() -> None:
    shown = on_stage(Vampire5th, start_of("vampire5th") | {"strength": 3, "clan": "Ventrue"})
    assert shown.title == "Ventrue"
    scores = shown.stats.abilities or {}
    assert (len(scores), scores["strength"]) == (9, 3)
    assert set((on_stage(Vampire20th, start_of("vampire20th")).stats.abilities or {}).values()) == {1}


def test_of_a_new_vampire_nothing_is_public_until_it_is_raised(world: World) -> None:
    character = make(world, operations=sets(hunger=2))
    assert on_stage(type(character), visible(character, Level.PUBLIC)).stats.gauges == []
    character.visibility = {"hunger": int(Level.PUBLIC)}
    (gauge,) = on_stage(type(character), visible(character, Level.PUBLIC)).stats.gauges
    assert gauge.model_dump() == {
        "path": "hunger",
        "label": "Hunger",
        "kind": "counter",
        "value": 2,
        "max": 5,
    }


def test_a_house_rule_ends_a_gauge_elsewhere(world: World) -> None:
    character = make(world, operations=[of("hunger", "set", 2)])
    rules = {"rules": {"max_hunger": "3"}}
    strict = update_chronicle(world.chronicle, rules, principal=world.principal("olga"), cause=SYSTEM)
    shown = on_stage(type(character), character.document(), strict).stats.gauges
    assert {gauge.path: gauge.max for gauge in shown}["hunger"] == 3
