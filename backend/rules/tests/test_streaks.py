"""The daily streak: one missed day a week is forgiven, in every time zone and for people who travel."""

import importlib.resources
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.streaks import DAY, Streak, current_at, day_of, moved, practised, week_of

BERLIN, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
HOUR = timedelta(hours=1)
# With half an hour, with two hours, in the southern half, around Ramadan, over the date line, with no change at all.
SAMPLE = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll"),
    *("America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"),
)
ZONES = importlib.resources.files("tzdata").joinpath("zones").read_text().split()
ZONE = st.sampled_from(ZONES)


def noon(day: date, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)


def on(*days: date, streak: Streak | None = None) -> Streak:
    """The streak of a Berliner who practised on these days."""
    streak = streak or Streak()
    for day in days:
        streak = practised(streak, noon(day), BERLIN)
    return streak


MONDAY = date(2026, 11, 30)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + number * DAY for number in range(1, 7))


@pytest.mark.req("S001-66")
def test_it_grows_by_one_a_day() -> None:
    assert on(MONDAY).current == 1
    assert on(MONDAY, MONDAY, MONDAY) == on(MONDAY)
    assert on(MONDAY, TUESDAY, WEDNESDAY) == Streak(3, 3, WEDNESDAY)


@pytest.mark.req("S001-66")
def test_the_longest_stays() -> None:
    began_again = on(MONDAY, TUESDAY, WEDNESDAY, SUNDAY)
    assert (began_again.current, began_again.longest) == (1, 3)


@pytest.mark.req("S001-67")
def test_one_missed_day_a_week_is_forgiven() -> None:
    once = on(MONDAY, WEDNESDAY)
    assert once == Streak(2, 2, WEDNESDAY, last_skip=TUESDAY, skip_week=MONDAY)
    twice = on(FRIDAY, streak=once)
    assert (twice.current, twice.last_skip) == (1, TUESDAY), "Thursday is the second of this week"
    assert on(MONDAY, THURSDAY).current == 1, "two at once are two of one week"


def test_a_break_uses_up_no_forgiveness() -> None:
    assert on(MONDAY, THURSDAY).skip_week is None
    assert on(MONDAY, THURSDAY, SATURDAY).current == 2


@pytest.mark.req("S001-67")
def test_the_next_week_forgives_again() -> None:
    monday = MONDAY + 7 * DAY
    assert on(MONDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY, monday + DAY).current == 7
    # The last day of one week and the first of the next are one of each.
    over = on(SATURDAY, monday + DAY)
    assert over == Streak(2, 2, monday + DAY, last_skip=monday, skip_week=monday)
    assert on(SATURDAY, monday + 2 * DAY).current == 1


def test_a_streak_that_cannot_go_on_counts_as_0_by_then() -> None:
    streak = on(MONDAY, TUESDAY)
    assert [current_at(streak, noon(TUESDAY + days * DAY), BERLIN) for days in range(5)] == [2, 2, 2, 0, 0]
    assert current_at(Streak(), noon(MONDAY), BERLIN) == 0


def test_a_clock_that_jumps_neither_adds_nor_breaks() -> None:
    ahead = on(MONDAY, TUESDAY, WEDNESDAY)
    assert on(MONDAY, streak=ahead) == ahead
    assert on(TUESDAY, WEDNESDAY, THURSDAY, streak=ahead).current == 4


def test_a_date_that_a_zone_left_out_is_not_missed() -> None:
    streak = practised(Streak(), noon(date(2011, 12, 29), APIA), APIA)
    streak = practised(streak, noon(date(2011, 12, 31), APIA), APIA)
    assert streak == Streak(2, 2, date(2011, 12, 31))


# Every change of every zone


@cache
def changes_of(name: str) -> list[datetime]:
    """When the clocks of a zone change, from 1990 to 2037, to the minute."""
    zone, found = ZoneInfo(name), []
    before = datetime(1990, 1, 1, tzinfo=UTC)
    while before.year < 2038:
        after = before + 7 * DAY
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(_change_between(zone, before, after))
        before = after
    return found


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high


