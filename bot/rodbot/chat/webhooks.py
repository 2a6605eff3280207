"""The bot's webhook of each bridged channel: found among those that are there, or made."""

import asyncio

import discord

from contract.bridges import Problem
from rodbot.chat.saying import webhook_name

FULL = 30007


class NoWebhook(Exception):
    """There is none, and none can be made; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Webhooks:
    """Those of the channels that something was posted in; `ids`: what they post is ours."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._known: dict[int, discord.Webhook] = {}
        self._lock = asyncio.Lock()
        self.ids: set[int] = set()

    async def of(self, guild_id: int, channel_id: int) -> discord.Webhook:
        """Raises NoWebhook."""
        async with self._lock:
            if channel_id not in self._known:
                self._known[channel_id] = await self._find(guild_id, channel_id)
                self.ids.add(self._known[channel_id].id)
            return self._known[channel_id]

    def forget(self, channel_id: int) -> None:
        """Somebody deleted it."""
        self._known.pop(channel_id, None)

    async def _find(self, guild_id: int, channel_id: int) -> discord.Webhook:
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel(channel_id) if guild else None
        if not isinstance(channel, discord.TextChannel):
            raise NoWebhook("no_access")
        try:
            for webhook in await channel.webhooks():
                if webhook.token and webhook.user == self._client.user:
                    return webhook
            name = self._client.user.name if self._client.user else ""
            return await channel.create_webhook(name=webhook_name(name))
        except discord.Forbidden as error:
            raise NoWebhook("no_webhooks") from error
        except discord.HTTPException as error:
            if error.code == FULL:
                raise NoWebhook("full") from error
            raise
