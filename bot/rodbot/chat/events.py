"""Discord's events about what is said: each goes to the bridge."""

import discord

from rodbot.chat.bridge import Bridge
from rodbot.core.sharded import Sharded


class Listening(Sharded):
    """A client that hears what is said in bridged channels."""

    bridge: Bridge

    async def on_message(self, message: discord.Message) -> None:
        self.bridge.said(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.bridge.edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.bridge.deleted(payload.channel_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self.bridge.deleted(payload.channel_id, payload.message_ids)

    async def on_shard_ready(self, shard_id: int) -> None:
        self.bridge.connected(guild for guild in self.guilds if guild.shard_id == shard_id)
