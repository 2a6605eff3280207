"""Blocking reads, off the loop that feeds the sockets: a few threads with persistent connections."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from gateway.hub import ArchiveUnavailable

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="gateway-db")

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises what `work` raises; ArchiveUnavailable in place of the database's own errors."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _call(work, *args, **kwargs))

    async def stop(self) -> None:
        """Closes each thread's connection: a barrier gives every thread exactly one of these calls."""
        barrier = threading.Barrier(self._threads)
        loop = asyncio.get_running_loop()
        closing = [loop.run_in_executor(self._pool, _close, barrier) for _ in range(self._threads)]
        await asyncio.gather(*closing)
        self._pool.shutdown(wait=False)


def _call(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return work(*args, **kwargs)
    except (DatabaseError, InterfaceError) as error:
        close_old_connections()
        raise ArchiveUnavailable(f"{type(error).__name__}: {error}") from error


def _close(barrier: threading.Barrier) -> None:
    barrier.wait(timeout=10)
    connections.close_all()
