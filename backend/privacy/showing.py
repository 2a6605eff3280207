"""What the download shows of a row: what its owner sees elsewhere too, through the same serializers."""

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any

from chronicle import rights
from chronicle.models import ServerChannel
from chronicle.principal import Principal
from desk.models import Note, Submission
from desk.serializers import note_for, submission_for
from haven import selectors
from haven.models import Character
from haven.serializers.character import full
from haven.utility import derived
from rolls.models import Macro, Roll
from rolls.serializers import full as full_roll
from rolls.serializers import macro as macro_for

Row = Any  # what `orjson` writes
Show = Callable[[Any, Principal], Iterable[Row]]


def columns(*names: str) -> Show:
    """Show these columns; `server__name` is that of the row's server."""

    def show(row: object, principal: Principal) -> Iterator[Row]:
        yield {name: _at(row, name) for name in names}

    return show


def _at(row: object, name: str) -> object:
    return reduce(lambda value, part: getattr(value, part, None), name.split("__"), row)


def membership(row: Any, principal: Principal) -> Iterator[Row]:
    roles = [role.name for role in row.roles.all()]
    yield {"server": row.server.name, "nickname": row.nickname, "roles": roles, "joined_at": row.joined_at}


def channel(row: ServerChannel, principal: Principal) -> Iterator[Row]:
    """A channel may name people whom it is hidden from, and those who have left."""
    if rights.can(principal, "channel.view", row):
        yield {"server": row.server.name, "name": row.name}


def character(row: Character, principal: Principal) -> Iterator[Row]:
    yield full(derived(row), principal).model_dump(mode="json")


def history(row: Character, principal: Principal) -> Iterator[Row]:
    """Every change of a character that its player may see, newest first."""
    before: int | None = None
    while events := selectors.history(principal, row.pk, before, 100):
        yield from ({"character": row.name, **event.model_dump(mode="json")} for event in events)
        before = events[-1].version


def roll(row: Roll, principal: Principal) -> Iterator[Row]:
    yield full_roll(row, principal).model_dump(mode="json")


def macro(row: Macro, principal: Principal) -> Iterator[Row]:
    yield {"character": row.character.name, **macro_for(row).model_dump(mode="json")}


def submission(row: Submission, principal: Principal) -> Iterator[Row]:
    """What a storyteller asked for another player is between those two once they are no storyteller any more."""
    if rights.can(principal, "character.propose", row.character) or row.character.owner_id == principal.id:
        yield submission_for(row, principal).model_dump(mode="json")
    else:
        yield {"id": row.id, "text": row.text, "operations": row.operations, "created_at": row.created_at}


def note(row: Note, principal: Principal) -> Iterator[Row]:
    """Storytellers' notes are theirs together: only for who still is one."""
    if rights.can(principal, "chronicle.notes", row.chronicle):
        yield note_for(row).model_dump(mode="json")
