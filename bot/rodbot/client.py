"""The Discord client: wires the areas together, hands them Discord's events, and keeps nothing that must last."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar, cast

import discord
from discord import app_commands

from contract import endpoints
from contract.discord_permissions import invite_url
from contract.feed_frames import EditionsPlayed
from contract.guilds import ListGuilds
from contract.logs import INTERACTION
from contract.schema import Schema
from contract.translation import N_, _, speak
from rodbot.chat.bridge import Bridge
from rodbot.chat.events import Listening
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions, draining, forms
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.config import Config
from rodbot.core.debug_channel import DebugChannel
from rodbot.core.descriptions import Described
from rodbot.core.discord_types import AppCommand, Interaction, custom_id_of
from rodbot.core.heartbeat import Heartbeat
from rodbot.core.languages import Languages
from rodbot.core.mentions import CommandIds
from rodbot.core.pacing import PER_SECOND, Pacer
from rodbot.core.rate_limit import RateLimiter
from rodbot.core.reply import Reply
from rodbot.core.respond import report, respond
from rodbot.core.suggestions import SuggestionCache
from rodbot.core.tasks import start
from rodbot.dice.emoji import DiceEmoji
from rodbot.feed.connection import Feed
from rodbot.feed.live_messages import LiveMessages
from rodbot.feed.notifications import Notifications
from rodbot.feed.tracker import Tracker
from rodbot.registry import FORMS, PERSISTENT
from rodbot.servers.events import Mirroring
from rodbot.servers.registration import Place, Registration
from rodbot.servers.sync import ServerSync

log = logging.getLogger(__name__)

Read = TypeVar("Read")
START_BACKOFF = (0.5, 15.0)
# So long a press waits to learn what is played in its server.
LEARN_WITHIN = 1.5
UNSEEN = N_(
    "I can’t see that channel. If it’s an archived thread, write something in it first and try again."
)
OUTDATED = N_("This button is from an older version of the bot. Please use the command again.")
CHANGED = N_("This command has just changed. Please try again in a minute.")


def is_known(interaction: Interaction) -> bool:
    """Whether one of our persistent items answers this press."""
    custom_id = custom_id_of(interaction)
    return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in PERSISTENT)


class UnknownEditions(app_commands.AppCommandError):
    """The backend does not say what is played in a server, so none of its commands can be found."""


class Tree(app_commands.CommandTree["RodBot"]):
    """Answers the errors that discord.py itself finds; commands answer their own (`core/respond.py`)."""

    async def interaction_check(self, interaction: discord.Interaction["RodBot"], /) -> bool:
        """Before the command is looked up: offer those of the editions that are played in this server, and speak the
        person's language, in which suggestions are."""
        INTERACTION.set(str(interaction.id))
        speak(self.client.languages.of_person(interaction))
        if interaction.guild_id is not None:
            try:
                await self.client.offer_commands(interaction.guild_id)
            except (BackendDown, BackendError) as error:
                raise UnknownEditions from error
        return True

    async def on_error(
        self, interaction: discord.Interaction["RodBot"], error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            log.warning("No completions: %s", error)
            if not interaction.response.is_done():
                await interaction.response.autocomplete([])
            return
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            self.client.registration.is_outdated(interaction.guild_id)
            reply = Reply(content=_(CHANGED))
        elif isinstance(error, app_commands.TransformerError):
            reply = Reply(content=_(UNSEEN))
        else:
            cause = error.__cause__ if isinstance(error, UnknownEditions) else error
            reply = Reply(content=report(interaction, cast(Exception, cause)).sentence)
        if not interaction.response.is_done():
            await respond(interaction, _ready(reply))


async def _ready(reply: Reply) -> Reply:
    return reply


def _intents(members: bool, content: bool) -> discord.Intents:
    return discord.Intents(guilds=True, members=members, guild_messages=content, message_content=content)


class RodBot(Mirroring, Listening):
    """The running bot. Commands see it as `core.bot.Bot`."""

    schema: Schema
    sets: CommandSets

    def __init__(
        self,
        config: Config,
        backend: Backend | None = None,
        *,
        members: bool = True,
        content: bool = False,
    ) -> None:
        """`members`: with the Server Members Intent, by which Discord tells who joins, leaves and changes; `content`:
        with the Message Content Intent, by which it tells what people write, for bridged channels."""
        # Discord's limits are those of the bot as a whole.
        share = config.shards.share if config.shards else 1.0
        pacer = Pacer(PER_SECOND * share)
        super().__init__(
            config,
            backend
            or Backend(config.backend_url, config.api_key.get_secret_value(), headers=config.site_headers),
            intents=_intents(members, content),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.2 if config.sandbox else 2.0,
            http_trace=pacer.trace(),
        )
        self.is_told_of_members = members
        self.tree = Tree(self)
        self.debug = DebugChannel(self, config.debug_channel)
        self.suggestions = SuggestionCache()
        self.languages = Languages()
        self.limiter = RateLimiter()
        self.heartbeat = Heartbeat(self.backend, self, pacer, lambda: self.served)
        self._dice_emoji = DiceEmoji(self, uploads=self.is_first)
        # By server: what is played there, the main edition first. Servers of which this is not known are not in it.
        self.editions: dict[int, tuple[str, ...]] = {}
        # The servers whose commands are in the tree, and the descriptions of sets of commands, by their editions.
        self._offered: set[int] = set()
        self._described: dict[tuple[str, ...] | None, Described] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._follow_servers(members)
        self._follow_feed(config, share, content)

    def _follow_servers(self, members: bool) -> None:
        """What brings servers to the backend, and commands to servers."""
        self.sync = ServerSync(
            self.backend, self.get_guild, self.set_editions, with_members=members, room=self.may_ask
        )
        self.registration = Registration(
            self.http,
            lambda: self.application_id or 0,
            self._description,
            lambda place, error: self.debug.report("commands", str(place or "direct messages"), error),
            self.sync.commands,
        )

    def _follow_feed(self, config: Config, share: float, content: bool) -> None:
        """What brings the backend's news to Discord."""
        self.tracker = Tracker(self, self.languages, config.sandbox, lambda post: self.feed.posted(post))
        self.live_messages = LiveMessages(self, self.backend, self.languages, config.sandbox)
        self.notifications = Notifications(self, self.backend, self.languages, share)
        self.bridge = Bridge(self, self.backend, config, reads=content)
        self.feed = Feed(
            config.gateway_url,
            config.api_key.get_secret_value(),
            self.tracker.post,
            self.live_messages.show,
            self.live_messages.announce,
            self.notifications.deliver,
            self._set_played,
            lambda: self.background(self._update_schema),
            config.site_headers,
            config.shards,
            self.bridge,
        )

    # Start and stop

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*PERSISTENT)
        self.use(await start(self._from_backend(lambda: self.backend.fetch(endpoints.GET_SCHEMA))))
        self.editions = await start(self._from_backend(self._all_editions))
        self.background(self.registration.run)
        self.background(self.sync.run)
        self.background(self._feed)
        self.background(self.heartbeat.run)
        if self.config.dice_emoji:
            self.background(self._dice_emoji.run)

    async def drain(self) -> None:
        """Finish what has begun: answers to interactions, posts, edits and direct messages. Meanwhile whoever presses
        something is answered too; only then the connections to Discord are closed."""
        log.info("Stopping: what has begun is finished first")
        self.feed.finish()
        outgoing = (
            self.tracker.settled(),
            self.live_messages.settled(),
            self.notifications.settled(),
            self.bridge.settled(),
        )
        late = await draining.finish([*draining.begun(), *outgoing], draining.FINISH)
        await self.feed.report_positions()
        for shard in self.shards.values():
            await shard.disconnect()
        late += await draining.finish(draining.begun(), draining.LAST)
        if late:
            log.warning("%d answers or posts were not finished in time", late)
        await self.heartbeat.goodbye()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await super().close()
        await self.backend.close()

    def background(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run this work beside everything else; after a defect it is reported and started again."""
        task = start(self._kept_alive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _kept_alive(self, work: Callable[[], Awaitable[None]]) -> None:
        name = getattr(work, "__qualname__", str(work))
        while True:
            try:
                return await work()
            except (
                ConnectionError,
                discord.ConnectionClosed,
            ) as error:  # Discord dropped us in the middle of it
                log.warning("%s lost its connection and starts again: %s", name, error)
                await asyncio.sleep(5)
            except Exception as error:
                log.exception("%s failed and starts again", name)
                self.debug.report("background", name, error)
                await asyncio.sleep(5)

    async def _feed(self) -> None:
        await self.wait_until_ready()
        await self.feed.run()

    @property
    def emoji(self) -> Mapping[str, str]:
        """What stands in a message for a picture, by its name; those that Discord has."""
        return self._dice_emoji.known

    async def _from_backend(self, read: Callable[[], Awaitable[Read]]) -> Read:
        """Wait for a backend that is not up yet: both are usually started at once."""
        wait = START_BACKOFF[0]
        while True:
            try:
                return await read()
            except (BackendDown, BackendError) as error:
                log.warning("Waiting for the backend at %s: %s", self.config.backend_url, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, START_BACKOFF[1])

    async def _all_editions(self) -> dict[int, tuple[str, ...]]:
        """Of every server of this process: known before the first press, and so before the connection to Discord."""
        asked: ListGuilds | None = ListGuilds()
        found: dict[int, tuple[str, ...]] = {}
        while asked:
            page = await self.backend.report(endpoints.LIST_GUILDS, asked)
            found |= {
                int(guild.guild_id): tuple(guild.editions)
                for guild in page.results
                if self.served.serves(int(guild.guild_id))
            }
            asked = ListGuilds(after=page.next) if page.next else None
        return found

    # Commands

    def use(self, schema: Schema) -> None:
        """Offer the commands that this schema describes."""
        self.schema = schema
        self.sets = CommandSets(schema)
        self._described.clear()
        self.tree.clear_commands(guild=None)
        for command in self.sets.anywhere():
            self.tree.add_command(command)
        for guild_id in self._offered:
            self._offer(guild_id)
        if self.is_first:
            self.registration.ask(None)
        for guild in self.guilds:
            self.registration.ask(guild.id)

    @property
    def invite_url(self) -> str:
        """Where somebody adds this bot to a server of theirs."""
        return invite_url(
            self.config.authorize, str(self.application_id), bridges=self.config.message_content
        )

    def command_ids(self, guild_id: int | None) -> CommandIds:
        """The ids of the commands that Discord has of a place, by name; none while that is not known."""
        return self.registration.ids.get(guild_id, {})

    def commands_for(self, guild_id: int | None) -> list[AppCommand]:
        """The commands of a server, or of direct messages."""
        if guild_id is None:
            return [command for command in self.sets.anywhere() if not command.guild_only]
        return self.sets.of(*self.editions.get(guild_id, ()))

    def set_editions(self, guild_id: int, editions: Iterable[str]) -> None:
        """These are played in the server, the main one first: offer their commands there."""
        self.editions[guild_id] = tuple(editions)
        if guild_id in self._offered:
            self._offer(guild_id)
        self.registration.ask(guild_id)

    async def offer_commands(self, guild_id: int) -> None:
        """Have the commands of a server in the tree. Raises BackendDown or BackendError where its editions cannot be
        learnt; a server that the backend does not know plays what every new one does."""
        if guild_id not in self.editions:
            await self._learn_editions(guild_id)
        if guild_id not in self._offered:
            self._offer(guild_id)

    async def _learn_editions(self, guild_id: int) -> None:
        try:
            async with asyncio.timeout(LEARN_WITHIN):
                found = await self.backend.report(endpoints.LIST_GUILDS, ListGuilds(guild_id=str(guild_id)))
        except TimeoutError:
            raise BackendDown("no answer about the editions", maybe_done=False) from None
        for guild in found.results:
            self.set_editions(guild_id, guild.editions)

    def _offer(self, guild_id: int) -> None:
        guild = discord.Object(guild_id)
        self._offered.add(guild_id)
        self.tree.clear_commands(guild=guild)
        for command in self.commands_for(guild_id):
            self.tree.add_command(command, guild=guild)

    def _description(self, place: Place) -> Described | None:
        """What Discord is told of the commands of a place; None while nobody knows what is played there."""
        if place is not None and (place not in self.editions or self.get_guild(place) is None):
            return None
        editions = None if place is None else self.editions[place]
        if editions not in self._described:
            describe = descriptions.for_direct_messages if place is None else descriptions.for_server
            self._described[editions] = Described.of(describe(self.commands_for(place), self.tree))
        return self._described[editions]

    def _set_played(self, frame: EditionsPlayed) -> None:
        """What the backend tells of servers, at the start of the feed and when something changed."""
        for guild_id, language in frame.languages.items():
            self.languages.choose(int(guild_id), language)
        for guild_id, editions in frame.guilds.items():
            if self.editions.get(int(guild_id)) != tuple(editions):
                self.set_editions(int(guild_id), editions)

    async def _update_schema(self) -> None:
        """After a backend came back: a new one may have other traits."""
        try:
            schema = await self.backend.fetch(endpoints.GET_SCHEMA)
        except (BackendDown, BackendError) as error:
            log.warning("The schema was not updated: %s", error)
            return
        if schema.hash != self.schema.hash:
            log.info("The traits have changed; updating the commands")
            self.use(schema)

    # Events of Discord

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Report a defect in one of the handlers below; the gateway goes on."""
        log.exception("%s failed", event_method)
        if error := sys.exc_info()[1]:
            self.debug.report("event", event_method, error)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle forms, and presses of unknown buttons; discord.py dispatches the rest."""
        INTERACTION.set(str(interaction.id))
        if interaction.type is discord.InteractionType.application_command:
            self.heartbeat.command()
        if interaction.type is discord.InteractionType.modal_submit:
            await forms.submit(interaction, FORMS)
        if interaction.type is discord.InteractionType.component and not is_known(interaction):
            await respond(interaction, _ready(Reply(content=_(OUTDATED))))

    async def on_ready(self) -> None:
        log.info("Ready as %s on %d servers", self.user, len(self.guilds))
        self.background(self._note_departures)

    async def _note_departures(self) -> None:
        """Report the servers that the bot left while nobody listened: READY names every one that it is in."""
        for guild_id in await self._from_backend(self._all_editions):
            if self.get_guild(guild_id) is None:
                self.left(guild_id)

    def arrived(self, guild: discord.Guild) -> None:
        self.registration.ask(guild.id)
        super().arrived(guild)

    def left(self, guild_id: int) -> None:
        self.editions.pop(guild_id, None)
        self.registration.forget(guild_id)
        self._offered.discard(guild_id)
        self.tree.clear_commands(guild=discord.Object(guild_id))
        super().left(guild_id)
