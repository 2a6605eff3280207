"""Create, delete and restore characters. A deleted one keeps its row and its history."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle import features, rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.events import EventType
from contract.translation import _
from discordauth.models import CustomUser
from haven.house_rules import traits_of
from haven.models import Character
from haven.services.change import naming, refuse_by_house_rule, refuse_oversized
from haven.services.common import Change, lock, record, save, whole
from haven.services.reference import Reference, find
from haven.utility import model_of, name_key, store
from patreon import limits
from rules.errors import Conflict, Limit, NotAllowed
from rules.ids import entry_id
from rules.traits import Operation, Outcome, work_out
from rules.visibility import Level
from timeline.services import Cause

# All in all. What one may play (`patreon.limits`) counts neither deleted ones nor those in chronicles that they tell.
MAX_OF_A_STORYTELLER = 1000


@transaction.atomic(savepoint=False)
def create(
    principal: Principal,
    splat: str,
    name: str,
    operations: Sequence[Operation],
    chronicle: Chronicle | None,
    cause: Cause,
    public: Iterable[str] = (),
) -> Change:
    """Create a character owned by the principal, with the operations applied to a fresh sheet.

    `public`: traits that everyone may see from the start. Raises Invalid, NotAllowed, Conflict (`name_taken`), Limit.
    """
    model = model_of(splat)
    rights.can(principal, "character.create", chronicle).require()
    features.require_in([chronicle], "characters")
    if principal.id is None:
        raise NotAllowed(_("A character needs a player."))
    owner = room_for_one_more(principal.id, chronicle, principal)
    character = model(owner=owner, chronicle=chronicle)
    character.visibility = {slug: int(Level.PUBLIC) for slug in public if slug in character.traits}
    for slug in {operation.slug for operation in operations} & character.traits.keys():
        refuse_by_house_rule(principal, character, character.traits[slug])
    _fill(character, [Operation("name", "set", name), *operations])
    character.name_key = name_key(character.name)
    character.created_at = character.updated_at = timezone.now()
    with naming(character.name):
        character.save(force_insert=True)
    return Change(character, record(character, EventType.CHARACTER_CREATED, cause, changes=whole(character)))


def room_for_one_more(
    owner_id: UUID, chronicle: Chronicle | None, principal: Principal | None = None
) -> CustomUser:
    """Lock the player, so that two new characters cannot take the last place. Raises Limit.

    The cast of a chronicle that they tell does not count towards what they may play. `principal`: the player, where
    it is they who ask.
    """
    owner = CustomUser.objects.select_for_update().get(id=owner_id)
    mine = Character.objects.filter(owner=owner, deleted_at=None)
    count = mine.count()
    if count >= MAX_OF_A_STORYTELLER:
        raise Limit(
            _(
                "One person may have up to {most} characters.",
                most=MAX_OF_A_STORYTELLER,
            )
        )
    player = principal or Principal.for_user(owner)
    if limits.reached("characters", owner_id, count) and not _is_storyteller(player, chronicle):
        places = Chronicle.objects.filter(characters__in=mine).distinct().select_related("server")
        storyteller_of = [place.id for place in places if _is_storyteller(player, place)]
        played = mine.exclude(chronicle__in=storyteller_of).count()
        if most := limits.reached("characters", owner_id, played):
            raise Limit(_("One player may have up to {most} characters.", most=most))
    return owner


def _is_storyteller(player: Principal, chronicle: Chronicle | None) -> bool:
    return chronicle is not None and bool(rights.can(player, "chronicle.tell", chronicle))


def _fill(character: Character, operations: Sequence[Operation]) -> Outcome:
    for operation in operations:
        trait = character.traits.get(operation.slug)
        if trait and trait.writer in ("storyteller", "system"):
            raise NotAllowed(_("“{label}” can’t be set for a new character.", label=trait.name))
    start = {slug: trait.start() for slug, trait in character.traits.items() if trait.start() is not None}
    outcome = work_out(traits_of(character), start, operations, entry_id)
    store(character, start | outcome.values)
    refuse_oversized(character, outcome)
    return outcome


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
        raise Conflict(_("{name} is not deleted.", name=character.name), code="not_deleted")
    if character.owner.erased_at:
        raise NotAllowed(
            _("The player of {name} has left for good, and the sheet with them.", name=character.name)
        )
    room_for_one_more(character.owner_id, character.chronicle)
    character.deleted_at = None
    character.name_key = name_key(character.name)
    with naming(character.name):
        save(character, ["deleted_at", "name_key"])
    event = record(character, EventType.CHARACTER_RESTORED, cause, changes=whole(character))
    return Change(character, event, target.chosen)
