"""The bridge between bridged channels and their rooms on the web."""

import asyncio
import logging
from collections.abc import Iterable

import discord

from contract import endpoints
from contract.bridge_frames import BridgedMessage, BridgedPlaces
from contract.bridges import Problem, Trouble
from rodbot.chat.files import Files
from rodbot.chat.inbox import Inbox
from rodbot.chat.outbox import Outbox
from rodbot.chat.places import Place, Places
from rodbot.chat.webhooks import Webhooks
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.config import Config
from rodbot.core.tasks import start

log = logging.getLogger(__name__)


class Bridge:
    """`reads`: whether Discord lets this bot read what people write; without that nothing is bridged."""

    def __init__(self, client: discord.Client, backend: Backend, config: Config, *, reads: bool) -> None:
        self._client = client
        self._backend = backend
        self._reads = reads
        self._places = Places()
        self._webhooks = Webhooks(client)
        self._inbox = Inbox(client, backend, self.is_ours, self._trouble)
        key = f"Api-Key {config.api_key.get_secret_value()}"
        files = Files(config.backend_url, {**config.site_headers, "Authorization": key})
        self._outbox = Outbox(
            client, backend, self._places, self._inbox, self._webhooks, files, self._trouble
        )
        self._troubles: dict[int, Problem] = {}

    # The backend

    def know(self, frame: BridgedPlaces) -> None:
        """These are bridged: look through those that are new here."""
        for place in self._places.know(frame):
            self._begin(place)

    def offer(self, frame: BridgedMessage) -> None:
        """This is to be seen on Discord."""
        if self._reads:
            self._outbox.offer(frame)

    def _begin(self, place: Place) -> None:
        if not self._reads:
            self._trouble(place, "no_content")
        elif (guild := self._client.get_guild(place.guild_id)) is not None:
            self._watch(place)
            if place.thread_id is None:
                self._look_for_threads(guild, place)

    def _look_for_threads(self, guild: discord.Guild, channel: Place) -> None:
        """Those that were opened while nobody listened."""
        for thread in guild.threads:
            known = self._places.get(thread.id)
            if thread.parent_id == channel.id and known is None:
                place = self._places.of_channel(thread)
                if place is not None:
                    self._watch(place)

    def _watch(self, place: Place) -> None:
        place.is_watched = True
        self._inbox.look_through(place)

    def _place(self, channel: object) -> Place | None:
        """Where something was said. A thread that was not known here is looked through first."""
        place = self._places.of_channel(channel) if self._reads else None
        if place is not None and not place.is_watched:
            self._watch(place)
        return place

    # Discord

    def connected(self, guilds: Iterable[discord.Guild]) -> None:
        """A new session began: what happened between it and the last one nobody told."""
        for guild in guilds:
            for place in self._places.in_guild(guild.id):
                self._begin(place)

    def is_ours(self, message: discord.Message) -> bool:
        """Whether we posted it: nothing of ours ever comes back."""
        if self._client.user is not None and message.author.id == self._client.user.id:
            return True
        if message.webhook_id is None:
            return False
        own = self._client.application_id
        return message.webhook_id in self._webhooks.ids or (own is not None and message.application_id == own)

    def said(self, message: discord.Message) -> None:
        place = self._place(message.channel)
        if place is not None:
            self._inbox.hear(place, message, is_new=True)

    def edited(self, message: discord.Message) -> None:
        place = self._place(message.channel)
        if place is not None:
            self._inbox.hear(place, message, is_new=False)

    def deleted(self, channel_id: int, message_ids: Iterable[int]) -> None:
        place = self._places.get(channel_id)
        if self._reads and place is not None:
            self._inbox.deleted(place, message_ids)

    # Both

    async def settled(self) -> None:
        """Wait until everything that was heard is told, and everything that was offered is posted."""
        await asyncio.gather(self._inbox.settled(), self._outbox.settled())

    def _trouble(self, place: Place, problem: Problem) -> None:
        """Tell the backend why nothing goes through, once; and when it does again."""
        if self._troubles.get(place.channel_id, "") != problem:
            self._troubles[place.channel_id] = problem
            start(self._tell_trouble(place, problem))

    async def _tell_trouble(self, place: Place, problem: Problem) -> None:
        given = Trouble(guild_id=str(place.guild_id), channel=str(place.channel_id), problem=problem)
        try:
            await self._backend.report(endpoints.BRIDGE_TROUBLE, given)
        except (BackendDown, BackendError) as error:
            log.warning("The backend was not told of channel %s: %s", place.channel_id, error)
