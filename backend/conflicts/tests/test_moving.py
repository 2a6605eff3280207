"""A character that stands in a conflict is not taken into another chronicle."""

from typing import Any

import pytest

from chronicle.models import Chronicle
from chronicle.services import create_chronicle
from conflicts.tests.kit import begin, go, rolls
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
    with refused(Refusal, "held") as told:
        moved(world, owl, story)
    assert "Elysium burns" in told.value.detail
    assert moved(world, hawk, story).event is not None
    go(world, row, "end")
    assert moved(world, owl, story).event is not None
