"""The bot itself: what it listens to, and the parts it holds together. It keeps nothing that a restart
would lose."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any, cast

import discord
from discord import app_commands

from rodbot import command_sets, forms
from rodbot.characters import buttons as components
from rodbot.characters import history
from rodbot.characters.names import NameCache
from rodbot.command_sets import CommandSets, Made
from rodbot.conflicts import message as conflict_components
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.config import Config
from rodbot.core.debug_channel import DebugChannel
from rodbot.core.models import Schema
from rodbot.core.rate_limit import Throttle
from rodbot.core.respond import Reply, note, run
from rodbot.desk import submissions as desk_components
from rodbot.dice import buttons as dice_components
from rodbot.dice import requests as request_components
from rodbot.feed.connection import Feed
from rodbot.feed.live_messages import FollowedMessages
from rodbot.feed.notifications import Letters
from rodbot.feed.tracker import Tracker
from rodbot.servers.commands import StorytellerRoles
from rodbot.servers.sync import ServerSync

log = logging.getLogger(__name__)

SCHEMA_BACKOFF = (0.5, 15.0)
PERSISTENT: tuple[type[discord.ui.DynamicItem[Any]], ...] = (
    components.Delete,
    components.Keep,
    components.Restore,
    components.Find,
    components.FindPage,
    components.Undo,
    history.HistoryPage,
    StorytellerRoles,
    *dice_components.PERSISTENT,
    *request_components.PERSISTENT,
    *desk_components.PERSISTENT,
    *conflict_components.PERSISTENT,
)


OUTDATED = "This button is from an earlier version of the bot. Please use the command again."


def is_known(interaction: discord.Interaction[Any]) -> bool:
    custom_id = cast(dict[str, Any], interaction.data or {}).get("custom_id", "")
    return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in PERSISTENT)


class Tree(app_commands.CommandTree["RodBot"]):
    """Commands answer for themselves (`respond.run`); here ends what discord.py itself finds wrong."""

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
            reply = Reply(content=note(interaction, error).sentence)
        if not interaction.response.is_done():
            await run(interaction, _ready(reply))


async def _ready(reply: Reply) -> Reply:
    return reply


class RodBot(discord.AutoShardedClient):
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
        self.backend = backend or Backend(config.backend_url, config.api_key)
        self.tree = Tree(self)
        self.debug = DebugChannel(self, config.debug_channel)
        self.names = NameCache()
        self.throttle = Throttle()
        self.sync = ServerSync(self.backend, self.get_guild, self.edition_known)
        self.tracker = Tracker(self, config.sandbox, lambda shown: self.feed.posted(shown))
        self.followed = FollowedMessages(self)
        self.letters = Letters(self)
        self.feed = Feed(
            config.gateway_url,
            config.api_key,
            self.tracker.show,
            self.followed.show,
            self._backend_came_back,
            self.letters.deliver,
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
        """Run it beside everything else; a defect in it is reported and it starts again."""
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
        """Waits for a backend that is not up yet: starting both at once is the usual case."""
        wait = SCHEMA_BACKOFF[0]
        while True:
            try:
                return await self.backend.schema()
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
        for made in self.sets.anywhere():
            self.tree.add_command(made)
        self.refresh_commands(None)
        for guild_id, edition in self.editions.items():
            self.edition_known(guild_id, edition)

    def commands_for(self, guild_id: int | None) -> list[Made]:
        if guild_id is None:
            return [made for made in self.sets.anywhere() if not made.guild_only]
        return self.sets.of(self.editions.get(guild_id, ""))

    def edition_known(self, guild_id: int, edition: str) -> None:
        self.editions[guild_id] = edition
        guild = discord.Object(guild_id)
        self.tree.clear_commands(guild=guild)
        for made in self.commands_for(guild_id):
            self.tree.add_command(made, guild=guild)
        self.refresh_commands(guild_id)

    def refresh_commands(self, guild_id: int | None) -> None:
        """Tell Discord, if it does not know. Several wishes for one guild become one."""
        if guild_id in self._registering:
            return
        self._registering.add(guild_id)
        self.background(lambda: self._register(guild_id))

    async def _register(self, guild_id: int | None) -> None:
        await asyncio.sleep(0)
        self._registering.discard(guild_id)
        made = self.commands_for(guild_id)
        payloads = command_sets.for_direct_messages if guild_id is None else command_sets.for_server
        try:
            await command_sets.register(self, self.application_id or 0, guild_id, payloads(made, self.tree))
        except discord.Forbidden:
            log.warning("Guild %s did not let the bot have commands", guild_id)

    def _backend_came_back(self) -> None:
        """It may be a newer one, with other traits."""
        self.background(self._look_at_schema)

    async def _look_at_schema(self) -> None:
        try:
            schema = await self.backend.schema()
        except (BackendDown, BackendError) as error:
            log.warning("No schema this time: %s", error)
            return
        if schema.hash != self.schema.hash:
            log.info("The traits have changed; commands follow")
            self.use(schema)

    # What happens on Discord

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """A defect in one of the handlers below; the gateway goes on."""
        error = sys.exc_info()[1]
        log.exception("%s failed", event_method)
        if error:
            self.debug.report("event", event_method, error)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms, and presses that nobody else knows: the rest finds its way inside discord.py."""
        if interaction.type is discord.InteractionType.modal_submit:
            await forms.submitted(interaction)
        if interaction.type is discord.InteractionType.component and not is_known(interaction):
            await run(interaction, _ready(Reply(content=OUTDATED)))

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
