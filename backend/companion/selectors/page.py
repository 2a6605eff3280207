"""What the campaign's page shows beside the scene: its episodes, as everybody may read them."""

from dataclasses import dataclass

from django.db.models import F, Max, Q, QuerySet

from chronicle.episodes import public_episodes
from chronicle.models import Episode
from companion.models import Campaign
from companion.selectors.campaigns import rows
from companion.selectors.replay import PLAYED
from contract.episodes import PublicEpisode

MOST_LISTED = 200


@dataclass(frozen=True)
class Evenings:
    """Episodes that come, the soonest first; those that were begun, the latest first."""

    ahead: list[PublicEpisode]
    played: list[PublicEpisode]


def evenings(campaign: Campaign) -> Evenings:
    found = public_episodes(campaign.chronicle)
    ahead = [each for each in found if each.status not in PLAYED]
    played = [each for each in found if each.status in PLAYED]
    return Evenings(
        sorted(ahead, key=lambda each: (each.date, each.number)),
        sorted(played, key=lambda each: (each.date, each.number), reverse=True),
    )


def listed() -> QuerySet[Campaign]:
    """Public campaigns that want to be found, those that played last first; `is_live` while an episode runs."""
    begun = Q(chronicle__episodes__status__in=PLAYED)
    live = Q(chronicle__episodes__status=Episode.Status.LIVE)
    found = (
        rows()
        .filter(is_listed=True, chronicle__archived_at=None)
        .annotate(
            played_at=Max("chronicle__episodes__started_at", filter=begun),
            live_since=Max("chronicle__episodes__started_at", filter=live),
        )
    )
    latest = [F(name).desc(nulls_last=True) for name in ("live_since", "played_at")]
    return found.order_by(*latest, "-created_at")[:MOST_LISTED]
