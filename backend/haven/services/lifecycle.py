"""Delete and restore characters. The row and its history always stay."""

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
    """Delete a character: it leaves every list, while its row and history stay for a restore."""
    target = find(principal, reference)
    character = lock(target.id)
    rights.can(principal, "character.delete", character).require()
    character.deleted_at = timezone.now()
    character.name_key = None
    save(character, ["deleted_at", "name_key"])
    return Change(character, record(character, EventType.CHARACTER_DELETED, cause), target.chosen)


@transaction.atomic(savepoint=False)
def restore(principal: Principal, reference: Reference, cause: Cause) -> Change:
    """Restore a character. Raises Conflict (`name_taken`) if its name is taken by now, Limit if there are too many."""
    target = find(principal, reference)
    character = lock(target.id, deleted=True)
    rights.can(principal, "character.restore", character).require()
    if character.deleted_at is None:
        raise Conflict(f"{character.name} is not deleted.", code="not_deleted")
    room_for_one_more(character.owner_id, character.chronicle)
    character.deleted_at = None
    character.name_key = name_key(character.name)
    with naming(character.name):
        save(character, ["deleted_at", "name_key"])
    event = record(character, EventType.CHARACTER_RESTORED, cause, changes=whole(character))
    return Change(character, event, target.chosen)
