"""Characters and traits by what people type: cases PLAY-08 and PLAY-10 to PLAY-12."""

from typing import Any
from uuid import UUID

import pytest

from chronicle.models import Server
from contract.characters import ListCharacters
from desk.services import submissions
from haven import selectors, services
from haven.services import Reference
from haven.services.reference import find
from haven.tests.kit import at, cause, change, make, of, principal, refused, sets
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.visibility import PRIVATE
from testing.personas import World

pytestmark = pytest.mark.engine


def found(world: World, who: str, text: str, **more: Any) -> UUID:
    return find(principal(world, who), Reference(text, **{"server": world.server} | more)).id


SAME = [
    ("D’Arcy", "D'Arcy"),
    ("D’Arcy", "darcy"),
    ("Zoë", "zoe"),
    ("Anne–Marie", "Anne-Marie"),
    ("Éloïse", "eloise"),
    ("İlkay", "ilkay"),
    ("Łukasz", "lukasz"),
]


@pytest.mark.parametrize(("name", "typed"), SAME)
def test_play_10_a_name_is_found_without_its_marks(world: World, name: str, typed: str) -> None:
    character = make(world, name)
    assert found(world, "mira", typed) == character.id
    asked = principal(world, "mira")
    assert [row.name for row in selectors.names(asked, world.server, query=typed)] == [name]
    filters = ListCharacters(search=typed)
    assert [row.name for row in selectors.dashboard(asked, filters)] == [name]
    services.delete(asked, Reference(str(character.id)), cause(world, "mira"))
    assert found(world, "mira", typed, deleted=True) == character.id
    assert [row.name for row in selectors.dashboard(asked, ListCharacters(search=typed, deleted=True))] == [
        name
    ]


@pytest.mark.parametrize(("name", "other"), SAME)
def test_play_10_both_spellings_cannot_exist(world: World, name: str, other: str) -> None:
    make(world, name)
    with refused(Conflict, "name_taken"):
        make(world, other)


def test_play_10_the_exact_spelling_of_an_old_pair_is_found(world: World) -> None:
    """Two of them can be left from before names were compared without marks."""
    plain = make(world, "Zoe")
    marked = make(world, "Another")
    type(marked).objects.filter(pk=marked.pk).update(name="Zoë", name_key="zoë")
    assert found(world, "mira", "zoe") == plain.id


@pytest.mark.parametrize("typed", ["owl", "night", "NIGHT O", "nightowl", "n o"])
def test_play_11_part_of_a_name_is_enough_while_it_is_clear(world: World, typed: str) -> None:
    character = make(world)
    assert found(world, "mira", typed) == character.id
    assert found(world, "vesna", typed) == character.id, "a storyteller names it as well"
    make(world, "Nightjar Owlet of the Night")
    if typed in ("owl", "night"):
        with refused(Conflict, "ambiguous"):
            found(world, "mira", typed)


def test_play_11_a_whole_name_goes_before_a_beginning_of_ones_own(world: World) -> None:
    theirs = make(world, "Owl")
    make(world, "Owlbear", who="vesna")
    assert found(world, "vesna", "owl") == theirs.id


def test_play_11_what_is_nearly_right_is_suggested(world: World) -> None:
    make(world)
    with refused(NotFound) as caught:
        found(world, "mira", "Nigt Owll")
    assert caught.value.detail == "There is no character called “Nigt Owll” here. Did you mean Night Owl?"


def test_play_11_nobody_is_suggested_to_who_may_not_know_them(world: World) -> None:
    make(world)
    for who in ("jonas", "sam"):
        with refused(NotFound) as caught:
            found(world, who, "Nigt Owl")
        assert "Night Owl" not in caught.value.detail


