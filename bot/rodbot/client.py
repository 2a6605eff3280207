"""The Discord client: wires the areas together and hands them Discord's events. It keeps nothing that a restart
would lose."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable

import discord
from discord import app_commands

from contract import endpoints
from contract.schema import Schema
from rodbot import command_sets
from rodbot.command_sets import CommandSets
from rodbot.core import forms
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.config import Config
from rodbot.core.debug_channel import DebugChannel
from rodbot.core.discord_types import AppCommand, Interaction, custom_id_of
from rodbot.core.rate_limit import RateLimiter
from rodbot.core.reply import Reply
from rodbot.core.respond import report, respond
from rodbot.core.suggestions import SuggestionCache
from rodbot.feed.calls import FeedCalls
from rodbot.feed.connection import Feed
from rodbot.feed.live_messages import LiveMessages
from rodbot.feed.notifications import Notifications
from rodbot.feed.tracker import Tracker
from rodbot.registry import FORMS, PERSISTENT
from rodbot.servers.sync import ServerSync

log = logging.getLogger(__name__)

SCHEMA_BACKOFF = (0.5, 15.0)
OUTDATED = "This button is from an earlier version of the bot. Please use the command again."


def is_known(interaction: Interaction) -> bool:
    """Whether one of our persistent items answers this press."""
    custom_id = custom_id_of(interaction)
    return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in PERSISTENT)


class Tree(app_commands.CommandTree["RodBot"]):
    """Answers the errors that discord.py itself finds; commands answer their own (`core/respond.py`)."""

    async def on_error(
        self, interaction: discord.Interaction["RodBot"], error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            log.warning("No completions: %s", error)
            if not interaction.response.is_done():
                await interaction.response.autocomplete([])
            return
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            self.client.refresh_commands(interaction.guild_id)
            reply = Reply(content="This command has just changed. Please try it again in a minute.")
        else:
            reply = Reply(content=report(interaction, error).sentence)
        if not interaction.response.is_done():
            await respond(interaction, _ready(reply))


async def _ready(reply: Reply) -> Reply:
    return reply


class RodBot(discord.AutoShardedClient):
    """The running bot. Commands see it as `core.bot.Bot`."""

    schema: Schema
    sets: CommandSets

    def __init__(self, config: Config, backend: Backend | None = None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, members=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.2 if config.sandbox else 2.0,
        )
        self.config = config
        self.backend = backend or Backend(config.backend_url, config.api_key.get_secret_value())
        self.tree = Tree(self)
        self.debug = DebugChannel(self, config.debug_channel)
        self.suggestions = SuggestionCache()
        self.limiter = RateLimiter()
        self.sync = ServerSync(self.backend, self.get_guild, self.set_edition)
        self.tracker = Tracker(self, config.sandbox, lambda post: self.feed.posted(post))
        feed_calls = FeedCalls(self.backend)
        self.live_messages = LiveMessages(self, feed_calls, config.sandbox)
        self.notifications = Notifications(self, feed_calls)
        self.feed = Feed(
            config.gateway_url,
            config.api_key.get_secret_value(),
            self.tracker.post,
            self.live_messages.show,
            self.notifications.deliver,
            self._backend_came_back,
        )
        self.editions: dict[int, str] = {}
        self._registering: set[int | None] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # Start and stop

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*PERSISTENT)
        self.use(await self._first_schema())
        self.background(self.sync.run)
        self.background(self._feed)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await super().close()
        await self.backend.close()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not self.config.sandbox:
            await super().before_identify_hook(shard_id, initial=initial)

    def background(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run this work beside everything else; after a defect it is reported and started again."""
        task = asyncio.create_task(self._kept_alive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _kept_alive(self, work: Callable[[], Awaitable[None]]) -> None:
        name = getattr(work, "__qualname__", str(work))
        while True:
            try:
                return await work()
            except Exception as error:
                log.exception("%s failed and starts again", name)
                self.debug.report("background", name, error)
                await asyncio.sleep(5)

    async def _feed(self) -> None:
        await self.wait_until_ready()
        await self.feed.run()

    async def _first_schema(self) -> Schema:
        """Wait for a backend that is not up yet: both are usually started at once."""
        wait = SCHEMA_BACKOFF[0]
        while True:
            try:
                return await self.backend.fetch(endpoints.GET_SCHEMA)
            except (BackendDown, BackendError) as error:
                log.warning("Waiting for the backend at %s: %s", self.config.backend_url, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, SCHEMA_BACKOFF[1])

    # Commands

    def use(self, schema: Schema) -> None:
        """Offer the commands that this schema describes. Until a server's edition is known the first one
        stands in."""
        self.schema = schema
        self.sets = CommandSets(schema)
        self.tree.clear_commands(guild=None)
        for command in self.sets.anywhere():
            self.tree.add_command(command)
        self.refresh_commands(None)
        for guild_id, edition in self.editions.items():
            self.set_edition(guild_id, edition)

    @property
    def edition_names(self) -> Iterable[str]:
        """The editions that a server can play."""
        return self.sets.by_edition

    def commands_for(self, guild_id: int | None) -> list[AppCommand]:
        """The commands of a server, or of direct messages."""
        if guild_id is None:
            return [command for command in self.sets.anywhere() if not command.guild_only]
        return self.sets.of(self.editions.get(guild_id, ""))

    def set_edition(self, guild_id: int, edition: str) -> None:
        """Offer the commands of this edition in the server."""
        self.editions[guild_id] = edition
        guild = discord.Object(guild_id)
        self.tree.clear_commands(guild=guild)
        for command in self.commands_for(guild_id):
            self.tree.add_command(command, guild=guild)
        self.refresh_commands(guild_id)

    def refresh_commands(self, guild_id: int | None) -> None:
        """Register the commands at Discord if they differ. Several calls for one guild become one."""
        if guild_id in self._registering:
            return
        self._registering.add(guild_id)
        self.background(lambda: self._register(guild_id))

    async def _register(self, guild_id: int | None) -> None:
        await asyncio.sleep(0)
        self._registering.discard(guild_id)
        commands = self.commands_for(guild_id)
        payloads = command_sets.for_direct_messages if guild_id is None else command_sets.for_server
        try:
            await command_sets.register(
                self, self.application_id or 0, guild_id, payloads(commands, self.tree)
            )
        except discord.Forbidden:
            log.warning("Guild %s did not let the bot have commands", guild_id)

    def _backend_came_back(self) -> None:
        """A new backend may have other traits."""
        self.background(self._update_schema)

    async def _update_schema(self) -> None:
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
        error = sys.exc_info()[1]
        log.exception("%s failed", event_method)
        if error:
            self.debug.report("event", event_method, error)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle forms, and presses of unknown buttons; discord.py dispatches the rest."""
        if interaction.type is discord.InteractionType.modal_submit:
            await forms.submit(interaction, FORMS)
        if interaction.type is discord.InteractionType.component and not is_known(interaction):
            await respond(interaction, _ready(Reply(content=OUTDATED)))

    async def on_ready(self) -> None:
        log.info("Ready as %s on %d servers", self.user, len(self.guilds))
        for guild in self.guilds:
            self.sync.guild(guild, everyone=True)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.sync.guild(guild, everyone=True)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.sync.guild(guild, everyone=True)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        self.sync.guild(after, everyone=before.owner_id != after.owner_id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.editions.pop(guild.id, None)
        self.tree.clear_commands(guild=guild)
        self.sync.gone(guild)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        self.sync.guild(role.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        self.sync.guild(after.guild, everyone=before.permissions != after.permissions)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self.sync.guild(role.guild, everyone=True)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        self.sync.guild(channel.guild)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        self.sync.guild(after.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.sync.guild(channel.guild)

    async def on_member_join(self, member: discord.Member) -> None:
        self.sync.member(member)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        self.sync.member(after)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        self.sync.left(payload.guild_id, payload.user)

    async def on_user_update(self, before: discord.User, after: discord.User) -> None:
        for guild in after.mutual_guilds:
            member = guild.get_member(after.id)
            if member:
                self.sync.member(member)
