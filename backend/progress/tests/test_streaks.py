"""The daily streak and bonus of a user, in their own time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from discordauth.models import CustomUser
from discordauth.signals import discord_login
from progress.models import PointEntry, ProfileChange
from progress.services import ledger, streaks
from rules.streaks import DAY
from testing.personas import World

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def columns(user: CustomUser) -> tuple[object, ...]:
    user.refresh_from_db()
    return tuple(getattr(user, name) for name in streaks.COLUMNS)


@pytest.mark.engine
@pytest.mark.req("S001-66", "S001-67")
def test_a_streak_over_several_days_with_one_forgiven(world: World) -> None:
    mira = world.mira
    for days in (0, 0, 1, 3):
        streaks.practised(mira, MONDAY + days * DAY)
    wednesday, thursday = date(2026, 12, 2), date(2026, 12, 3)
    assert columns(mira) == (3, 3, thursday, wednesday, date(2026, 11, 30))
    assert streaks.current(mira, MONDAY + 4 * DAY) == 3
    assert streaks.current(mira, MONDAY + 5 * DAY) == 0, "the second of this week"
    assert columns(mira)[0] == 3, "looking changes nothing"


@pytest.mark.req("S001-68")
def test_the_bonus_comes_once_a_day_however_often_one_signs_in_or_practises(world: World) -> None:
    mira = world.mira
    assert streaks.logged_in(mira, MONDAY)
    assert not streaks.logged_in(mira, MONDAY + 11 * HOUR)
    streaks.practised(mira, MONDAY + HOUR)
    assert (mira.total_points, mira.last_daily_login_bonus_date) == (streaks.BONUS, MONDAY.date())
    streaks.practised(mira, MONDAY + DAY)
    assert not streaks.logged_in(mira, MONDAY + DAY)
    mira.refresh_from_db()
    assert mira.total_points == 2 * streaks.BONUS


@pytest.mark.req("S001-68")
def test_a_clock_that_was_set_back_gives_no_second_bonus(world: World) -> None:
    streaks.practised(world.mira, MONDAY + DAY)
    assert not streaks.logged_in(world.mira, MONDAY)
    streaks.practised(world.mira, MONDAY)
    assert PointEntry.objects.filter(user=world.mira).count() == 1
    assert columns(world.mira)[0] == 1


@pytest.mark.req("S001-68")
def test_a_sign_in_gives_the_bonus(world: World) -> None:
    for _again in range(2):
        discord_login.send(CustomUser, user=world.mira, guild_ids=None)
    assert [(entry.source, entry.amount) for entry in PointEntry.objects.filter(user=world.mira)] == [
        ("login", 5)
    ]


def test_the_day_is_that_of_the_users_own_zone(world: World) -> None:
    mira = world.mira
    mira.timezone = "Pacific/Auckland"
    mira.save()
    streaks.practised(mira, MONDAY - 2 * HOUR)
    streaks.practised(mira, MONDAY)
    assert columns(mira)[:3] == (2, 2, date(2026, 12, 1)), "23:00 and 01:00 there"


def move(user: CustomUser, zone: str, now: datetime) -> None:
    """As an account's new time zone does (`progress.signals`)."""
    locked = ledger.locked_user(user.pk)
    before, locked.timezone = locked.zone, zone
    streaks.zone_changed(locked, now, before)
    locked.save()
    ProfileChange.objects.create(user=user, changes={"timezone": ["", zone]}, at=now)
    user.refresh_from_db()


def test_flying_east_counts_no_day_twice_and_loses_none(world: World) -> None:
    mira = world.mira
    mira.timezone = "Pacific/Honolulu"
    mira.save()
    noon = datetime(2026, 11, 30, 22, tzinfo=UTC)
    streaks.practised(mira, noon)
    move(mira, "Pacific/Kiritimati", noon)
    streaks.practised(mira, noon + HOUR)
    assert columns(mira)[:3] == (1, 1, date(2026, 12, 1))
    assert PointEntry.objects.filter(user=mira).count() == 1, "one bonus"
    streaks.practised(mira, noon + DAY)
    assert columns(mira)[0] == 2


def test_nobody_keeps_a_streak_by_changing_zones(world: World) -> None:
    mira = world.mira
    streaks.practised(mira, MONDAY)
    for hours in range(0, 24 * 5, 6):
        now = MONDAY + hours * HOUR
        move(mira, "Pacific/Kiritimati" if hours % 12 else "Pacific/Honolulu", now)
    assert streaks.current(mira, MONDAY + 5 * DAY) == 0
