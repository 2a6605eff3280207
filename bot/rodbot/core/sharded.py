"""The client of a process that runs some of the bot's shards, or all of them."""

from typing import Any

import discord
from yarl import URL

from contract.shards import Shards
from rodbot.core.backend import Backend
from rodbot.core.config import Config
from rodbot.core.identify import SessionStarts
from rodbot.core.tasks import start


class Sharded(discord.AutoShardedClient):
    """Its shards begin in turn, with those of the bot's other processes. It keeps no members but the bot's own. The
    options are those of a client."""

    def __init__(self, config: Config, backend: Backend, **options: Any) -> None:
        if config.shards:
            options |= {"shard_count": config.shards.count, "shard_ids": list(config.shards.ids)}
        super().__init__(member_cache_flags=discord.MemberCacheFlags.none(), max_messages=None, **options)
        parsers = self._connection.parsers
        self._parse_member_update = parsers["GUILD_MEMBER_UPDATE"]
        parsers["GUILD_MEMBER_UPDATE"] = self._member_updated
        self.config = config
        self.backend = backend
        self.session_starts = SessionStarts(backend, self._gateway_limits)
        self._has_turn: set[int] = set()

    @property
    def served(self) -> Shards:
        """The shards of this process. What Discord recommends is known once it has answered."""
        count = self.shard_count or 1
        return self.config.shards or Shards(count, 0, count - 1)

    @property
    def is_first(self) -> bool:
        """Whether this process does what the bot does once: commands everywhere, emoji, direct messages."""
        return 0 in self.served.ids

    def may_ask(self, shard_id: int) -> bool:
        """Whether this shard takes a question now: Discord closes a connection with over 120 a minute."""
        shard = self.get_shard(shard_id)
        return shard is not None and not shard.is_ws_ratelimited()

    def _member_updated(self, data: Any) -> None:
        """Dispatch `member_changed`, also for the change of a name: discord.py tells of members that it keeps alone."""
        self._parse_member_update(data)
        if guild := self.get_guild(int(data["guild_id"])):
            self.dispatch("member_changed", discord.Member(data=data, guild=guild, state=self._connection))

    async def launch_shards(self) -> None:
        if self._takes_turns:
            await start(self.session_starts.enough(len(self.served.ids) if self.config.shards else None))
        await super().launch_shards()

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        """Wait for the shard's turn before its connection is open: in a large bot that takes minutes."""
        if self._takes_turns:
            await start(self.session_starts.turn(shard_id))
            self._has_turn.add(shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if shard_id in self._has_turn:
            self._has_turn.discard(shard_id)
        elif self._takes_turns:
            await start(self.session_starts.turn(shard_id or 0))

    @property
    def _takes_turns(self) -> bool:
        """A sandbox takes one process at any time."""
        return not self.config.sandbox or self.config.shards is not None

    async def _gateway_limits(self) -> tuple[int, discord.SessionStartLimits]:
        shards, _, limits = await self.http.get_bot_gateway()
        return shards, discord.SessionStartLimits(**limits)
