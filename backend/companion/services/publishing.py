"""Make a chronicle public, change what the public sees of it, or take it off air. Under the lock of the chronicle."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction

from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.services.change import difference
from chronicle.services.chronicles import lock as lock_chronicle
from companion.models import Campaign, Roster
from companion.rewind import ROSTER
from contract.companion import MAX_ROSTER, CampaignOptions
from contract.events import CampaignSubject, EventType
from contract.translation import N_, _
from delivery.publish import publish
from gateway.constants import CONTROL_GROUP
from haven.models import Character
from rules.errors import Invalid, Limit, NotFound
from rules.visibility import TABLE
from timeline.models import Event, Stream
from timeline.services import Cause, record

OPTIONS = ("is_listed", "shows_rolls", "shows_players", "shows_conflicts", "delay")
LABELS = {
    "is_public": N_("Public"),
    "is_listed": N_("Listed"),
    "shows_rolls": N_("Shows rolls"),
    "shows_players": N_("Shows players’ names"),
    "shows_conflicts": N_("Shows who acts when"),
    "delay": N_("Delay in seconds"),
    ROSTER: N_("Roster"),
    "note": N_("Note"),
}
# What open sockets of a campaign hear when it is public no more.
CLOSED = "campaign.closed"


@contextmanager
def changing(chronicle: Chronicle, principal: Principal) -> Iterator[Campaign]:
    """Yield the campaign of a chronicle, locked, and made if there is none. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        locked = lock_chronicle(chronicle, principal, "campaign.run")
        Campaign.objects.get_or_create(chronicle=locked)
        campaign = Campaign.objects.select_for_update().get(chronicle=locked)
        campaign.chronicle = locked
        yield campaign


def publish_campaign(chronicle: Chronicle, *, principal: Principal, cause: Cause) -> Campaign:
    """Everybody may see what is public of the chronicle from now on."""
    with changing(chronicle, principal) as campaign:
        if not campaign.is_public:
            set_public(campaign, True, cause)
    return campaign


def unpublish_campaign(chronicle: Chronicle, *, principal: Principal, cause: Cause) -> Campaign:
    """Nobody sees anything of it any more; open sockets and pages end at once."""
    with changing(chronicle, principal) as campaign:
        if campaign.is_public:
            set_public(campaign, False, cause)
            message = {"type": CLOSED, "campaign": str(campaign.pk)}
            transaction.on_commit(lambda: publish(CONTROL_GROUP, message))
    return campaign


def set_public(campaign: Campaign, public: bool, cause: Cause) -> None:
    """Of a locked campaign."""
    campaign.is_public = public
    save(campaign, ["is_public"])
    # Its own stream, and the mark on the chronicle's by which `timeline.record` asks what is public.
    Stream.objects.get_or_create(id=campaign.pk, defaults={"kind": Stream.Kind.CAMPAIGN})
    Stream.objects.update_or_create(
        id=campaign.chronicle_id,
        defaults={"is_public": public},
        create_defaults={"kind": Stream.Kind.CHRONICLE, "is_public": public},
    )
    type = EventType.CAMPAIGN_PUBLISHED if public else EventType.CAMPAIGN_UNPUBLISHED
    record_campaign(campaign, type, {"is_public": [not public, public]}, cause)


def change_campaign(
    chronicle: Chronicle, wanted: CampaignOptions, *, principal: Principal, cause: Cause
) -> Campaign:
    """Change what the public sees beside public traits, and how much later."""
    with changing(chronicle, principal) as campaign:
        before = {name: getattr(campaign, name) for name in OPTIONS}
        after = {name: given for name in OPTIONS if (given := getattr(wanted, name)) is not None}
        if changes := difference(before, before | after):
            for name in changes:
                setattr(campaign, name, after[name])
            save(campaign, changes)
            record_campaign(campaign, EventType.CAMPAIGN_CHANGED, changes, cause)
    return campaign


def set_roster(chronicle: Chronicle, wanted: list[UUID], *, principal: Principal, cause: Cause) -> Campaign:
    """Set who plays now, in order. Raises Invalid (`duplicate_character`), NotFound (`no_such_character`)."""
    with changing(chronicle, principal) as campaign:
        if len(wanted) > MAX_ROSTER:
            raise Limit(_("A roster has up to {most} characters.", most=MAX_ROSTER), code="roster_full")
        if len(set(wanted)) < len(wanted):
            sentence = _("A character can be on the roster once.")
            raise Invalid(sentence, code="duplicate_character", fields={"character_ids": [sentence]})
        known = Character.objects.filter(chronicle=campaign.chronicle_id, deleted_at=None, pk__in=wanted)
        if missing := set(wanted) - set(known.values_list("pk", flat=True)):
            sentence = _("There’s no such character in this campaign.")
            raise NotFound(
                sentence,
                code="no_such_character",
                fields={"character_ids": [sentence]},
                missing=sorted(map(str, missing)),
            )
        _keep_roster(campaign, [str(pk) for pk in wanted], cause)
    return campaign


def leave_roster(campaign: Campaign, character_id: UUID, cause: Cause) -> None:
    """Take a character off the roster of a locked campaign, if it is on it."""
    row = Roster.objects.filter(pk=campaign.pk).first()
    listed = list(row.character_ids) if row else []
    if str(character_id) in listed:
        _keep_roster(campaign, [pk for pk in listed if pk != str(character_id)], cause)


def _keep_roster(campaign: Campaign, listed: list[str], cause: Cause) -> None:
    row, _made = Roster.objects.select_for_update().get_or_create(campaign=campaign)
    if row.character_ids == listed:
        return
    before, row.character_ids = row.character_ids, listed
    row.save()
    save(campaign, [])
    record_campaign(campaign, EventType.CAMPAIGN_ROSTER, {ROSTER: [before, listed]}, cause)


def save(campaign: Campaign, columns: Any) -> None:
    campaign.version += 1
    campaign.save(update_fields=[*columns, "version", "updated_at"])


def record_campaign(
    campaign: Campaign,
    type: EventType,
    changes: dict[str, list[Any]],
    cause: Cause,
    character: UUID | None = None,
) -> Event:
    return record(
        stream=("chronicle", campaign.chronicle_id),
        type=type,
        subject=CampaignSubject(name=campaign.chronicle.name, character=character),
        entity_id=campaign.pk,
        version=campaign.version,
        cause=cause,
        changes=changes,
        visibility=dict.fromkeys(changes, int(TABLE)),
        labels={path: LABELS[path] for path in changes if path in LABELS},
    )
