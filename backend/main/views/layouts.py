"""The layout editor: where the parts of a campaign's picture stand."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from chronicle.call import chronicle_seen_by
from companion.models import Campaign
from companion.operations.layout import campaign_to_lay_out, layout_of
from companion.selectors.scene import scene
from companion.services.overlays import overlays_of
from contract.overlays import MAX_CSS, THEMES, TIER_LABELS
from contract.translation import _
from main.navigation import Link, in_chronicle
from main.pages import PageRequest, show
from main.parts import part, principal_of


@part
@require_GET
def editor(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Show the editor; its script reads and saves by the API."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    campaign = campaign_to_lay_out(principal, chronicle)
    overlays = overlays_of(principal, chronicle)
    on_air = Link(_("On air"), reverse("producer", args=[chronicle.id]))
    context: dict[str, object] = {
        "place": in_chronicle(principal, chronicle, "stage", _("Layout"), on_air),
        "chronicle": chronicle,
        "tiers": [(value, _(label)) for value, label in TIER_LABELS.items()],
        "themes": [(value, _(label)) for value, label in THEMES.items()],
        "overlays": [(row.id, row.name) for row in overlays],
        "most": MAX_CSS,
        "data": {
            "chronicle": str(chronicle.id),
            "layout": layout_of(campaign).model_dump(mode="json"),
            "cast": _cast(campaign),
            "overlays": {
                str(row.id): {"tier": row.tier, "theme": row.theme, "css": row.css} for row in overlays
            },
        },
    }
    return show(request, "main/layout.html", context)


def _cast(campaign: Campaign) -> list[dict[str, str]]:
    """Whoever can be put somewhere: those on the roster, whose names are public. Examples stand where they stand."""
    shown = scene(campaign)
    return [{"id": str(each.id), "name": each.name} for each in shown.characters if each.id in shown.roster]
