"""A whole sheet travels in one frame of the gateway: it cannot grow past that."""

import pytest

from haven import services
from haven.models import Character
from haven.services import Reference
from haven.services.change import MAX_SHEET
from haven.tests.kit import cause, make, of, principal, refused
from rules.errors import Limit
from testing.personas import World

pytestmark = pytest.mark.engine


def entries(number: int) -> list:
    long = {"name": "x" * 80, "description": "ж" * 1000, "notes": "ж" * 1000}
    return [of(slug, "add", long) for slug in ("merits", "flaws", "backgrounds") for _ in range(number)]


def test_a_sheet_that_is_full_takes_no_more_and_keeps_what_it_has(world: World) -> None:
    character = make(world)
    asked = principal(world, "mira"), Reference(str(character.id))
    services.change(*asked, entries(20), cause(world, "mira"))
    before = Character.objects.values().get()
    with refused(Limit, "sheet_full"):
        services.change(*asked, entries(20), cause(world, "mira"))
    assert Character.objects.values().get() == before


def test_trackers_still_move_on_a_full_sheet(world: World) -> None:
    character = make(world)
    Character.objects.filter(pk=character.pk).update(sheet=character.sheet | {"history": "x" * MAX_SHEET})
    changed = services.change(
        principal(world, "mira"),
        Reference(str(character.id)),
        [of("hunger", "adjust", 1)],
        cause(world, "mira"),
    )
    assert changed.event is not None


def test_nobody_begins_with_too_much(world: World) -> None:
    with refused(Limit, "sheet_full"):
        make(world, operations=entries(35))
    assert not Character.objects.exists()
