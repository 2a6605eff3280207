"""Bring a character on air, or take it off: its traits' levels, by the operation that sets any other level."""

from uuid import UUID

from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion.models import Roster
from companion.services import publishing
from companion.services.showing import IDENTITY
from contract.translation import _
from haven import services
from haven.models import Character
from haven.services import Reference
from haven.services.reference import find
from haven.utility import derived
from rules.errors import NotFound
from rules.visibility import PUBLIC, Level
from timeline.services import Cause


def named(principal: Principal, chronicle: Chronicle, text: str) -> Character:
    """A character of this chronicle, by id or name. Raises NotFound, Conflict (`ambiguous`)."""
    rows = Character.objects.filter(chronicle=chronicle, deleted_at=None)
    by_name = list(rows.filter(name__iexact=text)[:2]) if not _is_id(text) else []
    if len(by_name) == 1:
        return derived(by_name[0])
    row = rows.filter(pk=find(principal, Reference(text, server=chronicle.server)).id).first()
    if row is None:
        raise NotFound(_("There’s no such character in this campaign."), code="no_such_character")
    return derived(row)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def show_trackers(chronicle: Chronicle, text: str, on: bool, *, principal: Principal, cause: Cause) -> None:
    """Make who it is and its trackers public, or as they are declared. Its name goes off air first, and on air last."""
    with publishing.changing(chronicle, principal):
        row = named(principal, chronicle, text)
        trackers = [slug for slug, trait in row.traits.items() if trait.tracker]
        slugs = [*trackers, *reversed(IDENTITY)] if on else [*IDENTITY, *trackers]
        for slug in slugs:
            level = PUBLIC if on else row.traits[slug].visibility
            services.show(principal, Reference(str(row.pk)), slug, Level(level).label, cause)


def change_roster(chronicle: Chronicle, text: str, on: bool, *, principal: Principal, cause: Cause) -> None:
    """Put a character at the end of the roster, or take it off."""
    with publishing.changing(chronicle, principal) as campaign:
        row = named(principal, chronicle, text)
        stored = Roster.objects.filter(pk=campaign.pk).first()
        known = Character.objects.filter(chronicle=chronicle, deleted_at=None)
        there = {str(pk) for pk in known.values_list("pk", flat=True)}
        listed = [pk for pk in (stored.character_ids if stored else []) if pk in there and pk != str(row.pk)]
        wanted = [*listed, str(row.pk)] if on else listed
        publishing.set_roster(chronicle, [UUID(pk) for pk in wanted], principal=principal, cause=cause)
