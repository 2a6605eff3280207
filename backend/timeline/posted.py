"""Messages in Discord that follow something here, as a roll request: which, and where they stand."""

from collections.abc import Iterable
from uuid import UUID

from timeline.models import PostedMessage


def keep(entity: str, entity_id: UUID, stream_id: UUID, channel_id: str, message_id: str) -> None:
    """One message for each thing; a newer one takes the place of the older."""
    PostedMessage.objects.update_or_create(
        entity_id=entity_id,
        defaults={
            "entity": entity,
            "stream_id": stream_id,
            "channel_id": channel_id,
            "message_id": message_id,
        },
    )


def of(entity_ids: Iterable[UUID]) -> dict[UUID, PostedMessage]:
    return {row.entity_id: row for row in PostedMessage.objects.filter(entity_id__in=list(entity_ids))}


def forget_message(entity: str, message_id: str) -> None:
    """It is gone from Discord."""
    PostedMessage.objects.filter(entity=entity, message_id=message_id).delete()


def streams() -> list[UUID]:
    """Those in which something is followed."""
    return list(PostedMessage.objects.values_list("stream_id", flat=True).distinct())
