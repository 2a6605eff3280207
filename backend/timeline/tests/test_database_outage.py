"""A database that is away or takes a transaction back: what is tried again, and what is told."""

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from rules.errors import Conflict, Unavailable
from timeline import database_outage, keys
from timeline.models import IdempotencyKey, Stream
from timeline.tests.kit import once

pytestmark = pytest.mark.engine

DEADLOCK = (1213, "Deadlock found when trying to get lock")


def caused(error: Exception, **facts: Any) -> Exception:
    """As Django raises it: from the driver's own error, which carries the code."""
    driver = type("DriverError", (Exception,), facts)
    error.__cause__ = driver()
    return error


def of_sqlite(code: int) -> Exception:
    return caused(OperationalError("whatever it says"), sqlite_errorcode=code)


@pytest.mark.parametrize(
    "error",
    [
        InterfaceError("connection already closed"),
        OperationalError(2013, "Lost connection to server during query"),
        OperationalError(2002, "Can't connect"),
        OperationalError(1040, "Too many connections"),
        OperationalError(1205, "Lock wait timeout exceeded"),
        caused(OperationalError("server closed the connection unexpectedly"), sqlstate=None),
        of_sqlite(sqlite3.SQLITE_BUSY),
        of_sqlite(sqlite3.SQLITE_CANTOPEN),
        of_sqlite(sqlite3.SQLITE_IOERR_WRITE),
    ],
)
def test_this_is_an_outage(error: Exception) -> None:
    assert database_outage.is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(1054, "Unknown column"),
        of_sqlite(sqlite3.SQLITE_ERROR),
        ProgrammingError("relation does not exist"),
        IntegrityError("duplicate"),
        ValueError("nothing to do with it"),
        None,
    ],
)
def test_this_is_a_defect_of_ours(error: Exception | None) -> None:
    assert not database_outage.is_outage(error)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_outage, "time", SimpleNamespace(sleep=lambda _: None, monotonic=lambda: 0.0))


def failing(times: int, error: Exception) -> Any:
    """Leaves a mark in the database each time, and fails so often before it succeeds."""
    calls: list[int] = []

    def work() -> tuple[int, dict[str, Any]]:
        calls.append(len(calls))
        Stream.objects.create(id=f"00000000-0000-0000-0000-{len(calls):012}", kind="user")
        if len(calls) <= times:
            raise error
        return 200, {"call": len(calls)}

    work.calls = calls  # type: ignore[attr-defined]
    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "k"])
@pytest.mark.parametrize(
    "error",
    [
        OperationalError(*DEADLOCK),
        OperationalError(1205, "Lock wait timeout exceeded"),
        caused(OperationalError("could not serialize access"), sqlstate="40001"),
        caused(OperationalError("deadlock detected"), sqlstate="40P01"),
    ],
)
@pytest.mark.req("S004-35")
def test_the_victim_of_a_deadlock_does_all_of_it_again(key: str, error: Exception, no_pause: None) -> None:
    assert once("a", key, {}, failing(2, error)) == (200, {"call": 3})
    assert Stream.objects.count() == 1
    assert IdempotencyKey.objects.count() == bool(key)


@pytest.mark.django_db(transaction=True)
def test_it_is_not_tried_for_ever(no_pause: None) -> None:
    work = failing(99, OperationalError(*DEADLOCK))
    with pytest.raises(OperationalError):
        once("a", "k", {}, work)
    assert len(work.calls) == database_outage.ATTEMPTS
    assert not Stream.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error", [OperationalError(2013, "Lost connection"), InterfaceError("closed"), Conflict("no")]
)
def test_what_would_fail_again_is_not_tried_again(error: Exception, no_pause: None) -> None:
    work = failing(1, error)
    with pytest.raises(type(error)):
        once("a", "k", {}, work)
    assert len(work.calls) == 1
    assert not Stream.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_in_a_larger_transaction_nothing_is_tried_again(no_pause: None) -> None:
    work = failing(1, OperationalError(*DEADLOCK))
    with pytest.raises(OperationalError), transaction.atomic():
        once("a", "k", {}, work)
    assert len(work.calls) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "k"])
def test_a_database_lost_while_saving_is_told_honestly(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        connection.rollback()
        raise OperationalError(2013, "Lost connection to server during query")

    monkeypatch.setattr(connection, "commit", lost)
    with pytest.raises(Unavailable) as caught:
        once("a", key, {}, lambda: (200, {}))
    assert caught.value.as_json() == {
        "code": "unavailable",
        "detail": keys.MAYBE_DONE,
        "maybe_done": True,
    }
