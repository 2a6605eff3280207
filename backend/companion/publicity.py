"""Tell the public of an event, as it is recorded: a number in the campaign's own stream, and a frame on commit.

Asked by `timeline.record` of the events of public chronicles alone (`Stream.is_public`).
"""

from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from companion.models import Appearance, Campaign
from companion.projection import Line, Published, project
from companion.rewind import Rewind
from contract.events import EventType
from contract.stage import EventFrame, PublicEvent
from delivery.publish import publish
from delivery.source import EventMessage
from gateway.constants import stream_group
from timeline.models import Event, Stream
from timeline.services import next_seq

# The type of its messages: the hub knows none like it, so no rights follow from one.
PUBLIC_EVENT = "campaign.event"
# What of a character the public's own version counts.
COUNTED = frozenset({"character", "fields", "hidden", "left"})


def publicity(event: Event) -> int | None:
    """The public number of an event that is about to be stored; None where the public sees nothing of it."""
    public = Campaign.objects.filter(chronicle_id=event.stream_id, is_public=True)
    campaign = public.select_related("chronicle__server").first()
    if campaign is None:
        return None
    after = Rewind(campaign)
    if event.entity == "character":
        _count_one_more(after, event.entity_id)
    elif event.type == EventType.CAMPAIGN_PICTURED:
        _count_one_more(after, UUID(event.subject["character"]))
    said = project(event, after)
    if said is None:
        return None
    if said.kind in COUNTED and said.character:
        _count(said.character)
    seq = next_seq(Stream.Kind.CAMPAIGN, campaign.pk)
    transaction.on_commit(lambda: publish(stream_group(campaign.pk), message(campaign, event, said)))
    return seq


def _count_one_more(after: Rewind, character_id: UUID) -> None:
    if (seen := after.character(character_id)) is not None:
        seen.version, seen.changed_at = seen.version + 1, timezone.now()


def _count(character_id: UUID) -> None:
    rows = Appearance.objects.filter(pk=character_id)
    if not rows.update(version=F("version") + 1, changed_at=timezone.now()):
        Appearance.objects.create(character_id=character_id)


def message(campaign: Campaign, event: Event, said: Published) -> EventMessage:
    assert event.public_seq is not None
    return message_of(campaign, Line(event.public_seq, said.as_event(campaign.pk, event), said.takes_off))


def message_of(campaign: Campaign, line: Line) -> EventMessage:
    """What the hub hands out, encoded once for everybody."""
    text = frame(line.event) if line.event else None
    return {
        "type": "stream.event",
        "stream": campaign.stream,
        "seq": line.seq,
        "owner": None,
        "entity_id": str(line.event.character_id or "") if line.event else "",
        "event_type": PUBLIC_EVENT,
        "users": [],
        "frames": {"0": text},
        "takes_off": line.takes_off,
        "delay": campaign.delay,
    }


def frame(event: PublicEvent) -> str:
    body = EventFrame.from_object(event).model_dump(mode="json")
    return orjson.dumps({"type": "event", **body}).decode()
