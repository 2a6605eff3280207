"""Move a character into another chronicle, with its sheet and its history."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from chronicle import features, rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.events import EventType
from contract.translation import _
from haven.models import Character, DefaultCharacter
from haven.services.common import Change, levels, lock, save, subject, whole
from haven.services.reference import Reference, find
from rules.errors import Conflict, NotAllowed
from rules.notices import Notice, notice
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

# Says in a sentence what keeps a character where it is, as far as this person may know; nothing, if nothing does.
Hold = Callable[[Principal, Character], str]
_holds: list[Hold] = []


def held_by(ask: Hold) -> None:
    """Register a check of an app above that may refuse a move."""
    _holds.append(ask)


@transaction.atomic(savepoint=False)
def move(principal: Principal, reference: Reference, chronicle: Chronicle, cause: Cause) -> Change:
    """Move a character, by its player while it is unlocked, or by a storyteller of its current chronicle.

    Its player must be one who may play there. Raises NotFound, NotAllowed (also `chronicle_archived`,
    `server_resting`, `feature_off`), Conflict (`held`: a proposal waits, a conflict is fought).
    """
    target = find(principal, reference)
    character = lock(target.id)
    rights.can(principal, "character.move", character).require()
    rights.can(principal, "chronicle.view", chronicle).require()
    if character.chronicle_id == chronicle.pk:
        already_there = notice("already_there", name=character.name, chronicle=chronicle.name)
        return Change(character, None, target.chosen, (already_there,))
    _require_entry(principal, character, chronicle)
    for ask in _holds:
        if reason := ask(principal, character):
            raise Conflict(reason, code="held")
    return Change(character, _moved(character, chronicle, cause), target.chosen)


def _require_entry(principal: Principal, character: Character, chronicle: Chronicle) -> None:
    player = principal if principal.id == character.owner_id else Principal.for_user(character.owner)
    may = rights.can(player, "character.create", chronicle)
    if may.hidden and player is not principal:
        raise NotAllowed(_("{name} is not a member there.", name=player.name))
    may.require()
    features.require_in([chronicle], "characters")


@transaction.atomic
def release(character_id: UUID, cause: Cause) -> None:
    """Take a character out of its chronicle, which is at its end: it stays with its player, with all of its history.

    Nothing happens to one that plays nowhere, or is gone.
    """
    if Character.objects.filter(pk=character_id).exclude(chronicle=None).exists():
        character = lock(character_id, deleted=True)
        DefaultCharacter.objects.filter(character=character).delete()
        _moved(character, None, cause)


def _moved(character: Character, chronicle: Chronicle | None, cause: Cause) -> Event:
    left, before = character.stream, character.chronicle
    if chronicle:
        _take_defaults_along(character, chronicle)
    character.chronicle = chronicle
    save(character, ["chronicle"])
    moved = _said_of(before, chronicle)
    event: Event | None = None
    # Streams are locked in the order of their ids, as everywhere.
    for stream in sorted((left, character.stream), key=lambda stream: str(stream[1])):
        if stream == character.stream:
            changes = whole(character)
            event = _record(character, stream, EventType.CHARACTER_MOVED, cause, changes, [moved])
        else:
            # Where it was it is gone. No change of its own: its history shows the move once.
            _record(character, stream, EventType.CHARACTER_LEFT, cause, {}, [])
    assert event is not None
    # The answer is about this one, so an idempotency key keeps it, not that of the stream that was left.
    cause.recorded.sort(key=lambda recorded: recorded is event)
    return event


def _said_of(before: Chronicle | None, after: Chronicle | None) -> Notice:
    if after is None:
        return notice("moved_out", chronicle=before.name if before else "")
    if before is None:
        return notice("moved_in", chronicle=after.name)
    return notice("moved", before=before.name, after=after.name)


def _record(
    character: Character,
    stream: tuple[str, Any],
    type: EventType,
    cause: Cause,
    changes: dict[str, list[object]],
    notices: list[Notice],
) -> Event:
    return timeline.record(
        stream=stream,
        type=type,
        entity_id=character.id,
        version=character.version,
        cause=cause,
        changes=changes,
        visibility=levels(character, changes),
        notices=notices,
        subject=subject(character, cause),
    )


def _take_defaults_along(character: Character, chronicle: Chronicle) -> None:
    """Make it the player's default in the new place if it was in the old one, unless they have one there."""
    members = ServerMember.objects.select_for_update().filter(user_id=character.owner_id)
    homes = {member.pk: member.server_id for member in members.order_by("pk")}
    rows = list(DefaultCharacter.objects.filter(character=character, member_id__in=homes))
    there = [pk for pk, server_id in homes.items() if server_id == chronicle.server_id]
    taken = DefaultCharacter.objects.filter(member_id__in=there, chronicle=chronicle).exists()
    for row in rows:
        stays = homes[row.member_id] == chronicle.server_id
        if row.chronicle_id is None and stays:
            continue
        if row.chronicle_id is not None and stays and not taken:
            row.chronicle, taken = chronicle, True
            row.save(update_fields=["chronicle"])
        else:
            row.delete()
