"""Where parts of the picture stand, in each tier."""

from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion.models import LayoutOverrides
from companion.rewind import LAYOUT
from companion.services import publishing
from contract.base import JsonObject
from contract.events import EventType
from contract.layout import Moved
from contract.stage import MAX_PLACES
from contract.translation import _
from rules.errors import Conflict, Limit
from timeline.services import Cause


def set_layout(
    chronicle: Chronicle, given: Moved, version: int | None = None, *, principal: Principal, cause: Cause
) -> LayoutOverrides:
    """Merge places into one tier's; null takes one out.

    Raises Conflict (`layout_changed`) where the tier is not at that version any more, Limit (`too_many_places`).
    """
    with publishing.changing(chronicle, principal) as locked:
        rows = LayoutOverrides.objects.select_for_update()
        row, _made = rows.get_or_create(campaign=locked, tier=given.tier)
        if version is not None and row.version != version:
            sentence = _("Somebody else saved this layout meanwhile.")
            raise Conflict(sentence, code="layout_changed", version=row.version)
        before = {"badges": row.badges, "chips": row.chips}
        wanted = given.model_dump(mode="json", include={"badges", "chips"})
        after = {name: _merged(before[name], wanted[name]) for name in before}
        if before != after:
            row.badges, row.chips = after["badges"], after["chips"]
            row.version += 1
            row.save()
            publishing.save(locked, [])
            changes = {f"{LAYOUT}.{given.tier}": [before, after]}
            publishing.record_campaign(locked, EventType.CAMPAIGN_LAYOUT, changes, cause)
    return row


def _merged(places: JsonObject, wanted: JsonObject) -> JsonObject:
    merged: JsonObject = {name: place for name, place in {**places, **wanted}.items() if place is not None}
    if len(merged) > MAX_PLACES:
        raise Limit(_("One tier can have up to {most} places.", most=MAX_PLACES), code="too_many_places")
    return merged
