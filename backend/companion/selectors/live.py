"""What public sockets read of a campaign: the scene, missed events, and events that wait for the delay. Blocking."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils import timezone

from companion.models import Campaign
from companion.projection import Line
from companion.publicity import frame, message_of
from companion.selectors import past
from companion.selectors.campaigns import rows
from companion.selectors.scene import delayed, public_events, public_scene
from contract.stage import Scene
from delivery.source import Filled
from timeline.models import Stream


class Snapshot(NamedTuple):
    """`seq` is the last public event in it; `delay` what the campaign's viewers are behind, in seconds."""

    seq: int
    text: str
    delay: int


class Waiting(NamedTuple):
    """An event that the public is not to know of yet; nothing is published of it where `text` is None."""

    seq: int
    text: str | None
    seconds: float


def campaign_id(ref: str) -> str | None:
    """The id of a public campaign, by id or slug."""
    try:
        wanted = Q(pk=UUID(ref))
    except ValueError:
        wanted = Q(chronicle__slug=ref)
    found = rows().filter(wanted).values_list("pk", flat=True).first()
    return str(found) if found else None


def public_ids(campaign_pks: Iterable[str]) -> set[str]:
    """Which of these are public still."""
    return {str(pk) for pk in rows().filter(pk__in=list(campaign_pks)).values_list("pk", flat=True)}


def _public(campaign_pk: str) -> Campaign | None:
    return rows().filter(pk=campaign_pk).first()


def snapshot(campaign_pk: str) -> Snapshot | None:
    """None for one that is public no more."""
    campaign = _public(campaign_pk)
    if campaign is None:
        return None
    scene = public_scene(campaign)
    return Snapshot(scene.seq, snapshot_text(scene), campaign.delay)


def snapshot_text(scene: Scene) -> str:
    return orjson.dumps({"type": "snapshot", **scene.model_dump(mode="json", by_alias=True)}).decode()


def missed(campaign_pk: str, since: int, limit: int) -> tuple[int, list[str]] | None:
    """`(seq, frames)` after `since`, as far as the delay lets the public know; None where a snapshot is needed.

    That is so when they are more than `limit`, when `since` never was, and when some of them are no longer kept.
    """
    campaign = _public(campaign_pk)
    if campaign is None:
        return None
    found = public_events(campaign).filter(public_seq__gt=since)
    if (moment := delayed(campaign)) is not None:
        found = found.filter(created_at__lte=moment)
    events = list(found.order_by("public_seq")[: limit + 1])
    if not events:
        head = Stream.objects.filter(pk=campaign.pk).values_list("seq", flat=True).first() or 0
        return (since, []) if since <= head else None
    last = events[-1].public_seq
    if len(events) > limit or last is None or last - since != len(events):
        return None
    lines = reversed(past.lines(campaign, events))
    return last, [frame(line.event) for line in lines if line.event is not None]


def waiting(campaign_pk: str) -> list[Waiting]:
    """Events that are newer than the delay, oldest first, as they may be published now."""
    campaign = _public(campaign_pk)
    moment = delayed(campaign) if campaign else None
    if campaign is None or moment is None:
        return []
    events = list(public_events(campaign).filter(created_at__gt=moment).order_by("public_seq"))
    due = {event.public_seq: event.created_at + timedelta(seconds=campaign.delay) for event in events}
    now = timezone.now()
    return [
        Waiting(
            line.seq,
            frame(line.event) if line.event else None,
            max(0.0, (due[line.seq] - now).total_seconds()),
        )
        for line in reversed(past.lines(campaign, events))
    ]


def fill(campaign_pk: str, after: int, limit: int) -> Filled:
    """For the hub: messages of the public events after `after`, as they were published."""
    campaign = Campaign.objects.select_related("chronicle__server").filter(pk=campaign_pk).first()
    if campaign is None:
        return Filled([], after)
    events = list(public_events(campaign).filter(public_seq__gt=after).order_by("public_seq")[:limit])
    lines: list[Line] = list(reversed(past.lines(campaign, events)))
    return Filled([message_of(campaign, line) for line in lines], lines[-1].seq if lines else after)
