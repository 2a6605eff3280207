"""Tasks that wait in Redis: handed over once they are saved, tried again, done by another worker when one dies."""

import gc
import json
import pickle
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from redis import Redis
from rq.exceptions import DeserializationError

from background import heartbeats
from background.models import Kind
from background.redis_tasks import QUEUE, YOUNG, RedisTasks, counted, hand_over, hand_over_waiting, oldest
from background.redis_tasks import queue_of_tasks as queue
from background.tests.conftest import BACKEND, Start, environment
from background.tests.sample_tasks import hang, note
from contract.dotenv import ConfigError
from contract.variables import Variables, check
from rod.caches import rq_queue
from rod.metrics import tasks_in_redis
from scripts import services
from scripts.common import free_port, spawn, stop, wait_until
from testing import redis_sentinel

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
    # django-rq makes a connection each time, and leaves it to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
Ask = Callable[[str], Any]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def redis(redis_server: services.Server, settings: Any) -> Iterator[Redis]:
    settings.RQ_QUEUES = {QUEUE: rq_queue(redis_server.url)}
    settings.TASKS_BACKEND = "redis"
    with Redis(port=redis_server.port) as found:
        found.flushall()
        yield found


@pytest.fixture
def tasks(redis: Redis) -> RedisTasks:
    return RedisTasks("default", {"QUEUES": [QUEUE]})


def test_a_task_is_in_redis_once_it_is_saved_and_never_otherwise(tasks: RedisTasks) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        tasks.enqueue(note, ["notes", "lost"], {})
        raise ZeroDivisionError
    assert (counted()["ready"], DBTaskResult.objects.count(), oldest()) == (0, 0, None)
    with transaction.atomic():
        kept = tasks.enqueue(note, ["notes", "kept"], {})
        assert (counted()["ready"], DBTaskResult.objects.count()) == (0, 1)
        assert tasks.get_result(kept.id).status == "READY"
    assert (counted()["ready"], DBTaskResult.objects.count()) == (1, 0)
    assert tasks_in_redis()[0]["ready"] == 1
    found = tasks.get_result(kept.id)
    assert (found.status, found.args) == ("READY", ["notes", "kept"])
    assert oldest() <= timezone.now()


def test_a_task_has_its_limit_and_pauses_that_grow(tasks: RedisTasks, settings: Any) -> None:
    settings.TASK_SECONDS = 77
    jobs = [queue().fetch_job(tasks.enqueue(task, ["folder"], {}).id) for task in (hang, note)]
    assert [job.timeout for job in jobs] == [1, 77]
    assert [(job.retries_left, job.retry_intervals) for job in jobs] == [(4, [30, 120, 480, 1920])] * 2


def test_a_task_lies_in_redis_as_json_and_a_pickle_is_never_opened(tasks: RedisTasks, redis: Redis) -> None:
    job_id = tasks.enqueue(note, ["notes", "words"], {}).id
    (name,) = (key for key in redis.scan_iter(f"rq:job:{job_id}"))
    task, nobody, args, kwargs = json.loads(zlib.decompress(redis.hget(name, "data")))
    assert (task, nobody, args, kwargs) == (note.module_path, None, ["notes", "words"], {})
    forged = pickle.dumps((note.module_path, None, (str(name),), {}))
    redis.hset(name, "data", zlib.compress(forged))
    with pytest.raises(DeserializationError):
        assert queue().fetch_job(job_id).args


