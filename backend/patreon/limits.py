"""What everybody may have, and what a supporter may have instead: asked here by whatever creates something.

A limit counts when something is created. When a pledge ends, everything that is there stays and can be used.
"""

from uuid import UUID

from patreon.models import SupporterTier

# Limit (a column of the tiers) → without a pledge. A tier gives this at least.
USUAL = {"characters": 50, "macros": 50}


def reached(name: str, user_id: UUID, count: int) -> int:
    """Return how many this person may have if they have them already, else 0.

    A person with fewer than anybody may have costs no query.
    """
    most = USUAL[name] if count < USUAL[name] else limits_of(user_id)[name]
    return most if count >= most else 0


def limits_of(user_id: UUID) -> dict[str, int]:
    tiers = SupporterTier.objects.filter(pledges__user_id=user_id).values(*USUAL)
    return {name: max([usual, *(tier[name] for tier in tiers)]) for name, usual in USUAL.items()}
