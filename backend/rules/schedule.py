"""When a table plays: a weekday and a time on the clock of its time zone, every week or every second week."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`first` is a day on which the table plays: from there every `weeks` weeks, at `at` on the clock of the zone."""

    zone: ZoneInfo
    first: date
    at: time
    weeks: int

    def after(self, moment: datetime) -> datetime:
        """Return when the first session after this moment begins, in UTC."""
        step = timedelta(weeks=self.weeks)
        played = max((moment.astimezone(self.zone).date() - self.first) // step, 0)
        day = self.first + played * step
        while (begins := self.begins(day)) <= moment:
            day += step
        return begins

    def begins(self, day: date) -> datetime:
        """Return when the session of this day begins, in UTC.

        A time that the clock leaves out that night is an hour later; of one that it shows twice, the first counts.
        """
        return on_the_clock(datetime.combine(day, self.at), self.zone)


def on_the_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the clocks of a zone show this date and time."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def first_day(weekday: int, starts: date) -> date:
    """Return the first such weekday (0 is Monday) from `starts` on."""
    return starts + timedelta(days=(weekday - starts.weekday()) % 7)
