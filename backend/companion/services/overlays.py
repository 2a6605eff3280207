"""Overlays: made, changed, given another address, removed. Each once in the timeline, where storytellers read it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.services.change import UNSEEN, difference
from companion.custom_css import checked
from companion.models import Campaign, Overlay
from companion.selectors.published import public_campaign
from contract import overlays as shapes
from contract.events import EventType, OverlaySubject
from contract.translation import N_, _
from delivery.publish import publish
from gateway.constants import CONTROL_GROUP
from haven.models import Character
from rules.errors import Conflict, Invalid, NotFound
from rules.text import clean
from rules.visibility import SECRET
from timeline import services as timeline
from timeline.services import Cause

MOST = 50
LABELS = {
    "name": N_("Name"),
    "kind": N_("Kind"),
    "subjects": N_("Characters"),
    "tier": N_("Size"),
    "theme": N_("Look"),
    "motion": N_("Movement"),
    "language": N_("Language"),
    "css": N_("Own CSS"),
    "delay": N_("Delay in seconds"),
    "moment_delay": N_("Delay of rolls in seconds"),
    "hold": N_("Seconds a roll stays"),
    "places": N_("Layout"),
    "generation": N_("Address"),
}
# Given as they are stored; `places` is not given when an overlay is made.
FIELDS = tuple(name for name in LABELS if name not in ("places", "generation"))
# Long, and nobody's business on a socket; who reads the log sees that there was a change.
LONG = ("css", "places")
# What the gateway is told: an overlay looks different, or its address is worth nothing any more.
CHANGED = "overlay.changed"


def overlays_of(principal: Principal, chronicle: Chronicle) -> list[Overlay]:
    """Return the chronicle's overlays, the oldest first."""
    rights.can(principal, "campaign.run", chronicle).require()
    rows = Overlay.objects.filter(campaign__chronicle=chronicle)
    return list(rows.select_related("campaign__chronicle__server"))


def get(principal: Principal, overlay_id: UUID) -> Overlay:
    """Raises NotFound, to everybody who may not run the campaign."""
    rows = Overlay.objects.select_related("campaign__chronicle__server")
    row = rows.filter(pk=overlay_id).first()
    if row is None or not rights.can(principal, "campaign.run", row.campaign.chronicle):
        raise NotFound(_("There’s no such overlay."))
    return row


@transaction.atomic(savepoint=False)
def create(principal: Principal, chronicle: Chronicle, given: shapes.CreateOverlay, cause: Cause) -> Overlay:
    """Raises Conflict (`too_many`), Invalid, Unprocessable (`not_public`)."""
    rights.can(principal, "campaign.run", chronicle).require()
    campaign = public_campaign(principal, chronicle)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.overlays.count() >= MOST:
        raise Conflict(_("A chronicle has at most {most} overlays.", most=MOST), "too_many")
    values = _stored(campaign, {name: getattr(given, name) for name in FIELDS})
    _require_subject(values)
    row = Overlay.objects.create(campaign=campaign, **values)
    _record(row, EventType.OVERLAY_CREATED, cause, {name: [None, values[name]] for name in ("name", "kind")})
    return row


@transaction.atomic(savepoint=False)
def change(principal: Principal, given: shapes.ChangeOverlay, cause: Cause) -> Overlay:
    """Change what is given. Open overlays look different at once."""
    row = _locked(principal, given.overlay)
    wanted = {name: value for name in FIELDS if (value := getattr(given, name)) is not None}
    after = _stored(row.campaign, wanted)
    if given.places is not None:
        after["places"] = given.places.model_dump(mode="json")
    before = {name: getattr(row, name) for name in (*FIELDS, "places")}
    _require_subject(before | after)
    if changes := difference(before, before | after):
        for name in changes:
            setattr(row, name, after[name])
        _save(row)
        _record(row, EventType.OVERLAY_CHANGED, cause, changes)
        _tell(row)
    return row


@transaction.atomic(savepoint=False)
def renew(principal: Principal, overlay_id: UUID, cause: Cause) -> Overlay:
    """Give it another address; whatever is open at the old one goes dark at once."""
    row = _locked(principal, overlay_id)
    before = row.generation
    row.generation += 1
    _save(row)
    _record(row, EventType.OVERLAY_RENEWED, cause, {"generation": [before, row.generation]})
    _tell(row)
    return row


@transaction.atomic(savepoint=False)
def remove(principal: Principal, overlay_id: UUID, cause: Cause) -> None:
    row = _locked(principal, overlay_id)
    row.version += 1
    _record(row, EventType.OVERLAY_REMOVED, cause, {"name": [row.name, None]})
    _tell(row)
    row.delete()


def _tell(row: Overlay) -> None:
    message = {"type": CHANGED, "overlay": str(row.pk)}
    transaction.on_commit(lambda: publish(CONTROL_GROUP, message))


def _locked(principal: Principal, overlay_id: UUID) -> Overlay:
    row = Overlay.objects.select_for_update().filter(pk=overlay_id).first()
    if row is None:
        raise NotFound(_("There’s no such overlay."))
    row.campaign = get(principal, overlay_id).campaign
    return row


def _stored(campaign: Campaign, given: Mapping[str, object]) -> dict[str, object]:
    """What is kept of an input. Raises Invalid."""
    values = dict(given)
    if "name" in values:
        values["name"] = clean(str(values["name"]), shapes.MAX_NAME)
        if not values["name"]:
            raise Invalid.field("name", _("Give it a name."))
    if "css" in values:
        values["css"] = checked(str(values["css"]))
    if isinstance(wanted := given.get("subjects"), list):
        values["subjects"] = _subjects(campaign, list(map(str, wanted)))
    return values


def _subjects(campaign: Campaign, ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise Invalid.field("subjects", _("A character can be named once."))
    known = Character.objects.filter(chronicle=campaign.chronicle_id, deleted_at=None, pk__in=ids)
    if known.count() < len(ids):
        raise Invalid.field("subjects", _("There’s no such character in this chronicle."))
    return ids


def _require_subject(values: Mapping[str, object]) -> None:
    if values["kind"] == "character" and not values["subjects"]:
        raise Invalid.field("subjects", _("Choose whom it shows."))


def _save(row: Overlay) -> None:
    row.version += 1
    row.save()


def _record(row: Overlay, type: EventType, cause: Cause, changes: dict[str, list[object]]) -> None:
    timeline.record(
        stream=("chronicle", row.campaign.chronicle_id),
        type=type,
        subject=OverlaySubject(name=row.name),
        entity_id=row.pk,
        version=row.version,
        cause=cause,
        changes=changes,
        visibility={path: UNSEEN if path in LONG else int(SECRET) for path in changes},
        labels={path: LABELS[path] for path in changes},
    )
