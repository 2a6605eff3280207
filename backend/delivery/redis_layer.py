"""The channel layer of Redis, with a way to send for threads: an event loop takes five times as long to do it."""

from collections.abc import Iterable
from functools import cached_property

from channels_redis.pubsub import RedisPubSubChannelLayer

from delivery.redis_clients import host_of_layer
from delivery.redis_line import RedisLine
from delivery.source import Payload

TIMEOUT = 5.0  # seconds


class RedisLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # of a package without types
    """Configured as `channels_redis.pubsub.RedisPubSubChannelLayer`; `hosts` is one address."""

    def __init__(self, hosts: list[str], prefix: str = "asgi", **config: object) -> None:
        (self._address,) = hosts
        self._prefix = prefix
        super().__init__(hosts=[host_of_layer(self._address)], prefix=prefix, **config)

    def send_now(self, messages: Iterable[tuple[str, Payload]]) -> None:
        """Publish each `(group, message)` in one round trip. Raises RedisError, OSError."""
        self._line.exchange(
            # The name of a group in Redis, as channels-redis listens to it.
            *(
                ("PUBLISH", f"{self._prefix}__group__{group}", self.serialize(message))
                for group, message in messages
            )
        )

    @cached_property
    def _line(self) -> RedisLine:
        return RedisLine(self._address, TIMEOUT)
