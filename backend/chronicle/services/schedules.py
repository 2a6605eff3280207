"""When a chronicle plays: its schedule is a part of the chronicle, and changes as one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from chronicle import features
from chronicle.models import Chronicle, Schedule
from chronicle.principal import Principal
from chronicle.services.chronicles import lock, save
from contract.episodes import RHYTHMS, WEEKDAYS, SetSchedule
from contract.translation import _
from rules.errors import Invalid, NotFound
from rules.schedule import first_day
from timeline.services import Cause

DAYS, WEEKS = list(WEEKDAYS), list(RHYTHMS)
UPCOMING = 4


def schedule_of(chronicle: Chronicle) -> Schedule | None:
    return Schedule.objects.filter(chronicle=chronicle).first()


def upcoming(schedule: Schedule | None, now: datetime, count: int = UPCOMING) -> list[datetime]:
    """Return when the next sessions of a schedule begin."""
    dates: list[datetime] = []
    while schedule is not None and len(dates) < count:
        dates.append(schedule.rhythm.after(dates[-1] if dates else now))
    return dates


def clock_of(schedule: Schedule | None, principal: Principal) -> ZoneInfo:
    """Return the zone of what is typed without one: that of the schedule, else the person's own."""
    if schedule is not None:
        return schedule.zone
    return principal.user.zone if principal.user else ZoneInfo("UTC")


def set_schedule(
    chronicle: Chronicle, wanted: SetSchedule, *, principal: Principal, cause: Cause
) -> Schedule:
    """Set the schedule, or change what is named of it. Sessions that are planned stay where they are."""
    with transaction.atomic():
        locked = lock(chronicle, principal, "episode.run")
        features.require(chronicle.server, "sessions")
        schedule = schedule_of(locked)
        before = _document(schedule)
        schedule = schedule or _new(locked, wanted, principal)
        _fill(schedule, wanted)
        if before != (after := _document(schedule)):
            schedule.save()
            save(locked, {"schedule": [before, after]}, cause)
    return schedule


def _new(chronicle: Chronicle, wanted: SetSchedule, principal: Principal) -> Schedule:
    """Raises Invalid where something is missing that no schedule can be without."""
    missing = {
        "weekday": _("Choose the weekday on which you play."),
        "time": _("Say at what time you play, such as 19:30."),
        "timezone": _("Say in which time zone, such as Europe/Berlin."),
    }
    own = principal.user.timezone if principal.user else ""
    given = {"weekday": wanted.weekday, "time": wanted.time, "timezone": wanted.timezone or own}
    if wrong := {name: [missing[name]] for name, value in given.items() if value in (None, "")}:
        raise Invalid(" ".join(sentences[0] for sentences in wrong.values()), fields=wrong)
    return Schedule(chronicle=chronicle, timezone=own)


def _fill(schedule: Schedule, wanted: SetSchedule) -> None:
    schedule.timezone = wanted.timezone or schedule.timezone
    schedule.time = schedule.time if wanted.time is None else wanted.time
    schedule.minutes = wanted.minutes or schedule.minutes
    counted = schedule.weekday, schedule.weeks
    if wanted.weekday:
        schedule.weekday = DAYS.index(wanted.weekday)
    if wanted.rhythm:
        schedule.weeks = WEEKS.index(wanted.rhythm) + 1
    if wanted.starts or schedule.first_day is None or counted != (schedule.weekday, schedule.weeks):
        starts = wanted.starts or timezone.now().astimezone(schedule.zone).date()
        schedule.first_day = first_day(schedule.weekday, starts)


def _document(schedule: Schedule | None) -> dict[str, object] | None:
    if schedule is None or schedule.first_day is None:
        return None
    return {
        "timezone": schedule.timezone,
        "weekday": DAYS[schedule.weekday],
        "time": f"{schedule.time:%H:%M}",
        "rhythm": WEEKS[schedule.weeks - 1],
        "minutes": schedule.minutes,
        "first_day": schedule.first_day.isoformat(),
    }


def remove_schedule(chronicle: Chronicle, *, principal: Principal, cause: Cause) -> None:
    """Play without a schedule from now on. Raises NotFound where there is none."""
    with transaction.atomic():
        locked = lock(chronicle, principal, "episode.run")
        features.require(chronicle.server, "sessions")
        schedule = schedule_of(locked)
        if schedule is None:
            raise NotFound(_("There’s no schedule yet."), code="no_schedule")
        before = _document(schedule)
        schedule.delete()
        save(locked, {"schedule": [before, None]}, cause)
