"""The channel layer of Redis, with a way to send for threads: an event loop takes five times as long to do it."""

from collections.abc import Iterable
from functools import cached_property

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from delivery.source import Payload

TIMEOUT = 5.0  # seconds


class RedisLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # of a package without types
    """Configured as `channels_redis.pubsub.RedisPubSubChannelLayer`; `hosts` is one address."""

    def __init__(self, hosts: list[str], prefix: str = "asgi", **config: object) -> None:
        (self._address,) = hosts
        self._prefix = prefix
        super().__init__(hosts=hosts, prefix=prefix, **config)

    def send_now(self, messages: Iterable[tuple[str, Payload]]) -> None:
        """Publish each `(group, message)` in one round trip. Raises RedisError, OSError."""
        with self._client.pipeline(transaction=False) as pipeline:
            for group, message in messages:
                # The name of a group in Redis, as channels-redis listens to it.
                pipeline.publish(f"{self._prefix}__group__{group}", self.serialize(message))
            pipeline.execute()

    @cached_property
    def _client(self) -> Redis:
        # Once more at once: the connection may be one to a Redis that was started again since.
        retry = Retry(NoBackoff(), 1)
        return Redis.from_url(
            self._address, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry
        )
