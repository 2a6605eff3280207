"""Live messages, as those of a roll request or a conflict: edited when what they show changes elsewhere.

At most one edit of a message is under way; of what comes meanwhile only the newest state is shown. discord.py waits for
Discord's rate limits inside the edit.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from cachetools import LRUCache

from contract import endpoints
from contract.conflicts import Conflict
from contract.episodes import Episode
from contract.feed_frames import Announcement
from contract.messages import Kind, LinkMessage, UnlinkMessage
from contract.roll_requests import RollRequest
from contract.translation import speaking
from rodbot.chronicles import episode_messages
from rodbot.conflicts import message as conflict_message
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.caller import Caller
from rodbot.core.languages import Languages
from rodbot.core.reply import LiveUpdate, Reply, allowed_mentions
from rodbot.core.tasks import start
from rodbot.dice import requests

log = logging.getLogger(__name__)

State = Conflict | RollRequest | Episode
# Kind of what a message shows → its model.
STATES: dict[Kind, type[State]] = {"conflict": Conflict, "roll_request": RollRequest, "episode": Episode}
TRIES = 5
PAUSE = 2.0
REMEMBERED = 4096
THREAD_ARCHIVED = 50083
FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError)


@dataclass(frozen=True, slots=True)
class _Ping:
    """Who was pinged last, and the message that did so."""

    user: int | None
    message: discord.PartialMessage | None = None


class LiveMessages:
    """Edits live messages, pins them while what they show runs, and pings the player whose turn it is."""

    def __init__(self, client: discord.Client, backend: Backend, languages: Languages, local: bool) -> None:
        self._client = client
        self._backend = backend
        self._languages = languages
        self._local = local
        self._newest: dict[int, LiveUpdate] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._versions: LRUCache[int, int] = LRUCache(REMEMBERED)
        # What ended is pinned again if the end is taken back.
        self._unpinned: set[int] = set()
        self._pings: LRUCache[int, _Ping] = LRUCache(REMEMBERED)

    async def keep(self, caller: Caller, posted: Reply, place: tuple[int, int, int]) -> None:
        """Make the message at `place` (server, channel, message) live, and delete the one that it replaces. What
        changed while it was posted is shown at once."""
        guild_id, channel_id, message_id = place
        if posted.live is None:
            return
        kind, target = posted.live
        # The new message itself notifies those whom it mentions.
        self._pings[message_id] = _Ping(posted.ping)
        linked = LinkMessage(kind=kind, id=target, channel=str(channel_id), message=str(message_id))
        # The command itself was the first call of this interaction.
        kept = await self._backend.call(endpoints.LINK_MESSAGE, caller, linked, "-message")
        if posted.pinned:
            await self._pin(self._message(*place), True)
        old = kept.replaced
        if old and int(old.message) != message_id:
            await self._replace(self._message(guild_id, int(old.channel), int(old.message)))
        if not kept.shows:
            return
        state = STATES[kind].model_validate(kept.shows)
        if not _same(self._card(guild_id, state), posted):
            self.show(LiveUpdate(*place, kind, state))

    def announce(self, frame: Announcement) -> None:
        """Post what was planned on the web and return at once; from then on its message is live. What another process
        serves is left to that."""
        if self._client.get_guild(int(frame.guild_id)) is not None:
            start(self._announce(frame))

    async def _announce(self, frame: Announcement) -> None:
        guild_id, channel_id = int(frame.guild_id), int(frame.channel_id)
        card = self._card(guild_id, frame.episode)
        place = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        view = card.view or discord.ui.View(timeout=None)
        try:
            sent = await place.send(card.content, view=view, allowed_mentions=allowed_mentions(card))
            linked = LinkMessage(
                kind=episode_messages.KIND,
                id=frame.episode.id,
                channel=str(channel_id),
                message=str(sent.id),
            )
            kept = await self._backend.report(endpoints.LINK_POSTED, linked)
        except (*FAILURES, BackendDown, BackendError) as error:
            log.warning("Episode %s is not announced in channel %s: %s", frame.episode.id, channel_id, error)
            return
        state = Episode.model_validate(kept.shows)
        if state != frame.episode:
            self.show(LiveUpdate(guild_id, channel_id, sent.id, episode_messages.KIND, state))

    def show(self, update: LiveUpdate) -> bool:
        """Queue an update and return at once. False when another process serves that guild. Older states than the one
        shown are dropped."""
        if self._client.get_guild(update.guild_id) is None:
            return False
        if self._is_new(update):
            self._newest[update.message_id] = update
            if update.message_id not in self._tasks:
                self._tasks[update.message_id] = start(self._drain(update.message_id))
        return True

    def _is_new(self, update: LiveUpdate) -> bool:
        if update.version < self._versions.get(update.message_id, 0):
            return False
        self._versions[update.message_id] = update.version
        return True

    async def settled(self) -> None:
        """Wait until everything is shown."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _drain(self, message_id: int) -> None:
        failures = 0
        try:
            while (update := self._newest.pop(message_id, None)) is not None:
                try:
                    await self._edit(update, self._card(update.guild_id, update.state))
                    failures = 0
                except FAILURES as error:
                    failures += 1
                    log.warning("Message %s takes no edit: %s", message_id, error)
                    if failures >= TRIES or isinstance(error, discord.Forbidden):
                        return
                    self._newest.setdefault(message_id, update)
                    await asyncio.sleep(PAUSE * failures)
        finally:
            del self._tasks[message_id]

    def _card(self, guild_id: int, state: State) -> Reply:
        with speaking(self._languages.of_server(self._client.get_guild(guild_id))):
            if isinstance(state, Conflict):
                return conflict_message.render(state, local=self._local)
            if isinstance(state, Episode):
                return episode_messages.announce(state)
            return requests.render(state)

    def _message(self, guild_id: int, channel_id: int, message_id: int) -> discord.PartialMessage:
        place = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        return place.get_partial_message(message_id)

    async def _edit(self, update: LiveUpdate, card: Reply) -> None:
        message = self._message(update.guild_id, update.channel_id, update.message_id)
        try:
            await self._edit_opened(
                message,
                content=card.content,
                embeds=card.embeds,
                view=card.view,
                allowed_mentions=allowed_mentions(card),
            )
        except discord.NotFound:
            # Somebody deleted it, or its channel.
            await self._unregister(update)
            return
        await self._ping_current_player(message, card)
        if card.pinned is False:
            self._unpinned.add(message.id)
            await self._pin(message, False)
        elif message.id in self._unpinned:
            self._unpinned.discard(message.id)
            await self._pin(message, True)

    async def _edit_opened(self, message: discord.PartialMessage, **values: Any) -> None:
        """Edit a message; one in an archived thread after the thread was opened again."""
        try:
            await message.edit(**values)
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            await self._client.http.edit_channel(message.channel.id, archived=False)
            await message.edit(**values)

    async def _ping_current_player(self, message: discord.PartialMessage, card: Reply) -> None:
        """Ping the player whose turn it is in a separate message, as edits do not notify; delete it when the turn
        passes. The first card after a start pings nobody: the player may have been pinged before."""
        last = self._pings.get(message.id)
        if last and last.user == card.ping:
            return
        self._pings[message.id] = _Ping(card.ping)
        if last and last.message:
            await self._delete(last.message)
        if last and card.ping is not None:
            self._pings[message.id] = _Ping(card.ping, await self._send_ping(message, card))

    async def _send_ping(self, message: discord.PartialMessage, card: Reply) -> discord.PartialMessage | None:
        try:
            sent = await message.channel.send(
                f"{card.content} {message.jump_url}",
                allowed_mentions=allowed_mentions(card),
                suppress_embeds=True,
            )
        except FAILURES as error:
            log.info("Nobody is pinged about message %s: %s", message.id, error)
            return None
        return self._message(message.guild.id if message.guild else 0, message.channel.id, sent.id)

    async def _pin(self, message: discord.PartialMessage, pinned: bool) -> None:
        """Pin or unpin, unless the bot may not or the channel has too many pins."""
        try:
            await (message.pin() if pinned else message.unpin())
        except FAILURES as error:
            log.info("Message %s is not %s: %s", message.id, "pinned" if pinned else "unpinned", error)

    async def _replace(self, old: discord.PartialMessage) -> None:
        """Delete a message that another one replaces, and its ping."""
        ping = self._pings.pop(old.id, None)
        await self._delete(old)
        if ping and ping.message:
            await self._delete(ping.message)

    async def _delete(self, message: discord.PartialMessage) -> None:
        try:
            await message.delete()
        except FAILURES as error:
            log.info("Message %s stays: %s", message.id, error)

    async def _unregister(self, update: LiveUpdate) -> None:
        try:
            gone = UnlinkMessage(kind=update.kind, message=str(update.message_id))
            await self._backend.report(endpoints.UNLINK_MESSAGE, gone)
        except (BackendDown, BackendError) as error:
            log.warning("A deleted message could not be unregistered: %s", error)


def _same(card: Reply, other: Reply) -> bool:
    """Whether two cards look alike."""
    return _looks(card) == _looks(other)


def _looks(card: Reply) -> object:
    return card.content, card.embeds, card.view.to_components() if card.view else []
