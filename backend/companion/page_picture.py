"""What a campaign's page shows at this moment, as its socket sends it."""

from companion.drawing.page import page_parts
from companion.models import Campaign
from companion.on_air import Picture
from companion.selectors.replay import shown_now


def page_picture(campaign: Campaign, language: str) -> Picture:
    """What everybody may see now: as late as the campaign is delayed, and without what went off air since."""
    return Picture({}, "", tuple(page_parts(shown_now(campaign), language)))
