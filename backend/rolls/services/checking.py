"""Make a check: roll it, apply it to the tracked character, record it."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from chronicle import rights
from chronicle.principal import Principal
from contract.events import EventType
from contract.translation import _
from haven.services import Reference
from rolls import checks, selectors
from rolls.models import Roll, Visibility
from rolls.serializers import follow_ups, replacement
from rolls.services.common import (
    Done,
    RollInput,
    chance_fields,
    check_fields,
    find_subject,
    follow,
    input_fields,
    keep_consequence,
    record,
    save_once,
)
from rolls.systems import system_of
from rules.dice import source as sources
from rules.dice.source import Source
from rules.errors import Conflict, Unprocessable
from timeline.services import Cause


@transaction.atomic(savepoint=False)
def check(
    principal: Principal,
    slug: str,
    given: RollInput,
    cause: Cause,
    offered_by: UUID | None = None,
    source: Source | None = None,
) -> Done:
    """Make a check; `offered_by` is the roll whose follow-up it is, once.

    Raises Invalid (`no_character`, `wrong_splat`), Unprocessable for what the sheet's state forbids, Conflict
    (`already_done`).
    """
    kind = checks.kind(slug)
    parent = _offering(principal, offered_by, slug) if offered_by is not None else None
    if parent is not None and parent.character_id:
        given = _same_character(given, parent)
    given = replace(given, visibility=given.visibility or kind.visibility)
    subject = find_subject(principal, given, checks.splats_for(kind))
    ready = checks.prepare(slug, given.options, subject.sheet)
    found = ready.run(source or sources.system())
    roll = Roll(
        **input_fields(principal, given, subject),
        **check_fields(found, ready.slug_of(found)),
        **chance_fields(ready.outlook()),
        system=kind.system or (system_of(subject.character).slug if subject.character else "general"),
        kind=slug,
        options=kind.kept(given.options),
        pool={"text": "", "dice": ready.dice, "lines": []},
        parent=parent,
        offer=slug if parent else None,
    )
    change = follow(principal, subject.character, found.operations, cause)
    keep_consequence(roll, change)
    save_once(roll, Conflict(_("This was already done."), code="already_done"))
    return Done(roll, record(roll, EventType.ROLL_MADE, cause), change, subject.chosen)


def _offering(principal: Principal, roll_id: UUID, slug: str) -> Roll:
    parent = selectors.get(principal, roll_id)
    rights.can(principal, "roll.reroll", parent).require()
    if replacement(parent) or any(part.offer == slug for part in parent.parts.all()):
        raise Conflict(_("This was already done."), code="already_done")
    if not any(follow_up.check == slug for follow_up in follow_ups(parent)):
        raise Unprocessable(_("This roll doesn’t ask for that."), "not_offered")
    return parent


def _same_character(given: RollInput, parent: Roll) -> RollInput:
    server = parent.character.chronicle.server if parent.character and parent.character.chronicle else None
    meant = Reference(str(parent.character_id), server)
    return RollInput(
        options=given.options,
        reference=meant,
        chronicle=parent.chronicle,
        visibility=parent.visibility if given.visibility in ("", Visibility.PUBLIC) else given.visibility,
        note=given.note,
    )
