"""What the API for shows changes: what can be named is changed, the rest is refused by the name that was written."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contract.stage_changes import ConditionChange, PointsChange, StageChange
from haven import services, stage_operations
from haven.gauges import on_stage
from haven.models import Character, Fantasy
from haven.registry import SPLATS
from haven.serializers.character import visible
from haven.services import Change
from haven.tests.kit import at, cause, make, of, principal, refused, sets, stored, undo
from haven.tests.test_gauges import start_of
from rules.errors import Invalid, NotAllowed, NotFound
from rules.ids import entry_id
from rules.traits import work_out
from rules.visibility import Level
from testing.personas import World
from timeline.models import Event

SHOWN = (
    *("hp", "ac", "conditions", "character_class", "race", "player_name"),
    *("strength", "dexterity", "constitution", "intelligence", "wisdom", "charisma"),
)
BRENNA: dict[str, Any] = {
    "name": "Brenna",
    "player_name": "Kim",
    "class": "Paladin",
    "race": "Dwarf",
    "stats": {
        "hp": {"current": 20, "max": 28, "temporary": 3},
        "ac": 18,
        "abilities": {"str": 16, "Dexterity": 8, "con": 14},
        "conditions": ["poisoned", "Cursed"],
    },
}


def brenna(world: World, **stats: Any) -> Character:
    given = StageChange.model_validate(BRENNA | {"stats": BRENNA["stats"] | stats})
    by = principal(world, "vesna"), "fantasy", given, world.chronicle, cause(world, "vesna")
    return services.create_for_stage(*by, public=SHOWN).character


def stats(world: World, character: Character, who: str = "vesna", **given: Any) -> Change:
    wanted = StageChange.model_validate({"stats": given})
    return services.change_for_stage(principal(world, who), character.pk, wanted, cause(world, who))


def points(world: World, character: Character, who: str = "vesna", **data: Any) -> Change:
    wanted = PointsChange.model_validate(data)
    return services.change_points(principal(world, who), character.pk, wanted, cause(world, who))


def condition(world: World, character: Character, name: str, on: bool = True, who: str = "vesna") -> Change:
    wanted = ConditionChange.model_validate({"condition": name, "on": on})
    return services.set_condition(principal(world, who), character.pk, wanted, cause(world, who))


def shown(character: Character) -> Any:
    document = stored(character)
    return on_stage(type(character), document).stats.model_dump(mode="json")


@pytest.mark.req("S002-36", "S002-39", "S002-40", "S002-41")
def test_a_character_is_made_of_what_a_show_knows(world: World) -> None:
    character = brenna(world)
    assert isinstance(character, Fantasy)
    seen = on_stage(Fantasy, visible(character, Level.PUBLIC), world.chronicle)
    assert (character.name, seen.title, seen.race, seen.player_name) == ("Brenna", "Paladin", "Dwarf", "Kim")
    hp = seen.stats.hp
    assert hp is not None
    assert (hp.current, hp.max, hp.temporary) == (20, 28, 3)
    assert (seen.stats.ac, seen.stats.conditions) == (18, ["Poisoned", "Cursed"])
    abilities = seen.stats.abilities
    assert abilities is not None
    assert (abilities["strength"], abilities["dexterity"], abilities["wisdom"]) == (16, 8, 10)
    assert Event.objects.filter(entity_id=character.pk).count() == 1


def test_an_adventurer_is_the_tables_until_somebody_shows_it(world: World) -> None:
    character = make(world, splat="fantasy")
    assert visible(character, Level.PUBLIC) == {}
    assert {"hp", "ac", "strength", "character_class"} <= visible(character, Level.TABLE).keys()


@pytest.mark.req("S002-41")
@pytest.mark.parametrize(
    ("hp", "expected"),
    [
        (28, {"total": 28, "current": 28, "temporary": 0}),
        ({"current": 28}, {"total": 28, "current": 28, "temporary": 0}),
        ({"max": 28}, {"total": 28, "current": 28, "temporary": 0}),
        ({"max": 28, "current": 40}, {"total": 28, "current": 28, "temporary": 0}),
    ],
)
def test_hit_points_of_a_new_character(world: World, hp: Any, expected: dict[str, int]) -> None:
    assert stored(brenna(world, hp=hp))["hp"] == expected


@pytest.mark.req("S002-37")
def test_stats_change_in_one_event(world: World) -> None:
    character = brenna(world)
    done = stats(world, character, hp=12, ac=19, abilities={"wis": 13}, conditions=["Prone"])
    assert done.event is not None
    assert {"hp.current", "ac", "wisdom"} <= set(done.event.changes)
    now = shown(character)
    assert (now["hp"]["current"], now["ac"], now["abilities"]["wisdom"]) == (12, 19, 13)
    assert now["conditions"] == ["Prone"]
    undo(world, character, "vesna")
    assert shown(character)["conditions"] == ["Poisoned", "Cursed"]


@pytest.mark.req("S002-37")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"abilities": {"luck": 12}}, "stats.abilities.luck"),
        ({"abilities": {"str": 31}}, "stats.abilities.str"),
        ({"abilities": {"in": 12}}, "stats.abilities.in"),
        ({"ac": 99}, "stats.ac"),
        ({"hp": {"max": 0}}, "stats.hp.max"),
        ({"hp": 1000}, "stats.hp"),
        ({"gauges": {"hunger": 3}}, "stats.gauges.hunger"),
        ({"gauges": {"hp": {"luck": 3}}}, "stats.gauges.hp.luck"),
        ({"gauges": {"conditions": {}}}, "stats.gauges.conditions"),
        ({"gauges": {"hp": [1]}}, "stats.gauges.hp"),
        ({"conditions": ["x" * 51]}, "stats.conditions"),
    ],
)
def test_what_cannot_be_changed_is_refused_by_its_name(
    world: World, given: dict[str, Any], field: str
) -> None:
    character = brenna(world)
    with refused(Invalid) as caught:
        stats(world, character, ac=given.pop("ac", 12), **given)
    assert list(caught.value.data["fields"]) == [field]


def test_every_wrong_name_is_told_at_once(world: World) -> None:
    vampire = make(world)
    given = StageChange.model_validate({"race": "Elf", "stats": {"hp": 5, "ac": 3, "abilities": {"luck": 1}}})
    with refused(Invalid) as caught:
        services.change_for_stage(principal(world, "vesna"), vampire.pk, given, cause(world, "vesna"))
    assert set(caught.value.data["fields"]) == {"race", "stats.hp", "stats.ac", "stats.abilities.luck"}


@pytest.mark.parametrize("wrong", [{"luck": 1}, {"hp": "many"}, {"hp": {"left": 1}}, {"conditions": "Prone"}])
def test_a_stat_that_nobody_knows_stops_at_the_door(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StageChange.model_validate({"stats": wrong})


def test_the_gauges_of_any_splat_are_set_by_their_path(world: World) -> None:
    vampire = make(world)
    health = {"total": 6, "superficial": 2, "aggravated": 1}
    stats(world, vampire, gauges={"hunger": 4, "health": health, "willpower.superficial": 1})
    assert (at(vampire, "hunger"), at(vampire, "health")) == (4, health)
    assert at(vampire, "willpower.superficial") == 1
    stats(
        world,
        vampire,
        gauges=[{"path": "hunger", "label": "Hunger", "kind": "counter", "value": 2, "max": 5}],
    )
    assert at(vampire, "hunger") == 2


@pytest.mark.parametrize("splat", SPLATS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_was_read_can_be_written_back_and_changes_nothing(splat: str, data: st.DataObject) -> None:
    model, document = SPLATS[splat], start_of(splat)
    if splat == "fantasy":
        document["conditions"] = {"1": {"name": "Prone"}, "2": {"name": "Cursed"}}
    public = data.draw(st.sets(st.sampled_from(sorted(document))))
    seen = {slug: document[slug] for slug in public}
    read = on_stage(model, seen)
    body = {"class": read.title, "race": read.race, "stats": read.stats.model_dump(mode="json")}
    wanted = stage_operations.changes(model, model.traits, document, StageChange.model_validate(body), seen)
    kept = [each for each in wanted.operations if each.value != document.get(each.path)]
    assert work_out(model.traits, document, kept, entry_id).changes == {}


@pytest.mark.req("S002-51")
@pytest.mark.parametrize(
    ("data", "hp"),
    [
        ({"delta": -5}, (18, 0)),
        ({"delta": -3}, (20, 0)),
        ({"delta": 4}, (24, 3)),
        ({"delta": 100}, (28, 3)),
        ({"delta": -100_000}, (0, 0)),
        ({"value": 7}, (10, 0)),
        ({"value": 28}, (28, 3)),
        ({"hp": 0}, (3, 0)),
        ({"path": "hp.temporary", "value": 9}, (20, 9)),
        ({"path": "hp.current", "value": 7}, (7, 3)),
    ],
)
def test_hp_change_really_changes_the_hit_points(
    world: World, data: dict[str, Any], hp: tuple[int, int]
) -> None:
    character = brenna(world)
    done = points(world, character, **data)
    now = stored(character)["hp"]
    assert (now["current"], now["temporary"]) == hp
    assert done.event is not None
    assert Event.objects.filter(entity_id=character.pk).count() == 2


@pytest.mark.req("S002-51")
@pytest.mark.parametrize(
    ("splat", "data", "path", "expected"),
    [
        ("vampire5th", {"delta": -2}, "health", (2, 0)),
        ("vampire5th", {"delta": -2, "damage": "aggravated"}, "health", (0, 2)),
        ("vampire5th", {"delta": -6, "damage": "superficial"}, "health", (2, 2)),
        ("vampire5th", {"delta": -1, "path": "willpower"}, "willpower", (1, 0)),
        ("vampire5th", {"value": 1}, "health", (3, 0)),
        ("mage20th", {"delta": -2}, "health", (2, 0, 0)),
        ("mage20th", {"delta": -2, "damage_type": "lethal"}, "health", (0, 2, 0)),
        ("mage20th", {"delta": -1, "damage": "aggravated"}, "health", (0, 0, 1)),
    ],
)
def test_hp_change_is_damage_of_a_kind_where_the_sheet_has_boxes(
    world: World, splat: str, data: dict[str, Any], path: str, expected: tuple[int, ...]
) -> None:
    character = make(world, splat=splat)
    points(world, character, **data)
    assert tuple(at(character, path).values())[1:] == expected


def test_healing_takes_the_lightest_damage_that_there_is(world: World) -> None:
    character = make(world, operations=sets(health__aggravated=2))
    points(world, character, delta=1)
    assert at(character, "health.aggravated") == 1


def test_points_that_are_paid_stop_at_nothing(world: World) -> None:
    ghoul = make(world, splat="human20th")
    points(world, ghoul, path="blood", delta=-50)
    points(world, ghoul, path="willpower", delta=-50)
    assert (at(ghoul, "blood"), at(ghoul, "willpower.current")) == (0, 0)


@pytest.mark.parametrize(
    ("splat", "data", "field"),
    [
        ("fantasy", {}, "delta"),
        ("fantasy", {"delta": 1, "value": 1}, "delta"),
        ("fantasy", {"delta": -1, "damage": "fire"}, "damage"),
        ("fantasy", {"delta": -1, "path": "hunger"}, "path"),
        ("fantasy", {"delta": -1, "path": "conditions"}, "path"),
        ("fantasy", {"delta": -1, "path": "hp.luck"}, "delta"),
        ("vampire5th", {"delta": -1, "damage": "lethal"}, "damage"),
        ("vampire5th", {"delta": -1, "path": "health.superficial", "damage": "aggravated"}, "damage"),
        ("vampire5th", {"delta": -1, "path": "clan"}, "path"),
    ],
)
def test_a_change_of_points_that_makes_no_sense(
    world: World, splat: str, data: dict[str, Any], field: str
) -> None:
    character = make(world, splat=splat)
    with refused(Invalid) as caught:
        points(world, character, **data)
    assert list(caught.value.data["fields"]) == [field]


@pytest.mark.req("S002-51")
def test_a_condition_begins_and_ends_once(world: World) -> None:
    character = brenna(world, conditions=[])
    assert condition(world, character, "prone").event is not None
    assert condition(world, character, "Prone").event is None
    assert shown(character)["conditions"] == ["Prone"]
    assert condition(world, character, "PRONE", on=False).event is not None
    assert condition(world, character, "Prone", on=False).event is None
    assert shown(character)["conditions"] == []


def test_a_flag_is_a_condition_too(world: World) -> None:
    hunter = make(world, splat="hunter5th")
    condition(world, hunter, "despair")
    assert at(hunter, "despair") is True
    stats(world, hunter, conditions=["Despair"])
    assert at(hunter, "despair") is True, "what nobody sees does not end"
    condition(world, hunter, "Despair", on=False)
    assert at(hunter, "despair") is False


def test_what_follows_from_the_sheet_cannot_be_set(world: World) -> None:
    vampire = make(world, operations=sets(health__superficial=4))
    for name, on in (("Impaired", False), ("Poisoned", True), ("Poisoned", False)):
        with refused(Invalid) as caught:
            condition(world, vampire, name, on)
        assert list(caught.value.data["fields"]) == ["condition"]
    assert condition(world, vampire, "Impaired").event is None


@pytest.mark.parametrize(("who", "error"), [("jonas", NotAllowed), ("sam", NotFound), ("nobody", NotFound)])
def test_only_those_who_may_change_the_sheet_do(world: World, who: str, error: Any) -> None:
    character = make(world, splat="fantasy")
    with refused(error):
        stats(world, character, who, ac=1, abilities={"luck": 1})
    with refused(error):
        points(world, character, who, delta=-1)
    with refused(error):
        condition(world, character, "Prone", who=who)


def test_a_name_is_its_players_to_change(world: World) -> None:
    character = make(world, splat="fantasy")
    given = StageChange.model_validate({"name": "Other", "class": "Bard"})
    with refused(NotAllowed):
        services.change_for_stage(principal(world, "vesna"), character.pk, given, cause(world, "vesna"))
    services.change_for_stage(principal(world, "mira"), character.pk, given, cause(world, "mira"))
    assert (stored(character)["name"], stored(character)["character_class"]) == ("Other", "Bard")


def test_what_stands_so_already_is_no_event(world: World) -> None:
    character = make(world, splat="fantasy", operations=[of("ac", "set", 15)])
    assert stats(world, character, ac=15, hp={"current": 10}).event is None
