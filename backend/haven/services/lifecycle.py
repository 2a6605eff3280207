"""Deleting a character, and the way back. Nothing is ever really gone."""

from django.db import transaction
from django.utils import timezone

from chronicle import rights
from chronicle.principal import Principal
from contract.events import EventType
from haven.services.change import naming
from haven.services.common import Change, lock, record, save, whole
from haven.services.create import room_for_one_more
from haven.services.reference import Reference, find
from haven.utility import name_key
from rules.errors import Conflict
from timeline.services import Cause


@transaction.atomic(savepoint=False)
def delete(principal: Principal, reference: Reference, cause: Cause) -> Change:
    """Takes a character out of every list; its row, its history and the way back stay."""
    target = find(principal, reference)
    character = lock(target.id)
    rights.can(principal, "character.delete", character).require()
    character.deleted_at = timezone.now()
    character.name_key = None
    save(character, ["deleted_at", "name_key"])
    return Change(character, record(character, EventType.CHARACTER_DELETED, cause), target.chosen)


@transaction.atomic(savepoint=False)
def restore(principal: Principal, reference: Reference, cause: Cause) -> Change:
    """Raises Conflict (`name_taken`) when another character has the name by now, Limit when there are too many."""
    target = find(principal, reference)
    character = lock(target.id, deleted=True)
    rights.can(principal, "character.restore", character).require()
    if character.deleted_at is None:
        raise Conflict(f"{character.name} is not deleted.", code="not_deleted")
    room_for_one_more(character.owner_id)
    character.deleted_at = None
    character.name_key = name_key(character.name)
    with naming(character.name):
        save(character, ["deleted_at", "name_key"])
    event = record(character, EventType.CHARACTER_RESTORED, cause, changes=whole(character))
    return Change(character, event, target.chosen)
