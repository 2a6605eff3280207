"""Paces the requests to Discord: at most so many a second, whatever for, the most urgent first.

discord.py waits by itself for the limit of each route, as Discord announces it. It does not know the limit over all
routes (50 requests a second) before Discord has refused one: that is kept here, before each request is sent.
"""

import asyncio
import heapq
import itertools
from contextvars import ContextVar
from enum import IntEnum
from types import SimpleNamespace

import aiohttp

from rodbot.core.tasks import start

PER_SECOND = 40.0
# Answers to interactions have a limit of their own.
UNLIMITED = ("/interactions/", "/webhooks/")


class Urgency(IntEnum):
    """Who waits for a request: somebody who pressed something, readers of a channel, nobody."""

    PRESSED = 0
    POSTED = 1
    BACKGROUND = 2


# Of the requests that this task makes.
URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.POSTED)


class Pacer:
    """Lets requests through one after the other, `per_second` of them."""

    def __init__(self, per_second: float = PER_SECOND) -> None:
        self._interval = 1 / per_second
        self._next = 0.0
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._task: asyncio.Task[None] | None = None
        # Requests that Discord refused for a while, since the start.
        self.rate_limited = 0

    def trace(self) -> aiohttp.TraceConfig:
        """For `http_trace` of a client: each of its requests takes its turn."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._before_request)
        config.on_request_end.append(self._after_request)
        return config

    async def _before_request(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        await self.turn(params.url.path)

    async def _after_request(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        self.rate_limited += params.response.status == 429

    async def turn(self, path: str) -> None:
        """Wait until a request to this path may be sent."""
        if any(part in path for part in UNLIMITED):
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (URGENCY.get(), next(self._numbers), turn))
        if self._task is None:
            self._task = start(self._run())
        await turn

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await asyncio.sleep(max(0.0, self._next - loop.time()))
                turn = heapq.heappop(self._waiting)[2]
                if not turn.done():
                    turn.set_result(None)
                    self._next = max(self._next, loop.time()) + self._interval
        finally:
            self._task = None