def assert_holds_over(zone: ZoneInfo, change: datetime) -> None:
    """Practice at any hours around a change of the clocks: each local date counts once, and none is lost."""
    begin = change - 60 * HOUR
    hours = [begin + number * HOUR for number in range(121)]
    streak = Streak()
    for hour in hours:
        streak = practised(streak, hour, zone)
    dates = {day_of(hour, zone) for hour in hours}
    assert streak == Streak(len(dates), len(dates), max(dates)), f"{zone} {change}"
    # Once a day, each time at another hour.
    by_day: dict[date, list[datetime]] = {}
    for hour in hours:
        by_day.setdefault(day_of(hour, zone), []).append(hour)
    chosen = random.Random(str(change))
    once = Streak()
    for day in by_day.values():
        once = practised(once, chosen.choice(day), zone)
    assert once == streak, f"{zone} {change}"
    # And without one of the days between: forgiven.
    middle = sorted(by_day)[2]
    skipping = Streak()
    for date_, day in by_day.items():
        if date_ != middle:
            skipping = practised(skipping, day[0], zone)
    skip = Streak(len(dates) - 1, len(dates) - 1, max(dates), last_skip=middle, skip_week=week_of(middle))
    assert skipping == skip, f"{zone} {change}"


@pytest.mark.req("S001-69")
@pytest.mark.parametrize("name", SAMPLE)
def test_days_are_days_whatever_the_clocks_do(name: str) -> None:
    changes = changes_of(name)
    for change in [*changes[-4:], *changes[::12], datetime(2026, 7, 1, tzinfo=UTC)]:
        assert_holds_over(ZoneInfo(name), change)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.req("S001-69")
def test_days_are_days_in_every_zone_of_the_world() -> None:
    assert len(ZONES) > 590
    for name in ZONES:
        for change in changes_of(name):
            assert_holds_over(ZoneInfo(name), change)


# People who travel


def test_flying_over_the_date_line_in_mid_day_counts_no_day_twice_and_loses_none() -> None:
    honolulu, kiritimati = ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Kiritimati")
    start = noon(MONDAY, honolulu)
    streak = practised(Streak(), start, honolulu)
    there = moved(streak.last, start, honolulu, kiritimati)
    assert there == TUESDAY, "it is Tuesday noon there"
    streak = Streak(streak.current, streak.longest, there)
    assert practised(streak, start + HOUR, kiritimati).current == 1
    streak = practised(streak, start + 24 * HOUR, kiritimati)
    assert (streak.current, streak.last) == (2, WEDNESDAY)
    assert moved(streak.last, start + 25 * HOUR, kiritimati, honolulu) == WEDNESDAY
    again = practised(streak, start + 25 * HOUR, honolulu)
    assert again == streak, "Tuesday comes again"
    assert practised(again, start + 73 * HOUR, honolulu).current == 3


Move = tuple[int, str]
moves: st.SearchStrategy[list[Move]] = st.lists(st.tuples(st.integers(1, 30), ZONE), min_size=2, max_size=40)


def travels(start: datetime, moves: list[Move]) -> Iterator[tuple[datetime, ZoneInfo, ZoneInfo]]:
    """Each moment of a practice, with the zone of before and the one of now."""
    zone, now = ZoneInfo("UTC"), start
    for hours, name in moves:
        now += hours * HOUR
        yield now, zone, (zone := ZoneInfo(name))


@settings(max_examples=150)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), moves)
def test_nobody_gains_days_by_changing_zones(start: datetime, moves: list[Move]) -> None:
    start = start.replace(tzinfo=UTC)
    streak, now = practised(Streak(), start, ZoneInfo("UTC")), start
    for now, before, after in travels(start, moves):
        last = moved(streak.last, now, before, after)
        assert last is not None
        assert last <= max(streak.last or last, day_of(now, after)), "nothing is done in the future"
        grown = practised(Streak(streak.current, streak.longest, last), now, after)
        assert grown == practised(grown, now, after), "once a day"
        streak = grown
    assert (
        streak.longest <= (now - start) / DAY + 3
    ), "no more days than there were, and those of the date line"


@settings(max_examples=150)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), st.lists(ZONE, min_size=1, max_size=15))
def test_who_practises_every_20_hours_loses_nothing_on_the_way(start: datetime, names: list[str]) -> None:
    streak, before = Streak(), ZoneInfo("UTC")
    now, grew = start.replace(tzinfo=UTC), 0
    for name in names:
        zone = ZoneInfo(name)
        last = moved(streak.last, now, before, zone)
        after = practised(Streak(streak.current, streak.longest, last), now, zone)
        assert after.current >= streak.current
        grew += after.current > streak.current
        streak, before, now = after, zone, now + 20 * HOUR
    assert streak.current == grew
