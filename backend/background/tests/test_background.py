"""Tasks run at least once: failed ones later again, those of a dead worker by another; periodic ones once a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import heartbeats, sweep
from background.limits import limit_of
from background.models import Heartbeat, Kind, PeriodicRun
from background.periodic import Periodic, enqueue_due
from background.tasks import forget_finished
from background.tests.sample_tasks import fail, hang, note
from background.worker import _worker
from rod.periodic import TABLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_transaction_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker looks after its connections, of which a test has one."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


def work(name: str = "worker") -> None:
    _worker(name, 0, True).run()


def the_task() -> DBTaskResult:
    return DBTaskResult.objects.get()


def later(**time: int) -> None:
    """Let so much time have passed since a task was started and failed."""
    passed = timedelta(**time)
    for row in DBTaskResult.objects.all():
        row.started_at = row.started_at and row.started_at - passed
        row.finished_at = row.finished_at and row.finished_at - passed
        row.save()


def test_a_task_runs_once(tmp_path: Path) -> None:
    note.enqueue(str(tmp_path / "notes"), "hello")
    work()
    work()
    assert (tmp_path / "notes").read_text() == "hello\n"
    assert the_task().status == "SUCCESSFUL"


def test_a_failed_task_is_tried_again_later_each_time(tmp_path: Path) -> None:
    fail.enqueue(str(tmp_path / "there"))
    work()
    for pause in (30, 120, 480, 1920):
        later(seconds=pause - 5)
        assert sweep.sweep() == 0
        later(seconds=5)
        assert sweep.sweep() == 1
        work()
    assert (the_task().status, len(the_task().worker_ids)) == ("FAILED", 5)
    later(days=1)
    assert sweep.sweep() == 0  # and waits for somebody to look at it


def test_a_task_that_fails_at_first_succeeds_in_the_end(tmp_path: Path) -> None:
    fail.enqueue(str(tmp_path / "there"))
    work()
    (tmp_path / "there").touch()
    later(seconds=31)
    sweep.sweep()
    work()
    assert the_task().status == "SUCCESSFUL"


@pytest.mark.engine
def test_what_a_dead_worker_was_at_runs_again_and_a_living_one_keeps_its_own(tmp_path: Path) -> None:
    note.enqueue(str(tmp_path / "notes"), "hello")
    the_task().claim("one")
    heartbeats.beat("one", Kind.WORKER, {})
    later(minutes=5)
    assert sweep.sweep() == 0
    Heartbeat.objects.update(seen_at=timezone.now() - heartbeats.DEAD - timedelta(seconds=1))
    assert sweep.sweep() == 1
    work("two")
    assert (the_task().status, the_task().worker_ids) == ("SUCCESSFUL", ["one", "two"])


@pytest.mark.engine
def test_a_task_that_no_worker_survives_is_given_up() -> None:
    note.enqueue("nowhere", "hello")
    for number in range(sweep.ATTEMPTS):
        the_task().claim(f"worker {number}")
        later(minutes=5)
        sweep.sweep()
    assert (the_task().status, the_task().exception_class_path) == ("FAILED", "background.sweep.WorkerDied")


@pytest.mark.engine
def test_a_periodic_task_is_enqueued_once_each_time_whoever_looks() -> None:
    table = [Periodic("tidy", "30 4 * * *", forget_finished)]
    assert enqueue_due(table) == []  # new: first at its next time
    yesterday = timezone.now() - timedelta(days=1)
    PeriodicRun.objects.update(ran_at=yesterday)
    assert [enqueue_due(table) for _ in range(3)] == [["tidy"], [], []]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.engine
def test_a_time_missed_is_made_up_for_once_and_a_clock_set_back_stops_nothing() -> None:
    table = [Periodic("tidy", "30 4 * * *", forget_finished)]
    PeriodicRun.objects.create(name="tidy", ran_at=timezone.now() - timedelta(days=9))
    assert [enqueue_due(table), enqueue_due(table)] == [["tidy"], []]
    PeriodicRun.objects.update(ran_at=timezone.now() + timedelta(days=300))
    enqueue_due(table)
    assert PeriodicRun.objects.get().ran_at <= timezone.now()


def test_a_task_has_the_limit_beside_it_else_that_of_the_setting(settings: Any, tmp_path: Path) -> None:
    settings.TASK_SECONDS = 77
    assert limit_of(note.func) == 77
    assert limit_of(hang.func) == 1
    assert limit_of(forget_finished.func) == 3600
    note.enqueue(str(tmp_path / "notes"), "hello")
    DBTaskResult.objects.update(task_path="gone.tasks.note")
    work()
    assert (the_task().status, the_task().exception_class_path) == ("FAILED", "builtins.ModuleNotFoundError")


def test_when_a_task_is_due_is_read_as_a_crontab() -> None:
    hourly = Periodic("hourly", "17 * * * *", forget_finished)
    ran = datetime(2026, 11, 30, 12, 17, 3, tzinfo=UTC)
    assert not hourly.is_due(ran, ran + timedelta(minutes=59))
    assert hourly.is_due(ran, ran + timedelta(minutes=60))


def test_the_table_names_each_task_once_and_every_task_runs() -> None:
    assert len({periodic.name for periodic in TABLE}) == len(TABLE)
    for periodic in TABLE:
        assert periodic.trigger
        periodic.task.enqueue()
    work()
    assert {row.status for row in DBTaskResult.objects.all()} == {"SUCCESSFUL"}


@pytest.mark.engine
def test_finished_tasks_and_processes_that_ended_are_forgotten(tmp_path: Path) -> None:
    heartbeats.beat("old", Kind.DISCORD, {})
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(days=2))
    heartbeats.beat("young", Kind.DISCORD, {})
    note.enqueue(str(tmp_path / "notes"), "hello")
    fail.enqueue(str(tmp_path / "there"))
    work()
    later(days=3)
    forget_finished.call()
    assert [row.status for row in DBTaskResult.objects.all()] == ["FAILED"]
    assert (
        [row.pk for row in heartbeats.alive(Kind.DISCORD)]
        == ["young"]
        == [row.pk for row in Heartbeat.objects.all()]
    )


@pytest.mark.engine
def test_the_admin_shows_failures_and_runs_them_again(
    browser: Callable[[str], Client], tmp_path: Path
) -> None:
    admin_client = browser("root")
    fail.enqueue(str(tmp_path / "there"))
    work()
    address = "/admin/django_tasks_database/dbtaskresult/"
    page = admin_client.get(address).content.decode()
    assert "RuntimeError" in page
    assert "Run the failed ones again" in page
    retried = admin_client.post(
        address, {"action": "retry", "_selected_action": [str(the_task().pk)]}, follow=True
    )
    assert "1 put back into the queue." in retried.content.decode()
    assert (the_task().status, the_task().worker_ids) == ("READY", [])
    assert "not yet" in admin_client.get(f"{address}{the_task().pk}/change/").content.decode()


@pytest.mark.engine
def test_who_may_only_look_cannot_run_tasks_again(
    client: Client, django_user_model: Any, tmp_path: Path
) -> None:
    fail.enqueue(str(tmp_path / "there"))
    work()
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_dbtaskresult"))
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    address = "/admin/django_tasks_database/dbtaskresult/"
    assert "Run the failed ones again" not in client.get(address).content.decode()
    client.post(address, {"action": "retry", "_selected_action": [str(the_task().pk)]})
    assert the_task().status == "FAILED"
