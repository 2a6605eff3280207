"""Direct messages to players about what a storyteller decided: each at most once, and never a reason to fail.

A letter is taken at the backend before it is sent. Whoever has closed their direct messages has read of it on the web.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

import aiohttp
import discord

from rodbot.core.errors import BackendDown, BackendError
from rodbot.core.models import Json
from rodbot.core.text import MESSAGE, clip, plain
from rodbot.feed.connection import Letter

if TYPE_CHECKING:
    from rodbot.client import RodBot

log = logging.getLogger(__name__)

WAITING = 1000
OFF = "`/preferences direct_messages:False` ends these messages."
DONE = {
    "approved": "approved what you proposed for",
    "returned": "sent back what you proposed for",
    "commented": "wrote about what you proposed for",
    "awarded": "gave",
}


class Letters:
    def __init__(self, bot: "RodBot") -> None:
        self._bot = bot
        self._waiting: deque[Letter] = deque(maxlen=WAITING)
        self._task: asyncio.Task[None] | None = None

    def deliver(self, letter: Letter) -> None:
        """Returns at once. What another process serves is its business."""
        if self._bot.get_guild(letter.guild_id) is None or letter.body.get("kind") not in DONE:
            return
        self._waiting.append(letter)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    async def settled(self) -> None:
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._next(self._waiting.popleft())
        finally:
            self._task = None

    async def _next(self, letter: Letter) -> None:
        try:
            if await self._bot.backend.take_letter(letter.id):
                await self._send(letter)
        except (BackendDown, BackendError) as error:
            # Not taken: it is offered again with the next connection.
            log.warning("Letter %s was not taken: %s", letter.id, error)
        except discord.Forbidden:
            log.info("Letter %s: this person takes no direct messages", letter.id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # It may have arrived all the same: a second one would be worse than none.
            log.warning("Letter %s was not delivered: %s", letter.id, error)

    async def _send(self, letter: Letter) -> None:
        channel = await self._bot.create_dm(discord.Object(letter.user_id))
        await channel.send(
            content(letter.body), suppress_embeds=True, allowed_mentions=discord.AllowedMentions.none()
        )


def content(body: Json) -> str:
    """Who decided what about whom, their words, where to look, and how to end it."""
    names = ", ".join(f"**{plain(str(one), 60)}**" for one in body["characters"][:10])
    did = DONE[body["kind"]]
    if body["kind"] == "awarded":
        did = f"gave {int(body['amount'])} experience to"
    head = f"{plain(str(body['by']), 60)} {did} {names} ({plain(str(body['chronicle']), 100)})."
    words = str(body.get("text") or "")
    quoted = f"> {plain(words, 1000)}" if words else ""
    return clip("\n".join(filter(None, (head, quoted, f"<{body['url']}>", f"-# {OFF}"))), MESSAGE)
