"""Characters and what happens to them, for tests."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from chronicle.models import Chronicle
from haven import services
from haven.models import Character
from haven.services import Change, Reference
from haven.utility import derived
from rules.errors import GameError
from rules.traits import Operation
from rules.visibility import Level
from testing.personas import World
from timeline.models import Event
from timeline.services import Cause

PEOPLE = ("mira", "vesna", "olga", "root", "jonas", "sam", "nobody")
WORLD: Any = object()


def of(path: str, op: str = "set", value: Any = None) -> Operation:
    return Operation(path, op, value)


def sets(**values: Any) -> list[Operation]:
    """`sets(hunger=2, health__superficial=3)`."""
    return [of(name.replace("__", "."), "set", value) for name, value in values.items()]


def cause(world: World, who: str, command: str = "") -> Cause:
    return Cause(actor=getattr(world, who, None), door="web", command=command)


def principal(world: World, who: str) -> Any:
    from chronicle.principal import Principal

    return Principal.anonymous() if who == "nobody" else world.principal(who)


def make(
    world: World,
    name: str = "Night Owl",
    *,
    who: str = "mira",
    operations: list[Operation] | None = None,
    chronicle: Chronicle | None = WORLD,
    splat: str = "vampire5th",
) -> Character:
    where = world.chronicle if chronicle is WORLD else chronicle
    change = services.create(principal(world, who), splat, name, operations or [], where, cause(world, who))
    return change.character


def change(
    world: World, character: Character, *operations: Operation, who: str = "mira", base: int | None = None
) -> Change:
    asked = principal(world, who)
    return services.change(asked, Reference(str(character.id)), list(operations), cause(world, who), base)


def undo(world: World, character: Character, who: str = "mira", event: Event | None = None) -> Change:
    asked = principal(world, who)
    wanted = event.id if event else None
    return services.undo(asked, Reference(str(character.id)), cause(world, who), wanted)


def event_of(done: Change) -> Event:
    assert done.event is not None
    return done.event


def stored(character: Character) -> dict[str, Any]:
    """The document as it is in the database now."""
    return dict(derived(Character.objects.get(pk=character.pk)).document())


def at(character: Character, path: str) -> Any:
    node: Any = stored(character)
    for name in path.split("."):
        node = node[name]
    return node


def everything() -> Any:
    """What a refusal must leave alone."""
    return list(Character.objects.order_by("id").values()), Event.objects.count()


class BeforeWriting:
    """What there is before the first statement that may change something; None as long as none came."""

    reads = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE)

    def __init__(self) -> None:
        self.found: Any = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.found is None and not self.reads.match(sql):
            self.found = everything()
        return execute(sql, params, many, context)


@contextmanager
def refused(kind: type[GameError], code: str | None = None) -> Iterator[pytest.ExceptionInfo[Any]]:
    """The block raises this error and changes nothing. Its own savepoint, as the services have none."""
    before = BeforeWriting()
    with pytest.raises(kind) as caught, connection.execute_wrapper(before), transaction.atomic():
        yield caught
    assert type(caught.value) is kind
    if code:
        assert caught.value.code == code
    assert before.found in (None, everything())


LEVELS = tuple(Level)
