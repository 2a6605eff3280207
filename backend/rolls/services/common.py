"""Shared by the services: input, subject, storing a roll, applying its consequences, event and answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import IntegrityError, transaction

from chronicle import features, rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.events import EventType, RollSubject
from contract.translation import _
from haven.house_rules import traits_of
from haven.models import Character
from haven.selectors import get
from haven.services import Change, Reference
from haven.services.change import apply, may_touch
from haven.services.common import lock
from haven.services.reference import find
from rolls import followers, serializers
from rolls.chances import Chances
from rolls.models import MAX_NAME, MAX_NOTE, Roll, Visibility
from rolls.sheet import Sheet
from rules.dice.base import Check, Operations, SheetOperation
from rules.errors import Conflict, GameError, Invalid
from rules.ids import entry_id
from rules.options import Value, Values
from rules.text import clean
from rules.traits import Operation, work_out
from rules.visibility import PRIVATE, SECRET, TABLE
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

# As `/dice roll pool:6 difficulty:9` names it.
_DIFFICULTY = re.compile(r" \b(?:difficulty|target):\S+")
# "Nobody's" is no mistake when no character was named.
NOBODY_FITS = "no_character"


@dataclass(frozen=True)
class RollInput:
    """What somebody wants to roll. `reference` None is for nobody; with an empty text, the default if one fits."""

    system: str | None = None
    pool: Value | None = None
    options: Values = field(default_factory=dict)
    reference: Reference | None = None
    chronicle: Chronicle | None = None
    name: str = ""
    # Empty for what is usual: everybody, unless a check is nobody else's business.
    visibility: str = ""
    hide_difficulty: bool = False
    note: str = ""


@dataclass(frozen=True)
class Done:
    """What a service did: the roll, its event, and the change of the character, if any."""

    roll: Roll
    event: Event | None = None
    change: Change | None = None
    chosen: str = ""


@dataclass(frozen=True)
class Subject:
    """Who rolls: a locked character, or nobody; and where."""

    sheet: Sheet
    chronicle: Chronicle | None
    chosen: str = ""

    @property
    def character(self) -> Character | None:
        return self.sheet.character


def find_subject(
    principal: Principal,
    given: RollInput,
    splats: tuple[str, ...] = (),
    *,
    locked: bool = True,
    sheetless: bool = False,
) -> Subject:
    """Raises NotFound, NotAllowed, Conflict (`ambiguous`), Invalid. The character is locked until commit.

    Without the lock it is about odds, which a server may have switched off alone. `sheetless`: these dice need no
    sheet, so of several that fit nobody's is meant.
    """
    feature = "dice" if locked else "odds"
    try:
        found = _find(principal, given, splats, (NOBODY_FITS, "ambiguous") if sheetless else (NOBODY_FITS,))
    except Conflict:
        # Nobody is asked which character for what is switched off.
        features.require_in([given.chronicle], feature)
        raise
    if found is None:
        rights.can(principal, "roll.make", given.chronicle).require()
        features.require_in([given.chronicle], feature)
        return Subject(Sheet(chronicle=given.chronicle), given.chronicle)
    character_id, chosen = found
    character = lock(character_id) if locked else get(principal, character_id)
    rights.can(principal, "roll.make", character).require()
    features.require_in([character.chronicle or given.chronicle], feature)
    chronicle = character.chronicle or given.chronicle
    sheet = Sheet(character, rights.character_level(principal, character), chronicle)
    return Subject(sheet, chronicle, chosen)


def _find(
    principal: Principal, given: RollInput, splats: tuple[str, ...], nobody: tuple[str, ...]
) -> tuple[UUID, str] | None:
    """`nobody`: the codes of refusals that mean a roll without a sheet."""
    if given.reference is None:
        return None
    meant = given.reference
    if not meant.text and not splats:  # dice for which there are no sheets
        return None
    if not meant.text and not meant.splats:
        meant = replace(meant, text=None, splats=splats)
    try:
        found = find(principal, meant)
    except GameError as error:
        if meant.text or meant.owner_id or error.code not in nobody:
            raise
        return None
    return found.id, found.chosen


def check_fields(check: Check, slug: str) -> dict[str, object]:
    """The columns of a roll that a check fills."""
    dice = [die for step in check.steps for die in step.dice]
    counted = sum(bool(step.passed) for step in check.steps if step.dice)
    return {
        "rolled": {"dice": [die.as_json() for die in dice], "rerolled": [], "before": [], "choice": ""},
        "steps": [step.as_json() for step in check.steps],
        "value": check.value,
        "outcome": serializers.outcome_json(check) | {"slug": slug},
        "offers": list(check.offers),
        "slug": slug,
        "passed": check.passed,
        "successes": counted if check.successes is None else check.successes,
    }


def chance_fields(found: Chances | None) -> dict[str, object]:
    if found is None:
        return {}
    return {"chances": found.as_json(), "mean": found.mean, "variance": found.variance}


def input_fields(principal: Principal, given: RollInput, subject: Subject) -> dict[str, object]:
    if principal.user is None:
        raise Invalid(_("Somebody has to roll."))
    return {
        "chronicle": subject.chronicle,
        "character": subject.character,
        "roller": principal.user,
        "name": clean(given.name, MAX_NAME),
        "visibility": given.visibility or Visibility.PUBLIC,
        "hide_difficulty": given.hide_difficulty,
        "note": clean(given.note, MAX_NOTE),
    }


def without_difficulty(cause: Cause) -> Cause:
    """The cause of a roll with a hidden difficulty: the history of its character shows the command too."""
    return replace(cause, command=_DIFFICULTY.sub("", cause.command))


def follow(
    principal: Principal, character: Character | None, operations: Iterable[SheetOperation], cause: Cause
) -> Change | None:
    """Apply a roll's consequences to a (locked) character in one event; traits it does not have are skipped."""
    if character is None:
        return None
    wanted = [
        Operation(operation["path"], operation["op"], operation["value"])
        for operation in operations
        if operation["path"].partition(".")[0] in character.traits
    ]
    if not wanted:
        return None
    may_touch(principal, character, [character.traits[operation.slug] for operation in wanted])
    outcome = work_out(traits_of(character), character.document(), wanted, entry_id)
    event = apply(character, outcome, cause)
    return Change(character, event, notices=() if event else tuple(outcome.notices))


