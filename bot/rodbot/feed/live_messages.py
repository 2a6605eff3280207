"""Messages that follow something in the backend, as a roll request or a conflict: edited when it changes elsewhere.

Of each message at most one edit is under way, and what comes meanwhile is shown with the next one: only the newest
state counts. discord.py waits for Discord's rate limits inside the edit.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import discord

from rodbot.conflicts.message import shown as conflict_card
from rodbot.conflicts.models import Conflict
from rodbot.core.caller import Facts
from rodbot.core.errors import BackendDown, BackendError
from rodbot.core.models import Json
from rodbot.core.respond import Reply, heard
from rodbot.dice.play import Request
from rodbot.dice.requests import shown as request_card
from rodbot.feed.connection import Followed

if TYPE_CHECKING:
    from rodbot.client import RodBot

log = logging.getLogger(__name__)

# What a message shows: of the body of the frame, and whether addresses of this machine are links.
CARDS: dict[str, Callable[[Json, bool], Reply]] = {
    "roll_request": lambda body, local: request_card(Request.read(body)),
    "conflict": lambda body, local: conflict_card(Conflict.read(body), local=local),
}
TRIES = 5
PAUSE = 2.0
REMEMBERED = 4096
Place = tuple[int, int, int]


class FollowedMessages:
    def __init__(self, bot: "RodBot") -> None:
        self._bot = bot
        self._newest: dict[int, Followed] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._versions: dict[int, int] = {}
        # What ended is pinned again if that was a mistake.
        self._unpinned: set[int] = set()
        # By message: who was called last, and the message that called them.
        self._called: dict[int, tuple[int | None, discord.PartialMessage | None]] = {}

    async def keep(self, who: Facts, posted: Reply, place: Place) -> None:
        """The message at `place` (server, channel, message) follows from now on, and the one that did so far is
        deleted. What changed while it was posted is shown at once."""
        guild_id, channel_id, message_id = place
        kind, thing = posted.follows or ("", "")
        # Whom it mentions has heard of it by the message itself.
        self._called[message_id] = posted.calls, None
        kept = await self._bot.backend.message_kept(who, kind, thing, channel_id, message_id)
        if posted.pinned:
            await self._pin(self._message(*place), True)
        replaced = kept.get("replaced")
        if replaced and int(replaced["message"]) != message_id:
            old = self._message(guild_id, int(replaced["channel"]), int(replaced["message"]))
            _, said = self._called.pop(old.id, (None, None))
            for one in (old, said):
                if one is not None:
                    await self._remove(one)
        body = kept.get("shows")
        if body and not _same(self._card(kind, body), posted):
            self.show(Followed(*place, kind, body))

    def show(self, followed: Followed) -> bool:
        """Returns at once: False to what another process serves. What is older than what was shown already is
        nobody's business."""
        if self._bot.get_guild(followed.guild_id) is None or followed.kind not in CARDS:
            return False
        if self._is_news(followed):
            self._newest[followed.message_id] = followed
            if followed.message_id not in self._tasks:
                self._tasks[followed.message_id] = asyncio.create_task(self._drain(followed.message_id))
        return True

    def _is_news(self, followed: Followed) -> bool:
        version = int(followed.body.get("version") or 0)
        if version < self._versions.get(followed.message_id, 0):
            return False
        self._versions[followed.message_id] = version
        if len(self._versions) > REMEMBERED:
            del self._versions[next(iter(self._versions))]
        return True

    async def settled(self) -> None:
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _drain(self, message_id: int) -> None:
        failures = 0
        try:
            while (followed := self._newest.pop(message_id, None)) is not None:
                try:
                    await self._edit(followed, self._card(followed.kind, followed.body))
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

    def _card(self, kind: str, body: Json) -> Reply:
        return CARDS[kind](body, self._bot.config.sandbox)

    def _message(self, guild_id: int, channel_id: int, message_id: int) -> discord.PartialMessage:
        place = self._bot.get_partial_messageable(channel_id, guild_id=guild_id)
        return place.get_partial_message(message_id)

    async def _edit(self, followed: Followed, card: Reply) -> None:
        message = self._message(followed.guild_id, followed.channel_id, followed.message_id)
        try:
            await message.edit(
                content=card.content, embeds=card.embeds, view=card.view, allowed_mentions=heard(card)
            )
        except discord.NotFound:
            # Somebody deleted it, or its channel: nothing follows any more.
            await self._gone(followed)
            return
        await self._call(message, card)
        if card.pinned is False:
            self._unpinned.add(message.id)
            await self._pin(message, False)
        elif message.id in self._unpinned:
            self._unpinned.discard(message.id)
            await self._pin(message, True)

    async def _call(self, message: discord.PartialMessage, card: Reply) -> None:
        """Whose turn it is hears of it once, in a message of its own, which goes when it is somebody else's.

        Of the first card after a start nobody knows whether it is news.
        """
        known = message.id in self._called
        before, said = self._called.get(message.id, (None, None))
        if known and before == card.calls:
            return
        self._called[message.id] = card.calls, None
        if said is not None:
            await self._remove(said)
        if known and card.calls is not None:
            self._called[message.id] = card.calls, await self._say(message, card)
        if len(self._called) > REMEMBERED:
            del self._called[next(iter(self._called))]

    async def _say(self, message: discord.PartialMessage, card: Reply) -> discord.PartialMessage | None:
        try:
            sent = await message.channel.send(
                f"{card.content} {message.jump_url}", allowed_mentions=heard(card), suppress_embeds=True
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("Nobody is called to message %s: %s", message.id, error)
            return None
        return self._message(message.guild.id if message.guild else 0, message.channel.id, sent.id)

    async def _pin(self, message: discord.PartialMessage, pinned: bool) -> None:
        """Goes on without where the bot may not, or the channel has too many pins."""
        try:
            await (message.pin() if pinned else message.unpin())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("Message %s is not %s: %s", message.id, "pinned" if pinned else "unpinned", error)

    async def _remove(self, message: discord.PartialMessage) -> None:
        try:
            await message.delete()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("Message %s stays: %s", message.id, error)

    async def _gone(self, followed: Followed) -> None:
        try:
            await self._bot.backend.message_gone(followed.kind, str(followed.message_id))
        except (BackendDown, BackendError) as error:
            log.warning("A message that is gone could not be told of: %s", error)


def _same(one: Reply, other: Reply) -> bool:
    """Whether two cards look alike."""
    return (one.content, one.embeds, _pressable(one)) == (other.content, other.embeds, _pressable(other))


def _pressable(card: Reply) -> object:
    return card.view.to_components() if card.view else []
