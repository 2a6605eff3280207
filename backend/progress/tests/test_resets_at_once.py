"""Two resets, or a reset and its undo, at the same moment: one is done, the other is refused. On every engine."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from discordauth.models import CustomUser
from progress.models import RestorePoint
from progress.services import restore_points
from progress.services.reset import reset
from progress.services.reset_run import Report
from progress.services.scopes import Scope
from progress.services.undo import undo
from progress.tests import reset_kit as kit
from rules.errors import Conflict
from testing.personas import SYSTEM, World
from testing.together import at_once, together

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
# What waits for a lock that the other holds is let in by nobody; a moment is enough for it to get there.
MOMENT = 0.5


class Slow(Report):
    """In the middle of its work when the other one comes."""

    def __init__(self) -> None:
        self.is_under_way = threading.Event()

    def started(self, step: str, total: int) -> None:
        if step == "rewards":
            self.is_under_way.set()
            threading.Event().wait(MOMENT)


def beside(slow: Slow, work: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        assert slow.is_under_way.wait(60)
        return work()

    return run


@pytest.fixture
def earned(world: World) -> World:
    kit.populate(world)
    return world


@pytest.mark.req("S001-54")
def test_of_two_resets_at_once_one_is_done(earned: World) -> None:
    slow, last = Slow(), restore_points.last_id()
    run = partial(reset, Scope.of("all"), SYSTEM, after=last)
    first, second = together(partial(run, report=slow), beside(slow, run))
    assert isinstance(second, Conflict)
    assert second.code == "reset_running"
    assert first.counts["practice_sessions"] == 4
    assert RestorePoint.objects.count() == 1
    kit.consistent()


def test_of_two_undos_at_once_one_is_done(earned: World) -> None:
    kit.run()
    slow, point = Slow(), restore_points.to_undo().pk
    first, second = together(partial(undo, point, SYSTEM, slow), beside(slow, partial(undo, point, SYSTEM)))
    assert isinstance(second, Conflict)
    assert first.counts["practice_sessions"] == 4
    kit.consistent()


def test_a_reset_and_the_undo_of_the_last_one_do_not_mix(earned: World) -> None:
    kit.run()
    slow, point = Slow(), restore_points.to_undo().pk
    first, second = together(
        partial(undo, point, SYSTEM, slow),
        beside(slow, partial(reset, Scope.of("all"), SYSTEM, after=point)),
    )
    assert first.counts["users"] == 2
    # On SQLite it had to wait for the undo, and came after it.
    assert isinstance(second, Conflict) or second.counts["users"] == 2
    kit.consistent()


def test_points_that_are_earned_during_a_reset_are_either_before_or_after_it(earned: World) -> None:
    def earn(number: int) -> None:
        kit.earn(CustomUser.objects.get(pk=earned.mira.pk), 5, f"at once {number}", earned.chronicle)

    last = restore_points.last_id()
    works: list[Callable[[], object]] = [partial(earn, number) for number in range(4)]
    at_once([*works, partial(reset, Scope.of("all"), SYSTEM, after=last)])
    kit.consistent()
    undo(restore_points.to_undo().pk, SYSTEM)
    kit.consistent()
    assert CustomUser.objects.get(pk=earned.mira.pk).total_points == 47 + 20
