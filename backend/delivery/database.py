"""Blocking reads, off the loop that feeds the sockets: a few threads with persistent connections."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from delivery.source import SourceUnavailable

P = ParamSpec("P")
R = TypeVar("R")

TRUSTED = 5.0  # seconds
_thread = threading.local()


class Database:
    def __init__(self, threads: int) -> None:
        self._connections: list[BaseDatabaseWrapper] = []
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix="delivery-db", initializer=self._remember_connection
        )

    def _remember_connection(self) -> None:
        """Runs in each thread as it starts: its connection, so that `stop` can close it."""
        self._connections.append(connections[connection.alias])

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises what `work` raises; SourceUnavailable in place of the database's own errors."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _call(work, *args, **kwargs))

    async def stop(self) -> None:
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self._pool.shutdown()
        for open_connection in self._connections:
            open_connection.inc_thread_sharing()  # its own thread is gone
            open_connection.close()


def _call(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    is_trusted = _trust_connection()
    try:
        try:
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError):
            if not is_trusted:
                raise
            # It had died unnoticed. All work here may be done again: it reads, or writes what is so anyway.
            connection.close()
            return work(*args, **kwargs)
    except (DatabaseError, InterfaceError) as error:
        close_old_connections()
        raise SourceUnavailable(f"{type(error).__name__}: {error}") from error


def _trust_connection() -> bool:
    """A connection that served a moment ago is not asked whether it lives: that would be a trip for each question."""
    close_old_connections()
    now = time.monotonic()
    is_trusted = connection.connection is not None and now - getattr(_thread, "used_at", -TRUSTED) < TRUSTED
    _thread.used_at = now
    if is_trusted:
        connection.health_check_done = True  # type: ignore[attr-defined]  # its stub lacks it
    return is_trusted
