"""Change a sheet: the one way in for slash commands, web edits, storytellers and scripts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction

from chronicle import house_rules, rights
from chronicle.principal import Principal
from contract.characters import TraitChange
from contract.events import EventType
from contract.labels import label
from contract.refusals import ChangedMeanwhile
from contract.translation import _
from discordauth.models import FORMER_PLAYER
from haven.house_rules import traits_of
from haven.models import Character
from haven.services.common import Change, lock, record, save
from haven.services.reference import Reference, find, wrong_splat
from haven.services.trait_names import as_typed
from haven.utility import name_key, store
from rules.errors import Conflict, Invalid, Limit, NotAllowed
from rules.ids import entry_id
from rules.traits import Json, Operation, Outcome, Trait, work_out
from rules.traits.scalars import spoken
from rules.visibility import PUBLIC
from timeline import frames
from timeline.models import Event
from timeline.services import Cause

# Bytes of JSON; well below what a frame of the gateway may have.
MAX_SHEET = 300_000


def operations_of(changes: Iterable[TraitChange] | None) -> list[Operation]:
    return [Operation(wanted.path, wanted.op, wanted.value) for wanted in changes or ()]


@transaction.atomic(savepoint=False)
def change(
    principal: Principal,
    reference: Reference,
    operations: Sequence[Operation] | Callable[[Character], Sequence[Operation]],
    cause: Cause,
    base_version: int | None = None,
) -> Change:
    """Apply the operations to one character, or those that follow from how it stands.

    Raises NotFound, NotAllowed, Invalid (with `fields`), Conflict: `conflict` when a trait was set that moved since
    `base_version`, `name_taken`, `ambiguous`.
    """
    target = find(principal, reference)
    character = lock(target.id)
    operations = as_typed(principal, character, operations(character) if callable(operations) else operations)
    allow(principal, character, operations)
    if reference.splats and character.splat not in reference.splats:
        raise wrong_splat(character, reference)
    if base_version is not None:
        refuse_stale(principal, character, operations, base_version)
    outcome = work_out(traits_of(character), character.document(), operations, entry_id)
    event = apply(character, outcome, cause)
    return Change(character, event, target.chosen, () if event else tuple(outcome.notices))


def apply(character: Character, outcome: Outcome, cause: Cause, undoes: Event | None = None) -> Event | None:
    """Save an outcome and record its event; nothing if nothing changed."""
    if not outcome.changes:
        return None
    columns = store(character, outcome.values)
    refuse_oversized(character, outcome)
    if "name" in columns:
        character.name_key = name_key(character.name)
        columns.add("name_key")
    with naming(character.name) if "name" in columns else nullcontext():
        save(character, columns)
    return record(
        character,
        EventType.CHARACTER_UPDATED,
        cause,
        changes=outcome.changes,
        labels=outcome.labels,
        notices=outcome.notices,
        undoes=undoes,
    )


def refuse_oversized(character: Character, outcome: Outcome) -> None:
    """Raise if the sheet would no longer fit in one frame; only long traits are measured."""
    longer = any(isinstance(after, str | dict) for _, after in outcome.changes.values())
    if longer and len(orjson.dumps(character.sheet)) > MAX_SHEET:
        raise Limit(
            _("This sheet is full: all its texts together may have {most} kB.", most=MAX_SHEET // 1000),
            code="sheet_full",
        )


def allow(principal: Principal, character: Character, operations: Sequence[Operation]) -> None:
    """Raise NotFound or NotAllowed unless the principal may do all of it."""
    slugs = dict.fromkeys(operation.slug for operation in operations)
    traits = [character.traits[slug] for slug in slugs if slug in character.traits]
    may_touch(principal, character, traits)
    for trait in traits:
        if trait.writer == "system":
            raise NotAllowed(_("“{label}” can’t be changed here.", label=trait.name))


def may_touch(principal: Principal, character: Character, traits: Sequence[Trait]) -> None:
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


def refuse_by_house_rule(principal: Principal, character: Character, trait: Trait) -> None:
    """Raise NotAllowed if the chronicle leaves Experience to its storytellers."""
    editors = house_rules.value(character.chronicle, "experience_editors")
    if (
        trait.kind == "experience"
        and editors == "storyteller"
        and not rights.is_storyteller_of(principal, character)
    ):
        raise NotAllowed(
            _("In this chronicle only storytellers change “{label}”.", label=trait.name),
            code="house_rule",
        )


def _allow_writer(principal: Principal, character: Character, trait: Trait) -> None:
    refuse_by_house_rule(principal, character, trait)
    if trait.writer == "owner":
        return
    if trait.writer == "storyteller" and not rights.is_storyteller_of(principal, character):
        raise NotAllowed(_("Only a storyteller may change “{label}”.", label=trait.name))
    is_player = principal.id == character.owner_id or principal.is_platform_admin
    if trait.writer == "player" and not is_player:
        raise NotAllowed(_("Only the player may change “{label}”.", label=trait.name))


def refuse_stale(
    principal: Principal, character: Character, operations: Sequence[Operation], base_version: int
) -> None:
    """Raise Conflict for a `set` of a trait that changed since the client's version, with both values and by whom.

    Changes of different traits merge, and `adjust` never conflicts: it means “one more than there is”.
    """
    if not 0 < base_version <= character.version:
        raise Invalid.field(
            "base_version", _("This character has no version {number}.", number=spoken(base_version))
        )
    if base_version == character.version:
        return
    level = rights.character_level(principal, character)
    wanted = dict(_wanted(character, operations))
    conflicts: dict[str, ChangedMeanwhile] = {}
    later = list(Event.objects.filter(entity_id=character.id, version__gt=base_version).order_by("version"))
    if settings.EVENTS_KEPT_DAYS and (not later or later[0].version != base_version + 1):
        raise Conflict(_("This sheet was open for a long time. Reload it, and try again."), code="outdated")
    for event in later:
        for path, sides in event.changes.items():
            mine = next((changed for changed in wanted if overlap(path, changed)), None)
            if mine is None or character.level_of(path) > level:
                continue
            # By now it may be what this person wants, too.
            conflicts.pop(path, None)
            if sides[1] != wanted[mine]:
                conflicts[path] = _conflict(event, path, wanted[mine])
    if conflicts:
        names = ", ".join(conflict.label for conflict in conflicts.values())
        both = [conflict.model_dump(mode="json") for conflict in conflicts.values()]
        raise Conflict(_("Somebody else changed this in the meantime: {names}.", names=names), conflicts=both)


def _wanted(character: Character, operations: Sequence[Operation]) -> Iterator[tuple[str, Json]]:
    """Yield the paths that the operations set, with their values; None for a removal."""
    document = character.document()
    for operation in operations:
        trait = character.traits.get(operation.slug)
        if trait is None:
            continue
        rest, op, value = operation.rest, operation.op, operation.value
        if op == "text" and isinstance(value, str):
            try:
                rest, op, value = trait.parse(value, rest, document.get(trait.slug))
            except Invalid:  # told when the change is worked out
                continue
        if op == "set" and isinstance(value, dict):
            yield from ((trait.path((*rest, str(name))), part) for name, part in value.items())
        elif op in ("set", "remove"):
            yield trait.full_path(rest), value if op == "set" else None


def _conflict(event: Event, path: str, yours: Json) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        path=path,
        label=label(event.labels.get(path, path), path, frames.edition_of(event)),
        yours=yours,
        theirs=event.changes[path][1],
        by=event.actor_name or _(FORMER_PLAYER),
        version=event.version,
        is_choice=path in frames.choices_of(event, [path]),
    )


def overlap(first: str, other: str) -> bool:
    """Return whether one path is the other, or above it."""
    return first == other or first.startswith(other + ".") or other.startswith(first + ".")


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turn the unique constraint on names into a Conflict. The savepoint keeps the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise name_taken(name) from error


def name_taken(name: str) -> Conflict:
    sentence = _("There is already a character called “{name}”.", name=name)
    return Conflict(sentence, code="name_taken", fields={"name": [sentence]})
