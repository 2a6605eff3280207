"""The log during an outage says what is the matter, and goes on being readable."""

import logging

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
