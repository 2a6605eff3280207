"""The reset of everything: what goes, what stays, and that it is one transaction."""

import json
from typing import Any

import pytest
from django.db import connection

from discordauth.models import CustomUser
from progress.counting import counted
from progress.models import (
    Attempt,
    Board,
    KeptRows,
    PaperAttempt,
    PlayerProfile,
    PointEntry,
    PracticeSession,
    RestorePoint,
    Reward,
    Standing,
)
from progress.services import reset as resets
from progress.services.reset_boards import EMPTY
from progress.services.reset_run import Report
from progress.services.reset_users import ZEROED
from progress.tests import reset_kit as kit
from testing.personas import World
from timeline.services import Viewer, heads, since


@pytest.fixture
def earned(world: World) -> World:
    kit.populate(world)
    return world


@pytest.mark.req("S001-01", "S001-02", "S001-03", "S001-04", "S001-42")
def test_practice_answers_exams_and_badges_go_and_are_counted(earned: World) -> None:
    done = kit.run()
    assert not any(model.objects.exists() for model in (PracticeSession, Attempt, PaperAttempt, Reward))
    assert done.counts == {
        "practice_sessions": 4,
        "paper_attempts": 4,
        "rewards": 4,
        "users": 2,
        "leaderboard_entries": Standing.objects.count(),
    }


@pytest.mark.req("S001-05", "S001-06", "S001-07", "S001-08", "S001-09", "S001-10", "S001-11", "S001-12")
def test_the_eight_columns_of_users_are_zeroed(earned: World) -> None:
    kit.run()
    for user in CustomUser.objects.all():
        assert {name: getattr(user, name) for name in ZEROED} == ZEROED


@pytest.mark.req("S001-13", "S001-14", "S001-15", "S001-16")
def test_boards_are_zeroed_and_their_rows_stay(earned: World) -> None:
    places = Standing.objects.count()
    kit.run()
    assert Standing.objects.filter(**EMPTY).count() == places


@pytest.mark.req(
    *("S001-17", "S001-18", "S001-19", "S001-20", "S001-21", "S001-22", "S001-23", "S001-24", "S001-25"),
    "S001-26",
)
def test_every_other_table_stays_as_it_was(earned: World) -> None:
    before = kit.tables(kit.CHANGED)
    kit.run()
    after = kit.tables(kit.CHANGED)
    assert {name for name in before if before[name] != after[name]} == kit.GONE | kit.WRITTEN
    assert before.keys() == after.keys()


@pytest.mark.req("S001-26")
def test_rows_of_the_ledger_stay_as_they_were(earned: World) -> None:
    before = list(PointEntry.objects.order_by("pk").values())
    kit.run()
    assert list(PointEntry.objects.filter(reset=None).order_by("pk").values()) == before


@pytest.mark.req("S001-27")
def test_no_row_that_stays_hangs_by_a_key_on_one_that_goes() -> None:
    gone = (PracticeSession, Attempt, PaperAttempt, Reward)
    hanging = [
        relation.related_model
        for model in gone
        for relation in model._meta.related_objects
        if relation.related_model not in gone
    ]
    assert hanging == []


def test_each_user_gets_one_balance_and_every_sum_is_right(earned: World) -> None:
    kit.consistent()
    kit.run()
    kit.consistent()
    balances = PointEntry.objects.filter(reset=RestorePoint.objects.get())
    assert sorted(balances.values_list("user__username", "amount")) == [("jonas", -20), ("mira", -47)]


def test_levels_follow_the_points(earned: World) -> None:
    PlayerProfile.objects.filter(user=earned.mira).update(level=5)
    kit.run()
    assert PlayerProfile.objects.get(user=earned.mira).level == 1


def test_points_earned_afterwards_count_on_every_board(earned: World) -> None:
    kit.run()
    kit.earn(CustomUser.objects.get(pk=earned.mira.pk), 9, "after", earned.chronicle)
    kit.consistent()
    assert kit.place_of(earned.mira, Board.CHRONICLE, earned.chronicle.pk).total_points == 9


@pytest.mark.req("S001-43")
def test_a_dry_run_counts_the_same_and_changes_nothing(earned: World) -> None:
    before = kit.tables()
    counted_dry = kit.run(dry_run=True)
    assert kit.tables() == before
    assert counted_dry.point is None
    assert kit.run().counts == counted_dry.counts


@pytest.mark.req("S001-42")
@pytest.mark.parametrize("step", [step.slug for step in resets.STEPS])
def test_a_fault_after_any_step_leaves_everything_as_before(earned: World, step: str) -> None:
    class Faulty(Report):
        def finished(self, slug: str, count: int) -> None:
            if slug == step:
                raise RuntimeError("a fault")

    before = kit.tables()
    with pytest.raises(RuntimeError, match="a fault"):
        kit.run(report=Faulty())
    assert kit.tables() == before


def test_a_second_reset_finds_nothing(earned: World) -> None:
    kit.run()
    assert set(kit.run().counts.values()) == {0}
    kit.consistent()


def test_without_a_restore_point_nothing_is_kept(earned: World) -> None:
    done = kit.run(keep=False)
    assert not KeptRows.objects.exists()
    assert done.undo_until is None
    assert RestorePoint.objects.get().summary["kept"] is False


def test_totals_that_the_ledger_does_not_know_are_zeroed_too(world: World) -> None:
    CustomUser.objects.filter(pk=world.mira.pk).update(total_points=50)
    Standing.objects.create(board=Board.ALL, user=world.mira, total_points=50, weekly_points=5, rank=1)
    assert kit.run().counts["users"] == 1
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 0
    assert Standing.objects.filter(**EMPTY).count() == 1


def test_chunks_are_small_however_much_there_is(earned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("progress.services.restore_points.CHUNK", 2)
    monkeypatch.setattr(resets, "DRILLS", 1)
    kit.run()
    assert max(len(kept.rows) for kept in KeptRows.objects.all()) <= 500
    assert not PracticeSession.objects.exists()


def test_the_number_of_statements_grows_with_chunks_and_not_with_rows(
    earned: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(40):
        kit.drill(earned.mira, answers=1)
    with django_assert_max_num_queries(75):
        kit.run()
    assert connection.in_atomic_block  # of the test


def test_open_boards_of_the_server_hear_of_it(earned: World) -> None:
    before = heads([earned.server.pk])[str(earned.server.pk)]
    kit.run()
    member = Viewer(str(earned.mira.pk), member=True)
    ((_seq, frame),) = since(earned.server.pk, before, member)
    assert frame is not None
    assert json.loads(frame)["event"]["type"] == "points.reset"


def test_reset_entries_do_not_count_on_boards(earned: World) -> None:
    kit.run()
    assert not counted(PointEntry.objects.all()).exists()
