"""Macros: a roll of a character under a name."""

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chronicle import features, rights
from chronicle.principal import VIEW_SERVER, Principal
from contract.lookup import fitting
from contract.macros import MacroFields, SaveMacro
from contract.translation import N_, _
from haven.models import Character
from haven.selectors import get
from haven.services import Reference
from haven.services.common import lock
from haven.services.reference import find
from haven.utility import derived, name_key
from patreon import limits
from rolls import roll_input
from rolls.models import MAX_NAME, MAX_NOTE, Macro
from rolls.services.common import Done, RollInput
from rolls.services.rolling import roll
from rolls.sheet import Sheet
from rolls.systems import fits, system, system_of
from rules.errors import Conflict, Invalid, Limit, NotFound, Problems
from rules.naming import which
from rules.options import Value
from rules.text import clean, has_ink
from timeline.services import Cause

MAX_POOL = 200
LISTED, LISTED_OF_OTHERS = 500, 50
# Options that the sheet may be unable to pay for at the moment.
COSTLY = ("surge", "rouse", "willpower")
NO_SUCH = N_("There’s no such macro.")


def rows() -> QuerySet[Macro]:
    return Macro.objects.select_related("character__chronicle__server", "character__owner").filter(
        character__deleted_at=None
    )


@transaction.atomic(savepoint=False)
def create(principal: Principal, reference: Reference, given: SaveMacro) -> Macro:
    """Create a macro. Raises Invalid, Conflict (`name_taken`), Limit, and what naming a character may raise."""
    character = _own(principal, find(principal, reference).id)
    if most := limits.reached("macros", character.owner_id, character.macros.count()):
        raise Limit(_("A character can have up to {most} macros.", most=most), code="too_many_macros")
    row = Macro(character=character)
    _fill(row, given)
    return _save(row)


@transaction.atomic(savepoint=False)
def edit(principal: Principal, meant: str, given: MacroFields, reference: Reference | None) -> Macro:
    """Change the given fields, no others."""
    row = find_macro(principal, meant, reference)
    _own(principal, row.character_id)
    _fill(row, given)
    return _save(row)


@transaction.atomic(savepoint=False)
def remove(principal: Principal, meant: str, reference: Reference | None) -> Macro:
    row = find_macro(principal, meant, reference)
    _own(principal, row.character_id)
    Macro.objects.filter(pk=row.pk).delete()
    return row


@transaction.atomic(savepoint=False)
def copy(principal: Principal, meant: str, reference: Reference) -> Macro:
    """Copy a shared macro to one's own character."""
    found = find_macro(principal, meant, None)
    again = SaveMacro(
        name=found.name,
        pool=pool_of(found),
        system=found.system,
        options=found.options,
        note=found.note,
        shared=False,
    )
    return create(principal, reference, again)


@transaction.atomic(savepoint=False)
def run(
    principal: Principal, meant: str, given: RollInput, cause: Cause, reference: Reference | None
) -> Done:
    """Roll one's own macro; `given` overrides its parts this once."""
    row = find_macro(principal, meant, reference)
    character = row.character
    features.require_in([character.chronicle], "macros")
    server = character.chronicle.server if character.chronicle else None
    once = replace(
        given,
        system=given.system or row.system or None,
        pool=pool_of(row) if given.pool is None else given.pool,
        options={**row.options, **given.options},
        reference=Reference(str(character.id), server),
        note=given.note or row.note or row.name,
    )
    return roll(principal, once, cause)


def pool_of(row: Macro) -> Value:
    return int(row.pool) if row.pool.isdecimal() else row.pool


def find_macro(principal: Principal, meant: str, reference: Reference | None) -> Macro:
    """Find a macro by id, or by name among the character's; shared ones by id. Raises NotFound."""
    text = clean(meant, 100)
    try:
        found = rows().filter(pk=UUID(text)).first()
    except ValueError:
        found = _by_name(principal, text, reference)
    if found is None or not may_see(principal, found):
        raise NotFound(_(NO_SUCH))
    return found


def _by_name(principal: Principal, text: str, reference: Reference | None) -> Macro | None:
    if reference is None or not text:
        return None
    character_id = find(principal, reference).id
    own = [row for row in rows().filter(character_id=character_id) if may_see(principal, row)]
    return own[which(text, {place: (row.name,) for place, row in enumerate(own)}, "macro")]


def may_see(principal: Principal, row: Macro) -> bool:
    if rights.can(principal, "roll.make", row.character):
        return True
    chronicle = row.character.chronicle
    return row.shared and chronicle is not None and VIEW_SERVER in principal.permissions(chronicle.server_id)


def listed(principal: Principal, reference: Reference, query: str, shared: bool) -> list[Macro]:
    """List a character's macros, or those that others share; names that begin with the query first."""
    if shared:
        found = rows().filter(shared=True, character__chronicle__server=reference.server)
        found = found.exclude(character__owner_id=principal.id) if reference.server else found.none()
        if reference.server and VIEW_SERVER not in principal.permissions(reference.server.id):
            found = found.none()
    else:
        character = get(principal, find(principal, reference).id)
        rights.can(principal, "roll.make", character).require()
        found = rows().filter(character=character)
    return fitting(query, found.order_by("name_key")[:LISTED], lambda row: row.name)[
        : LISTED_OF_OTHERS if shared else LISTED
    ]


def _own(principal: Principal, character_id: UUID) -> Character:
    character = lock(character_id)
    rights.can(principal, "roll.make", character).require()
    features.require_in([character.chronicle], "macros")
    return character


def _fill(row: Macro, given: MacroFields) -> None:
    """Set what is given after checking it, and that the macro could be rolled."""
    _judge(given)
    if given.name is not None:
        row.name = clean(given.name, MAX_NAME)
    if given.pool is not None:
        row.pool = clean(str(given.pool), MAX_POOL)
    if given.system is not None:
        row.system = system(given.system).slug if given.system else ""
    if given.options is not None:
        row.options = given.options
    if given.note is not None:
        row.note = clean(given.note, MAX_NOTE)
    if given.shared is not None:
        row.shared = given.shared
    row.name_key = name_key(row.name)
    _judge_roll(row)


def _judge(given: MacroFields) -> None:
    problems = Problems()
    if given.name is not None and not has_ink(given.name):
        problems.add("name", _("A macro needs a name."))
    if isinstance(given.pool, int):
        problems.whole("pool", given.pool, 0, 50)
    elif given.pool is not None:
        problems.words("pool", given.pool, MAX_POOL)
    problems.settle()


def _judge_roll(row: Macro) -> None:
    """Check the roll with the sheet as it is now, but not costs that only its state forbids (a surge at Hunger 5)."""
    character = derived(row.character)
    dice = system(row.system) if row.system else system_of(character)
    if not fits(dice, character):
        raise Invalid(
            _("{name} doesn’t roll these dice ({label}).", name=character.name, label=_(dice.label)),
            code="wrong_splat",
        )
    dice.asked.read(row.options)
    calm = {name: value for name, value in row.options.items() if name not in COSTLY}
    roll_input.build(pool_of(row), dice.asked.read(calm), Sheet(character))


def _save(row: Macro) -> Macro:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        sentence = _("{name} already has a macro called “{macro}”.", name=row.character.name, macro=row.name)
        raise Conflict(sentence, code="name_taken", fields={"name": [sentence]}) from error
    return row
