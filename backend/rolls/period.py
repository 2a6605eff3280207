"""The period of a statistic."""

from datetime import datetime, timedelta

from django.utils import timezone


def period(
    days: int | None, since: datetime | None = None, until: datetime | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return start and end: `days` back from now, or the two moments; without an offset they are of our time zone."""
    if days is not None:
        return timezone.now() - timedelta(days=days), None
    return _aware(since), _aware(until)


def _aware(moment: datetime | None) -> datetime | None:
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
