"""Reminders of episodes: in time, to whom they are meant for, and never twice."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chronicle.models import Episode, EpisodeReminder
from chronicle.operations import episodes
from discordauth.models import CustomUser
from haven.tests.kit import make
from progress.services import reminders
from testing.community import set_server
from testing.personas import SYSTEM, World
from testing.sessions import do, planned
from testing.together import at_once
from timeline.models import Notification

pytestmark = pytest.mark.django_db
BEGINS = datetime(2026, 12, 18, 18, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def in_a_month(world: World, begins: datetime = BEGINS) -> Episode:
    row = planned(world, begins.isoformat(), title="Ashes")
    Episode.objects.update(created_at=begins - timedelta(days=30))
    return Episode.objects.get(pk=row.id)


def reminded() -> list[str]:
    rows = Notification.objects.order_by("pk").select_related("user")
    return [row.user.display_name for row in rows]


@pytest.mark.engine
def test_who_comes_is_reminded_a_day_and_an_hour_before_once_each(world: World) -> None:
    row = in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")
    assert reminders.remind(BEGINS - DAY - timedelta(seconds=1)) == 0
    assert reminders.remind(BEGINS - DAY) == 1
    assert reminders.remind(BEGINS - DAY + timedelta(minutes=5)) == 0
    assert reminders.remind(BEGINS - HOUR) == 1
    assert reminders.remind(BEGINS - timedelta(minutes=1)) == 0
    assert reminders.remind(BEGINS + timedelta(minutes=1)) == 0
    body = Notification.objects.earliest("pk").body
    assert body["kind"] == "episode_soon"
    assert (body["episode"], body["title"], body["number"]) == (str(row.pk), "Ashes", 1)
    assert datetime.fromisoformat(body["starts"]) == BEGINS


def test_the_zone_of_the_account_goes_with_it(world: World) -> None:
    in_a_month(world)
    CustomUser.objects.filter(pk=world.mira.pk).update(timezone="America/New_York")
    do(world, "mira", episodes.ANSWER, coming="yes")
    reminders.remind(BEGINS - HOUR)
    assert Notification.objects.get().body["zone"] == "America/New_York"


@pytest.mark.parametrize(
    ("answer", "plays", "expected"),
    [("yes", False, 1), ("maybe", False, 1), ("no", True, 0), (None, True, 1), (None, False, 0)],
)
def test_it_is_for_those_who_are_expected(
    world: World, answer: str | None, plays: bool, expected: int
) -> None:
    in_a_month(world)
    if plays:
        make(world)
    if answer:
        do(world, "mira", episodes.ANSWER, coming=answer)
    assert reminders.remind(BEGINS - HOUR) == expected


def test_each_reminder_is_switched_by_itself_and_for_one_chronicle(world: World) -> None:
    in_a_month(world)
    for who in ("mira", "jonas"):
        do(world, who, episodes.ANSWER, coming="yes")
    do(world, "mira", episodes.SET_SETTINGS, remind_day=False)
    elsewhere = str(world.other_chronicle.id)
    do(world, "jonas", episodes.SET_SETTINGS, remind_hour=False)
    do(world, "sam", episodes.SET_SETTINGS, chronicle=elsewhere, remind_hour=False)
    reminders.remind(BEGINS - DAY)
    assert reminded() == ["Jonas"]
    reminders.remind(BEGINS - HOUR)
    assert reminded() == ["Jonas", "Mira"]


def test_a_new_date_reminds_anew_and_what_is_called_off_does_not(world: World) -> None:
    row = in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")
    assert reminders.remind(BEGINS - HOUR) == 1
    later = BEGINS + timedelta(days=7)
    do(world, "vesna", episodes.CHANGE, episode=str(row.pk), planned_for=later.isoformat())
    assert reminders.remind(later - HOUR) == 1
    do(world, "vesna", episodes.CANCEL, episode=str(row.pk))
    EpisodeReminder.objects.all().delete()
    assert reminders.remind(later - HOUR) == 0


def test_what_was_planned_within_the_day_needs_no_reminder_a_day_before(world: World) -> None:
    row = in_a_month(world)
    Episode.objects.filter(pk=row.pk).update(created_at=BEGINS - timedelta(hours=20))
    do(world, "mira", episodes.ANSWER, coming="yes")
    assert reminders.remind(BEGINS - timedelta(hours=19)) == 0
    assert reminders.remind(BEGINS - HOUR) == 1


def test_after_an_outage_only_what_still_helps_is_sent(world: World) -> None:
    in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")
    assert reminders.remind(BEGINS - timedelta(hours=5)) == 0
    assert reminders.remind(BEGINS - timedelta(minutes=20)) == 1


def test_who_left_or_wants_no_messages_gets_none(world: World) -> None:
    in_a_month(world)
    for who in ("mira", "jonas"):
        do(world, who, episodes.ANSWER, coming="yes")
    world.server.members.filter(user=world.mira).delete()
    CustomUser.objects.filter(pk=world.jonas.pk).update(user_settings={"direct_messages": False})
    assert reminders.remind(BEGINS - HOUR) == 0


def test_a_server_without_episodes_reminds_nobody(world: World) -> None:
    in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")
    set_server(world.server, features={"sessions": False}, principal=world.principal("olga"), cause=SYSTEM)
    assert reminders.remind(BEGINS - HOUR) == 0


@pytest.mark.parametrize(
    "begins", [datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)]
)
def test_the_day_before_is_so_many_hours_whatever_the_clocks_do(world: World, begins: datetime) -> None:
    """An hour that the clocks show twice or not at all moves no reminder: both moments are moments."""
    in_a_month(world, begins)
    do(world, "mira", episodes.ANSWER, coming="yes")
    assert reminders.remind(begins - DAY - timedelta(seconds=1)) == 0
    assert reminders.remind(begins - DAY) == 1
    assert reminders.remind(begins - HOUR - timedelta(seconds=1)) == 0
    assert reminders.remind(begins - HOUR) == 1


def test_what_is_over_is_not_kept(world: World) -> None:
    in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")
    reminders.remind(BEGINS - HOUR)
    reminders.remind(BEGINS + timedelta(days=3))
    assert not EpisodeReminder.objects.exists()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_processes_remind_once(world: World) -> None:
    in_a_month(world)
    do(world, "mira", episodes.ANSWER, coming="yes")

    remind = partial(reminders.remind, BEGINS - HOUR)
    assert sorted(at_once([remind, remind])) == [0, 1]
    assert reminded() == ["Mira"]
