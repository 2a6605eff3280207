"""The channel layer of Redis, with a way to send for threads: an event loop would take longer than Redis does."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from redis import Redis

PATIENCE = 5.0  # seconds


class Layer(RedisPubSubChannelLayer):
    """Configured as `channels_redis.pubsub.RedisPubSubChannelLayer`; hosts are addresses."""

    def send_now(self, messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Each `(group, message)` to whoever listens, those for one host in one go. Raises RedisError, OSError."""
        lines = defaultdict(list)
        for group, message in messages:
            # Names and shards are those that listeners use, as the library makes them.
            channel = self._names._get_group_channel_name(group)
            lines[self._names._get_shard(channel).host["address"]].append((channel, self.serialize(message)))
        for address, waiting in lines.items():
            with self._line_to(address).pipeline(transaction=False) as line:
                for channel, content in waiting:
                    line.publish(channel, content)
                line.execute()

    @cached_property
    def _names(self) -> RedisPubSubLoopLayer:
        return RedisPubSubLoopLayer(*self._args, channel_layer=self, **self._kwargs)

    @cached_property
    def _lines(self) -> dict[str, Redis]:
        return {}

    def _line_to(self, address: str) -> Redis:
        if address not in self._lines:
            self._lines[address] = Redis.from_url(
                address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            )
        return self._lines[address]
