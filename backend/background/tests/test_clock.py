"""A clock that is set back or forth wedges nothing: what is periodic goes on, and the dead are found."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import heartbeats, sweep
from background.clock import Watch, follow
from background.models import Heartbeat, Kind
from background.tests.sample_tasks import note

HOURS = timedelta(hours=2)


class Clock:
    """The time of day, and the seconds since the start: `pass_` moves both, `set` the first alone."""

    def __init__(self) -> None:
        self.wall = self.steady = 1000.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def test_only_what_is_set_back_is_noticed() -> None:
    clock = Clock()
    watch = Watch(lambda: clock.wall, lambda: clock.steady)
    clock.pass_(500)
    assert watch.set_back() == 0
    clock.wall += 7200
    assert watch.set_back() == -7200
    clock.pass_(10)
    clock.wall -= 7200
    assert watch.set_back() == 7200
    assert watch.set_back() == 0


def test_a_job_that_would_wait_for_hours_runs_now_and_goes_on() -> None:
    ran, ended, clock = threading.Event(), threading.Event(), Clock()
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(ran.set, "interval", seconds=10, next_run_time=timezone.now() + HOURS)
    watch = Watch(lambda: clock.wall, lambda: clock.steady)
    clock.wall -= 7200
    follower = threading.Thread(target=follow, args=(scheduler, 0.01, ended, watch))
    scheduler.start()
    try:
        follower.start()
        assert ran.wait(30)
        assert scheduler.get_jobs()[0].next_run_time < timezone.now() + timedelta(seconds=60)
    finally:
        ended.set()
        follower.join(30)
        scheduler.shutdown()


@pytest.mark.engine
@pytest.mark.django_db
@pytest.mark.parametrize("moved", [HOURS, -HOURS], ids=["set back", "set forth"])
def test_who_died_at_another_time_of_day_is_found_dead(moved: timedelta, tmp_path: Path) -> None:
    """Its last beat and its task's start lie in a future, or a past, that was never near."""
    task = note.enqueue(str(tmp_path / "notes"), "hello")
    heartbeats.beat("dead", Kind.WORKER, {})
    then = timezone.now() + moved
    Heartbeat.objects.update(seen_at=then)
    DBTaskResult.objects.filter(pk=task.id).update(status="RUNNING", started_at=then, worker_ids=["dead"])
    assert heartbeats.alive(Kind.WORKER) == []
    assert sweep.sweep() == 1
    assert DBTaskResult.objects.get(pk=task.id).status == "READY"


@pytest.mark.engine
@pytest.mark.django_db
def test_who_lives_beats_with_the_new_time_and_keeps_the_task(tmp_path: Path) -> None:
    task = note.enqueue(str(tmp_path / "notes"), "hello")
    DBTaskResult.objects.filter(pk=task.id).update(
        status="RUNNING", started_at=timezone.now() + HOURS, worker_ids=["living"]
    )
    heartbeats.beat("living", Kind.WORKER, {})
    assert [process.pk for process in heartbeats.alive(Kind.WORKER)] == ["living"]
    assert sweep.sweep() == 0
