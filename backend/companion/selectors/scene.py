"""Everything that an overlay or the campaign's page draws, now or as it was at a moment."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from chronicle.models import Episode
from companion import cast
from companion.cast import Seen
from companion.models import Campaign
from companion.projection import ROLLS, campaign_shown, conflict_shown, episode_shown, roll_published
from companion.rewind import Rewind
from companion.selectors import past
from contract.stage import (
    TIERS,
    Decisions,
    Moment,
    Scene,
    StageCharacter,
    StageConflict,
    StageEpisode,
    StageState,
    TierLayout,
)
from timeline.models import Event, Stream

# Rolls that a scene remembers, the newest last.
MOMENTS = 10


def scene(campaign: Campaign, at: datetime | None = None) -> Scene:
    """The campaign now, or at a moment; `Campaign.delay` is the business of who asks (`public_scene`)."""
    seq, state = (None, present(campaign)) if at is None else past.state_at(campaign, at)
    characters = characters_of(state)
    return Scene(
        seq=_public_seq(campaign, seq),
        at=at or timezone.now(),
        campaign=campaign_shown(campaign),
        episode=_episode(campaign, at),
        roster=cast.in_order(state.roster, (character.id for character in characters)),
        characters=characters,
        moments=_moments(state, seq),
        conflict=_conflict(state),
        layout={
            tier: TierLayout.model_validate(state.layout[tier]) for tier in TIERS if tier in state.layout
        },
        stage=StageState.model_validate(state.stage),
    )


def public_scene(campaign: Campaign) -> Scene:
    """As everybody may see it now: later than it happens by the campaign's delay."""
    return scene(campaign, delayed(campaign))


def delayed(campaign: Campaign) -> datetime | None:
    """Up to when the public is told; None where nothing is held back."""
    return timezone.now() - timedelta(seconds=campaign.delay) if campaign.delay else None


def present(campaign: Campaign) -> Rewind:
    state = Rewind(campaign)
    state.follow(cast.on_stage_now(campaign))
    state.load_conflicts(past.open_conflicts(campaign))
    return state


def characters_of(state: Rewind) -> list[StageCharacter]:
    """Those on the roster first, in its order; then the others."""
    place = {pk: number for number, pk in enumerate(state.roster)}

    def order(seen: Seen) -> tuple[int, UUID]:
        return place.get(str(seen.row.pk), len(place)), seen.row.pk

    public = sorted((seen for seen in state.followed if seen.is_public), key=order)
    return [cast.shown(state.campaign, seen) for seen in public]


def _public_seq(campaign: Campaign, seq: int | None) -> int:
    if seq is None:
        return Stream.objects.filter(pk=campaign.pk).values_list("seq", flat=True).first() or 0
    rows = public_events(campaign).filter(seq__lte=seq).order_by("-public_seq")
    return rows.values_list("public_seq", flat=True).first() or 0


def public_events(campaign: Campaign) -> QuerySet[Event]:
    return Event.objects.filter(stream_id=campaign.chronicle_id, public_seq__gt=0)


def _episode(campaign: Campaign, at: datetime | None) -> StageEpisode | None:
    rows = Episode.objects.filter(chronicle_id=campaign.chronicle_id)
    if at is None:
        rows = rows.filter(status=Episode.Status.LIVE)
    else:
        rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=at), started_at__lte=at)
    row = rows.exclude(status=Episode.Status.CANCELLED).order_by("-started_at").first()
    return episode_shown(row) if row else None


def _moments(state: Rewind, seq: int | None) -> list[Moment]:
    campaign = state.campaign
    if not campaign.shows_rolls:
        return []
    events = public_events(campaign).filter(type__in=ROLLS).order_by("-public_seq")
    if seq is not None:
        events = events.filter(seq__lte=seq)
    # Several may be of one roll: it was decided, or revealed.
    ids = list(dict.fromkeys(events.values_list("entity_id", flat=True)[: 2 * MOMENTS]))
    vetoed = set(Decisions.model_validate(campaign.stage).vetoed)
    state.load_rolls(ids)
    found = [_moment(state, pk) for pk in reversed(ids) if pk not in vetoed]
    return _with_those_shown_again(state, [moment for moment in found if moment is not None])[-MOMENTS:]


def _with_those_shown_again(state: Rewind, found: list[Moment]) -> list[Moment]:
    """A roll that the producer showed again stands where that was."""
    again = {each.roll: each.at for each in Decisions.model_validate(state.stage).again}
    stopped = {*Decisions.model_validate(state.campaign.stage).vetoed, *(moment.id for moment in found)}
    older = [pk for pk in again if pk not in stopped]
    state.load_rolls(older)
    found = [*found, *(moment for pk in older if (moment := _moment(state, pk)))]
    moved = [moment.model_copy(update={"at": again.get(moment.id, moment.at)}) for moment in found]
    return sorted(moved, key=lambda moment: moment.at)


def _moment(state: Rewind, roll_id: UUID) -> Moment | None:
    roll = state.roll(roll_id)
    said = roll_published(roll, state) if roll else None
    return Moment.model_validate(said.data["moment"]) if said else None


def _conflict(state: Rewind) -> StageConflict | None:
    """The one that began last."""
    if not state.campaign.shows_conflicts:
        return None
    shown = [conflict_shown(row, now, state) for row, now in state.conflicts]
    return next((conflict for conflict in reversed(shown) if conflict is not None), None)
