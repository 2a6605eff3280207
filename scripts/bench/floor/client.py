"""A bare client of discord.py, which takes its servers and does nothing: `… -m scripts.bench.floor.client 0-1/4`."""

import asyncio
import os
import sys

import discord
from yarl import URL


class Bare(discord.AutoShardedClient):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """It has nobody to wait for."""

    async def on_ready(self) -> None:
        print(f"Ready as {self.user} on {len(self.guilds)} servers", flush=True)


def main(served: str) -> None:
    shards, count = served.split("/")
    first, last = map(int, shards.split("-"))
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY"])
    client = Bare(
        intents=discord.Intents(guilds=True, members=True),
        chunk_guilds_at_startup=False,
        guild_ready_timeout=0.2,
        shard_count=int(count),
        shard_ids=list(range(first, last + 1)),
    )
    asyncio.run(client.start(os.environ["DISCORD_BOT_TOKEN"]))


if __name__ == "__main__":
    main(sys.argv[1])
