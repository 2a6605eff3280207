"""Shared by the services: lock a row, save it, record its event, build the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, UUIDField
from django.utils import timezone

from chronicle.models import Chronicle, Server
from contract.events import CharacterSubject, EventType
from contract.translation import _
from discordauth.models import CustomUser
from haven.models import Character
from haven.utility import derived
from rules.errors import NotFound
from rules.notices import Notice
from rules.visibility import Level
from timeline import services as timeline
from timeline.models import Event
from timeline.prepared import Columns, Prepared, Slot, update
from timeline.services import Cause


@dataclass(frozen=True)
class Change:
    """What a service did: the character as it is now, and the event; None when nothing had to change."""

    character: Character
    event: Event | None
    chosen: str = ""
    # What a player must know though nothing changed: hunger was at 5 already.
    notices: tuple[Notice, ...] = ()


CHARACTER = Columns(Character)
OWNER = Columns(CustomUser, "owner__", CustomUser.TOLD)
CHRONICLE = Columns(Chronicle, "chronicle__", Chronicle.PLAYED)
SERVER = Columns(Server, "chronicle__server__", Server.PLAYED)


def _row_to_lock() -> QuerySet[Any]:
    """Select the character to lock, without locking the rows shared with the table."""
    wanted = Character.objects.filter(id=Slot("id", UUIDField()))
    if connection.features.has_select_for_update:
        of = ("self",) if connection.features.has_select_for_update_of else ()
        wanted = wanted.select_for_update(of=of)
    return wanted.values_list(*CHARACTER.paths, *OWNER.paths, *CHRONICLE.paths, *SERVER.paths)


def _bracketed(sql: str) -> str:
    """Put the joined tables in brackets for MariaDB, which has no FOR UPDATE OF: then it does not lock them."""
    if connection.features.has_select_for_update_of or not connection.features.has_select_for_update:
        return sql
    quoted = connection.ops.quote_name
    for part in (OWNER, CHRONICLE, SERVER):
        table = quoted(part.model._meta.db_table)
        wanted = ", ".join(quoted(column) for column in part.columns)
        bracketed = f"(SELECT {wanted} FROM {table}) {table}"  # noqa: S608  (names of our own)
        sql = sql.replace(f" JOIN {table} ON", f" JOIN {bracketed} ON")
    return sql


_find_and_lock = Prepared(_row_to_lock, _bracketed)


def lock(character_id: UUID, *, deleted: bool = False) -> Character:
    """Lock the row until commit, with owner and chronicle. Raises NotFound, also for a deleted one.

    SQLite has no row locks; its transactions are IMMEDIATE, and one writer is all there is.
    """
    rows = _find_and_lock(id=character_id)
    values = iter(rows[0] if rows else ())
    character: Character | None = CHARACTER.read(values) if rows else None
    if character is None or (character.deleted_at and not deleted):
        raise NotFound(_("There’s no such character."))
    character.owner, character.chronicle, server = (
        OWNER.read(values),
        CHRONICLE.read(values),
        SERVER.read(values),
    )
    if character.chronicle:
        character.chronicle.server = server
    return derived(character)


def save(character: Character, columns: Iterable[str]) -> None:
    """Raise the version and write only the changed columns."""
    character.version += 1
    character.updated_at = timezone.now()
    update(character, {*columns, "version", "updated_at"})


def record(character: Character, type: EventType, cause: Cause, **event: Any) -> Event:
    """Appends the character's event; takes `changes`, `labels`, `notices`, `undoes`, and `visibility` where it is not
    that of the changed traits.
    """
    event.setdefault("visibility", levels(character, event.get("changes", {})))
    return timeline.record(
        stream=character.stream,
        type=type,
        entity_id=character.id,
        version=character.version,
        cause=cause,
        subject=subject(character, cause),
        **event,
    )


def subject(character: Character, cause: Cause) -> CharacterSubject:
    return CharacterSubject(
        owner=character.owner_id,
        name=character.name,
        splat=character.splat,
        acting_for=cause.acting_for(character.owner),
    )


def levels(character: Character, paths: Iterable[str]) -> dict[str, int]:
    """Return path → level, for those that are not private."""
    by_path = {
        path: int(character.level_of(path)) for path in paths if path.partition(".")[0] in character.traits
    }
    return {path: level for path, level in by_path.items() if level != Level.PRIVATE}


def whole(character: Character) -> dict[str, list[object]]:
    """Return every trait as a change from nothing, for a character that enters a stream."""
    return {slug: [None, value] for slug, value in character.document().items()}
