"""Points: one entry with a reason each, once for a key, capped by the day, and every total follows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from discordauth.models import CustomUser
from progress.models import NOWHERE, ArchivedWeek, Board, PlayerProfile, PointEntry, Standing
from progress.services import ledger, taken_back
from progress.services.profiles import profile_of
from rules.notices import notice
from rules.visibility import Level
from testing.personas import World
from timeline import frames
from timeline.models import Event
from timeline.services import Cause

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)


def give(user: CustomUser, amount: int, key: str, source: str = "session", **more: Any) -> PointEntry:
    cause = Cause(user, "web")
    return ledger.award(user, amount, source, notice("points_taken_back"), key, cause, **more)


def standing(board: str, board_id: UUID, user: CustomUser) -> Standing:
    return Standing.objects.get(board=board, board_id=board_id, user=user)


def test_an_award_moves_every_total_and_is_one_event(world: World) -> None:
    entry = give(world.mira, 60, "a", chronicle=world.chronicle, now=MONDAY)
    world.mira.refresh_from_db()
    assert (entry.amount, world.mira.total_points, profile_of(world.mira).level) == (60, 60, 2)
    places = [
        (Board.ALL, NOWHERE),
        (Board.SERVER, world.chronicle.server_id),
        (Board.CHRONICLE, world.chronicle.id),
    ]
    for board, board_id in places:
        place = standing(board, board_id, world.mira)
        assert (place.total_points, place.weekly_points, place.week) == (60, 60, MONDAY.date())
    event = Event.objects.get(type="points.awarded")
    assert (event.stream_id, event.changes) == (world.mira.id, {"points": [0, 60]})


def test_an_award_takes_few_statements_however_many_boards_it_moves(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give(world.mira, 5, "a", chronicle=world.chronicle)
    with django_assert_num_queries(9):  # one of them asks for the season
        give(world.mira, 5, "b", chronicle=world.chronicle)


def test_one_key_gives_once(world: World) -> None:
    assert give(world.mira, 5, "a", chronicle=world.chronicle)
    assert give(world.mira, 5, "a", chronicle=world.chronicle) is None
    world.mira.refresh_from_db()
    assert world.mira.total_points == 5


def test_the_day_is_capped_and_a_new_day_begins_in_the_persons_own_zone(world: World) -> None:
    world.mira.timezone = "Pacific/Auckland"
    world.mira.save()
    assert give(world.mira, 15, "a", source="roll", now=MONDAY - timedelta(hours=2)).amount == 15
    assert give(world.mira, 15, "b", source="roll", now=MONDAY - timedelta(hours=2)).amount == 5
    assert give(world.mira, 15, "c", source="roll", now=MONDAY - timedelta(hours=2)) is None
    # 23:00 became 01:00 there, but not in UTC.
    assert give(world.mira, 15, "d", source="roll", now=MONDAY).amount == 15


def test_a_new_week_archives_the_one_before(world: World) -> None:
    give(world.mira, 10, "a", chronicle=world.chronicle, now=MONDAY)
    give(world.mira, 20, "b", chronicle=world.chronicle, now=MONDAY + timedelta(days=7))
    place = standing(Board.CHRONICLE, world.chronicle.id, world.mira)
    assert (place.total_points, place.weekly_points) == (30, 20)
    archived = ArchivedWeek.objects.get(board=Board.CHRONICLE, board_id=world.chronicle.id)
    assert (archived.points, archived.week) == (10, MONDAY.date())


def test_what_is_taken_back_is_one_more_entry(world: World) -> None:
    give(world.mira, 10, "roll:1", source="roll", chronicle=world.chronicle)
    cause = Cause(world.mira, "web")
    assert taken_back.take_back(world.mira, "roll:1", cause).amount == -10
    assert taken_back.take_back(world.mira, "roll:1", cause) is None
    world.mira.refresh_from_db()
    assert world.mira.total_points == 0
    assert [entry.amount for entry in PointEntry.objects.order_by("id")] == [10, -10]
    assert give(world.mira, 20, "roll:2", source="roll", chronicle=world.chronicle).amount == 20


@pytest.mark.parametrize(
    ("on", "hidden", "heard"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_the_table_hears_that_boards_moved_where_they_are_on_and_show_the_person(
    world: World, on: bool, hidden: bool, heard: bool
) -> None:
    world.chronicle.server.features = {"boards": on}
    world.chronicle.server.save()
    profile = profile_of(world.mira)
    profile.on_boards = not hidden
    profile.save()
    give(world.mira, 5, "a", chronicle=world.chronicle)
    assert Event.objects.get(type="points.awarded").stream_id == world.mira.id
    assert Event.objects.filter(type="points.moved", stream=world.chronicle.id).exists() is heard


def test_the_table_never_hears_whose_points_moved_its_boards(world: World) -> None:
    """An event stays when somebody leaves the boards later, and storytellers see more of it than players."""
    world.chronicle.server.features = {"boards": True}
    world.chronicle.server.save()
    give(world.mira, 5, "a", chronicle=world.chronicle)
    event = Event.objects.get(type="points.moved")
    assert frames.frame(event, Level.PUBLIC) is None
    for level in (Level.TABLE, Level.PRIVATE, Level.SECRET):
        frame = frames.frame(event, level)
        assert frame is not None
        assert (frame["entity"], frame["id"]) == ("points", str(world.chronicle.id))
        assert str(world.mira.id) not in str(frame)
        assert "Mira" not in str(frame)
        assert not frame["event"]["changes"]
        assert not frame["event"]["notices"]
    assert event.subject == {}


def test_what_belongs_to_no_server_counts_at_home(world: World) -> None:
    profile = profile_of(world.mira)
    profile.home_server = world.server
    profile.save()
    assert give(world.mira, 5, "a", source="practice").server == world.server
    world.server.members.filter(user=world.mira).delete()
    assert give(world.mira, 5, "b", source="practice").server is None


def test_a_closed_account_gets_nothing_and_leaves_no_rows(world: World) -> None:
    """As when a storyteller confirms its help while it is being erased."""
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)
    assert give(world.mira, 5, "a", chronicle=world.chronicle) is None
    assert not PointEntry.objects.exists()
    assert not Standing.objects.exists()
    assert not PlayerProfile.objects.exists()
