"""Characters of a campaign by the API for shows: made, changed, pictured and taken away."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chronicle.principal import Principal
from companion import cast
from companion.models import Appearance, Campaign
from companion.pictures import BACKGROUND
from companion.services import publishing
from contract.events import EventType
from contract.shows import CreateShowCharacter
from contract.stage_changes import StageChange
from haven import services
from haven.models import Character
from haven.services import Change, Reference
from haven.services import stage as sheets
from haven.utility import derived, model_of
from timeline.services import Cause
from uploads.models import StoredFile
from uploads.storing import claim, release

# Of who is made for a stage everybody sees who they are, their attributes, and what moves in play.
IDENTITY = ("name", "status", "theme", "avatar")


def of_campaign(campaign: Campaign, character_id: UUID) -> Character:
    """A character of this campaign that the public knows of. Raises NotFound."""
    row = cast.rows(campaign).filter(pk=character_id, deleted_at=None).first()
    if row is None or not cast.is_on_stage(derived(row)):
        raise cast.no_such_character()
    return row


def make_character(
    campaign: Campaign, given: CreateShowCharacter, *, principal: Principal, cause: Cause
) -> Character:
    """Make a character that is on stage from the start."""
    model = model_of(given.splat)
    stats = (slug for slug, trait in model.traits.items() if trait.tracker or trait.group == "attributes")
    public = {*IDENTITY, *stats, *model.stage_parts.values()}
    wanted = StageChange.model_validate(given.model_dump(include=set(StageChange.model_fields)))
    made = sheets.create_for_stage(principal, given.splat, wanted, campaign.chronicle, cause, public)
    return made.character


def change_character(
    campaign: Campaign, character_id: UUID, wanted: StageChange, *, principal: Principal, cause: Cause
) -> Change:
    with transaction.atomic():
        row = of_campaign(campaign, character_id)
        return sheets.change_for_stage(principal, row.pk, wanted, cause)


def remove_character(campaign: Campaign, character_id: UUID, *, principal: Principal, cause: Cause) -> None:
    """Delete a character; it leaves the roster, and its background is removed."""
    with publishing.changing(campaign.chronicle, principal) as locked:
        row = of_campaign(locked, character_id)
        services.delete(principal, Reference(str(row.pk)), cause)
        publishing.leave_roster(locked, row.pk, cause)
        _drop(Appearance.objects.select_for_update().filter(pk=row.pk).first())


def _drop(shown: Appearance | None) -> None:
    if shown is not None and shown.background:
        release([shown.background])
        Appearance.objects.filter(pk=shown.pk).update(background="")


def set_portrait(
    campaign: Campaign, character_id: UUID, path: str, *, principal: Principal, cause: Cause
) -> Character:
    """Set a stored portrait. The one before is removed if it came by the API too; a player's own stays for an undo."""
    with transaction.atomic():
        row = of_campaign(campaign, character_id)
        ours = StoredFile.objects.filter(path=row.avatar, user_id=principal.id)
        before = list(ours.values_list("path", flat=True)) if row.avatar else []
        services.set_portrait(principal, Reference(str(row.pk)), path, cause)
        release(before)
    return of_campaign(campaign, character_id)


def set_background(
    campaign: Campaign, character_id: UUID, path: str, *, principal: Principal, cause: Cause
) -> Character:
    """Set a stored background; the one before is removed."""
    with publishing.changing(campaign.chronicle, principal) as locked:
        row = of_campaign(locked, character_id)
        claim(path, BACKGROUND)
        shown, _made = Appearance.objects.select_for_update().get_or_create(character_id=row.pk)
        before, shown.background = shown.background, path
        shown.changed_at = timezone.now()
        shown.save(update_fields=["background", "changed_at"])
        release([before])
        publishing.save(locked, [])
        publishing.record_campaign(
            locked, EventType.CAMPAIGN_PICTURED, {"background": [before, path]}, cause, row.pk
        )
    return of_campaign(campaign, character_id)
