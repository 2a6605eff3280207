"""Messages that follow something in the backend, as the card of a roll request: edited when it changes elsewhere.

Of each message at most one edit is under way, and what comes meanwhile is shown with the next one: only the newest
state counts. discord.py waits for Discord's rate limits inside the edit.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from rodbot.errors import BackendDown, BackendError
from rodbot.feed import Followed
from rodbot.play import Request
from rodbot.request_components import shown as request_card
from rodbot.respond import Reply

if TYPE_CHECKING:
    from rodbot.client import RodBot

log = logging.getLogger(__name__)

CARDS = {"roll_request": lambda body: request_card(Request.read(body))}
TRIES = 5
PAUSE = 2.0


class FollowedMessages:
    def __init__(self, bot: "RodBot") -> None:
        self._bot = bot
        self._newest: dict[int, Followed] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def show(self, followed: Followed) -> None:
        """Returns at once. What another process serves is its business."""
        if self._bot.get_guild(followed.guild_id) is None or followed.kind not in CARDS:
            return
        self._newest[followed.message_id] = followed
        if followed.message_id not in self._tasks:
            self._tasks[followed.message_id] = asyncio.create_task(self._drain(followed.message_id))

    async def settled(self) -> None:
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _drain(self, message_id: int) -> None:
        failures = 0
        try:
            while (followed := self._newest.pop(message_id, None)) is not None:
                try:
                    await self._edit(followed, CARDS[followed.kind](followed.body))
                    failures = 0
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    failures += 1
                    log.warning("Message %s takes no edit: %s", message_id, error)
                    if failures >= TRIES or isinstance(error, discord.Forbidden):
                        return
                    self._newest.setdefault(message_id, followed)
                    await asyncio.sleep(PAUSE * failures)
        finally:
            del self._tasks[message_id]

    async def _edit(self, followed: Followed, card: Reply) -> None:
        place = self._bot.get_partial_messageable(followed.channel_id, guild_id=followed.guild_id)
        try:
            await place.get_partial_message(followed.message_id).edit(
                content=card.content, embeds=card.embeds, view=card.view
            )
        except discord.NotFound:
            # Somebody deleted it, or its channel: nothing follows any more.
            await self._gone(followed)

    async def _gone(self, followed: Followed) -> None:
        try:
            await self._bot.backend.message_gone(followed.kind, str(followed.message_id))
        except (BackendDown, BackendError) as error:
            log.warning("A message that is gone could not be told of: %s", error)
