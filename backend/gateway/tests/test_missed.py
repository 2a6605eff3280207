"""What a client that comes back gets: the missed events, or a snapshot where they would not be enough."""

import pytest

from chronicle.rights import StreamRef
from gateway.access import Access
from gateway.snapshots import missed_events
from haven import services
from haven.services import Reference
from haven.tests.kit import cause, change, make, principal, sets
from rules.visibility import TABLE
from testing.personas import World
from timeline import services as timeline

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(("level", "enough"), [("", True), ("table", False)])
def test_values_that_came_into_sight_are_in_no_event(world: World, level: str, enough: bool) -> None:
    owl = make(world)
    ref = StreamRef("chronicle", world.chronicle.id, world.server.id)
    jonas = Access(ref, TABLE, str(world.jonas.id))
    since = timeline.heads([ref.id])[str(ref.id)]
    if level:
        arguments = (principal(world, "mira"), Reference(str(owl.id)), "hunger", level)
        services.show(*arguments, cause(world, "mira"))
    change(world, owl, *sets(clan="Brujah"))
    missed = missed_events(jonas, since, limit=100)
    assert (missed is not None) is enough
    if missed:
        assert len(missed[1]) == 1
