"""Macros: made, run, edited, shared, copied."""

from typing import Any

import pytest

from chronicle.door import parse
from contract.macros import MacroFields, SaveMacro
from haven.services import Reference
from haven.tests.kit import cause, make, sets
from patreon import limits
from rolls import serializers
from rolls.models import Macro
from rolls.services import RollInput, macros
from rolls.tests.kit import asker
from rolls.tests.test_rolling import refused
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound
from testing.personas import World
from testing.rolled import words_of

pytestmark = pytest.mark.engine


@pytest.fixture
def owl(world: World) -> Any:
    return make(world, operations=sets(strength=3, brawl=2, hunger=2))


def create(world: World, owl: Any, who: str = "mira", **fields: Any) -> Macro:
    given = {"name": "Claws", "pool": "strength + brawl", **fields}
    return macros.create(asker(world, who), Reference(str(owl.id)), parse(SaveMacro, given))


def test_made_and_run(world: World, owl: Any) -> None:
    row = create(world, owl, options={"difficulty": 3, "rouse": 1})
    answer = serializers.macro(row)
    assert answer.label == "Claws — strength + brawl, difficulty 3, rouse 1"
    asked = RollInput(options={"difficulty": 2})
    done = macros.run(asker(world, "mira"), str(row.id), asked, cause(world, "mira"), None)
    assert words_of(done.roll.pool) == "Strength 3 + Brawl 2"
    assert done.roll.options["difficulty"] == 2
    assert done.roll.parts.count() == 1
    by_name = macros.run(
        asker(world, "mira"), "claws", RollInput(), cause(world, "mira"), Reference(None, world.server)
    )
    assert by_name.roll.options["difficulty"] == 3


def test_edited_and_removed(world: World, owl: Any) -> None:
    row = create(world, owl)
    macros.edit(asker(world, "mira"), str(row.id), parse(MacroFields, {"pool": 7, "name": "Fists"}), None)
    assert serializers.macro(Macro.objects.get()).pool == 7
    create(world, owl)
    with refused(Conflict, "name_taken"):
        macros.edit(asker(world, "mira"), str(row.id), parse(MacroFields, {"name": "CLAWS"}), None)
    macros.remove(asker(world, "mira"), str(row.id), None)
    assert [row.name for row in Macro.objects.all()] == ["Claws"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"pool": "strength + magic"}, "pool"),
        ({"pool": 51}, "pool"),
        ({"pool": []}, "pool"),
        ({"options": {"rage": 2}}, "rage"),
        ({"options": {"hunger": 9}}, "hunger"),
        ({"options": 5}, "options"),
        ({"system": "v6"}, "system"),
        ({"shared": "yes"}, "shared"),
        ({"note": "x" * 301}, "note"),
        ({"magic": 1}, "magic"),
    ],
)
def test_what_could_never_be_rolled_is_refused(
    world: World, owl: Any, fields: dict[str, Any], field: str
) -> None:
    with refused(Invalid) as caught:
        create(world, owl, **fields)
    assert list(caught.value.data["fields"]) == [field]
    assert not Macro.objects.exists()


def test_shared_ones_are_copied_by_the_table(world: World, owl: Any) -> None:
    row = create(world, owl, shared=True)
    hidden = create(world, owl, name="Secret")
    wren = make(world, "Wren", who="jonas")
    there = Reference(None, world.server)
    assert macros.listed(asker(world, "jonas"), there, "", shared=True) == [row]
    copied = macros.copy(asker(world, "jonas"), str(row.id), Reference(str(wren.id)))
    assert (copied.character, copied.shared) == (wren, False)
    for who, meant in (("jonas", hidden), ("sam", row)):
        with refused(NotFound):
            macros.copy(asker(world, who), str(meant.id), Reference(str(wren.id)))
    with refused(NotAllowed):
        macros.edit(asker(world, "jonas"), str(row.id), parse(MacroFields, {"pool": 3}), None)
    with refused(NotAllowed):
        macros.run(asker(world, "jonas"), str(row.id), RollInput(), cause(world, "jonas"), None)


def test_so_many_and_no_more(world: World, owl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.USUAL, "macros", 2)
    create(world, owl)
    create(world, owl, name="Two")
    with refused(Limit):
        create(world, owl, name="Three")


def test_listed_by_what_was_typed(world: World, owl: Any) -> None:
    for name in ("Big claws", "Claws", "Teeth"):
        create(world, owl, name=name)
    meant = Reference(str(owl.id))
    assert [row.name for row in macros.listed(asker(world, "mira"), meant, "CLAW", False)] == [
        "Claws",
        "Big claws",
    ]
    with refused(NotAllowed):
        macros.listed(asker(world, "jonas"), meant, "", False)
