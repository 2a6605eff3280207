"""How far the Discord process has come with posting what happened in each stream: it keeps nothing itself."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from timeline.models import FeedPosition


def positions(stream_ids: Iterable[UUID | str]) -> dict[str, int]:
    """Stream → the seq up to which all is posted; without those that never were."""
    rows = FeedPosition.objects.filter(stream_id__in=list(stream_ids))
    return {str(stream_id): seq for stream_id, seq in rows.values_list("stream_id", "seq")}


def keep(posted: Mapping[str, int]) -> None:
    """Two statements, whatever their number."""
    rows = _rows(posted)
    FeedPosition.objects.bulk_create(rows, ignore_conflicts=True)
    FeedPosition.objects.bulk_update(rows, ["seq"], batch_size=500)


def _rows(posted: Mapping[str, int]) -> list[FeedPosition]:
    return [FeedPosition(stream_id=UUID(stream_id), seq=seq) for stream_id, seq in posted.items()]
