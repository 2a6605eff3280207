"""One table, one class for each splat; a new splat is one file and one line."""

import inspect
from collections import Counter as Counter_
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test.utils import isolate_apps

from haven import models
from haven.models import Character, Character5th, Character20th, Vampire5th
from haven.models.common import COMMON
from haven.registry import SPLATS
from haven.schema import splat_schema
from haven.serializers.card import card
from haven.tests.kit import change, make, of, sets, stored
from haven.utility import derived, model_of
from rules.errors import Invalid
from rules.traits import Counter
from rules.visibility import SECRET
from testing.personas import World


@pytest.mark.req("S004-22")
@pytest.mark.parametrize("splat", SPLATS)
def test_any_row_is_an_instance_of_its_real_class(world: World, splat: str) -> None:
    row = Character.objects.get(pk=make(world, splat=splat).pk)
    assert type(row) is Character
    assert type(derived(row)) is SPLATS[splat]
    assert derived(row).traits is SPLATS[splat].traits


@pytest.mark.req("S004-23")
@pytest.mark.parametrize("splat", SPLATS)
def test_the_class_decides_the_splat(world: World, splat: str) -> None:
    character = SPLATS[splat](owner=world.mira, name="X", name_key="x", splat="something")
    character.save()
    assert Character.objects.get(pk=character.pk).splat == splat
    character.splat = "something"
    character.save()
    assert Character.objects.get(pk=character.pk).splat == splat


@pytest.mark.req("S004-23")
def test_no_client_sets_the_splat(world: World) -> None:
    assert "splat" not in Vampire5th.traits
    with pytest.raises(Invalid):
        change(world, make(world), of("splat", "set", "mage20th"))


@pytest.mark.req("S004-23")
def test_a_row_without_a_splat_cannot_be_made(world: World) -> None:
    with pytest.raises(TypeError):
        Character(owner=world.mira, name="X", splat="vampire5th").save()


def test_a_class_finds_its_own_rows_only(world: World) -> None:
    character = make(world)
    other = make(world, "Barn Owl")
    Character.objects.filter(pk=other.pk).update(splat="mage20th")
    assert list(Vampire5th.objects.values_list("pk", flat=True)) == [character.pk]
    assert Character.objects.count() == 2


FIFTH = {"vampire5th", "werewolf5th", "hunter5th", "human5th", "ghoul5th"}
TWENTIETH = {
    *(
        "vampire20th",
        "ghoul20th",
        "human20th",
        "werewolf20th",
        "mage20th",
        "wraith20th",
        "changeling20th",
        "demon20th",
    )
}


@pytest.mark.req("S004-18", "S004-19", "S004-20", "S004-21")
def test_every_splat_extends_the_class_of_its_edition() -> None:
    assert set(SPLATS) == FIFTH | TWENTIETH | {"fantasy"}
    for slug, model in SPLATS.items():
        if slug == "fantasy":
            continue
        assert issubclass(model, Character5th if slug in FIFTH else Character20th)
        assert model.edition == slug[-len(model.edition) :]


@pytest.mark.req("S004-14", "S004-15")
@pytest.mark.parametrize(("base", "skills"), [(Character5th, "skills"), (Character20th, "abilities")])
def test_what_every_character_of_an_edition_has(base: type[Character], skills: str) -> None:
    groups = Counter_(trait.group for trait in base.traits.values())
    assert (groups["attributes"], groups[skills]) == ((9, 27) if base is Character5th else (9, 31))
    for model in (model for model in SPLATS.values() if issubclass(model, base)):
        assert {"health", "willpower", "strength", "stealth", *COMMON} <= set(model.traits)


@pytest.mark.req("S004-17", "S004-18", "S004-19", "S004-20", "S004-21")
@pytest.mark.parametrize(
    ("splat", "values"),
    [
        ("vampire20th", {"clan": "Ventrue", "morality": 6, "morality_name": "Humanity", "blood": 9}),
        ("ghoul5th", {"domitor": "Severin", "humanity": 6}),
        ("human5th", {"occupation": "Nurse", "humanity": 8}),
        ("werewolf5th", {"tribe": "Bone Gnawers", "rage": 3}),
        ("hunter5th", {"creed": "Faithful", "desperation": 2}),
    ],
)
def test_what_makes_it_is_kept_and_read_back(world: World, splat: str, values: dict[str, Any]) -> None:
    row = derived(Character.objects.get(pk=make(world, splat=splat, operations=sets(**values)).pk))
    kept = row.document()
    main = {
        slug: value.get("value", value.get("total")) if isinstance(value, dict) else value
        for slug, value in kept.items()
    }
    assert {name: main[name] for name in values} == values


