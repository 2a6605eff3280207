"""What the public was told, and how a campaign stood at an earlier moment: public then, and public now.

Both go back from now, event by event (`rewind`). So an answer costs as much as what happened since.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from companion import cast
from companion.models import Campaign
from companion.projection import Line, project
from companion.rewind import Rewind
from conflicts.models import Conflict
from contract.events import EventType
from timeline.models import Event

# What a public state is folded from; rolls and sessions are read as they stand.
FOLDED = ("character", "conflict", "campaign")


def lines(campaign: Campaign, events: Iterable[Event]) -> list[Line]:
    """Public events as the public may read them now, newest first."""
    newest_first = sorted(events, key=lambda event: -event.seq)
    if not newest_first:
        return []
    back = Rewind(campaign)
    _follow(back, newest_first)
    found: list[Line] = []
    waiting = deque(newest_first)
    for event in _later(back, newest_first[-1].seq - 1):
        # Those that nothing is folded from, such as rolls, stand between the others.
        while waiting and waiting[0].seq >= event.seq:
            found.append(_line(waiting.popleft(), back))
        back.undo(event)
    return [*found, *(_line(event, back) for event in waiting)]


def _line(event: Event, after: Rewind) -> Line:
    said = project(event, after)
    assert event.public_seq is not None
    if said is None:
        return Line(event.public_seq, None)
    return Line(event.public_seq, said.as_event(after.campaign.pk, event), said.takes_off)


def _follow(back: Rewind, events: Sequence[Event]) -> None:
    """Load what the projections of these events ask of, as it is now."""
    back.follow(cast.on_stage_now(back.campaign))
    back.load(event.entity_id for event in events if event.entity == "character")
    back.load(UUID(event.subject["character"]) for event in events if event.subject.get("character"))
    back.load_conflicts(event.entity_id for event in events if event.entity == "conflict")
    back.load_rolls(event.entity_id for event in events if event.entity == "roll")


def _later(back: Rewind, seq: int) -> Iterator[Event]:
    """The events after `seq` that change what is followed, newest first."""
    rows = Event.objects.filter(stream_id=back.campaign.chronicle_id, seq__gt=seq, entity__in=FOLDED)
    return rows.filter(entity_id__in=back.followed_ids).order_by("-seq").iterator(chunk_size=500)


def was_public_at(campaign: Campaign, moment: datetime) -> bool:
    """Whether the chronicle was public then. What was kept from the public is not shown later either."""
    types = (EventType.CAMPAIGN_PUBLISHED, EventType.CAMPAIGN_UNPUBLISHED)
    rows = Event.objects.filter(entity_id=campaign.pk, type__in=types, created_at__lte=moment)
    return rows.order_by("-seq").values_list("type", flat=True).first() == EventType.CAMPAIGN_PUBLISHED


def state_at(campaign: Campaign, moment: datetime) -> tuple[int, Rewind]:
    """`(seq, state)` right after the last event up to a moment; `seq` is that of the chronicle's stream."""
    up_to = Event.objects.filter(stream_id=campaign.chronicle_id, created_at__lte=moment)
    seq = up_to.order_by("-seq").values_list("seq", flat=True).first() or 0
    back = Rewind(campaign)
    back.follow(cast.on_stage_now(campaign))
    back.load_conflicts(open_conflicts(campaign, moment))
    for event in _later(back, seq):
        back.undo(event)
    _date(back, seq)
    if not was_public_at(campaign, moment):
        back.forget()
    return seq, back


def open_conflicts(campaign: Campaign, moment: datetime | None = None) -> list[UUID]:
    """Conflicts that were running then, the newest last; now without a moment."""
    rows = Conflict.objects.filter(chronicle_id=campaign.chronicle_id)
    if moment is None:
        rows = rows.filter(is_open=True)
    else:
        rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=moment), created_at__lte=moment)
    return list(rows.order_by("created_at").values_list("pk", flat=True))


def _date(back: Rewind, seq: int) -> None:
    """Say of each character when the public was last told of it, by then."""
    seen_by_id = {seen.row.pk: seen for seen in back.followed}
    published_of = Event.objects.filter(entity_id__in=seen_by_id, seq__lte=seq).exclude(public_seq=None)
    published_of = published_of.filter(stream_id=back.campaign.chronicle_id)
    dates = dict(published_of.values_list("entity_id").annotate(Max("created_at")))
    for pk, seen in seen_by_id.items():
        seen.changed_at = dates.get(pk)
