"""What a producer sees: who is on air, which rolls wait or were shown, and what was decided."""

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Max

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion.models import Campaign
from companion.selectors.published import public_campaign
from companion.selectors.scene import scene
from contract.stage import Decisions, Moment, Scene
from discordauth.models import CustomUser


@dataclass(frozen=True)
class ShownRoll:
    """`waits`: seconds until it is on the slowest overlay; none where it is on all."""

    moment: Moment
    is_stopped: bool
    waits: int


@dataclass(frozen=True)
class Panel:
    campaign: Campaign
    decided: Decisions
    scene: Scene
    rolls: list[ShownRoll]
    producers: list[CustomUser]

    def is_hidden(self, character: UUID) -> bool:
        return character in self.decided.hidden


def panel(principal: Principal, chronicle: Chronicle, now: datetime) -> Panel:
    """Raises NotAllowed, Unprocessable (`not_public`)."""
    campaign = public_campaign(principal, chronicle)
    rights.can(principal, "campaign.produce", campaign).require()
    decided = Decisions.model_validate(campaign.stage)
    whole = copy.copy(campaign)
    whole.stage = campaign.stage | {"vetoed": []}
    found = scene(whole)
    longest = campaign.overlays.aggregate(most=Max(F("delay") + F("moment_delay")))["most"] or 0
    rolls = [
        ShownRoll(moment, moment.id in decided.vetoed, _waits(moment, longest, now))
        for moment in reversed(found.moments)
    ]
    people = CustomUser.objects.filter(pk__in=campaign.producers.values("user")).order_by("pk")
    return Panel(campaign, decided, found, rolls, list(people))


def _waits(moment: Moment, delay: int, now: datetime) -> int:
    return max(0, round((moment.at + timedelta(seconds=delay) - now).total_seconds()))
