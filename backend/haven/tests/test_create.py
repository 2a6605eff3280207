"""Making a character."""

from importlib import import_module
from typing import Any

import pytest

from chronicle.models import Chronicle
from haven import services
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import at, cause, event_of, make, of, principal, refused, sets
from patreon import limits
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound
from testing.personas import World


def test_a_new_character_is_its_makers_own(world: World) -> None:
    character = make(world, " Night   Owl ", operations=sets(hunger=2, health=7, clan="brujah"))
    row = Character.objects.get()
    assert (row.owner, row.chronicle, row.name, row.version) == (world.mira, world.chronicle, "Night Owl", 1)
    assert (at(character, "hunger"), at(character, "health.total"), at(character, "clan")) == (2, 7, "Brujah")


def test_the_event_tells_all_of_it(world: World) -> None:
    done = services.create(
        principal(world, "mira"), "vampire5th", "Owl", [], None, cause(world, "mira", "/vampire new")
    )
    event = event_of(done)
    assert (event.type, event.version, event.command) == ("character.created", 1, "/vampire new")
    assert event.stream.name == f"user:{world.mira.id}"
    assert event.changes["hunger"] == [None, 1]


@pytest.mark.parametrize("who", ["sam", "nobody"])
def test_a_stranger_cannot_make_one_in_a_server(world: World, who: str) -> None:
    with refused(NotFound):
        make(world, who=who)


def test_nobody_cannot_make_one_anywhere(world: World) -> None:
    with refused(NotAllowed):
        make(world, who="nobody", chronicle=None)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\x00", None, 3, [], "x" * 51, {"a": 1}])
def test_a_name_is_a_name(world: World, name: Any) -> None:
    with refused(Invalid) as caught:
        make(world, name)
    assert list(caught.value.data["fields"]) == ["name"]


def test_fifty_characters_are_a_name(world: World) -> None:
    assert make(world, "Ж" * 50).name == "Ж" * 50


@pytest.mark.parametrize("name", ["Night Owl", "night owl", " NIGHT  OWL", "Ni\u0067ht Owl\u202e"])
def test_a_name_is_taken_once_per_player(world: World, name: str) -> None:
    make(world, "Night Owl")
    with refused(Conflict, "name_taken"):
        make(world, name)
    make(world, name, who="jonas")


def test_letter_case_beyond_ascii(world: World) -> None:
    make(world, "ÉLISE")
    with refused(Conflict, "name_taken"):
        make(world, "élise")
    with refused(Conflict, "name_taken"):
        make(world, "E\u0301lise")


def test_one_wrong_value_stops_all(world: World) -> None:
    with refused(Invalid) as caught:
        make(world, operations=sets(hunger=6, strength=0, clan="Brujah"))
    assert list(caught.value.data["fields"]) == ["strength", "hunger"]


@pytest.mark.parametrize("slug", ["locked", "storyteller_notes", "avatar"])
def test_what_is_not_the_players_cannot_be_given(world: World, slug: str) -> None:
    with refused(NotAllowed):
        make(world, operations=[of(slug, "set", True if slug == "locked" else "x")])


def test_there_is_an_end_to_it_and_a_deleted_one_makes_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.USUAL["characters"] == 50
    monkeypatch.setitem(limits.USUAL, "characters", 2)
    first, _ = make(world, "A"), make(world, "B")
    with refused(Limit):
        make(world, "C")
    reference = Reference(str(first.id))
    services.delete(principal(world, "mira"), reference, cause(world, "mira"))
    make(world, "C")
    with refused(Limit):
        services.restore(principal(world, "mira"), reference, cause(world, "mira"))
    make(world, "A", who="jonas")


@pytest.mark.engine
def test_web_24_the_cast_of_a_storyteller_is_not_limited_as_a_player_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package's name `create` is the service; its module is behind it.
    module = import_module("haven.services.lifecycle")
    monkeypatch.setitem(limits.USUAL, "characters", 2)
    monkeypatch.setattr(module, "MAX_OF_A_STORYTELLER", 6)
    cast = [make(world, name, who="vesna") for name in "ABCD"]
    reference = Reference(str(cast[0].id))
    services.delete(principal(world, "vesna"), reference, cause(world, "vesna"))
    services.restore(principal(world, "vesna"), reference, cause(world, "vesna"))
    for name in "EF":  # to play elsewhere, as anybody
        make(world, name, who="vesna", chronicle=None)
    with refused(Limit):
        make(world, "G", who="vesna")
    monkeypatch.setattr(module, "MAX_OF_A_STORYTELLER", 60)
    make(world, "G", who="vesna")
    with refused(Limit):
        make(world, "H", who="vesna", chronicle=None)


def test_a_chronicle_of_another_server_is_none_of_ours(world: World) -> None:
    theirs = Chronicle.objects.get(pk=world.other_chronicle.pk)
    with refused(NotFound):
        make(world, chronicle=theirs)
