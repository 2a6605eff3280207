"""`/readyz`: which part does not do its work, in time, and without a word of how it is reached."""

import threading
from concurrent.futures import wait

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import AsyncClient, Client

from background import heartbeats
from background.models import Kind
from rod import readiness
from scripts.common import free_port

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fresh_checks(monkeypatch):
    monkeypatch.setattr(readiness._migrated, "done", False)


def everyone_is_there():
    heartbeats.beat("worker-1", Kind.WORKER, {})
    heartbeats.beat("bot-1", Kind.DISCORD, {"connected": True})


def test_readyz_is_ready_when_every_part_runs(fresh_checks):
    everyone_is_there()
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "redis", "migrations", "worker", "discord")
    assert answer.json() == {"ready": True, "checks": dict.fromkeys(parts, "ok")}


def test_readyz_names_a_missing_worker_and_a_bot_without_discord_and_requests_still_come():
    heartbeats.beat("bot-1", Kind.DISCORD, {"connected": False})
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert (answer.json()["checks"]["worker"], answer.json()["checks"]["discord"]) == (
        "not running",
        "not connected",
    )


def test_readyz_knows_several_discord_processes_and_says_how_many_shards_are_connected():
    everyone_is_there()
    for number, connected in ((0, [0, 1]), (2, [2, 3])):
        state = {"connected": True, "shards": f"{number}-{number + 1}/4", "connected_shards": connected}
        heartbeats.beat(f"bot-{number}", Kind.DISCORD, state)
    assert Client().get("/readyz").json()["checks"]["discord"] == "ok"
    heartbeats.ended("bot-2")
    assert Client().get("/readyz").json()["checks"]["discord"] == "2 of 4 shards connected"


@pytest.mark.req("R-09")
def test_readyz_refuses_while_migrations_are_missing(fresh_checks):
    recorder = MigrationRecorder(connection)
    row = recorder.migration_qs.get(app="background", name="0001_heartbeats_and_periodic_runs")
    row.delete()
    try:
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "not applied")
    finally:
        recorder.record_applied(row.app, row.name)


def test_readyz_answers_in_time_and_says_nothing_of_addresses_while_redis_is_away(settings):
    settings.USE_REDIS, settings.REDIS_URL = True, f"redis://:hush-hush@127.0.0.1:{free_port()}/0"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["redis"]) == (503, "no answer")
    assert "hush" not in answer.content.decode()


def test_a_check_that_hangs_counts_as_failed_and_is_not_begun_again(monkeypatch):
    let_go, begun = threading.Event(), []

    def hang():
        begun.append(1)
        let_go.wait(60)

    monkeypatch.setattr(readiness, "REQUIRED", {"database": hang})
    monkeypatch.setattr(readiness, "WATCHED", {})
    monkeypatch.setattr(readiness, "SECONDS", 0.01)
    try:
        assert [readiness.report() for _ in range(3)] == [(False, {"database": "no answer"})] * 3
        assert begun == [1]
    finally:
        let_go.set()
        wait(readiness._running.values())
        readiness._running.clear()


async def test_readyz_answers_by_asgi_too(fresh_checks):
    await sync_to_async(everyone_is_there)()
    try:
        assert (await AsyncClient().get("/readyz")).json()["ready"] is True
    finally:
        await sync_to_async(
            lambda: connection.close()
        )()  # of that thread: PostgreSQL drops no database that is in use
