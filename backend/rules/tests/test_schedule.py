"""The next session of a schedule, on the clock of its table."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.schedule import Rhythm, first_day, on_the_clock

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones() - {"Factory", "localtime"})


def rhythm(
    zone: str = "Europe/Berlin", at: str = "19:30", weeks: int = 1, first: str = "2026-10-02"
) -> Rhythm:
    return Rhythm(ZoneInfo(zone), date.fromisoformat(first), time.fromisoformat(at), weeks)


def local(moment: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-10-02T17:29+00:00", "Fri 2026-10-02 19:30"),
        ("2026-10-02T17:30+00:00", "Fri 2026-10-09 19:30"),
        # Summer time ends on 25 October and begins on 28 March: half past seven stays half past seven.
        ("2026-10-24T12:00+00:00", "Fri 2026-10-30 19:30"),
        ("2027-03-27T12:00+00:00", "Fri 2027-04-02 19:30"),
        ("2025-01-01T00:00+00:00", "Fri 2026-10-02 19:30"),
    ],
)
def test_the_next_session_is_at_the_same_time_on_the_clock(asked: str, expected: str) -> None:
    assert local(rhythm().after(datetime.fromisoformat(asked))) == expected


def test_every_second_week_is_counted_from_the_first_day() -> None:
    fortnightly = rhythm(weeks=2)
    dates = [fortnightly.after(datetime(2026, 10, 1, tzinfo=UTC))]
    for _again in range(3):
        dates.append(fortnightly.after(dates[-1]))
    assert [f"{begins:%m-%d}" for begins in dates] == ["10-02", "10-16", "10-30", "11-13"]


def test_a_time_that_the_clock_leaves_out_is_an_hour_later() -> None:
    sunday = rhythm(at="02:30", first="2026-03-22")
    assert local(sunday.begins(date(2026, 3, 29))) == "Sun 2026-03-29 03:30"
    assert local(sunday.after(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))) == "Sun 2026-04-05 02:30"


def test_of_a_time_that_the_clock_shows_twice_the_first_counts() -> None:
    assert on_the_clock(datetime(2026, 10, 25, 2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    at=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    weeks=st.sampled_from([1, 2]),
    weekday=st.integers(0, 6),
)
def test_in_every_zone_the_next_session_is_the_soonest_one_after_now(
    zone: str, moment: datetime, at: time, weeks: int, weekday: int
) -> None:
    played = Rhythm(ZoneInfo(zone), first_day(weekday, date(2020, 1, 6)), at, weeks)
    now = moment.replace(tzinfo=UTC)
    begins = played.after(now)
    assert begins > now
    # None fits in between, though a change of the clock may move one by some hours.
    assert begins - now <= timedelta(weeks=weeks, hours=25) or begins == played.begins(played.first)
    shown = begins.astimezone(played.zone)
    if (shown.hour, shown.minute) != (at.hour, at.minute):
        assert (
            shown.replace(fold=1).utcoffset()
            != (begins - timedelta(days=1)).astimezone(played.zone).utcoffset()
        )


@pytest.mark.parametrize(("weekday", "expected"), [(4, "2026-10-02"), (3, "2026-10-01"), (2, "2026-10-07")])
def test_the_first_day_is_the_weekday_from_a_date_on(weekday: int, expected: str) -> None:
    assert first_day(weekday, date(2026, 10, 1)).isoformat() == expected
