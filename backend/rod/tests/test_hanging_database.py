"""Case SAFE-05: a database that hangs (its processes are stopped) is given up within seconds, then left alone."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
import pytest
from django.db import ConnectionHandler, OperationalError, connections

from rod import engines
from rod.settings import _database
from scripts import services
from timeline.database_outage import is_outage

STARTS = {
    "mysql": (services.mariadb_binary, services.start_mariadb),
    "postgresql": (services.postgres_folder, services.start_postgres),
}

pytestmark = pytest.mark.engine


@pytest.fixture(params=STARTS)
def stopped(request: Any, monkeypatch: Any, django_db_blocker: Any) -> Iterator[Any]:
    """A connection that has served, of a server whose processes are stopped now."""
    is_there, start = STARTS[request.param]
    if not is_there():
        pytest.skip(f"{request.param} is not installed")
    with start() as server, django_db_blocker.unblock():
        monkeypatch.setattr(engines, "BREAKER", engines.Breaker())
        for name in ("READ_SECONDS", "CONNECT_SECONDS", "STATEMENT_SECONDS"):
            monkeypatch.setattr(engines, name, 1)
        monkeypatch.setattr(engines, "HANGS", 0.5)
        if request.param == "postgresql":
            monkeypatch.setattr("rod.engines.postgresql.base.READ_SECONDS", 1)
        config = settings_for(server.url)
        monkeypatch.setitem(connections.settings, "default", config)
        engines.wait_for_seconds_only()
        assert config["ENGINE"] == f"rod.engines.{request.param}"
        connection = ConnectionHandler({"default": config})["default"]
        assert asked(connection) == 1
        pids = family_of(server.process.pid)
        send(signal.SIGSTOP, pids)
        try:
            yield connection, lambda: send(signal.SIGCONT, pids)
        finally:
            send(signal.SIGCONT, pids)
            connection.close()


def family_of(pid: int) -> list[int]:
    """A process and all below it: PostgreSQL has one for each connection."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in family_of(int(child)))]


def send(signal_number: int, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def settings_for(url: str) -> dict[str, Any]:
    config = {**_database(), **environ.Env.db_url_config(url), "OPTIONS": options(url), "TEST": {}}
    return config | {"NAME": "postgres" if url.startswith("postgres") else "mysql"}


def options(url: str) -> dict[str, Any]:
    if url.startswith("postgres"):
        return {"options": "-c lock_timeout=4000"}
    return {"init_command": "SET sql_mode='STRICT_TRANS_TABLES', innodb_lock_wait_timeout=4"}


def asked(connection: Any, statement: str = "SELECT 1") -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_safe_05_a_stopped_database_is_an_outage_and_not_waited_for(stopped: Any) -> None:
    connection, go_on = stopped
    with pytest.raises(OperationalError) as gone:
        asked(connection)
    assert is_outage(gone.value)
    connection.close()
    with pytest.raises(OperationalError):
        connection.ensure_connection()
    assert engines.BREAKER.is_open
    with pytest.raises(OperationalError, match="it is not asked at the moment") as refused:
        connection.ensure_connection()
    assert is_outage(refused.value)
    go_on()
    time.sleep(engines.PAUSE)
    assert asked(connection) == 1
    assert connection.is_usable()


@pytest.mark.parametrize("stopped", ["postgresql", "mysql"], indirect=True)
def test_safe_05_a_statement_that_never_ends_is_ended(stopped: Any) -> None:
    connection, go_on = stopped
    go_on()
    endless = "SELECT SLEEP(60)" if connection.vendor == "mysql" else "SELECT pg_sleep(60)"
    with pytest.raises(OperationalError) as ended:
        asked(connection, endless)
    assert is_outage(ended.value)


def test_one_at_a_time_finds_out_whether_it_is_back() -> None:
    breaker, began = engines.Breaker(), time.monotonic()
    breaker.enter()
    breaker.tried(began, worked=False)
    breaker.enter()  # that was a refusal, not silence
    breaker.tried(began - engines.HANGS - 1, worked=False)
    with pytest.raises(OperationalError):
        breaker.enter()
    breaker._closed_until = time.monotonic()
    breaker.enter()
    with pytest.raises(OperationalError):
        breaker.enter()
    breaker.tried(time.monotonic(), worked=True)
    breaker.enter()
    breaker.enter()
