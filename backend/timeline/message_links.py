"""What stands in Discord: messages that follow something here, and how far each stream's events were posted.

The Discord process keeps nothing itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from timeline.models import FeedPosition, PostedMessage


@dataclass(frozen=True, slots=True)
class OldMessage:
    """Where the message stood that followed until now."""

    channel_id: str
    message_id: str


@transaction.atomic
def save(
    entity: str, entity_id: UUID, stream_id: UUID, channel_id: str, message_id: str
) -> OldMessage | None:
    """Link a message to what it follows. Each thing has one message: returns the one that this replaces."""
    before = PostedMessage.objects.select_for_update().filter(entity_id=entity_id).first()
    PostedMessage.objects.update_or_create(
        entity_id=entity_id,
        defaults={
            "entity": entity,
            "stream_id": stream_id,
            "channel_id": channel_id,
            "message_id": message_id,
        },
    )
    return OldMessage(before.channel_id, before.message_id) if before else None


def by_entity(entity_ids: Iterable[UUID]) -> dict[UUID, PostedMessage]:
    return {row.entity_id: row for row in PostedMessage.objects.filter(entity_id__in=list(entity_ids))}


def delete(entity: str, message_id: str) -> None:
    """Forget a message that is gone from Discord."""
    PostedMessage.objects.filter(entity=entity, message_id=message_id).delete()


def stream_ids() -> list[UUID]:
    """Streams in which something has a message."""
    return list(PostedMessage.objects.values_list("stream_id", flat=True).distinct())


def positions(stream_ids: Iterable[UUID | str]) -> dict[str, int]:
    """Stream → the seq up to which everything is posted; without streams of which nothing ever was."""
    rows = FeedPosition.objects.filter(stream_id__in=list(stream_ids))
    return {str(stream_id): seq for stream_id, seq in rows.values_list("stream_id", "seq")}


def save_positions(posted: Mapping[str, int]) -> None:
    """Two statements, however many positions."""
    rows = [FeedPosition(stream_id=UUID(stream_id), seq=seq) for stream_id, seq in posted.items()]
    FeedPosition.objects.bulk_create(rows, ignore_conflicts=True)
    FeedPosition.objects.bulk_update(rows, ["seq"], batch_size=500)