def test_play_12_the_wrong_command_says_which_is_right(world: World) -> None:
    owl = make(world)
    for text in ("Night Owl", "owl", str(owl.id)):
        with refused(Invalid, "wrong_splat") as caught:
            reference = Reference(text, world.server, splats=("werewolf5th",))
            services.change(principal(world, "mira"), reference, sets(rage=1), cause(world, "mira"))
        assert caught.value.detail == "Night Owl is a Vampire (5th edition)."
        assert caught.value.data["command"] == "/vampire update"


def test_play_12_a_character_of_another_edition_is_named_with_it(world: World) -> None:
    make(world, "Old Owl", splat="vampire20th")
    with refused(Invalid, "wrong_splat") as caught:
        found(world, "mira", "Old Owl", splats=("vampire5th",))
    assert caught.value.detail == "Old Owl is a Vampire (20th anniversary edition)."
    assert caught.value.data["command"] == "/character trait"
    type(world.chronicle).objects.filter(pk=world.chronicle.pk).update(own_edition="20th")
    with refused(Invalid, "wrong_splat") as caught:
        found(world, "mira", "Old Owl", splats=("vampire5th",))
    assert caught.value.data["command"] == "/vampire20 update"
    Server.objects.update(edition="20th")
    world.server.refresh_from_db()
    with refused(Invalid, "wrong_splat") as caught:
        found(world, "mira", "Old Owl", splats=("mage20th",))
    assert caught.value.data["command"] == "/vampire update"


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("Athletics", "athletics.dots"),
        ("athletics", "athletics.dots"),
        ("ATHLET", "athletics.dots"),
        ("Animal Ken", "animal_ken.dots"),
        ("animalken", "animal_ken.dots"),
        ("blood pot", "blood_potency"),
        ("Health superficial", "health.superficial"),
    ],
)
def test_play_08_a_trait_is_named_as_people_say_it(world: World, typed: str, path: str) -> None:
    owl = make(world, operations=sets(stamina=3))
    change(world, owl, of(typed, "text", "2"))
    assert at(owl, path) == 2


def test_play_08_a_discipline_of_the_sheet_is_a_trait(world: World) -> None:
    owl = make(world, operations=[of("disciplines", "add", {"name": "Dominate", "dots": 1})])
    for typed, dots in (("Dominate", 3), ("domin", 2)):
        change(world, owl, of(typed, "text", str(dots)))
        assert [entry["dots"] for entry in at(owl, "disciplines").values()] == [dots]


def test_play_08_a_proposal_reads_names_too(world: World) -> None:
    owl = make(world, operations=[of("disciplines", "add", {"name": "Dominate", "dots": 1})])
    asked = [of("Dominate", "text", "2"), of("Athletics", "text", "1")]
    row = submissions.submit(
        principal(world, "mira"), Reference(str(owl.id)), asked, "", cause(world, "mira")
    )
    assert [operation["path"].split(".")[0] for operation in row.operations] == ["disciplines", "athletics"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("Atletics", "Did you mean Athletics?"), ("qqqq", "There is no trait called “qqqq” here.")],
)
def test_play_08_what_is_no_trait_is_refused_with_a_suggestion(world: World, typed: str, hint: str) -> None:
    owl = make(world)
    with refused(Invalid) as caught:
        change(world, owl, of(typed, "text", "2"))
    assert hint in caught.value.detail
    assert list(caught.value.data["fields"]) == [typed]


def test_play_08_a_hidden_trait_is_neither_found_nor_suggested(world: World) -> None:
    owl = make(world)
    services.show(
        principal(world, "vesna"), Reference(str(owl.id)), "Hunger", "secret", cause(world, "vesna")
    )
    row = selectors.get(principal(world, "mira"), owl.id)
    assert row.level_of("hunger") > PRIVATE
    with refused(Invalid) as caught:
        change(world, owl, of("Hungr", "text", "2"))
    assert "Did you mean Hunger" not in caught.value.detail
    with refused(NotFound):
        change(world, owl, of("Hungr", "text", "2"), who="sam")
    with refused(NotAllowed):
        change(world, owl, of("hunger", "text", "2"), who="jonas")
