"""Tells the backend every few seconds that this process is alive, if it is connected, and when it was last used."""

import asyncio
import logging
import math
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import discord

from contract import endpoints
from contract.heartbeats import EVERY, Beat
from contract.shards import Shards
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.pacing import Pacer

log = logging.getLogger(__name__)


class Heartbeat:
    def __init__(
        self, backend: Backend, client: discord.AutoShardedClient, pacer: Pacer, served: Callable[[], Shards]
    ) -> None:
        self._backend = backend
        self._served = served
        self._client = client
        self._pacer = pacer
        self._process = f"{socket.gethostname()[:40]}-{os.getpid()}"
        self._commands = 0
        self._last_command: datetime | None = None

    def command(self) -> None:
        """Somebody used a command."""
        self._commands += 1
        self._last_command = datetime.now(UTC)

    async def run(self) -> None:
        while True:
            try:
                await self._backend.report(endpoints.HEARTBEAT, self.beat())
            except (BackendDown, BackendError) as error:
                log.debug("The backend did not hear a heartbeat: %s", error)
            await asyncio.sleep(EVERY)

    async def goodbye(self) -> None:
        """This process stops: nobody has to wait until it is missed."""
        try:
            await self._backend.report(endpoints.HEARTBEAT, self.beat().model_copy(update={"stopped": True}))
        except (BackendDown, BackendError) as error:
            log.debug("The backend did not hear the goodbye: %s", error)

    def beat(self) -> Beat:
        shards = self._client.shards
        connected = [number for number, shard in shards.items() if not shard.is_closed()]
        latency = self._client.latency if shards else math.nan
        return Beat(
            process=self._process,
            connected=len(connected) == len(self._served().ids),
            shards=str(self._served()),
            connected_shards=connected,
            servers=len(self._client.guilds),
            latency=latency if math.isfinite(latency) else None,
            last_command_at=self._last_command,
            commands=self._commands,
            rate_limited=self._pacer.rate_limited,
            message_content=self._client.intents.message_content,
        )
