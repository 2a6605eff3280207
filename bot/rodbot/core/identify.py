"""Paces how sessions with Discord begin: of each bucket one shard in five seconds, over all processes of the bot, and
never past what Discord allows in a day, at which it takes the bot's token away.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord

from contract import endpoints
from contract.identify import IdentifyTurn
from rodbot.core.backend import Backend, BackendDown, BackendError

log = logging.getLogger(__name__)

# How long to wait before asking again: for a turn, and for an answer of Discord's.
ASK_AGAIN = 0.5
RETRY = 5.0
# Without the backend nobody knows who else identifies: apart by chance, in so many seconds.
APART = (6.0, 30.0)
_chance = random.SystemRandom()


class SessionStarts:
    """`gateway` answers how many shards Discord recommends, and the limits of now."""

    def __init__(
        self, backend: Backend, gateway: Callable[[], Awaitable[tuple[int, discord.SessionStartLimits]]]
    ) -> None:
        self._backend = backend
        self._gateway = gateway

    async def enough(self, shards: int | None = None) -> discord.SessionStartLimits:
        """Wait until so many sessions may begin; None: as many as Discord recommends."""
        while True:
            recommended, limits = await self._ask()
            needed = shards or recommended
            if limits.remaining >= min(needed, limits.total):
                return limits
            seconds = limits.reset_after / 1000 + 1
            log.warning(
                "Discord lets this bot begin %d more sessions of %d a day, and %d are to begin here. Waiting until %s: "
                "past that number Discord would reset the bot's token.",
                limits.remaining,
                limits.total,
                needed,
                (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds"),
            )
            await asyncio.sleep(seconds)

    async def turn(self, shard_id: int) -> None:
        """Wait until this shard may identify."""
        limits = await self.enough(1)
        bucket = IdentifyTurn(bucket=shard_id % limits.max_concurrency)
        while True:
            if await self._granted(bucket):
                return
            await asyncio.sleep(ASK_AGAIN * _chance.uniform(1, 2))

    async def _granted(self, bucket: IdentifyTurn) -> bool:
        try:
            return (await self._backend.report(endpoints.IDENTIFY_TURN, bucket)).granted
        except (BackendDown, BackendError) as error:
            seconds = _chance.uniform(*APART)
            log.warning(
                "No answer about whose turn it is to connect to Discord (%s); in %d s we do.", error, seconds
            )
            await asyncio.sleep(seconds)
            return True

    async def _ask(self) -> tuple[int, discord.SessionStartLimits]:
        while True:
            try:
                return await self._gateway()
            except (discord.GatewayNotFound, OSError) as error:
                log.warning("Discord does not say how many sessions may begin: %s", error)
            await asyncio.sleep(RETRY)
