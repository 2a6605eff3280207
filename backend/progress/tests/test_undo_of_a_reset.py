"""The undo of a reset brings back what was taken and keeps what was earned since; and resets of one place."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discordauth.models import CustomUser
from privacy.declaration import PERSONAL
from progress.models import (
    ArchivedWeek,
    Board,
    KeptRows,
    Paper,
    PaperAttempt,
    PlayerProfile,
    PointEntry,
    PracticeSession,
    RestorePoint,
    Reward,
    Season,
    Standing,
)
from progress.services import restore_points
from progress.services.scopes import Scope
from progress.services.taken_back import take_back
from progress.services.undo import undo
from progress.tests import reset_kit as kit
from rules.errors import Conflict, Invalid, NotFound
from rules.streaks import Streak, joined
from testing.personas import SYSTEM, World

UNDONE_TABLES = {"restore_points", "restore_point_rows", "point_entries", "events", "streams"}


@pytest.fixture
def earned(world: World) -> World:
    kit.populate(world)
    return world


def fresh(user: CustomUser) -> CustomUser:
    return CustomUser.objects.get(pk=user.pk)


def undo_last() -> None:
    undo(restore_points.to_undo().pk, SYSTEM)


@pytest.mark.engine
@pytest.mark.req("S001-55")
def test_an_undo_brings_every_row_back_as_it_was(earned: World) -> None:
    before = kit.tables()
    counts = kit.run().counts
    undone = undo(restore_points.to_undo().pk, SYSTEM)
    after = kit.tables()
    assert {name for name in before if before[name] != after[name]} == UNDONE_TABLES
    assert undone.counts == counts
    kit.consistent()


def test_the_ledger_holds_a_balance_and_its_opposite(earned: World) -> None:
    kit.run()
    undo_last()
    amounts = PointEntry.objects.filter(user=earned.jonas, source="reset").order_by("pk")
    assert list(amounts.values_list("amount", flat=True)) == [-20, 20]


def test_what_was_earned_since_stays(earned: World) -> None:
    kit.run()
    mira = fresh(earned.mira)
    kit.earn(mira, 9, "since", earned.chronicle)
    kit.drill(mira, earned.chronicle)
    reward = Reward.objects.create(user=mira, badge="first_drill", given_at=kit.NOW)
    undo_last()
    kit.consistent()
    assert fresh(mira).total_points == 47 + 9
    assert PracticeSession.objects.filter(user=mira).count() == 4
    assert Reward.objects.get(user=mira, badge="first_drill", scope="") == reward
    assert Reward.objects.filter(user=mira).count() == 2
    assert kit.place_of(mira, Board.CHRONICLE, earned.chronicle.pk).total_points == 34


def test_what_a_reset_took_is_not_taken_back_a_second_time(earned: World) -> None:
    kit.run(Scope.of("chronicle", earned.chronicle.pk))
    mira = fresh(earned.mira)
    assert take_back(mira, f"here {mira.pk}", SYSTEM) is None
    assert take_back(mira, "elsewhere", SYSTEM) is not None
    kit.consistent()


def test_what_was_taken_back_while_a_reset_stood_is_gone_after_its_undo(earned: World) -> None:
    """As points of a roll that was excluded, or of a session that somebody did not come to after all."""
    mira = fresh(earned.mira)
    key, had = f"here {mira.pk}", mira.total_points
    given = PointEntry.objects.get(user=mira, key=key).amount
    kit.run(Scope.of("chronicle", earned.chronicle.pk))
    after = fresh(mira).total_points
    assert take_back(mira, key, SYSTEM) is None
    assert take_back(mira, key, SYSTEM) is None
    assert fresh(mira).total_points == after
    undo_last()
    kit.consistent()
    assert fresh(mira).total_points == had - given
    kit.run()
    undo_last()
    kit.consistent()
    assert fresh(mira).total_points == had - given, "and not once more"


def test_an_undo_sets_levels_again(earned: World) -> None:
    PointEntry.objects.filter(user=earned.mira).update(amount=1000)
    CustomUser.objects.filter(pk=earned.mira.pk).update(total_points=4000)
    kit.run()
    assert PlayerProfile.objects.get(user=earned.mira).level == 1
    undo_last()
    assert PlayerProfile.objects.get(user=earned.mira).level > 1


def test_a_reset_is_undone_once(earned: World) -> None:
    point = kit.run().point
    assert point is not None
    undo(point.pk, SYSTEM)
    before = kit.tables()
    with pytest.raises(Conflict) as refused:
        undo(point.pk, SYSTEM)
    assert refused.value.code == "already_undone"
    assert kit.tables() == before
    with pytest.raises(Conflict, match="no reset to undo"):
        restore_points.to_undo()


@pytest.mark.engine
def test_the_last_of_several_resets_is_undone_first(earned: World) -> None:
    before = kit.tables()
    first = kit.run(Scope.of("chronicle", earned.chronicle.pk)).point
    kit.run()
    assert first is not None
    with pytest.raises(Conflict) as refused:
        undo(first.pk, SYSTEM)
    assert refused.value.code == "later_reset"
    undo_last()
    kit.consistent()
    undo_last()
    kit.consistent()
    after = kit.tables()
    assert {name for name in before if before[name] != after[name]} <= UNDONE_TABLES | {"leaderboard"}


def test_an_undo_comes_too_late_after_its_window(earned: World, settings: Any) -> None:
    settings.RESET_UNDO_DAYS = 3
    point = kit.run().point
    assert point is not None
    assert point.expires_at - point.made_at == timedelta(days=3)
    RestorePoint.objects.update(expires_at=timezone.now())
    with pytest.raises(Conflict) as refused:
        undo(point.pk, SYSTEM)
    assert refused.value.code == "undo_too_late"


def test_a_reset_without_a_restore_point_cannot_be_undone(earned: World) -> None:
    kit.run(keep=False)
    with pytest.raises(Conflict) as refused:
        restore_points.to_undo()
    assert refused.value.code == "no_restore_point"


def test_what_expired_points_kept_is_deleted_and_the_ledger_still_names_them(earned: World) -> None:
    kit.run()
    assert restore_points.forget_expired() == 0
    RestorePoint.objects.update(expires_at=timezone.now())
    assert restore_points.forget_expired() > 0
    assert not KeptRows.objects.exists()
    kit.consistent()


def test_weeks_that_ended_in_between_get_their_points_in_the_archive(earned: World) -> None:
    kit.run()
    mira = fresh(earned.mira)
    week = kit.place_of(mira, Board.ALL).week
    assert week is not None
    kit.earn(mira, 9, "next week", earned.chronicle, now=timezone.now() + timedelta(days=7))
    undo_last()
    kit.consistent()
    assert ArchivedWeek.objects.get(user=mira, board=Board.ALL, week=week).points == 42


@pytest.mark.engine
def test_nothing_comes_back_of_an_account_that_went(earned: World) -> None:
    Reward.objects.filter(user=earned.jonas).update(approved_by=earned.mira)
    kit.run()
    assert restore_points.rows_with(earned.mira).exists()
    for personal in PERSONAL:
        personal.erase(fresh(earned.mira))
    assert not restore_points.rows_with(earned.mira).exists()
    undo_last()
    assert not PracticeSession.objects.filter(user=earned.mira).exists()
    assert Reward.objects.filter(user=earned.jonas, approved_by=None).count() == 2


def test_what_hangs_on_something_that_is_gone_stays_away(earned: World) -> None:
    kit.run()
    Paper.objects.exclude(slug="v5").delete()
    undo_last()
    assert PaperAttempt.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "deleted", "mira", "jonas"),
    [("server", (2, 2, 2), 22, 0), ("chronicle", (2, 2, 2), 22, 0), ("season", (2, 2, 2), 22, 0)],
)
def test_a_reset_of_one_place_subtracts_what_was_earned_there(
    earned: World, kind: str, deleted: tuple[int, ...], mira: int, jonas: int
) -> None:
    places = {"server": earned.server, "chronicle": earned.chronicle, "season": Season.objects.get()}
    scope = Scope.of(kind, places[kind].pk)
    dry = kit.run(scope, dry_run=True)
    done = kit.run(scope)
    kit.consistent()
    assert done.counts == dry.counts
    assert tuple(done.counts.values())[:3] == deleted
    assert (fresh(earned.mira).total_points, fresh(earned.jonas).total_points) == (mira, jonas)
    assert fresh(earned.mira).current_streak == 4
    assert not Standing.objects.filter(scope.boards()).exclude(total_points=0).exists()
    assert kit.place_of(earned.mira, Board.ALL).total_points == 22
    undo_last()
    kit.consistent()
    assert fresh(earned.mira).total_points == 47
    assert fresh(earned.mira).total_questions_attempted == 9


def test_a_scope_needs_something_that_is_there(world: World) -> None:
    with pytest.raises(Invalid):
        Scope.of("server")
    with pytest.raises(Invalid):
        Scope.of("all", world.server.pk)
    for kind in ("server", "chronicle", "season"):
        with pytest.raises(NotFound):
            Scope.of(kind, world.mira.pk)


STEPS = st.lists(
    st.sampled_from(("earn here", "earn elsewhere", "drill", "all", "server", "chronicle", "season", "undo")),
    min_size=2,
    max_size=8,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_sums_are_right_after_any_order_of_play_resets_and_undos(world: World, steps: list[str]) -> None:
    season, _new = Season.objects.get_or_create(server=world.server, name="S", starts=date(2026, 1, 1))
    places = {"server": world.server, "chronicle": world.chronicle, "season": season}
    for step in steps:
        number = PointEntry.objects.count()
        mira = fresh(world.mira)
        if step.startswith("earn"):
            kit.earn(mira, 5, f"{number}", world.chronicle if step == "earn here" else world.other_chronicle)
        elif step == "drill":
            kit.drill(mira, world.chronicle, answers=2)
        elif step == "undo":
            if RestorePoint.objects.filter(undone_at=None).exists():
                undo_last()
        else:
            kit.run(Scope.of(step, places[step].pk if step in places else None))
        kit.consistent()


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("earlier", "since", "current"),
    [
        (Streak(4, 9, date(2026, 11, 29)), Streak(), 4),
        (Streak(), Streak(2, 2, date(2026, 12, 1)), 2),
        (Streak(4, 9, date(2026, 11, 29)), Streak(1, 1, date(2026, 11, 30)), 5),
        (Streak(4, 9, date(2026, 11, 29)), Streak(1, 1, date(2026, 11, 29)), 4),
        (Streak(4, 9, date(2026, 11, 29)), Streak(2, 2, date(2026, 11, 30)), 5),
        (Streak(4, 9, date(2026, 11, 28)), Streak(1, 1, date(2026, 11, 30)), 5),
        (Streak(4, 9, date(2026, 11, 20)), Streak(1, 1, date(2026, 11, 30)), 1),
        (Streak(9, 9, date(2026, 11, 29)), Streak(3, 3, date(2026, 12, 2)), 12),
    ],
)
def test_a_streak_goes_on_where_the_reset_interrupted_it(
    earlier: Streak, since: Streak, current: int
) -> None:
    from zoneinfo import ZoneInfo

    both = joined(earlier, since, ZoneInfo(BERLIN))
    assert both.current == current
    assert both.longest == max(earlier.longest, since.longest, current)


def test_a_clock_that_was_set_back_does_not_mix_up_the_resets(
    earned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kit.run().point
    kit.earn(fresh(earned.mira), 5, "since")
    monkeypatch.setattr("progress.services.reset.timezone.now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    second = kit.run().point
    assert first is not None
    assert second is not None
    assert second.made_at > first.made_at
    assert restore_points.last_id() == second.pk
