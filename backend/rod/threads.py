"""HTTP by ASGI in a fixed number of threads: Django starts one for each request, and with it a database connection."""

import asyncio
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

THREADS = 8


class InThreads:
    """Hand each request one of the threads; more requests wait. A thread keeps its connection (`CONN_MAX_AGE`)."""

    def __init__(self, application: ASGIHandler, threads: int = THREADS) -> None:
        self.application = application
        self._free = [ThreadSensitiveContext() for _ in range(threads)]
        self._turns = asyncio.Semaphore(threads)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with self._turns:
            context = self._free.pop()
            token = SyncToAsync.thread_sensitive_context.set(context)
            try:
                await self.application(scope, receive, send)
            finally:
                SyncToAsync.thread_sensitive_context.reset(token)
                self._free.append(context)
