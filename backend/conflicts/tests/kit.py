"""A conflict at the table, by persona and with listed dice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from chronicle.call import Call
from chronicle.door import parse
from conflicts import operations
from conflicts.models import Conflict
from conflicts.serializers import conflict_for
from conflicts.services import effects, entering, running
from conflicts.services.common import Done, find
from contract.conflicts import PassTime, RollInitiative, StartConflict
from rules.conflict.state import Effect
from rules.dice.source import listed
from rules.errors import GameError
from testing.personas import TABLE_CHANNEL, World
from timeline.models import Event
from timeline.services import Cause


def call(world: World, who: str = "vesna", channel: str = TABLE_CHANNEL, **more: Any) -> Call:
    cause = Cause(actor=getattr(world, who), door="discord")
    return Call(world.principal(who), cause, world.server, channel_id=channel, **more)


def begin(world: World, kind: str = "20th", who: str = "vesna", **more: Any) -> Conflict:
    return running.start(call(world, who), StartConflict(kind=kind, title="Elysium burns", **more))


def start(world: World, kind: str | None = None, channel: str = TABLE_CHANNEL, **more: Any) -> Conflict:
    given = parse(StartConflict, {"chronicle": world.chronicle.id, "kind": kind, **more})
    return running.start(call(world, channel=channel), given)


def enter(world: World, who: str, row: Conflict, name: str | None, dice: list[int], **values: Any) -> Done:
    """Enter with exactly these values."""
    given = parse(RollInitiative, {"conflict": row.id, "name": name, **values})
    return entering.roll(call(world, who), given, listed(dice))


def pass_time(world: World, passed: str, who: str = "vesna") -> list[tuple[Conflict, str, Effect]]:
    return effects.pass_time(call(world, who), parse(PassTime, {"passed": passed}))


def rolls(world: World, row: Conflict, who: str, number: int, name: str | None = None, **values: Any) -> Done:
    """Rating 5 unless said otherwise."""
    numbers = {"rating": 5, **values}
    given = RollInitiative(conflict=row.id, name=name or who.title(), **numbers)
    return entering.roll(call(world, who), given, listed([number]))


def do(world: World, row: Conflict, who: str, verb: str, **body: Any) -> dict[str, Any]:
    step = operations.STEPS[verb]
    given = parse(step.input, {"conflict": row.id, **body})
    return step.run(call(world, who), given).model_dump(mode="json")


def go(world: World, row: Conflict, *moves: str, who: str = "vesna") -> None:
    for move in moves:
        do(world, row, who, "move", move=move)


def seen(world: World, row: Conflict, who: str = "mira") -> dict[str, Any]:
    return conflict_for(find(world.principal(who), row.id), world.principal(who)).model_dump(mode="json")


def names(body: dict[str, Any], part: str = "turns") -> list[str]:
    return [item["name"] for item in body[part]]


def events(row: Conflict) -> list[Event]:
    return list(Event.objects.filter(entity_id=row.id).order_by("version"))


@contextmanager
def refused(code: str) -> Iterator[None]:
    """And nothing was recorded."""
    before = Event.objects.count()
    with pytest.raises(GameError) as caught, transaction.atomic():
        yield
    assert caught.value.code == code, caught.value.detail
    assert Event.objects.count() == before
