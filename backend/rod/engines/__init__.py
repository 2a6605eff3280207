"""Database engines of the processes that serve people: one that hangs is noticed within seconds, and then left alone.

A stopped server, or one behind a broken network, keeps its connections open and answers nothing. Without an end to
waiting, each request would take a thread with it until none is left. Commands such as `migrate` wait as long as it
takes.
"""

import threading
import time
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

# Longer than a lock is waited for (`rod.settings`), so that only who does not answer at all is given up.
READ_SECONDS = 6
STATEMENT_SECONDS = 5
CONNECT_SECONDS = 3
# A failure that took so long was no refusal: nobody answered.
HANGS = 2.0
# Then so long nobody else asks, and after that one request at a time finds out.
PAUSE = 1.0
# A connection that answered so short a time ago is not asked whether it lives: that is a round trip a request.
PROVEN = 1.0


class Breaker:
    def __init__(self) -> None:
        self._closed_until = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._closed_until

    def enter(self) -> None:
        """Let one in, who tries for all. Raises OperationalError to the others."""
        with self._lock:
            if self.is_open:
                raise OperationalError("The database hangs; it is not asked at the moment.")
            if self._closed_until:
                self._closed_until = time.monotonic() + CONNECT_SECONDS + PAUSE

    def tried(self, began: float, worked: bool) -> None:
        now = time.monotonic()
        with self._lock:
            if worked:
                self._closed_until = 0.0
            elif now - began > HANGS:
                self._closed_until = now + PAUSE


BREAKER = Breaker()


class Impatient(BaseDatabaseWrapper):
    """Mixed into an engine of Django's."""

    _answered = float("-inf")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        BREAKER.enter()
        began, worked = time.monotonic(), False
        try:
            connection = super().get_new_connection(conn_params)
            worked = True
        finally:
            BREAKER.tried(began, worked)
        self._answered = time.monotonic()
        return connection

    def is_usable(self) -> bool:
        if BREAKER.is_open:
            return False
        began = time.monotonic()
        if not self.errors_occurred and began - self._answered < PROVEN:
            return True
        usable = super().is_usable()
        BREAKER.tried(began, usable)
        if usable:
            self._answered = time.monotonic()
        return usable


def wait_for_seconds_only() -> None:
    """Called by a process that serves people, before its first connection."""
    config: dict[str, Any] = connections.settings["default"]
    kind = config["ENGINE"].rpartition(".")[2]
    if kind == "mysql":
        options = config["OPTIONS"]
        options |= {
            "read_timeout": READ_SECONDS,
            "write_timeout": READ_SECONDS,
            "connect_timeout": CONNECT_SECONDS,
        }
        # MariaDB alone knows it; for MySQL it is a comment.
        options["init_command"] += f" /*M!100101 , max_statement_time={STATEMENT_SECONDS} */"
    elif kind == "postgresql":
        options = config["OPTIONS"]
        options["connect_timeout"] = CONNECT_SECONDS
        options["options"] += f" -c statement_timeout={STATEMENT_SECONDS * 1000}"
    else:
        return
    config["ENGINE"] = f"rod.engines.{kind}"