def keep_consequence(roll: Roll, change: Change | None) -> None:
    """Store with the roll what changed on the character."""
    if change is None or change.event is None:
        return
    event = change.event
    roll.event = event
    roll.consequences = [
        *roll.consequences,
        {"changes": event.changes, "labels": event.labels, "notices": event.notices},
    ]


def record(roll: Roll, type: EventType, cause: Cause) -> Event:
    """Record the roll's event: for the table, for storytellers and the roller, or for the roller alone."""
    public = roll.visibility == Visibility.PUBLIC
    levels = {"roll": int(TABLE if public else PRIVATE)}
    shown: dict[str, list[object]] = {"roll": [None, serializers.brief(roll).model_dump(mode="json")]}
    if roll.hide_difficulty:
        shown["roll_hidden"] = [None, serializers.secret(roll)]
        levels["roll_hidden"] = int(SECRET if roll.request_id else PRIVATE)
    event = timeline.record(
        stream=roll.stream,
        type=type,
        entity_id=roll.id,
        version=roll.version,
        cause=cause,
        changes=shown,
        visibility=levels,
        labels={"roll": "Roll"},
        subject=RollSubject(
            owner=roll.roller_id,
            name=roll.name,
            acting_for=cause.acting_for(roll.character.owner if roll.character else None),
        ),
    )
    followers.roll_changed(roll, type)
    return event


def save_once(roll: Roll, taken: Conflict) -> None:
    """Store a roll that may exist only once; the savepoint keeps the transaction usable. Raises `taken`."""
    try:
        with transaction.atomic():
            roll.save(force_insert=True)
    except IntegrityError as error:
        raise taken from error


def attached_roll(main: Roll, kind: str, fields: Mapping[str, object]) -> Roll:
    """A check that came with a roll: of the same person, at the same table."""
    return Roll(
        chronicle=main.chronicle,
        character=main.character,
        roller=main.roller,
        name=main.name,
        system=main.system,
        kind=kind,
        visibility=main.visibility,
        parent=main,
        **fields,
    )


def operations_of(*many: Operations) -> list[SheetOperation]:
    return [operation for operations in many for operation in operations]
