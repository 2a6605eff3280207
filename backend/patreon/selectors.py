"""What a person has as a supporter."""

from contract.people import Supporter, SupporterLimits
from discordauth.models import CustomUser
from patreon import oauth
from patreon.limits import limits_of
from patreon.models import Pledge


def supporter(user: CustomUser) -> Supporter:
    """The highest of their tiers, and what they may have."""
    pledge = Pledge.objects.filter(user=user).first()
    tier = pledge.tiers.order_by("-level", "name").first() if pledge else None
    return Supporter(
        level=tier.level if tier else 0,
        tier=tier.name if tier and tier.level else "",
        linked=pledge is not None,
        can_link=oauth.is_configured(),
        limits=SupporterLimits(**limits_of(user.pk)),
    )
