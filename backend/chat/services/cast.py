"""The cast of a chronicle: whom its storytellers speak for without a sheet."""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from chat.models import CastMember
from chat.models.game import MAX_CAST_NAME
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import N_, _
from haven.utility import name_key
from rules.errors import Conflict, Invalid, Limit, NotFound
from rules.text import clean, has_ink
from uploads.kinds import Kind, declared
from uploads.storing import claim, release

MAX_CAST = 300
SMALL = 96
NOBODY = N_("There’s nobody like that in the cast.")


def _in_use(paths: Collection[str]) -> set[str]:
    return set(CastMember.objects.filter(portrait__in=paths).values_list("portrait", flat=True))


CAST = declared(Kind("cast", "cast", side=1024, thumbnails=(SMALL,), in_use=_in_use))


def find(chronicle: Chronicle, member_id: UUID, principal: Principal) -> CastMember:
    """Raises NotAllowed, NotFound."""
    can(principal, "chronicle.tell", chronicle).require()
    found = CastMember.objects.filter(pk=member_id, chronicle=chronicle).first()
    if found is None:
        raise NotFound(_(NOBODY))
    return found


def listed(chronicle: Chronicle, *, principal: Principal) -> list[CastMember]:
    """Raises NotAllowed."""
    can(principal, "chronicle.tell", chronicle).require()
    return list(CastMember.objects.filter(chronicle=chronicle))


@transaction.atomic
def add(chronicle: Chronicle, name: str, *, principal: Principal) -> CastMember:
    """Raises NotAllowed, Invalid, Conflict (`name_taken`), Limit."""
    can(principal, "chronicle.tell", chronicle).require()
    # One after the other: two at once would both find the last place free.
    Chronicle.objects.select_for_update().filter(pk=chronicle.pk).values_list("pk").first()
    if CastMember.objects.filter(chronicle=chronicle).count() >= MAX_CAST:
        raise Limit(_("A cast can have up to {most} people.", most=MAX_CAST), code="too_many_cast")
    row = CastMember(chronicle=chronicle)
    return _named(row, name)


@transaction.atomic
def rename(row: CastMember, name: str) -> CastMember:
    return _named(row, name)


def _named(row: CastMember, name: str) -> CastMember:
    cleaned = clean(name, MAX_CAST_NAME)
    if not has_ink(cleaned):
        raise Invalid.field("name", _("Somebody in the cast needs a name."))
    row.name, row.name_key = cleaned, name_key(cleaned)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        sentence = _("“{name}” is in the cast already.", name=cleaned)
        raise Conflict(sentence, code="name_taken", fields={"name": [sentence]}) from None
    return row


@transaction.atomic
def portray(row: CastMember, path: str) -> CastMember:
    """Give them a stored picture; none removes it. What they said before keeps its address, and goes without."""
    before = row.portrait
    if path:
        claim(path, CAST)
    row.portrait = path
    row.save(update_fields=["portrait"])
    release([before])
    return row


@transaction.atomic
def remove(row: CastMember) -> None:
    """What they said stays, under their name."""
    release([row.portrait])
    row.delete()
