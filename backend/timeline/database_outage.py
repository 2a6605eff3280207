"""Errors of the database itself: which are outages and no defect of ours, and which transactions may be tried again."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, Error, IntegrityError, InterfaceError, OperationalError, connection

T = TypeVar("T")
ATTEMPTS = 5
PAUSE = 0.02  # seconds, doubled with each attempt, and up to as much again
# All attempts together take no longer than the Discord process waits for an answer.
RETRY_FOR = 5.0  # seconds

# MariaDB's numbers: lock wait timeout, deadlock.
REPEATABLE_NUMBERS = frozenset({1205, 1213})
# PostgreSQL's: serialization failure, deadlock, lock not available.
REPEATABLE_STATES = frozenset({"40001", "40P01", "55P03"})
# The disk, too many connections, shutting down, full, a lock or a deadlock, read only, the connection was killed, a
# statement took too long.
OUTAGE_NUMBERS = frozenset({1021, 1040, 1053, 1114, 1203, 1205, 1213, 1290, 1836, 1927, 1969})
# Of these: no room, on MariaDB's disk or in its table; on PostgreSQL's; SQLite's "database or disk is full".
FULL_NUMBERS = frozenset({1021, 1114})
FULL_STATE = "53100"
SQLITE_FULL = 13
# From here on the numbers are the client library's own: no server, server gone, connection lost.
FIRST_CLIENT_NUMBER = 2000
# SQLite's code for a statement that makes no sense; the others are about locks, disks and files.
SQLITE_ERROR = 1


class Overtaken(IntegrityError):
    """Another transaction has written the same first; tried again, this one finds what that one wrote."""


def is_outage(error: BaseException | None) -> bool:
    """Whether the database cannot answer, rather than that the statement makes no sense."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code: int | None = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF != SQLITE_ERROR
    number = _number(error)
    return number is None or number in OUTAGE_NUMBERS or number >= FIRST_CLIENT_NUMBER


def is_full(error: BaseException) -> bool:
    """Whether it has no room left to write: then nothing was saved, whenever it says so."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == FULL_STATE or _number(error) in FULL_NUMBERS:
        return True
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == SQLITE_FULL


def is_repeatable(error: Error) -> bool:
    """Whether the transaction lost against another one (deadlock, lock timeout), so that it may be tried again."""
    if isinstance(error, Overtaken):
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    return state in REPEATABLE_STATES or _number(error) in REPEATABLE_NUMBERS


def _number(error: BaseException) -> int | None:
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else None


def retry_lost_transactions(work: Callable[[], T]) -> T:
    """Run `work`, a whole transaction, again when it lost against another one. Inside of a transaction: just once."""
    if connection.in_atomic_block:
        return work()
    ends = time.monotonic() + RETRY_FOR
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            if not is_repeatable(error) or time.monotonic() > ends:
                raise
            time.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1))  # noqa: S311  (spreads rivals, no secret)
    return work()
