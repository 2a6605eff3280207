"""Discord's events about what is in a server: each goes to the mirror of it."""

import discord

from rodbot.core.sharded import Sharded
from rodbot.servers.sync import ServerSync


class Mirroring(Sharded):
    """A client whose servers, roles, channels and members are mirrored. `everyone`: their rights may have changed."""

    sync: ServerSync

    def arrived(self, guild: discord.Guild) -> None:
        """The bot is in this server."""
        self.sync.guild(guild, everyone=True)

    def left(self, guild_id: int) -> None:
        """The bot is no longer in this server."""
        self.sync.gone(guild_id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.arrived(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.arrived(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.left(guild.id)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        self.sync.guild(after, everyone=before.owner_id != after.owner_id)

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

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        self.sync.thread_deleted(payload.guild_id, payload.thread_id)

    async def on_member_join(self, member: discord.Member) -> None:
        self.sync.member(member)

    async def on_member_changed(self, member: discord.Member) -> None:
        self.sync.member(member)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        self.sync.left(payload.guild_id, payload.user)
