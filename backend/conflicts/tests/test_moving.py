"""A character that stands in a conflict is not taken into another chronicle."""

from typing import Any

import pytest

from chronicle.models import Chronicle
from chronicle.services import create_chronicle
from conflicts.tests.kit import begin, go, names, rolls, seen
from haven.models import Character
from haven.services import Reference, move
from haven.tests.kit import cause, make, principal, refused
from rules.errors import Conflict as Refusal
from testing.personas import SYSTEM, World


@pytest.fixture
def story(world: World) -> Chronicle:
    made = create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)
    return Chronicle.objects.select_related("server").get(pk=made.pk)


def moved(world: World, one: Character, place: Chronicle) -> Any:
    return move(principal(world, "mira"), Reference(str(one.pk)), place, cause(world, "mira"))


def test_it_moves_when_the_conflict_is_over(world: World, story: Chronicle) -> None:
    owl, hawk = make(world), make(world, "Tawny Hawk")
    row = begin(world)
    rolls(world, row, "mira", 7, str(owl.pk))
    with refused(Refusal, "held") as caught:
        moved(world, owl, story)
    assert "Elysium burns" in caught.value.detail
    assert moved(world, hawk, story).event is not None
    go(world, row, "end")
    assert moved(world, owl, story).event is not None


def test_nobody_learns_from_a_move_that_a_storyteller_hid_their_character(
    world: World, story: Chronicle
) -> None:
    """Case PLAY-02's kind: the owner's move goes through; the participant stays by name."""
    owl = make(world)
    row = begin(world)
    rolls(world, row, "vesna", 7, str(owl.pk), hidden=True)
    with refused(Refusal, "held"):
        move(principal(world, "vesna"), Reference(str(owl.pk)), story, cause(world, "vesna"))
    assert moved(world, owl, story).event is not None
    assert names(seen(world, row, "vesna"), "participants") == [owl.name]
