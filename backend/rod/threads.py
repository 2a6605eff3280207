"""HTTP by ASGI in a fixed number of threads: Django starts one for each request, and with it a database connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

THREADS = 8
# What asks whether the process works is answered though every other thread hangs.
PROBES = ("/healthz", "/readyz", "/version")
KEPT = 2
# A probe that finds the kept threads hanging as well gets its answer after so long. Their own work ends before.
SECONDS = 3.0
HANGS = b'{"ready":false,"checks":{"threads":"no answer"}}'


class InThreads:
    """Hand each request one of the threads; more requests wait. A thread keeps its connection (`CONN_MAX_AGE`)."""

    def __init__(self, application: ASGIHandler, threads: int = THREADS) -> None:
        self.application = application
        self._usual, self._kept = _Threads(threads), _Threads(KEPT)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].rstrip("/") not in PROBES:
            async with self._usual.one():
                await self.application(scope, receive, send)
            return
        try:
            async with self._kept.one(SECONDS):
                await self.application(scope, receive, send)
        except NoThread:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(HANGS))]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": HANGS})


class NoThread(Exception):
    """All of them are taken, and stay so."""


class _Threads:
    def __init__(self, threads: int) -> None:
        self._free = [ThreadSensitiveContext() for _ in range(threads)]
        self._turns = asyncio.Semaphore(threads)

    @asynccontextmanager
    async def one(self, patience: float | None = None) -> AsyncIterator[None]:
        """Take one of the threads, once it is free. Raises NoThread after so many seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._turns.acquire()
        except TimeoutError:
            raise NoThread from None
        context = self._free.pop()
        token = SyncToAsync.thread_sensitive_context.set(context)
        try:
            yield
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            self._free.append(context)
            self._turns.release()
