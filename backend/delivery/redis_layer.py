"""The channel layer of Redis, with a way to send for threads: an event loop takes five times as long to do it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property

from channels_redis.pubsub import RedisPubSubChannelLayer

from delivery.redis_clients import host_of_layer
from delivery.redis_line import ClusterLine, RedisLine, line
from delivery.source import Payload

TIMEOUT = 5.0  # seconds


class SharedLayer(ABC):
    """A channel layer that processes share."""

    prefix: str
    address: str

    @abstractmethod
    def serialize(self, message: Payload) -> bytes: ...

    @abstractmethod
    def waits(self, channel: str) -> bool:
        """Whether `receive` has a message for this channel at once."""

    def send_now(self, messages: Iterable[tuple[str, Payload]]) -> None:
        """Publish each `(group, message)`, to one server in one round trip. Raises REDIS_ERRORS."""
        self._line.exchange(
            *(("PUBLISH", self.name_of(group), self.serialize(message)) for group, message in messages)
        )

    def name_of(self, group: str) -> str:
        """The name of a group in Redis, as channels-redis listens to it."""
        return f"{self.prefix}__group__{group}"

    @cached_property
    def _line(self) -> RedisLine | ClusterLine:
        return line(self.address, TIMEOUT)


class RedisLayer(RedisPubSubChannelLayer, SharedLayer):  # type: ignore[misc]  # of a package without types
    """Configured as `channels_redis.pubsub.RedisPubSubChannelLayer`; `hosts` is one address."""

    def __init__(self, hosts: list[str], prefix: str = "asgi", **config: object) -> None:
        (self.address,) = hosts
        self.prefix = prefix
        super().__init__(hosts=[host_of_layer(self.address)], prefix=prefix, **config)

    def waits(self, channel: str) -> bool:
        queue = self.channels.get(channel)
        return queue is not None and not queue.empty()
