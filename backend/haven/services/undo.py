"""Taking a change back: a new event with the inverse changes. The old one stays in the history."""

from typing import Any
from uuid import UUID

from django.db import transaction

from chronicle import rights
from chronicle.principal import Principal
from haven.models import Character
from haven.selectors import alive
from haven.services.change import allow, apply, overlap
from haven.services.common import Change, lock
from haven.services.reference import Reference, find
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.traits import Operation, put_back
from rules.visibility import Level
from timeline import frames
from timeline.models import Event
from timeline.services import Cause


@transaction.atomic(savepoint=False)
def undo(principal: Principal, reference: Reference, cause: Cause, event_id: Any = None) -> Change:
    """Takes back one event of a character, the last one that can be by default.

    Raises Conflict: `nothing_to_undo`, `already_undone`, or `undo_blocked` with the later `events` that touched the
    same traits.
    """
    found = find(principal, reference)
    character = lock(alive(), found.id)
    level = rights.character_level(principal, character)
    rights.can(principal, "character.history", character).require()
    event = _event(character, event_id)
    if any(character.level_of(path) > level for path in event.changes):
        raise NotAllowed("That change touched something that only storytellers may see.")
    allow(principal, character, [Operation(path, "set") for path in event.changes])
    _refuse_blocked(event, level)
    outcome = put_back(character.traits, character.document(), event.changes)
    return Change(character, apply(character, outcome, cause, undoes=event), found.chosen)


def _event(character: Character, event_id: Any) -> Event:
    updates = Event.objects.filter(entity_id=character.id, type="character.updated").select_related(
        "undone_by"
    )
    if event_id is None:
        event = updates.filter(undoes=None, undone_by=None).order_by("-version").first()
        if event is None:
            raise Conflict("There is nothing left to take back.", code="nothing_to_undo")
        return event
    try:
        event = updates.filter(id=UUID(str(event_id))).first()
    except ValueError:
        raise Invalid.field("event", "That is not the id of a change.") from None
    if event is None:
        raise NotFound("This character has no such change.")
    if hasattr(event, "undone_by"):
        raise Conflict("That change was taken back already.", code="already_undone")
    return event


def _refuse_blocked(event: Event, level: Level) -> None:
    """A later change of the same trait stands in the way, unless it was itself taken back."""
    later = Event.objects.filter(
        entity_id=event.entity_id, version__gt=event.version, type="character.updated"
    )
    later = later.filter(undone_by=None).exclude(undoes__version__gt=event.version)
    blocking = [
        one
        for one in later.select_related("stream", "actor").order_by("version")
        if any(overlap(path, other) for path in event.changes for other in one.changes)
    ]
    if not blocking:
        return
    shown = [body for body in (frames.event_json(one, level) for one in blocking) if body]
    named = sorted(
        {one.labels.get(path, path) for one in blocking for path in one.changes if path in event.changes}
    )
    traits = f" ({', '.join(named)})" if named else ""
    raise Conflict(
        f"Later changes touched the same traits{traits}. Take those back first, or together.",
        code="undo_blocked",
        events=shown,
    )