def test_while_redis_is_away_tasks_wait_in_the_database(
    tasks: RedisTasks, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    there = settings.RQ_QUEUES
    settings.RQ_QUEUES = {QUEUE: rq_queue(f"redis://127.0.0.1:{free_port()}/0")}
    waiting = tasks.enqueue(note, ["notes", "later"], {})
    assert tasks_in_redis() == ({}, None)
    assert caplog.text.count("a task waits in the database until Redis answers") == 1
    settings.RQ_QUEUES = there
    assert hand_over_waiting() == 0, "the process that enqueued it may be about to hand it over"
    DBTaskResult.objects.update(enqueued_at=timezone.now() - YOUNG)
    row = DBTaskResult.objects.get()
    assert hand_over_waiting() == 1
    hand_over(row)  # two workers sweep at once
    assert (counted()["ready"], DBTaskResult.objects.count()) == (1, 0)
    assert tasks.get_result(waiting.id).status == "READY"


def test_where_tasks_cannot_wait_in_redis_it_is_refused_with_a_sentence() -> None:
    check(Variables(TASKS_BACKEND="redis", USE_REDIS=True))
    with pytest.raises(ConfigError, match="USE_REDIS is off"):
        check(Variables(TASKS_BACKEND="redis"))
    with pytest.raises(ConfigError, match="Redis Cluster, which rq cannot use"):
        check(Variables(TASKS_BACKEND="redis", USE_REDIS=True, REDIS_URL="redis+cluster://one"))


def test_sentinels_are_named_as_rq_takes_them() -> None:
    found = rq_queue("redis+sentinel://:hush@one,two:26380/court/2")
    assert (found["SENTINELS"], found["MASTER_NAME"]) == ([("one", 26379), ("two", 26380)], "court")
    assert (found["DB"], found["PASSWORD"]) == (2, "hush")


@pytest.fixture
def settings_of_workers(redis_server: services.Server) -> dict[str, str]:
    return {"TASKS_BACKEND": "redis", "USE_REDIS": "1", "REDIS_PORT": str(redis_server.port)}


@pytest.fixture
def ask(settings_of_workers: dict[str, str]) -> Ask:
    """Run a few lines in a process with these settings; return the `answer` that they leave."""

    def run(code: str) -> Any:
        lines = f"import django, json\ndjango.setup()\n{code}\nprint(json.dumps(answer))"
        env = environment(**settings_of_workers, DJANGO_SETTINGS_MODULE="rod.settings")
        output = subprocess.run(
            [sys.executable, "-c", lines], cwd=BACKEND, env=env, capture_output=True, text=True, check=False
        )
        assert output.returncode == 0, output.stderr
        return json.loads(output.stdout.splitlines()[-1])

    return run


def enqueued(ask: Ask, name: str, *arguments: str) -> str:
    given = ", ".join(map(repr, arguments))
    return str(ask(f"from background.tests.sample_tasks import {name}\nanswer = {name}.enqueue({given}).id"))


def a_minute_later(redis: Redis) -> None:
    """Nothing was heard of a dead worker for a minute, and the pause of what failed is over."""
    redis.delete(f"rq:scheduler-lock:{QUEUE}")
    for registry in ("wip", "scheduled"):
        key = f"rq:{registry}:{QUEUE}"
        redis.zadd(key, dict.fromkeys(redis.zrange(key, 0, -1), 1), xx=True) if redis.exists(key) else None


def parent_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("PPid:")).split()[1])


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whose task it is")
def test_of_two_workers_one_is_killed_in_mid_task_and_the_other_does_it(
    redis: Redis, ask: Ask, start: Start, settings_of_workers: dict[str, str], tmp_path: Path
) -> None:
    workers = {(worker := start(**settings_of_workers)).pid: worker for _ in range(2)}
    assert wait_until(lambda: len(heartbeats.alive(Kind.WORKER)) == 2, 90), (tmp_path / "log").read_text()
    task = enqueued(ask, "begin_and_wait", str(tmp_path))
    began = tmp_path / "began"
    assert wait_until(lambda: began.exists() and began.read_text().endswith("\n"), 60)
    horse = int(began.read_text())
    doomed = workers.pop(parent_of(horse))
    doomed.send_signal(signal.SIGKILL)
    doomed.wait(30)
    assert wait_until(lambda: not is_running(horse), 30), "its task would go on beside the other's"
    began.unlink()
    assert wait_until(lambda: a_minute_later(redis) or began.exists(), 90), (tmp_path / "log").read_text()
    (survivor,) = workers.values()
    assert parent_of(int(began.read_text())) == survivor.pid
    survivor.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    assert survivor.wait(60) == 0
    assert (tmp_path / "done").read_text() == "done\n"
    assert ask(
        f"from django_tasks import default_task_backend as tasks\nanswer = tasks.get_result('{task}').status"
    ) == ("SUCCESSFUL")


@pytest.mark.long
def test_a_task_that_hangs_fails_in_time_and_its_worker_goes_on(
    redis: Redis, ask: Ask, start: Start, settings_of_workers: dict[str, str], tmp_path: Path
) -> None:
    worker = start(**settings_of_workers)
    enqueued(ask, "hang", str(tmp_path))
    enqueued(ask, "note", str(tmp_path / "notes"), "next")
    assert wait_until((tmp_path / "notes").exists, 90), (tmp_path / "log").read_text()
    assert (tmp_path / "hung").exists()
    assert wait_until(lambda: a_minute_later(redis) or (tmp_path / "done").exists(), 90)
    assert worker.poll() is None
    assert "JobTimeoutException" in (tmp_path / "log").read_text()


