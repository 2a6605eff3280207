"""The channel layer of Redis, with a way to send for threads: an event loop would take longer than Redis does."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from redis import exceptions
from redis.connection import ConnectionInterface, ConnectionPool

PATIENCE = 5.0  # seconds


class Layer(RedisPubSubChannelLayer):
    """Configured as `channels_redis.pubsub.RedisPubSubChannelLayer`; hosts are addresses."""

    def send_now(self, messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Each `(group, message)` to whoever listens, those for one host in one go. Raises RedisError, OSError."""
        lines = defaultdict(list)
        for group, message in messages:
            # Names and shards are those that listeners use, as the library makes them.
            channel = self._names._get_group_channel_name(group)
            lines[self._names._get_shard(channel).host["address"]].append(
                ("PUBLISH", channel, self.serialize(message))
            )
        for address, commands in lines.items():
            line = self._line_to(address)
            try:
                _exchange(line, commands)
            except (
                exceptions.ConnectionError
            ):  # it may be a connection to a Redis that was started again since
                line.disconnect()
                _exchange(line, commands)

    @cached_property
    def _names(self) -> RedisPubSubLoopLayer:
        return RedisPubSubLoopLayer(*self._args, channel_layer=self, **self._kwargs)

    @cached_property
    def _lines(self) -> dict[str, ConnectionInterface]:
        return {}

    def _line_to(self, address: str) -> ConnectionInterface:
        if address not in self._lines:
            patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
            self._lines[address] = ConnectionPool.from_url(address, **patience).make_connection()
        return self._lines[address]


def _exchange(line: ConnectionInterface, commands: list[tuple[Any, ...]]) -> None:
    """Below the library's client, which costs more than the sending. Raises RedisError, OSError."""
    line.send_packed_command(line.pack_commands(commands))
    for _ in commands:
        line.read_response()
