"""The campaign of a chronicle that everybody may see."""

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion.models import Campaign
from contract.translation import _
from rules.errors import Unprocessable


def public_campaign(principal: Principal, chronicle: Chronicle) -> Campaign:
    """Return the campaign of a chronicle that is public. Raises Unprocessable (`not_public`), as rights say."""
    rights.can(principal, "chronicle.view", chronicle).require()
    campaign = Campaign.objects.filter(chronicle=chronicle, is_public=True).first()
    if campaign is None:
        raise Unprocessable(_("This chronicle isn’t public yet. Publish it first."), "not_public")
    campaign.chronicle = chronicle
    return campaign
