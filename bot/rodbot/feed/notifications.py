"""Direct messages to players about what a storyteller decided: each at most once.

A notification is claimed at the backend before it is sent. People with closed direct messages see it on the web.
"""

import asyncio
import logging
from collections import deque

import aiohttp
import discord

from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.models import Json
from rodbot.core.text import MESSAGE, clip, escape
from rodbot.feed.calls import FeedCalls
from rodbot.feed.frames import Notification

log = logging.getLogger(__name__)

WAITING = 1000
OFF = "`/preferences direct_messages:False` ends these messages."
DECISIONS = {
    "approved": "approved what you proposed for",
    "returned": "sent back what you proposed for",
    "commented": "wrote about what you proposed for",
    "awarded": "gave",
}


class Notifications:
    """Sends notifications one after the other, in their order."""

    def __init__(self, client: discord.Client, calls: FeedCalls) -> None:
        self._client = client
        self._calls = calls
        self._waiting: deque[Notification] = deque(maxlen=WAITING)
        self._task: asyncio.Task[None] | None = None

    def deliver(self, notification: Notification) -> None:
        """Queue a notification and return at once. Those of other processes' guilds are left to them."""
        if self._client.get_guild(notification.guild_id) is None:
            return
        if notification.body.get("kind") not in DECISIONS:
            return
        self._waiting.append(notification)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    async def settled(self) -> None:
        """Wait until everything is sent."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._next(self._waiting.popleft())
        finally:
            self._task = None

    async def _next(self, notification: Notification) -> None:
        try:
            if await self._calls.claim(notification.id):
                await self._send(notification)
        except (BackendDown, BackendError) as error:
            # It is offered again with the next connection.
            log.warning("Notification %s was not claimed: %s", notification.id, error)
        except discord.Forbidden:
            log.info("Notification %s: this person takes no direct messages", notification.id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # It may have arrived all the same: a second one would be worse than none.
            log.warning("Notification %s was not delivered: %s", notification.id, error)

    async def _send(self, notification: Notification) -> None:
        channel = await self._client.create_dm(discord.Object(notification.user_id))
        await channel.send(
            content(notification.body), suppress_embeds=True, allowed_mentions=discord.AllowedMentions.none()
        )


def content(body: Json) -> str:
    """Who decided what about which characters, the reason, a link, and how to end these messages."""
    names = ", ".join(f"**{escape(str(name), 60)}**" for name in body["characters"][:10])
    decision = DECISIONS[body["kind"]]
    if body["kind"] == "awarded":
        decision = f"gave {int(body['amount'])} experience to"
    head = f"{escape(str(body['by']), 60)} {decision} {names} ({escape(str(body['chronicle']), 100)})."
    words = str(body.get("text") or "")
    quoted = f"> {escape(words, 1000)}" if words else ""
    return clip("\n".join(filter(None, (head, quoted, f"<{body['url']}>", f"-# {OFF}"))), MESSAGE)
