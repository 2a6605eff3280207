"""Boards: who sees them, who stands on them, weeks that end, people who opted out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from contract.points import BeginSeason, EndSeason, SetPlayerProfile, ShowBoard, ShownBoard
from progress.models import ArchivedWeek, Board, Season, Standing
from progress.operations import boards
from progress.services import taken_back, weeks
from progress.services.player_profiles import set_profile
from progress.tests.kit import MONDAY, call, give, switch_boards
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from rules.streaks import DAY
from testing.personas import World
from timeline.models import Event

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
MONDAYS = MONDAY.date()


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def played(world: World) -> World:
    """Three players with points in one chronicle, a fourth elsewhere."""
    switch_boards(world.server)
    world.chronicle.server.refresh_from_db()
    for name, amount in {"mira": 40, "jonas": 30, "vesna": 30}.items():
        give(getattr(world, name), amount, "a", chronicle=world.chronicle, now=MONDAY)
    give(world.olga, 10, "a", server=world.server, now=MONDAY)
    give(world.sam, 70, "a", server=world.other_server, now=MONDAY)
    return world


def shown(world: World, reader: str, board: str | None = "server", **given: Any) -> ShownBoard:
    if board in ("server", "season"):
        given.setdefault("place", world.server.id)
    if board == "chronicle":
        given.setdefault("place", world.chronicle.id)
    return boards.SHOW.run(call(world, reader), ShowBoard.model_validate({"board": board, **given}))


def names(board: ShownBoard) -> list[tuple[int, str, int]]:
    return [(row.rank, row.name, row.points) for row in board.results]


@pytest.mark.engine
@pytest.mark.req("S001-65", "S001-70")
def test_each_board_counts_what_was_earned_there(played: World) -> None:
    table = [(1, "Mira", 40), (2, "Jonas", 30), (2, "Vesna", 30)]
    assert sorted(names(shown(played, "mira", "chronicle"))) == table
    assert sorted(names(shown(played, "mira"))) == [*table, (4, "Olga", 10)]
    everybody = names(shown(played, "sam", "all"))
    assert everybody[0] == (1, "Sam", 70)
    assert len(everybody) == 5
    assert names(shown(played, "mira", weekly=True)) == names(shown(played, "mira"))
    assert shown(played, "jonas").mine == next(row for row in shown(played, "jonas").results if row.me)


def refused(world: World, reader: str, **given: Any) -> str:
    with pytest.raises(GameError) as raised:
        shown(world, reader, **given)
    return raised.value.code


def test_boards_are_off_until_a_server_switches_them_on(played: World) -> None:
    switch_boards(played.server, on=False)
    for board in ("server", "chronicle"):
        assert refused(played, "mira", board=board) == "feature_off"
    assert [row.board for row in boards.LIST.run(call(played, "mira"), None).results] == ["all"]
    switch_boards(played.server)
    listed = [row.board for row in boards.LIST.run(call(played, "mira"), None).results]
    assert listed == ["all", "server", "chronicle"]


def test_strangers_see_no_board_of_a_server(played: World) -> None:
    for board in ("server", "chronicle"):
        assert refused(played, "sam", board=board) == "not_found"


@pytest.mark.engine
def test_who_opted_out_is_nowhere_and_counts_nowhere(played: World) -> None:
    weeks.turn(MONDAY)
    set_profile(played.mira, SetPlayerProfile(on_boards=False))
    for reader, board in (("jonas", "server"), ("jonas", "chronicle"), ("sam", "all"), ("root", "all")):
        seen = shown(played, reader, board)
        assert "Mira" not in str(seen.model_dump())
        assert seen.results[0].rank == 1, "no gap that tells of somebody"
    own = shown(played, "mira")
    assert (own.hidden, own.mine and (own.mine.rank, own.mine.points)) == (True, (1, 40))
    assert "Mira" not in str([row.name for row in own.results])
    assert names(shown(played, "jonas"))[0][0] == 1
    weeks.turn(MONDAY)
    assert not Standing.objects.filter(user=played.mira).exclude(rank=None, weekly_rank=None)
    give(played.mira, 5, "b", chronicle=played.chronicle, now=MONDAY)
    assert names(shown(played, "jonas"))[0][1] != "Mira", "still not, with new points"
    set_profile(played.mira, SetPlayerProfile(on_boards=True))
    assert names(shown(played, "jonas"))[0] == (1, "Mira", 45)


def test_what_somebody_earns_who_opted_out_is_told_to_nobody_else(played: World) -> None:
    moved = Event.objects.filter(type="points.moved").count()
    set_profile(played.mira, SetPlayerProfile(on_boards=False))
    give(played.mira, 5, "b", chronicle=played.chronicle, now=MONDAY)
    assert Event.objects.filter(type="points.awarded", stream=played.mira.id).count() == 2
    assert Event.objects.filter(type="points.moved").count() == moved


@pytest.mark.engine
@pytest.mark.req("S001-70")
def test_a_week_that_ends_is_kept_once_with_its_ranks(played: World) -> None:
    give(played.mira, 1, "b", chronicle=played.chronicle, now=MONDAY + 7 * DAY)  # closes hers by herself
    for _again in range(2):
        weeks.turn(MONDAY + 7 * DAY + timedelta(hours=12))
    table = ArchivedWeek.objects.filter(board=Board.CHRONICLE).select_related("user").order_by("rank")
    assert sorted((row.rank, row.points, row.user.display_name) for row in table) == [
        (1, 40, "Mira"),
        (2, 30, "Jonas"),
        (2, 30, "Vesna"),
    ]
    places = Standing.objects.filter(board=Board.CHRONICLE).order_by("-weekly_points")
    assert [(place.total_points, place.weekly_points) for place in places] == [(41, 1), (30, 0), (30, 0)]


def test_a_week_ends_when_it_has_ended_everywhere(played: World) -> None:
    weeks.turn(MONDAY + 7 * DAY - timedelta(hours=1))
    assert not ArchivedWeek.objects.exists(), "it is still Sunday in the last zone"
    assert set(Standing.objects.values_list("week", flat=True)) == {MONDAYS}


def test_a_past_week_is_a_board_too(played: World, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks.turn(MONDAY + 8 * DAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + 8 * DAY)
    assert names(shown(played, "mira", weekly=True)) == []
    past = shown(played, "mira", week=MONDAYS + 3 * DAY)
    assert (past.week, past.mine and past.mine.rank) == (MONDAYS, 1)
    assert len(past.results) == 4
    set_profile(played.jonas, SetPlayerProfile(on_boards=False))
    assert [row.name for row in shown(played, "mira", week=MONDAYS).results].count("Jonas") == 0


def test_what_is_taken_back_after_its_week_corrects_that_week(played: World) -> None:

    give(played.mira, 5, "b", chronicle=played.chronicle, now=MONDAY + 7 * DAY)
    taken_back.take_back(played.mira, "a", call(played, "mira").cause)
    row = ArchivedWeek.objects.get(board=Board.CHRONICLE, user=played.mira)
    place = Standing.objects.get(board=Board.CHRONICLE, user=played.mira)
    assert (row.points, place.total_points, place.weekly_points) == (0, 5, 5)


def test_pages_show_who_rose(played: World) -> None:
    weeks.turn(MONDAY)
    give(played.olga, 35, "b", server=played.server, now=MONDAY)
    rose = next(row for row in shown(played, "olga").results if row.me)
    assert (rose.rank, rose.was) == (1, 4)


@pytest.mark.engine
def test_a_page_takes_few_queries_whoever_is_on_it(
    played: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for weekly in (False, True):
        with django_assert_max_num_queries(8):  # who may look (5), and three of the board
            shown(played, "mira", weekly=weekly)


# Seasons


def begun(world: World, name: str = "Winter", **more: Any) -> Any:
    return boards.BEGIN_SEASON.run(
        call(world, "olga"), BeginSeason.model_validate({"server": world.server.id, "name": name, **more})
    )


@pytest.mark.engine
def test_a_season_counts_from_its_first_day_to_its_last(played: World) -> None:
    season = begun(played)
    assert (season.starts, season.ends, season.running) == (MONDAYS, None, True)
    give(played.mira, 7, "s", chronicle=played.chronicle, now=MONDAY)
    board = shown(played, "jonas", "season", place=season.id)
    assert (board.name, names(board)) == ("Winter", [(1, "Mira", 7)])
    ended = boards.END_SEASON.run(call(played, "olga"), EndSeason(season=season.id))
    assert not ended.running
    give(played.mira, 9, "t", chronicle=played.chronicle, now=MONDAY + DAY)
    assert names(shown(played, "jonas", "season", place=season.id)) == [(1, "Mira", 7)]
    assert [event.type for event in Event.objects.filter(changes__has_key=f"seasons.{season.id}")] == [
        "server.updated"
    ] * 2


def test_seasons_of_a_server_do_not_overlap_nor_begin_in_the_past(played: World) -> None:
    season = begun(played, starts="2026-12-01", ends="2026-12-31")
    with pytest.raises(Conflict, match="These dates overlap with “Winter”"):
        begun(played, "Later", starts="2026-12-31")
    begun(played, "New year", starts="2027-01-01")
    with pytest.raises(Invalid, match="can’t start in the past"):
        begun(played, "Old", starts="2026-11-29")
    with pytest.raises(Invalid, match="can’t end before it starts"):
        begun(played, "Odd", starts="2026-12-05", ends="2026-12-04")
    boards.END_SEASON.run(call(played, "olga"), EndSeason(season=season.id))
    with pytest.raises(Conflict, match="has already ended"):
        boards.END_SEASON.run(call(played, "olga"), EndSeason(season=season.id))
    begun(played, "Instead", ends="2026-12-31")
    assert Season.objects.count() == 3


def test_only_who_manages_the_server_makes_seasons(played: World) -> None:
    season = begun(played)
    for name in ("mira", "vesna"):
        with pytest.raises(NotAllowed):
            boards.BEGIN_SEASON.run(call(played, name), BeginSeason(server=played.server.id, name="Mine"))
        with pytest.raises(NotAllowed):
            boards.END_SEASON.run(call(played, name), EndSeason(season=season.id))
    with pytest.raises(NotFound):
        boards.END_SEASON.run(call(played, "sam"), EndSeason(season=season.id))
