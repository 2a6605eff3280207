"""How a chronicle stands in public, as its storytellers see it."""

from django.conf import settings

from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.rights import can
from companion import cast
from companion.models import Campaign, Roster
from contract import companion as shapes
from haven.models import Character
from haven.utility import derived
from rules.visibility import PUBLIC

MOST = 300


def campaign_of(principal: Principal, chronicle: Chronicle) -> shapes.Campaign:
    """Raises NotFound, NotAllowed."""
    can(principal, "campaign.run", chronicle).require()
    found = Campaign.objects.filter(chronicle=chronicle).first()
    row = found or Campaign(chronicle=chronicle)
    return shapes.Campaign.from_object(
        row,
        id=found.pk if found else None,
        chronicle=chronicle.pk,
        slug=chronicle.slug,
        name=chronicle.name,
        url=f"{settings.SITE_URL}/c/{chronicle.slug}/",
        has_token=bool(row.admin_token_hash),
        characters=_entries(chronicle, _roster(found)),
    )


def _roster(campaign: Campaign | None) -> list[str]:
    row = Roster.objects.filter(campaign=campaign).first() if campaign else None
    return list(row.character_ids) if row else []


def _entries(chronicle: Chronicle, roster: list[str]) -> list[shapes.RosterEntry]:
    """Those on the roster first, in its order; then the others by name."""
    rows = Character.objects.filter(chronicle=chronicle, deleted_at=None).exclude(
        status=Character.Status.DRAFT
    )
    found = map(derived, rows.select_related("owner").order_by("name_key", "id")[:MOST])
    place = {pk: number for number, pk in enumerate(roster)}
    ordered = sorted(found, key=lambda row: place.get(str(row.pk), len(place)))
    return [_entry(row, str(row.pk) in place) for row in ordered]


def _entry(row: Character, on_roster: bool) -> shapes.RosterEntry:
    public = cast.is_on_stage(row)
    hidden = row.hidden_from(PUBLIC)
    shown = [trait.label for slug, trait in row.traits.items() if trait.tracker and slug not in hidden]
    return shapes.RosterEntry(
        id=row.pk,
        name=row.name,
        player=row.owner.display_name,
        on_roster=on_roster,
        public=public,
        trackers=shown if public else [],
    )
