"""The log during an outage says what is the matter, and goes on being readable."""

import logging

import pytest
from django.db import OperationalError
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from rod.errors import unavailable
from rod.logs import QUIET, ClientFaults, Repeated


def record(name: str, level: int, words: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 1, words, values, None)


def test_the_same_trouble_is_told_once_and_then_once_a_minute_with_a_count() -> None:
    now = [0.0]
    quiet = Repeated(lambda: now[0])
    assert quiet.filter(record("delivery.publish", logging.WARNING, "%d messages not sent", 1))
    for number in range(40):
        now[0] += 1
        assert not quiet.filter(record("delivery.publish", logging.WARNING, "%d messages not sent", number))
    assert quiet.filter(record("delivery.publish", logging.WARNING, "something else"))
    now[0] = QUIET
    again = record("delivery.publish", logging.WARNING, "%d messages not sent", 7)
    assert quiet.filter(again)
    assert again.getMessage() == "7 messages not sent (and 40 times before)"


@pytest.mark.parametrize(
    "error",
    [RedisError("gone"), ConnectionInterrupted(None), TimeoutError("slow"), ConnectionResetError("cut")],
)
def test_a_service_that_is_away_is_a_line_without_a_traceback(error: Exception) -> None:
    written = record("django_redis.cache", logging.ERROR, "Exception ignored")
    written.exc_info = (type(error), error, None)
    assert Repeated().filter(written)
    assert written.getMessage() == f"Exception ignored: {error}"
    assert written.exc_info is None


def test_a_defect_keeps_its_traceback() -> None:
    written = record("delivery.hub", logging.ERROR, "unexpected")
    written.exc_info = (KeyError, error := KeyError("x"), error.__traceback__)
    assert Repeated().filter(written)
    assert written.exc_info is not None


def test_a_database_that_is_away_is_one_line_for_all_requests(caplog: pytest.LogCaptureFixture) -> None:
    quiet = Repeated()
    for _ in range(3):
        unavailable(OperationalError(2006, "Server has gone away"))
    lines = [line.getMessage() for line in caplog.records if quiet.filter(line)]
    assert lines == ["the database does not answer: OperationalError: (2006, 'Server has gone away')"]


def test_what_is_no_storm_is_always_told() -> None:
    quiet = Repeated()
    for _ in range(3):
        assert quiet.filter(record("haven.services", logging.ERROR, "a defect"))
        assert quiet.filter(record("delivery.publish", logging.INFO, "a step"))


def test_broken_text_of_a_client_is_no_error_of_ours() -> None:
    faults = ClientFaults()
    assert not faults.filter(
        record("uvicorn.error", logging.ERROR, "Invalid UTF-8 sequence received from client.")
    )
    assert faults.filter(record("uvicorn.error", logging.ERROR, "Exception in ASGI application"))
    access = logging.getLogger("uvicorn.access")
    # Else uvicorn writes a line for each request. pytest hangs its own handlers where nothing propagates.
    ours = [handler for handler in access.handlers if not type(handler).__module__.startswith("_pytest")]
    assert (ours, access.propagate) == ([], False)
    assert any(isinstance(filter, ClientFaults) for filter in logging.getLogger("uvicorn.error").filters)
