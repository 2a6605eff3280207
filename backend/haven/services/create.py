"""A new character."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from discordauth.models import CustomUser
from haven.models import Character
from haven.services.change import name_key, naming
from haven.services.common import Change, record, whole
from haven.utility import model_of, store
from rules.errors import Limit, NotAllowed
from rules.ids import entry_id
from rules.traits import Operation, Outcome, work_out
from timeline.services import Cause

# Of one player, deleted ones not counted.
MAX_CHARACTERS = 50


@transaction.atomic(savepoint=False)
def create(
    principal: Principal,
    splat: Any,
    name: Any,
    operations: Sequence[Operation],
    chronicle: Chronicle | None,
    cause: Cause,
) -> Change:
    """Makes a character of the principal's own, with the operations applied to a fresh sheet.

    Raises Invalid, NotAllowed, Conflict (`name_taken`), Limit.
    """
    model = model_of(splat)
    rights.can(principal, "character.create", chronicle).require()
    owner = CustomUser.objects.select_for_update().get(id=principal.id)
    if Character.objects.filter(owner=owner, deleted_at=None).count() >= MAX_CHARACTERS:
        raise Limit(f"You have {MAX_CHARACTERS} characters, which is as many as one player may have.")
    character = model(owner=owner, chronicle=chronicle)
    _fill(character, [Operation("name", "set", name), *operations])
    character.name_key = name_key(character.name)
    character.created_at = character.updated_at = timezone.now()
    with naming(character.name):
        character.save(force_insert=True)
    return Change(character, record(character, "created", cause, changes=whole(character)))


def _fill(character: Character, operations: Sequence[Operation]) -> Outcome:
    for operation in operations:
        trait = character.traits.get(operation.slug)
        if trait and trait.writer in ("storyteller", "system"):
            raise NotAllowed(f"“{trait.label}” cannot be given to a new character.")
    start = {slug: trait.start() for slug, trait in character.traits.items() if trait.start() is not None}
    outcome = work_out(character.traits, start, operations, entry_id)
    store(character, start | outcome.values)
    return outcome
