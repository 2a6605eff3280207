"""Parse the period of a statistic."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from rules.errors import Invalid

MAX_DAYS = 3650


def period(
    days: int | str | None, since: str | None, until: str | None
) -> tuple[datetime | None, datetime | None]:
    """Return start and end: `days` back from now, or two moments (ISO 8601, a date alone too). Raises Invalid."""
    if days is None or days == "":
        return _moment(since, "since"), _moment(until, "until")
    if isinstance(days, str) and days.isdecimal() and len(days) < 6:
        days = int(days)
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MAX_DAYS:
        raise Invalid.field("days", f"Days go from 1 to {MAX_DAYS}.")
    return timezone.now() - timedelta(days=days), None


def _moment(value: str | None, name: str) -> datetime | None:
    if value is None or value == "":
        return None
    found: datetime | None = None
    if isinstance(value, str) and len(value) <= 40:
        found = _parsed(value)
    if found is None:
        raise Invalid.field(name, "A moment such as 2026-11-20T20:00:00Z is expected.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _parsed(value: str) -> datetime | None:
    try:
        day = parse_date(value)
        return datetime(day.year, day.month, day.day) if day else parse_datetime(value)
    except ValueError:
        return None
