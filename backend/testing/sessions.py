"""Sessions as a door asks for them: an operation, by a persona, with values as a client sends them."""

from typing import Any

from django.db import transaction

from chronicle.call import Call
from chronicle.door import parse
from chronicle.operations import episodes
from contract.episodes import Episode
from progress.operations import sessions
from testing.personas import World
from timeline.operations import Operation
from timeline.services import Cause

SCHEDULE = {"weekday": "friday", "time": "19:30", "timezone": "Europe/Berlin", "starts": "2026-10-02"}


def call_of(world: World, who: str, door: str = "web") -> Call:
    return Call(world.principal(who), Cause(actor=getattr(world, who), door=door))


def do(world: World, who: str, operation: Operation[Call, Any, Any], **fields: Any) -> Any:
    """Run it in a transaction of its own, in the world's chronicle unless `fields` name another."""
    given = parse(operation.input, {"chronicle": str(world.chronicle.id)} | fields)
    with transaction.atomic():
        return operation.run(call_of(world, who), given)


def planned(world: World, planned_for: str = "2026-10-02T19:30+02:00", **more: Any) -> Episode:
    episode: Episode = do(world, "vesna", episodes.PLAN, planned_for=planned_for, **more).episode
    return episode


def live(world: World, planned_for: str = "2026-10-02T19:30+02:00") -> Episode:
    row = planned(world, planned_for)
    started: Episode = do(world, "vesna", episodes.START, episode=str(row.id)).episode
    return started


def tick(world: World, episode: Episode, who: str = "vesna", **states: str | None) -> Episode:
    """`tick(world, row, mira="came", jonas=None)`."""
    ticks = [{"user": str(getattr(world, name).id), "state": state} for name, state in states.items()]
    ticked: Episode = do(world, who, sessions.TICK, episode=str(episode.id), ticks=ticks).episode
    return ticked


def played(world: World, planned_for: str, **states: str | None) -> Episode:
    """A session that is over, with these ticks."""
    row = live(world, planned_for)
    if states:
        tick(world, row, "vesna", **states)
    ended: Episode = do(world, "vesna", sessions.END, episode=str(row.id)).episode
    return ended
