"""The channel layer of a Redis Cluster, which channels-redis does not know, by redis-py's client for it.

Plain publish and subscribe: every node passes on what is published to all others, so a process listens on one node, any
of them, and publishes to one that answers. With sharded channels it would listen on every master, and miss what is
published in the shard of one that fails; with these it misses nothing unless its own node fails. It says so then
(`receive` raises), and the hub calls again, on another node.
"""

import asyncio
from collections import defaultdict
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from channels_redis.serializers import registry
from redis.asyncio.client import PubSub

from delivery.redis_clients import REDIS_ERRORS, async_cluster
from delivery.redis_layer import TIMEOUT, SharedLayer
from delivery.source import Payload

POLL = 1.0  # seconds
Heard = bytes | Exception


class ClusterLayer(SharedLayer):
    """Configured as `RedisLayer`."""

    def __init__(self, hosts: list[str], prefix: str = "asgi") -> None:
        (self.address,) = hosts
        self.prefix = prefix
        self._serializer = registry.get_serializer("msgpack")
        self._buses: WeakKeyDictionary[asyncio.AbstractEventLoop, _Bus] = WeakKeyDictionary()

    def serialize(self, message: Payload) -> bytes:
        return bytes(self._serializer.serialize(message))

    async def new_channel(self, prefix: str = "specific.") -> str:
        channel = f"{self.prefix}{prefix}{uuid4().hex}"
        await self._bus.listen(channel, channel)
        return channel

    async def receive(self, channel: str) -> dict[str, Any]:
        """Return the next message. Raises REDIS_ERRORS when the node that the process listened on failed."""
        heard = await self._bus.queues[channel].get()
        if isinstance(heard, Exception):
            raise heard
        return dict(self._serializer.deserialize(heard))

    def waits(self, channel: str) -> bool:
        return not self._bus.queues[channel].empty()

    async def send(self, channel: str, message: Payload) -> None:
        await self._bus.publish(channel, self.serialize(message))

    async def group_add(self, group: str, channel: str) -> None:
        await self._bus.listen(self.name_of(group), channel)

    async def group_discard(self, group: str, channel: str) -> None:
        await self._bus.leave(self.name_of(group), channel)

    async def group_send(self, group: str, message: Payload) -> None:
        await self._bus.publish(self.name_of(group), self.serialize(message))

    async def flush(self) -> None:
        """Close the connections and forget all channels."""
        if bus := self._buses.pop(asyncio.get_running_loop(), None):
            await bus.close()

    @property
    def _bus(self) -> "_Bus":
        loop = asyncio.get_running_loop()
        if loop not in self._buses:
            self._buses[loop] = _Bus(self.address)
        return self._buses[loop]


class _Bus:
    """What one event loop hears and says."""

    def __init__(self, address: str) -> None:
        self._client = async_cluster(address, TIMEOUT)
        self._pubsub: PubSub | None = None
        self._reading: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        # Name in Redis → the channels that hear it.
        self._listeners: defaultdict[str, set[str]] = defaultdict(set)
        self.queues: defaultdict[str, asyncio.Queue[Heard]] = defaultdict(asyncio.Queue)

    async def listen(self, name: str, channel: str) -> None:
        async with self._lock:
            if self._pubsub is None:
                await self._client.initialize()
                self._pubsub = self._client.pubsub(node=self._client.get_random_node())
            if not self._listeners[name]:
                await self._pubsub.subscribe(name)
            self._listeners[name].add(channel)
            if self._reading is None:
                self._reading = asyncio.create_task(self._read(self._pubsub))

    async def leave(self, name: str, channel: str) -> None:
        async with self._lock:
            self._listeners[name].discard(channel)
            if self._pubsub is not None and not self._listeners[name]:
                del self._listeners[name]
                await self._pubsub.unsubscribe(name)

    async def publish(self, name: str, data: bytes) -> None:
        await self._client.execute_command("PUBLISH", name, data, target_nodes=self._client.DEFAULT_NODE)

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        try:
            if self._pubsub is not None:
                await self._pubsub.aclose()
        finally:
            await self._client.aclose()

    async def _read(self, pubsub: PubSub) -> None:
        try:
            while True:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=POLL)
                if message is not None:
                    self._hand_out(message["channel"].decode(), message["data"])
        except REDIS_ERRORS as error:
            for queue in self.queues.values():
                queue.put_nowait(error)

    def _hand_out(self, name: str, data: bytes) -> None:
        for channel in self._listeners.get(name, ()):
            self.queues[channel].put_nowait(data)