@pytest.mark.parametrize("splat", ["", "mage", "Vampire5th", "\ud800", "x" * 500])
def test_an_unknown_splat_is_refused(splat: str) -> None:
    with pytest.raises(Invalid) as caught:
        model_of(splat)
    assert list(caught.value.data["fields"]) == ["splat"]
    caught.value.detail.encode("utf-8")


@pytest.mark.req("S004-24")
def test_every_splat_of_the_models_is_registered_and_the_other_way_round() -> None:
    classes = {
        member for _, member in inspect.getmembers(models, inspect.isclass) if issubclass(member, Character)
    }
    assert {model for model in classes if model.splat_slug} == set(SPLATS.values())
    assert {slug: model.splat_slug for slug, model in SPLATS.items()} == {slug: slug for slug in SPLATS}
    for model in SPLATS.values():
        assert model._meta.proxy
        assert model.edition
        assert model.splat_label
        assert model.command


@pytest.mark.req("S004-24")
def test_a_new_splat_is_picked_up_from_its_declaration(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("haven"):

        class Ghost5th(Character5th):
            splat_slug = "ghost5th"
            splat_label = "Ghost"
            command = "ghost"
            chill = Counter(0, 5, 2, group="trackers", tracker=True)

            class Meta:
                proxy = True
                app_label = "haven"

    monkeypatch.setitem(SPLATS, "ghost5th", Ghost5th)
    ghost = make(world, splat="ghost5th", operations=sets(chill=3))
    change(world, ghost, of("chill", "adjust", 1), of("strength", "set", 2))
    assert stored(ghost)["chill"] == 4
    assert "hunger" not in stored(ghost)
    assert [row.path for row in card(ghost, SECRET).rows] == ["health", "willpower", "chill"]
    assert type(derived(Character.objects.get(pk=ghost.pk))) is Ghost5th
    described = splat_schema("ghost5th", Ghost5th)
    assert described["traits"][-1]["fields"][0]["name"] == "chill"
    out = StringIO()
    call_command("describe_splat", "ghost5th", stdout=out)
    assert "chill" in out.getvalue()


@pytest.mark.req("S004-13")
def test_the_base_has_what_is_common_and_nothing_more() -> None:
    everybodys = {"date_of_birth", "age", "history", "notes", "more_notes", "storyteller_notes"}
    assert COMMON.keys() == {"name", "status", "theme", "avatar", "locked", "experience"} | everybodys
    assert all(COMMON.keys() <= model.traits.keys() for model in SPLATS.values())
    assert Character.traits == COMMON
    columns = {field.name for field in Character._meta.get_fields() if field.concrete}
    assert {"name", "owner", "chronicle", "avatar", "splat", "created_at", "updated_at"} <= columns
    assert {"experience_total", "experience_current"} <= columns
    assert not columns & (Vampire5th.traits.keys() - COMMON.keys())


@pytest.mark.req("S004-14")
def test_the_fifth_edition_adds_health_willpower_attributes_and_skills() -> None:
    assert issubclass(Character5th, Character)
    own = Character5th.traits.keys() - Character.traits.keys()
    assert {"health", "willpower", "strength", "resolve", "athletics", "technology"} <= own
    assert not own & {"clan", "hunger", "disciplines", "blood_potency", "humanity"}


@pytest.mark.req("S004-16")
def test_a_vampire_adds_clan_generation_predator_type_humanity_and_disciplines() -> None:
    assert issubclass(Vampire5th, Character5th)
    own = Vampire5th.traits.keys() - Character5th.traits.keys()
    assert {"clan", "generation", "predator_type", "humanity", "disciplines"} <= own


@pytest.mark.req("S000-69")
def test_a_client_that_sends_only_a_name_gets_a_whole_character(world: World) -> None:
    document = stored(make(world, operations=[]))
    assert document.keys() == {slug for slug, trait in Vampire5th.traits.items() if trait.start() is not None}
    assert document["health"] == {"total": 4, "superficial": 0, "aggravated": 0}


@pytest.mark.req("S000-70")
def test_json_takes_new_keys_without_a_migration(world: World) -> None:
    character = make(world)
    row = Character.objects.get(pk=character.pk)
    row.sheet["homebrew"] = {"madness": 3}
    row.visibility["homebrew"] = 1
    Character.objects.filter(pk=row.pk).update(sheet=row.sheet, visibility=row.visibility)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    change(world, character, *sets(hunger=3, name="Barn Owl"))
    row.refresh_from_db()
    assert row.sheet["homebrew"] == {"madness": 3}
    assert row.visibility["homebrew"] == 1
    assert "homebrew" not in stored(character)


def test_traits_can_be_read_off_a_character_and_not_written(world: World) -> None:
    vampire = make(world, operations=sets(hunger=3))
    assert isinstance(vampire, Vampire5th)
    assert (vampire.hunger, vampire.clan) == (3, "")
    with pytest.raises(AttributeError):
        vampire.hunger = 4
