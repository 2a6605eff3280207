"""When the database itself is in trouble: what may be tried again at once, and what is no defect of ours."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

T = TypeVar("T")
ATTEMPTS = 5
PAUSE = 0.02  # seconds, doubled with each attempt, and up to as much again
# Together no longer than the Discord process waits for an answer.
PATIENCE = 5.0

# MariaDB's numbers: lock wait timeout, deadlock.
REPEATABLE_NUMBERS = frozenset({1205, 1213})
# PostgreSQL's: serialization failure, deadlock, lock not available.
REPEATABLE_STATES = frozenset({"40001", "40P01", "55P03"})
# The disk, too many connections, shutting down, full, a lock or a deadlock, read only, the connection was killed.
OUTAGE_NUMBERS = frozenset({1021, 1040, 1053, 1114, 1203, 1205, 1213, 1290, 1836, 1927})
# From here on the numbers are the client library's own: no server, server gone, connection lost.
FIRST_CLIENT_NUMBER = 2000
# SQLite says this of a statement that makes no sense; its other codes tell of locks, disks and files.
SQLITE_ERROR = 1


def is_outage(error: BaseException | None) -> bool:
    """Is it the database that cannot answer, rather than a question that makes no sense?"""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF != SQLITE_ERROR
    number = _number(error)
    return number is None or number in OUTAGE_NUMBERS or number >= FIRST_CLIENT_NUMBER


def is_repeatable(error: Error) -> bool:
    """Did the database take this transaction back in favour of another, so that it may simply be done again?"""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in REPEATABLE_STATES or _number(error) in REPEATABLE_NUMBERS


def _number(error: Error) -> int | None:
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else None


def persistently(work: Callable[[], T]) -> T:
    """Does `work`, a whole transaction, again when it lost against another one. Inside of a transaction just once."""
    if connection.in_atomic_block:
        return work()
    ends = time.monotonic() + PATIENCE
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            if not is_repeatable(error) or time.monotonic() > ends:
                raise
            time.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1))  # noqa: S311  (spreads rivals, no secret)
    return work()
