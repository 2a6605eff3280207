"""Reports errors to a Discord channel for the people who run the bot (`DISCORD_DEBUG_CHANNEL`).

A report holds the reference, the command, the kind of error and the lines of its traceback: no text that anyone
typed, no ids of people, no keys. It never makes anyone wait, and a storm of errors becomes one line."""

import asyncio
import logging
import traceback

import discord
from aiolimiter import AsyncLimiter

from rodbot.core.text import clip

log = logging.getLogger(__name__)

PER_MINUTE = 5
LONGEST = 1500


class DebugChannel:
    def __init__(self, client: discord.Client, channel: int | None) -> None:
        self._client = client
        self._channel = channel
        self._limiter = AsyncLimiter(PER_MINUTE)
        self._held_back = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def report(self, reference: str, where: str, error: BaseException) -> None:
        """Return at once; past five reports a minute the others are only counted."""
        if self._channel is None:
            return
        task = asyncio.create_task(self._send(self._channel, reference, where, error))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, channel_id: int, reference: str, where: str, error: BaseException) -> None:
        if not self._limiter.has_capacity():
            self._held_back += 1
            return
        await self._limiter.acquire()
        content = describe(reference, where, error, self._held_back)
        self._held_back = 0
        try:
            channel = self._client.get_partial_messageable(channel_id)
            await channel.send(content, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, OSError) as failure:
            log.warning("The debug channel takes no reports: %s", failure)


def describe(reference: str, where: str, error: BaseException, held_back: int = 0) -> str:
    """One report, of the error's kind and place alone."""
    lines = [f"**{type(error).__name__}** in `{where}` (reference `{reference}`)"]
    if held_back:
        lines.append(f"{held_back} more in the last minutes were not reported here.")
    return clip("\n".join([*lines, "```", *_own_frames(error), "```"]), LONGEST)


def _own_frames(error: BaseException) -> list[str]:
    """File, line and function alone: the message of an error may quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
