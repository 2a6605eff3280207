"""A conflict at the table, by persona and with listed dice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from conflicts import verbs
from conflicts.models import Conflict
from conflicts.serializers import conflict_json
from conflicts.services import entering, running
from conflicts.services.common import Call, Done, find
from rules.dice.source import listed
from rules.errors import GameError
from testing.personas import TABLE_CHANNEL, World
from timeline.models import Event
from timeline.services import Cause


def call(world: World, who: str = "vesna", channel: str = TABLE_CHANNEL, **more: Any) -> Call:
    cause = Cause(actor=getattr(world, who), door="discord")
    return Call(world.principal(who), cause, world.chronicle, channel, **more)


def begin(world: World, kind: str = "20th", who: str = "vesna", **more: Any) -> Conflict:
    return running.start(call(world, who), kind, "Elysium burns", **more)


def rolls(world: World, row: Conflict, who: str, number: int, name: str | None = None, **values: Any) -> Done:
    """Rating 5 unless said otherwise."""
    numbers = {"rating": 5, **values}
    return entering.roll(call(world, who), row.id, name or who.title(), numbers, listed([number]))


def do(world: World, row: Conflict, who: str, verb: str, **body: Any) -> dict[str, Any]:
    return verbs.do(verb, call(world, who), row.id, body)


def go(world: World, row: Conflict, *moves: str, who: str = "vesna") -> None:
    for move in moves:
        do(world, row, who, "move", move=move)


def seen(world: World, row: Conflict, who: str = "mira") -> dict[str, Any]:
    return conflict_json(find(world.principal(who), row.id), world.principal(who))


def names(body: dict[str, Any], part: str = "turns") -> list[str]:
    return [one["name"] for one in body[part]]


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
