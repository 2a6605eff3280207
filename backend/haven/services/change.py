"""Changing a sheet: the one way in for slash commands, web edits, storytellers and scripts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import IntegrityError, transaction

from chronicle import rights
from chronicle.principal import Principal
from haven.models import Character
from haven.selectors import alive
from haven.services.common import Change, lock, record, save
from haven.services.reference import Reference, find
from haven.utility import store
from rules.errors import Conflict, Invalid, NotAllowed
from rules.ids import entry_id
from rules.traits import Operation, Outcome, Trait, work_out
from rules.visibility import PUBLIC, SECRET, Level
from timeline.models import Event
from timeline.services import Cause


@transaction.atomic(savepoint=False)
def change(
    principal: Principal,
    reference: Reference,
    operations: Sequence[Operation],
    cause: Cause,
    base_version: int | None = None,
) -> Change:
    """Applies the operations to one character.

    Raises NotFound, NotAllowed, Invalid (with `fields`), Conflict: `conflict` when a trait was set that moved since
    `base_version`, `name_taken`, `ambiguous`.
    """
    found = find(principal, reference)
    character = lock(alive(), found.id)
    if reference.splats and character.splat not in reference.splats:
        raise Invalid(f"{character.name} is a {character.splat_label}.", code="wrong_splat")
    allow(principal, character, operations)
    if base_version is not None:
        refuse_stale(principal, character, operations, base_version)
    outcome = work_out(character.traits, character.document(), operations, entry_id)
    return Change(character, apply(character, outcome, cause), found.chosen)


def apply(character: Character, outcome: Outcome, cause: Cause, undoes: Event | None = None) -> Event | None:
    """Saves an outcome and records its event; nothing when nothing changed."""
    if not outcome.changes:
        return None
    columns = store(character, outcome.values)
    if "name" in columns:
        character.name_key = name_key(character.name)
        columns.add("name_key")
    with naming(character.name) if "name" in columns else nullcontext():
        save(character, columns)
    return record(
        character,
        "updated",
        cause,
        changes=outcome.changes,
        labels=outcome.labels,
        notices=outcome.notices,
        undoes=undoes,
    )


def allow(principal: Principal, character: Character, operations: Sequence[Operation]) -> None:
    """Raises NotFound or NotAllowed unless this person may do all of it."""
    traits = [character.traits[one.slug] for one in operations if one.slug in character.traits]
    rights.can(
        principal,
        "character.edit",
        character,
        trackers_only=all(_usable_when_locked(trait) for trait in traits),
        field_level=max((character.level_of(trait.slug) for trait in traits), default=PUBLIC),
    ).require()
    for trait in traits:
        _allow_writer(principal, character, trait)


def _usable_when_locked(trait: Trait) -> bool:
    return trait.tracker or trait.slug == "notes"


def _allow_writer(principal: Principal, character: Character, trait: Trait) -> None:
    if trait.writer == "owner":
        return
    level: Level = rights.character_level(principal, character)
    if trait.writer == "storyteller" and level < SECRET:
        raise NotAllowed(f"Only a storyteller may change “{trait.label}”.")
    is_player = principal.id == character.owner_id or principal.is_platform_admin
    if trait.writer == "player" and not is_player:
        raise NotAllowed(f"Only the player may change “{trait.label}”.")
    if trait.writer == "system":
        raise NotAllowed(f"“{trait.label}” has a way of its own to change.")


def refuse_stale(
    principal: Principal, character: Character, operations: Sequence[Operation], base_version: int
) -> None:
    """A `set` of a trait that moved since the client looked: both values, and who changed it.

    Changes of different traits merge, and `adjust` never conflicts: it means “one more than there is”.
    """
    if not 0 < base_version <= character.version:
        raise Invalid.field("base_version", f"This character has no version {base_version}.")
    if base_version == character.version:
        return
    level = rights.character_level(principal, character)
    conflicts: dict[str, dict[str, Any]] = {}
    later = Event.objects.filter(entity_id=character.id, version__gt=base_version).order_by("version")
    for event in later:
        for operation in operations:
            _compare(character, event, operation, level, conflicts)
    if conflicts:
        names = ", ".join(one["label"] for one in conflicts.values())
        raise Conflict(f"Changed meanwhile by somebody else: {names}.", conflicts=list(conflicts.values()))


def _compare(
    character: Character,
    event: Event,
    operation: Operation,
    level: Level,
    conflicts: dict[str, dict[str, Any]],
) -> None:
    if operation.op not in ("set", "remove"):
        return
    wanted = full_path(character, operation)
    for path, (_, theirs) in event.changes.items():
        if overlap(path, wanted) and theirs != operation.value and character.level_of(path) <= level:
            conflicts[path] = {
                "path": path,
                "label": event.labels.get(path, path),
                "yours": operation.value,
                "theirs": theirs,
                "by": event.actor_name,
                "version": event.version,
            }


def full_path(character: Character, operation: Operation) -> str:
    """`health` means `health.total`."""
    trait = character.traits.get(operation.slug)
    if trait and trait.primary and not operation.rest:
        return f"{operation.path}.{trait.primary}"
    return operation.path


def overlap(one: str, other: str) -> bool:
    """Is one path the other, or above it?"""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def name_key(name: str) -> str:
    return name.casefold()[:100]


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turns the unique constraint on names into a Conflict. The savepoint keeps the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise name_taken(name) from error


def name_taken(name: str) -> Conflict:
    return Conflict(
        f"There is already a character called “{name}”.", code="name_taken", fields={"name": [name]}
    )