ADMIN = """
from django.contrib.auth.models import Permission
from django.test import Client
from discordauth.models import CustomUser
from background.redis_tasks import counted, queue_of_tasks

def browser(name, **rights):
    person = CustomUser.objects.create_user(name, is_staff=True, **rights)
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client

root, clerk = browser("chief", is_superuser=True), browser("clerk")
(failed,) = queue_of_tasks().failed_job_registry.get_job_ids()
place = "/admin/django_rq/dashboard/"
page = f"{place}queues/0/{failed}/"
result = queue_of_tasks().fetch_job(failed).latest_result().id
answer = [
    root.get(place).status_code,
    "sample_tasks.fail" in root.get(f"{place}queues/0/failed/").content.decode(),
    "not yet" in root.get(f"{page}results/{result}/").content.decode(),
    clerk.get(place).status_code,
    clerk.post(f"{page}requeue/").status_code,
    counted()["failed"],
    root.post(f"{page}requeue/").status_code,
    [counted()["failed"], counted()["ready"]],
]
"""


@pytest.mark.long
def test_the_admin_shows_what_failed_and_runs_it_again(
    redis: Redis, ask: Ask, start: Start, settings_of_workers: dict[str, str], tmp_path: Path
) -> None:
    ask(
        "from background.tests.sample_tasks import fail\nfrom background.redis_tasks import queue_of_tasks\n"
        f"job = queue_of_tasks().fetch_job(fail.enqueue({str(tmp_path / 'there')!r}).id)\n"
        "job.retries_left = 0\njob.save()\nanswer = True"
    )
    worker = start(**settings_of_workers)
    assert wait_until(lambda: counted()["failed"] == 1, 90), (tmp_path / "log").read_text()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert ask(ADMIN) == [200, True, True, 403, 403, 1, 302, [0, 1]]


@pytest.fixture
def mortal() -> Iterator[services.Server]:
    with services.start_redis() as server:
        yield server


@pytest.mark.long
def test_a_redis_that_goes_and_returns_costs_no_task_and_no_worker(
    mortal: services.Server, settings_of_workers: dict[str, str], ask: Ask, start: Start, tmp_path: Path
) -> None:
    settings_of_workers["REDIS_PORT"] = str(mortal.port)
    worker, notes, log = start(**settings_of_workers), tmp_path / "notes", tmp_path / "log"
    enqueued(ask, "note", str(notes), "before")
    assert wait_until(notes.exists, 90), log.read_text()
    mortal.process.kill()
    mortal.process.wait(30)
    assert wait_until(lambda: "the worker cannot reach Redis" in log.read_text(), 60)
    enqueued(ask, "note", str(notes), "while it was away")
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(enqueued_at=timezone.now() - YOUNG)
    with (tmp_path / "redis").open("w") as output:
        again = spawn(services.redis_command(mortal.port, tmp_path, keep=False), output=output)
    try:
        assert wait_until(lambda: "away" in notes.read_text(), 90), log.read_text()
        assert worker.poll() is None
        text = log.read_text()
        assert "Traceback" not in text
        assert text.count("the worker cannot reach Redis") == text.count("could not connect to Redis") == 1
        again.kill()
        again.wait(30)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        assert "Traceback" not in log.read_text()
    finally:
        stop(again)


@pytest.fixture
def watched() -> Iterator[redis_sentinel.Watched]:
    with redis_sentinel.started() as found:
        yield found


@pytest.mark.long
def test_tasks_wait_with_the_master_that_sentinels_name(
    watched: redis_sentinel.Watched,
    settings_of_workers: dict[str, str],
    ask: Ask,
    start: Start,
    tmp_path: Path,
) -> None:
    settings_of_workers["REDIS_URL"] = watched.url
    worker, notes, log = start(**settings_of_workers), tmp_path / "notes", tmp_path / "log"
    enqueued(ask, "note", str(notes), "before")
    assert wait_until(notes.exists, 90), log.read_text()
    watched.processes[0].send_signal(signal.SIGKILL)
    assert wait_until(lambda: watched.role(watched.ports[1]) == "master", 30)
    enqueued(ask, "note", str(notes), "after the failover")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - YOUNG)
    assert wait_until(lambda: "failover" in notes.read_text(), 90), log.read_text()
    assert worker.poll() is None
    assert "Traceback" not in log.read_text()
