"""The worker as a process of its own, killed in mid-task: another one does what it left."""

import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import heartbeats, limits
from background.models import Heartbeat, Kind
from background.tests.sample_tasks import begin_and_wait, hang, hold, note, wait
from background.worker import _worker
from scripts.common import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine, pytest.mark.timeout(180)]


@pytest.mark.long
def test_a_worker_killed_in_mid_task_loses_nothing_and_one_that_is_stopped_finishes_first(
    start, tmp_path
) -> None:
    task = begin_and_wait.enqueue(str(tmp_path))
    first = start()
    assert wait_until((tmp_path / "began").exists, 60), (tmp_path / "log").read_text()
    assert len(heartbeats.alive(Kind.WORKER)) == 1
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    # A minute later.
    ago = timezone.now() - heartbeats.DEAD - timedelta(seconds=1)
    Heartbeat.objects.update(seen_at=ago)
    DBTaskResult.objects.update(started_at=ago)
    (tmp_path / "began").unlink()
    second = start()
    assert wait_until((tmp_path / "began").exists, 60), (tmp_path / "log").read_text()
    second.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    assert second.wait(60) == 0
    assert (tmp_path / "done").read_text() == "done\n"
    assert DBTaskResult.objects.get(pk=task.id).status == "SUCCESSFUL"
    assert heartbeats.alive(Kind.WORKER) == []


def test_a_task_fails_while_it_hangs(monkeypatch, tmp_path, caplog) -> None:
    """The process that would start again is that of the tests."""
    path, found = tmp_path / "go", []

    def start_again(goes_on: bool) -> None:
        found.append((DBTaskResult.objects.get(pk=task.id), goes_on))
        connection.close()  # of this thread, which ends
        path.touch()

    monkeypatch.setattr(limits, "_start_again", start_again)
    task = wait.enqueue(str(path))
    _worker("one", 0, True).run()
    ((row, goes_on),) = found
    assert (row.status, row.exception_class_path, goes_on) == (
        "FAILED",
        "background.limits.TookTooLong",
        True,
    )
    assert "in wait" in row.traceback
    assert "took longer than 0.1 s" in caplog.text


@pytest.mark.long
def test_a_task_that_hangs_fails_in_time_and_the_same_worker_goes_on(start, tmp_path) -> None:
    task = hang.enqueue(str(tmp_path))
    worker = start()
    row = DBTaskResult.objects.filter(pk=task.id)
    assert wait_until(lambda: row.get().status == "FAILED", 60), (tmp_path / "log").read_text()
    assert row.get().exception_class_path == "background.limits.TookTooLong"
    assert "time.sleep(60)" in row.get().traceback
    note.enqueue(str(tmp_path / "notes"), "next")
    assert wait_until((tmp_path / "notes").exists, 60), (tmp_path / "log").read_text()
    assert worker.poll() is None
    assert len(heartbeats.alive(Kind.WORKER)) == 1
    # Half a minute later.
    row.update(finished_at=timezone.now() - timedelta(seconds=31))
    assert wait_until((tmp_path / "done").exists, 60), (tmp_path / "log").read_text()
    text = (tmp_path / "log").read_text()
    assert text.count("took longer than 1 s: it has failed") == 1
    assert "Traceback" not in text


@pytest.mark.long
def test_a_task_that_holds_up_every_thread_ends_its_process(start, tmp_path) -> None:
    """What started the worker starts it again, and the task is found abandoned."""
    hold.enqueue(str(tmp_path))
    worker = start()
    assert wait_until((tmp_path / "held").exists, 60), (tmp_path / "log").read_text()
    assert worker.wait(60) == 1
    assert "in hold" in (tmp_path / "log").read_text()
