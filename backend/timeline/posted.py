"""Messages in Discord that follow something here, as a roll request: which, and where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from timeline.models import PostedMessage


@dataclass(frozen=True, slots=True)
class Stood:
    """Where the message stood that followed until now."""

    channel_id: str
    message_id: str


@transaction.atomic
def keep(entity: str, entity_id: UUID, stream_id: UUID, channel_id: str, message_id: str) -> Stood | None:
    """One message for each thing; a newer one takes the place of the older, which is the answer."""
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
    return Stood(before.channel_id, before.message_id) if before else None


def of(entity_ids: Iterable[UUID]) -> dict[UUID, PostedMessage]:
    return {row.entity_id: row for row in PostedMessage.objects.filter(entity_id__in=list(entity_ids))}


def forget_message(entity: str, message_id: str) -> None:
    """It is gone from Discord."""
    PostedMessage.objects.filter(entity=entity, message_id=message_id).delete()


def streams() -> list[UUID]:
    """Those in which something is followed."""
    return list(PostedMessage.objects.values_list("stream_id", flat=True).distinct())
