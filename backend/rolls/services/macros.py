"""Macros: a roll of a character under a name."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chronicle import features, rights
from chronicle.principal import VIEW_SERVER, Principal
from contract.lookup import fitting
from haven.models import Character
from haven.selectors import alive
from haven.services import Reference
from haven.services.common import lock
from haven.services.reference import find
from haven.utility import derived, name_key
from rolls import roll_input
from rolls.models import MAX_NAME, MAX_NOTE, Macro
from rolls.services.common import Answer, RollInput
from rolls.services.rolling import roll
from rolls.systems import fits, system, system_of
from rules.errors import Conflict, Invalid, Limit, NotFound, Problems
from rules.naming import which
from rules.options import Value
from rules.text import clean, has_ink
from timeline.services import Cause

MAX_MACROS = 50
FIELDS = ("name", "pool", "system", "options", "note", "shared")
# Options that the sheet may be unable to pay for at the moment.
COSTLY = ("surge", "rouse", "willpower")
NO_SUCH = "There is no such macro."


def rows() -> QuerySet[Macro]:
    return Macro.objects.select_related("character__chronicle__server", "character__owner").filter(
        character__deleted_at=None
    )


@transaction.atomic(savepoint=False)
def create(principal: Principal, reference: Reference, fields: Mapping[str, object]) -> Macro:
    """Create a macro. Raises Invalid, Conflict (`name_taken`), Limit, and what naming a character may raise."""
    character = _own(principal, find(principal, reference).id)
    if character.macros.count() >= MAX_MACROS:
        raise Limit(f"A character may have {MAX_MACROS} macros.", code="too_many_macros")
    row = Macro(character=character)
    _fill(row, {"name": None, "pool": None, **fields})
    return _save(row)


@transaction.atomic(savepoint=False)
def edit(
    principal: Principal, meant: str, fields: Mapping[str, object], reference: Reference | None
) -> Macro:
    row = find_macro(principal, meant, reference)
    _own(principal, row.character_id)
    _fill(row, fields)
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
    fields = {name: getattr(found, name) for name in FIELDS}
    return create(principal, reference, fields | {"shared": False})


@transaction.atomic(savepoint=False)
def run(
    principal: Principal, meant: str, given: RollInput, cause: Cause, reference: Reference | None
) -> Answer:
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
    return int(row.pool) if row.pool.isdecimal() and row.system != "general" else row.pool


def find_macro(principal: Principal, meant: str, reference: Reference | None) -> Macro:
    """Find a macro by id, or by name among the character's; shared ones by id. Raises NotFound."""
    text = clean(meant, 100) if isinstance(meant, str) else ""
    try:
        found = rows().filter(pk=UUID(text)).first()
    except ValueError:
        found = _by_name(principal, text, reference)
    if found is None or not may_see(principal, found):
        raise NotFound(NO_SUCH)
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


def listed(
    principal: Principal, reference: Reference, query: str, shared: bool, limit: int = 25
) -> list[Macro]:
    """List a character's macros, or those that others share; names that begin with the query first."""
    if shared:
        found = rows().filter(shared=True, character__chronicle__server=reference.server)
        found = found.exclude(character__owner_id=principal.id) if reference.server else found.none()
        if reference.server and VIEW_SERVER not in principal.permissions(reference.server.id):
            found = found.none()
    else:
        character = alive().get(pk=find(principal, reference).id)
        rights.can(principal, "roll.make", character).require()
        found = rows().filter(character=character)
    return fitting(query, found.order_by("name_key")[:500], lambda row: row.name)[:limit]


def _own(principal: Principal, character_id: UUID) -> Character:
    character = lock(character_id)
    rights.can(principal, "roll.make", character).require()
    features.require_in([character.chronicle], "macros")
    return character


def _fill(row: Macro, fields: Mapping[str, object]) -> None:
    """Set the given fields after checking them, and that the macro could be rolled."""
    problems = Problems()
    for name in sorted(set(fields) - set(FIELDS)):
        problems.add(clean(name, 50), "A macro has no such field.")
    _judge_texts(problems, fields)
    problems.settle()
    for name, value in fields.items():
        setattr(row, name, _kept(name, value))
    row.name_key = name_key(row.name)
    _judge_roll(row)


def _judge_texts(problems: Problems, fields: Mapping[str, object]) -> None:
    if "name" in fields:
        problems.words("name", fields["name"], MAX_NAME)
        if isinstance(fields["name"], str) and not has_ink(fields["name"]):
            problems.add("name", "A macro needs a name.")
    if "note" in fields:
        problems.words("note", fields["note"], MAX_NOTE)
    if "shared" in fields:
        problems.flag("shared", fields["shared"])
    if "options" in fields and not isinstance(fields["options"], dict):
        problems.add("options", "A JSON object is expected.")
    if "pool" in fields:
        pool = fields["pool"]
        if isinstance(pool, int):
            problems.whole("pool", pool, 0, 50)
        else:
            problems.words("pool", pool, 200)


def _kept(name: str, value: object) -> object:
    if name == "options" and isinstance(value, dict):
        return {key: kept for key, kept in value.items() if kept is not None}
    if name == "system":
        return system(value).slug if value else ""
    return clean(str(value), 300) if name in ("name", "note", "pool") else value


def _judge_roll(row: Macro) -> None:
    """Check the roll with the sheet as it is now, but not costs that only its state forbids (a surge at Hunger 5)."""
    character = derived(row.character)
    dice = system(row.system) if row.system else system_of(character)
    if not fits(dice, character):
        raise Invalid(f"{character.name} does not roll these dice ({dice.label}).", code="wrong_splat")
    dice.asked.read(row.options)
    calm = {name: value for name, value in row.options.items() if name not in COSTLY}
    roll_input.build(pool_of(row), dice.asked.read(calm), roll_input.Sheet(character))


def _save(row: Macro) -> Macro:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        sentence = f"{row.character.name} has a macro “{row.name}” already."
        raise Conflict(sentence, code="name_taken", fields={"name": [sentence]}) from error
    return row
