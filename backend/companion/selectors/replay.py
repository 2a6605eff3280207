"""A recorded episode at any second: which moment that is, and what stood there: public then, and public now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from chronicle.models import Episode
from companion.models import Campaign
from companion.selectors.scene import delayed, scene
from contract.replay import Replay
from contract.stage import Decisions, Scene
from contract.translation import _
from rules.errors import NotFound

PLAYED = (Episode.Status.LIVE, Episode.Status.DONE)


@dataclass(frozen=True)
class Recording:
    """An episode as a video shows it: from `begins` to `ends`; of one that still runs, as far as it is public."""

    campaign: Campaign
    episode: Episode
    begins: datetime
    ends: datetime

    @property
    def length(self) -> int:
        """In whole seconds."""
        return max(0, int((self.ends - self.begins).total_seconds()))

    def moment(self, seconds: int) -> datetime:
        """The moment at a second of the recording, which ends where the video does."""
        return min(self.begins + timedelta(seconds=seconds), self.ends)

    def seconds(self, moment: datetime) -> int:
        return int((moment - self.begins).total_seconds())


def recording(campaign: Campaign, number: int | None = None) -> Recording:
    """Of an episode that was begun, the latest without a number. Raises NotFound (`no_such_episode`)."""
    rows = Episode.objects.filter(chronicle_id=campaign.chronicle_id, status__in=PLAYED, number__gt=0)
    public_until = delayed(campaign) or timezone.now()
    rows = rows.filter(started_at__lte=public_until).order_by("-started_at")
    row = rows.first() if number is None else rows.filter(number=number).first()
    if row is None:
        raise NotFound(_("There’s no such episode in this campaign."), code="no_such_episode")
    assert row.started_at is not None
    begins = row.started_at + timedelta(seconds=row.stream_offset)
    return Recording(campaign, row, begins, min(row.ended_at or public_until, public_until))


def moment_of(campaign: Campaign, asked: Replay) -> datetime | None:
    """The moment that is asked for, never later than the public may see; None: now. Raises NotFound."""
    if isinstance(asked.at, int):
        return recording(campaign, asked.episode).moment(asked.at)
    public_until = delayed(campaign)
    if asked.at is None or asked.at >= (public_until or timezone.now()):
        return public_until
    return asked.at


def replayed(campaign: Campaign, moment: datetime) -> Scene:
    """The scene of a moment. Whoever the producer keeps off air now is off air in the past too."""
    return _without_hidden(campaign, scene(campaign, moment))


def shown_now(campaign: Campaign) -> Scene:
    """What everybody may see now: as late as the campaign is delayed, and without what went off air since."""
    then = _without_hidden(campaign, scene(campaign, delayed(campaign)))
    is_dark = then.stage.blackout or Decisions.model_validate(campaign.stage).blackout
    return then.model_copy(update={"stage": then.stage.model_copy(update={"blackout": is_dark})})


def _without_hidden(campaign: Campaign, then: Scene) -> Scene:
    hidden = Decisions.model_validate(campaign.stage).hidden
    stage = then.stage.model_copy(update={"hidden": list(dict.fromkeys([*then.stage.hidden, *hidden]))})
    return then.model_copy(update={"stage": stage})
