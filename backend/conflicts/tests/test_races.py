"""Two players in the same moment: nothing is lost, and one press counts once."""

from collections.abc import Callable
from typing import Any

import pytest

from conflicts.models import Conflict
from conflicts.tests.kit import begin, do, rolls, seen
from testing.personas import World, found_world
from testing.together import at_once
from timeline.models import Event

pytestmark = pytest.mark.engine

PLAYERS = ("mira", "jonas", "vesna", "olga")


def codes(found: list[Any]) -> list[str]:
    return [answer for answer in found if isinstance(answer, str)]


def rolling(world: World, row: Conflict, who: str) -> Callable[[], Any]:
    return lambda: rolls(world, row, who, 5)


def test_all_who_roll_together_are_in_it(transactional_db: Any) -> None:
    world = found_world()
    row = begin(world)
    assert codes(at_once([rolling(world, row, who) for who in PLAYERS])) == []
    assert {participant["name"].lower() for participant in seen(world, row)["participants"]} == set(PLAYERS)
    versions = Event.objects.filter(entity_id=row.id).order_by("version").values_list("version", flat=True)
    assert list(versions) == [1, 2, 3, 4, 5]


def test_two_presses_of_one_button_go_one_step(transactional_db: Any) -> None:
    world = found_world()
    row = begin(world)
    for who in PLAYERS:
        rolls(world, row, who, 5)
    do(world, row, "vesna", "move", move="reveal")
    do(world, row, "vesna", "move", move="declare")
    mark = seen(world, row)["mark"]
    press = [lambda: do(world, row, "vesna", "move", move="skip", mark=mark)] * 3
    assert codes(at_once(press)) == ["moved_on", "moved_on"]
    assert sum(turn["state"] == "skipped" for turn in seen(world, row)["turns"]) == 1


def test_one_of_two_begins(transactional_db: Any) -> None:
    world = found_world()
    assert codes(at_once([lambda: begin(world)] * 2)) == ["conflict_running"]
    assert Conflict.objects.filter(is_open=True).count() == 1
