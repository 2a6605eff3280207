"""The daily streak: how many local days in a row somebody practised, with one missed day a week forgiven.

Days and weeks are those of the person's own time zone. They are worked out from the moment itself, so a day of 23 or
25 hours is a day like any other; a date that a zone left out (Samoa had no 30 December 2011) cannot be missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Streak:
    """`last`: the last day with practice. `last_skip`: the last missed day that was forgiven, of `skip_week`."""

    current: int = 0
    longest: int = 0
    last: date | None = None
    last_skip: date | None = None
    skip_week: date | None = None


def day_of(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def week_of(day: date) -> date:
    """The Monday on which the week of this day begins."""
    return day - day.weekday() * DAY


def practised(streak: Streak, now: datetime, zone: ZoneInfo) -> Streak:
    """Count a practice. Only the first of a new local day changes anything.

    A day that is not after the last one changes nothing: a clock that was wrong, or somebody who flew west.
    """
    today = day_of(now, zone)
    if streak.last is None:
        return replace(streak, current=1, longest=max(streak.longest, 1), last=today)
    if today <= streak.last:
        return streak
    forgiven = _with_skips(streak, today, zone)
    current = forgiven.current + 1
    return replace(forgiven, current=current, longest=max(forgiven.longest, current), last=today)


def current_at(streak: Streak, now: datetime, zone: ZoneInfo) -> int:
    """How long the streak is by now: 0 once it cannot be continued, although nobody has practised since."""
    today = day_of(now, zone)
    if streak.last is None or today <= streak.last:
        return streak.current
    return _with_skips(streak, today, zone).current


def moved(last: date | None, now: datetime, before: ZoneInfo, after: ZoneInfo) -> date | None:
    """The last day on which something was done, after a change of the time zone.

    Where the date jumps ahead, what was done today stays done today, and yesterday stays yesterday. Where it falls
    back nothing changes: the same date comes again, and does not count twice.
    """
    old, new = day_of(now, before), day_of(now, after)
    if last is None or new <= old or not old - DAY <= last < new:
        return last
    return min(last + (new - old), new)


def _with_skips(streak: Streak, today: date, zone: ZoneInfo) -> Streak:
    """The streak with what was missed before `today`: forgiven, one day of each week, or broken."""
    found = streak
    for missed in _missed(streak.last or today, today, zone):
        if week_of(missed) == found.skip_week:
            return replace(streak, current=0)
        found = replace(found, last_skip=missed, skip_week=week_of(missed))
    return found


def _missed(last: date, today: date, zone: ZoneInfo) -> Iterator[date]:
    """The dates between two that there were in this zone."""
    # Of eight days two are in one week: nobody has to look at years.
    between = (last + number * DAY for number in range(1, min((today - last).days, 9)))
    return (day for day in between if _exists(day, zone))


def _exists(day: date, zone: ZoneInfo) -> bool:
    noon = datetime.combine(day, time(12), zone)
    return day_of(noon.astimezone(UTC), zone) == day


def joined(earlier: Streak, since: Streak, zone: ZoneInfo) -> Streak:
    """One streak of two: of what somebody had before it was taken from them, and what they began since."""
    longest = max(earlier.longest, since.longest)
    if since.last is None or earlier.last is None:
        return replace(earlier if since.last is None else since, longest=longest)
    first = _first(since)
    if first <= earlier.last:  # on the same day, before it was taken and again afterwards
        twice = (earlier.last - first).days + 1
        current = earlier.current + max(since.current - twice, 0)
    else:
        kept = _with_skips(earlier, first, zone).current
        current = kept + since.current
    return Streak(
        current=current,
        longest=max(longest, current),
        last=max(earlier.last, since.last),
        last_skip=_later(earlier.last_skip, since.last_skip),
        skip_week=_later(earlier.skip_week, since.skip_week),
    )


def _first(streak: Streak) -> date:
    """The day on which a streak began; of the days that were forgiven since, the last one is known."""
    last = streak.last or date.min
    first = last - (max(streak.current, 1) - 1) * DAY
    return first - DAY if streak.last_skip and first <= streak.last_skip < last else first


def _later(one: date | None, other: date | None) -> date | None:
    return max(filter(None, (one, other)), default=None)
