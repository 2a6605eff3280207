"""Case SAFE-05: a database that hangs (stopped, or its line cut) is given up within seconds, then left alone."""

import time
from collections.abc import Iterator
from typing import Any

import environ
import pytest
from django.db import ConnectionHandler, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from rod import engines
from rod.settings import _database
from scripts import services
from testing.half_open import Line, frozen
from timeline.database_outage import is_outage

STARTS = {
    "mysql": (services.mariadb_binary, services.start_mariadb),
    "postgresql": (services.postgres_folder, services.start_postgres),
}


@pytest.fixture(scope="module", params=STARTS)
def server(request: Any) -> Iterator[services.Server]:
    is_there, start = STARTS[request.param]
    if not is_there():
        pytest.skip(f"{request.param} is not installed")
    with start() as started:
        started.name = request.param
        yield started


@pytest.fixture
def line(server: services.Server) -> Iterator[Line]:
    with Line(server.port) as line:
        yield line


@pytest.fixture
def served(
    server: services.Server, line: Line, monkeypatch: Any, django_db_blocker: Any
) -> Iterator[BaseDatabaseWrapper]:
    """A connection that has served, of a process that gives up after a second."""
    monkeypatch.setattr(engines, "BREAKER", engines.Breaker())
    for name in ("READ_SECONDS", "CONNECT_SECONDS", "STATEMENT_SECONDS"):
        monkeypatch.setattr(engines, name, 1)
    monkeypatch.setattr(engines, "HANGS", 0.5)
    if server.name == "postgresql":
        monkeypatch.setattr("rod.engines.postgresql.base.READ_SECONDS", 1)
    config = settings_for(server.url.replace(str(server.port), str(line.port)))
    monkeypatch.setitem(connections.settings, "default", config)
    engines.wait_for_seconds_only()
    assert config["ENGINE"] == f"rod.engines.{server.name}"
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": config})["default"]
        assert asked(connection) == 1
        yield connection
        connection.close()


def settings_for(url: str) -> dict[str, Any]:
    config = {**_database(), **environ.Env.db_url_config(url), "OPTIONS": options(url), "TEST": {}}
    return config | {"NAME": "postgres" if url.startswith("postgres") else "mysql"}


def options(url: str) -> dict[str, Any]:
    if url.startswith("postgres"):
        return {"options": "-c lock_timeout=4000 -c jit=off"}
    return {"init_command": "SET sql_mode='STRICT_TRANS_TABLES', innodb_lock_wait_timeout=4"}


def asked(connection: BaseDatabaseWrapper, statement: str = "SELECT 1") -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def assert_is_given_up(connection: BaseDatabaseWrapper) -> None:
    """Both what is open and what is tried next, and then nobody else waits."""
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


def test_safe_05_a_stopped_database_is_an_outage_and_not_waited_for(
    server: services.Server, served: BaseDatabaseWrapper
) -> None:
    with frozen(server.process.pid):
        assert_is_given_up(served)
    time.sleep(engines.PAUSE)
    assert asked(served) == 1
    assert served.is_usable()


def test_safe_05_a_connection_that_was_cut_without_a_word_is_given_up_too(
    line: Line, served: BaseDatabaseWrapper
) -> None:
    line.cut()
    assert_is_given_up(served)
    line.heal()
    time.sleep(engines.PAUSE)
    assert asked(served) == 1


def test_safe_05_a_connection_cut_while_nobody_asked_is_found_before_it_is_used(
    line: Line, served: BaseDatabaseWrapper, monkeypatch: Any
) -> None:
    monkeypatch.setattr(engines, "PROVEN", 0)
    line.cut()
    line.heal()
    assert not served.is_usable()
    served.close()
    time.sleep(engines.PAUSE)
    assert asked(served) == 1


def test_a_connection_is_asked_once_a_second_and_after_each_error(
    line: Line, served: BaseDatabaseWrapper, monkeypatch: Any
) -> None:
    monkeypatch.setattr(engines, "PROVEN", 60)
    line.cut()
    line.heal()
    assert served.is_usable()  # it answered a moment ago
    with pytest.raises(OperationalError):
        asked(served)
    assert not served.is_usable()


def test_safe_05_a_statement_that_never_ends_is_ended(served: BaseDatabaseWrapper) -> None:
    endless = "SELECT SLEEP(60)" if served.vendor == "mysql" else "SELECT pg_sleep(60)"
    with pytest.raises(OperationalError) as ended:
        asked(served, endless)
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
