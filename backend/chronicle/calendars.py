"""The calendar of a chronicle as one member's programs read it (RFC 5545): what is planned, played and called off.

Every date is an event of its own, in UTC: whatever the clocks of the table and of the reader do in between, it is the
moment that was meant. Dates of the schedule that nobody has planned yet are tentative.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from chronicle.models import Attendance, Chronicle, Episode, EpisodeSettings, Schedule
from chronicle.services.schedules import schedule_of, upcoming
from contract.translation import _, speaking

PRODUCT = "-//Realms of Darkness//Episodes//EN"
MOST_OVER = 200
DATES = 12
USUAL = timedelta(minutes=240)
REFRESH = timedelta(hours=1)
Status = Episode.Status


@dataclass
class Feed:
    """`body` is the file; the same state always gives the same bytes."""

    body: bytes
    changed_at: datetime


@dataclass
class _Reader:
    """Whose calendar it is: their alarms, and what they do not come to."""

    alarms: list[timedelta]
    away: set[UUID] = field(default_factory=set)


def feed_of(row: EpisodeSettings) -> Feed:
    """The calendar in the language of its owner. Four queries."""
    chronicle = row.chronicle
    schedule = schedule_of(chronicle)
    episodes = _episodes(chronicle)
    away = Attendance.objects.filter(episode__chronicle=chronicle, user=row.user, coming=False)
    reader = _Reader(alarms_of(row), set(away.values_list("episode_id", flat=True)))
    with speaking(row.user.language or "en"):
        calendar = _empty(chronicle)
        for event in _events(chronicle, schedule, episodes, reader):
            calendar.add_component(event)
    changed = [chronicle.updated_at, row.updated_at, *(episode.changed_at for episode in episodes)]
    changed += [_today()] if schedule else []
    return Feed(calendar.to_ical(), max(changed))


def alarms_of(row: EpisodeSettings) -> list[timedelta]:
    """How long before an episode its owner wants to be reminded."""
    wanted = ((row.remind_day, timedelta(days=1)), (row.remind_hour, timedelta(hours=1)))
    return [before for is_wanted, before in wanted if is_wanted]


def _episodes(chronicle: Chronicle) -> list[Episode]:
    rows = Episode.objects.filter(chronicle=chronicle)
    ahead = rows.filter(status__in=(Status.LIVE, Status.PLANNED)).order_by("planned_for", "id")
    over = rows.filter(status__in=(Status.DONE, Status.CANCELLED)).order_by("-planned_for", "-id")
    return [*reversed(over[:MOST_OVER]), *ahead]


def _empty(chronicle: Chronicle) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", chronicle.full_name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    return calendar


def _events(
    chronicle: Chronicle, schedule: Schedule | None, episodes: list[Episode], reader: _Reader
) -> Iterator[Event]:
    length = timedelta(minutes=schedule.minutes) if schedule else USUAL
    for episode in episodes:
        yield _event(chronicle, episode, length, reader)
    taken = {episode.planned_for for episode in episodes}
    for begins in upcoming(schedule, _today(), DATES) if schedule else []:
        if schedule and begins not in taken:
            yield _date(chronicle, schedule, begins, length)


def _today() -> datetime:
    """From here the dates of the schedule count: the file is the same all day, unless something changes."""
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _event(chronicle: Chronicle, episode: Episode, length: timedelta, reader: _Reader) -> Event:
    event = _between(episode.planned_for, _end_of(episode, length))
    event.add("uid", f"{episode.pk}@{_host()}")
    event.add("sequence", episode.version)
    event.add("dtstamp", episode.changed_at.replace(microsecond=0))
    event.add("last-modified", episode.changed_at.replace(microsecond=0))
    event.add("created", episode.created_at.replace(microsecond=0))
    event.add("summary", f"{chronicle.name}: {name_of(episode)}")
    recap = episode.recap if episode.recap_published_at else ""
    if description := "\n\n".join(filter(None, (episode.summary, recap))):
        event.add("description", description)
    event.add("url", f"{settings.SITE_URL}/chronicles/{chronicle.pk}/sessions/{episode.pk}/")
    is_off = episode.status == Status.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    is_free = is_off or episode.pk in reader.away
    event.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    if episode.status == Status.PLANNED and not is_free:
        for before in reader.alarms:
            event.add_component(_alarm(before, name_of(episode)))
    return event


def _date(chronicle: Chronicle, schedule: Schedule, begins: datetime, length: timedelta) -> Event:
    """A date of the schedule that nobody has planned yet."""
    event = _between(begins, begins + length)
    event.add("uid", f"{schedule.pk}-{begins:%Y%m%dT%H%M}@{_host()}")
    event.add("sequence", 0)
    event.add("dtstamp", chronicle.updated_at.replace(microsecond=0))
    event.add("summary", chronicle.name)
    event.add("url", f"{settings.SITE_URL}/chronicles/{chronicle.pk}/sessions/")
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _between(begins: datetime, ends: datetime) -> Event:
    event = Event()
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))
    return event


def _end_of(episode: Episode, length: timedelta) -> datetime:
    """When it ended; before, when it usually would. Nothing ends before it begins."""
    planned = episode.planned_for + length
    if episode.ended_at is None or episode.ended_at <= episode.planned_for:
        return planned
    return episode.ended_at.replace(microsecond=0)


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm


def name_of(episode: Episode) -> str:
    """`Episode 3: Ashes`, `Episode 3`, or `Ashes` where it was called off."""
    if episode.number is None:
        return episode.title or _("Episode")
    if episode.title:
        return _("Episode {number}: {title}", number=episode.number, title=episode.title)
    return _("Episode {number}", number=episode.number)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
