"""How many statements things take. The figures are upper bounds to keep; `-s` shows the real ones."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chronicle.models import Chronicle, Server
from chronicle.rights import StreamRef
from haven import selectors, services
from haven.models import Character
from haven.serializers.character import brief
from haven.services import Reference
from haven.snapshot import characters
from haven.tests.kit import cause, change, make, of, principal, sets
from haven.utility import name_key
from rules.visibility import PRIVATE
from testing.personas import World, found_world
from timeline import services as timeline
from timeline.services import Viewer


def statements(work: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        work()
    return [query["sql"] for query in caught.captured_queries]


@pytest.mark.engine
def test_a_change_costs_at_most_eight_statements(transactional_db: Any) -> None:
    """Its own transaction's BEGIN and COMMIT are counted too; on SQLite."""
    world = found_world()
    character = make(world)
    asked = principal(world, "mira")
    reference = Reference(str(character.id))
    counted = statements(lambda: services.change(asked, reference, sets(hunger=3), cause(world, "mira")))
    print(f"\nchange by id: {len(counted)} statements")
    print("\n".join(f"  {sql[:100]}" for sql in counted))
    assert len(counted) <= 8
    by_name = Reference("night owl", world.server)
    again = statements(lambda: services.change(asked, by_name, sets(hunger=4), cause(world, "mira"), 2))
    print(f"change by name with a base version: {len(again)} statements")
    assert len(again) <= 9


@pytest.mark.parametrize(
    ("name", "most"), [("undo", 11), ("delete", 9), ("show", 9), ("many", 9), ("rename", 11)]
)
def test_other_services(world: World, name: str, most: int) -> None:
    character = make(world)
    change(world, character, *sets(hunger=3))
    reference = Reference(str(character.id))
    asked, why = principal(world, "mira"), cause(world, "mira")
    works: dict[str, Callable[[], Any]] = {
        "undo": lambda: services.undo(asked, reference, why),
        "delete": lambda: services.delete(asked, reference, why),
        "show": lambda: services.show(asked, reference, "hunger", "table", why),
        "many": lambda: services.change(
            asked, reference, [of("merits", "add", {"name": str(number)}) for number in range(40)], why
        ),
        "rename": lambda: services.change(asked, reference, sets(name="Barn Owl"), why),
    }
    counted = statements(works[name])
    print(f"\n{name}: {len(counted)} statements")
    assert len(counted) <= most


def fill(world: World, number: int) -> None:
    """Thirty characters, some of them in servers that their player has left."""
    for each in range(number):
        server = Server.objects.create(name=f"Server {each}", slug=f"server-{each}", owner=world.sam)
        chronicle = Chronicle.objects.create(server=server, name=f"Story {each}", slug=f"story-{each}")
        where = (world.chronicle, None, chronicle)[each % 3]
        row = make(world, f"Owl {each}", chronicle=None if where is chronicle else where)
        if where is chronicle:
            Character.objects.filter(pk=row.pk).update(chronicle=chronicle)


READS: dict[str, Callable[[World], Any]] = {
    "dashboard": lambda world: selectors.dashboard(principal(world, "mira")),
    "dashboard of a storyteller": lambda world: selectors.dashboard(principal(world, "vesna")),
    "names": lambda world: selectors.names(principal(world, "mira"), world.server, query="owl"),
    "names of a player": lambda world: selectors.names(
        principal(world, "vesna"), world.server, owner_id=world.mira.id
    ),
    "snapshot": lambda world: [
        brief(character, PRIVATE)
        for character in characters(StreamRef("chronicle", world.chronicle.id, world.server.id))[1]
    ],
    "history": lambda world: selectors.history(
        principal(world, "mira"), Character.objects.order_by("id")[0].id
    ),
    "since": lambda world: timeline.since(world.chronicle.id, 0, Viewer(str(world.mira.id))),
}


@pytest.mark.engine
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_reading_thirty_costs_what_reading_one_costs(world: World, read: Callable[[World], Any]) -> None:
    make(world, "Owl")
    few = len(statements(lambda: read(world)))
    fill(world, 30)
    for value in (2, 3, 4):
        change(world, Character.objects.order_by("id")[0], *sets(hunger=value))
    many = len(statements(lambda: read(world)))
    print(f"\n{few} for one, {many} for thirty")
    # One more where the player has left servers, however many those are.
    assert many <= few + 1
    assert many <= 5


def test_the_most_that_one_player_sees_stays_in_the_list(world: World) -> None:
    rows = [
        Character(owner=world.mira, name=f"Owl {each}", name_key=name_key(f"Owl {each}"), splat="vampire5th")
        for each in range(40)
    ]
    Character.objects.bulk_create(rows)
    found = selectors.names(principal(world, "mira"), world.server, query="OWL 1")
    assert [choice.name for choice in found] == ["Owl 1", *(f"Owl 1{each}" for each in range(10))]
    assert len(selectors.names(principal(world, "mira"), world.server)) == 25
