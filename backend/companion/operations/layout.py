"""What the layout editor does: read the layout of a campaign, look at another one, and keep it."""

from chronicle import rights
from chronicle.call import Call
from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion.models import Campaign, LayoutOverrides
from companion.preview import preview
from companion.services import layouts
from contract import layout as shapes
from contract.endpoints import Shape
from contract.stage import TIERS
from timeline.operations import Addresses, Operation

RUN = "campaign.run"


def campaign_to_lay_out(principal: Principal, chronicle: Chronicle) -> Campaign:
    """Return the campaign of a chronicle, public or not yet; one that is not kept where there is none."""
    rights.can(principal, RUN, chronicle).require()
    found = Campaign.objects.filter(chronicle=chronicle).first() or Campaign(chronicle=chronicle)
    found.chronicle = chronicle
    return found


def layout_of(campaign: Campaign) -> shapes.Layout:
    rows = {row.tier: row for row in LayoutOverrides.objects.filter(campaign=campaign.pk)}
    tiers = {tier: _placed(rows[tier]) if tier in rows else shapes.PlacedTier() for tier in TIERS}
    return shapes.Layout.model_validate({"chronicle": campaign.chronicle_id, **tiers})


def _placed(row: LayoutOverrides) -> shapes.PlacedTier:
    return shapes.PlacedTier.from_object(row)


def _get(call: Call, given: shapes.GetLayout) -> shapes.Layout:
    """Where parts of the picture stand, by tier, with the version of each."""
    return layout_of(campaign_to_lay_out(call.principal, call.chronicle_for(given.chronicle)))


def _set(call: Call, given: shapes.SetLayout) -> shapes.LayoutChanged:
    """Move parts of the picture in one tier; null puts one back where it stands by itself."""
    chronicle = call.chronicle_for(given.chronicle)
    row = layouts.set_layout(chronicle, given, given.version, principal=call.principal, cause=call.cause)
    return shapes.LayoutChanged.from_object(row)


def _preview(call: Call, given: shapes.PreviewLayout) -> shapes.LayoutPreview:
    """Look at a picture in a layout and with CSS that are not kept."""
    return preview(campaign_to_lay_out(call.principal, call.chronicle_for(given.chronicle)), given)


GET = Operation("layout.get", Shape(shapes.GetLayout, shapes.Layout), _get, RUN, reads=True)
SET = Operation("layout.set", Shape(shapes.SetLayout, shapes.LayoutChanged), _set, RUN)
PREVIEW = Operation(
    "layout.preview", Shape(shapes.PreviewLayout, shapes.LayoutPreview), _preview, RUN, reads=True
)
AT = "chronicles/<uuid:chronicle>/layout/"
REST: Addresses = {AT: {"GET": GET, "PATCH": SET}, AT + "preview/": {"POST": PREVIEW}}
