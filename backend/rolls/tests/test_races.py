"""Two presses in the same moment: one reroll, one follow-up, one answer; and Willpower is paid once."""

from typing import Any

import pytest

from haven.tests.kit import at, change, make, sets
from rolls.models import Roll
from rolls.tests.kit import again, check, roll
from rules.errors import Conflict
from testing.personas import found_world
from testing.together import at_once

pytestmark = pytest.mark.engine

PRESSES = 4


def test_a_roll_is_rolled_again_once_whoever_presses(transactional_db: Any) -> None:
    world = found_world()
    owl = make(world)
    first = roll(world, owl, dice=[2, 3, 8, 9, 6])
    found = at_once([lambda: again(world, first, dice=[7, 7]).roll.id] * PRESSES)
    assert sorted(roll for roll in found if isinstance(roll, str)) == ["already_rerolled"] * (PRESSES - 1)
    assert Roll.objects.filter(replaces=first.roll).count() == 1
    assert at(owl, "willpower.superficial") == 1


def test_a_follow_up_is_done_once_whoever_presses(transactional_db: Any) -> None:
    world = found_world()
    owl = make(world)
    change(world, owl, *sets(hunger=4))
    done = check(world, "rouse", owl, dice=[1])
    found = at_once([lambda: check(world, "frenzy", after=done.roll, dice=[9] * 20).roll.id] * PRESSES)
    assert found.count("already_done") == PRESSES - 1
    assert Roll.objects.filter(parent=done.roll).count() == 1


def test_the_database_itself_refuses_a_second_reroll(transactional_db: Any) -> None:
    """Even for a service that forgot to look."""
    world = found_world()
    first = roll(world, dice=[2, 3, 8, 9, 6])
    again(world, first, dice=[7, 7])
    from rolls.services.common import save_once

    second = Roll.objects.get(replaces=first.roll)
    from rules.ids import uuid7

    second.pk = uuid7()
    try:
        save_once(second, Conflict("Again", code="already_rerolled"))
    except Conflict as error:
        code = error.code
    assert code == "already_rerolled"
