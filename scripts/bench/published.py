"""What the platform's gateway does of a fan-out, alone: from a message in Redis to the last of its viewers.

The message is a real event's, as a writer published it, given out again under the next number. The floors get the frame
that is in it, each on a channel of its own, and do nothing but write it to every socket.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it tells no types
from redis.asyncio import Redis

from scripts.bench.client import Answer, Http

DONE = Answer(200, b"{}")
# Members see this one (`rules.visibility.TABLE`).
LEVEL = "1"
Send = Callable[[Http], Awaitable[Answer]]


async def overheard(
    redis: Redis, stream: str, change: Callable[[], Awaitable[Any]]
) -> tuple[str, dict[str, Any]]:
    """`(channel, message)`: what `change` makes a writer publish for that stream."""
    pattern = f"*gateway.stream.{stream.partition(':')[2]}"
    async with redis.pubsub() as ear:
        await ear.psubscribe(pattern)
        await ear.get_message(timeout=5)
        await change()
        async with asyncio.timeout(10):
            while (heard := await ear.get_message(ignore_subscribe_messages=True, timeout=5)) is None:
                pass
    return heard["channel"].decode(), msgpack.unpackb(heard["data"])


class Publisher:
    """Sends an event's message again and again, each time under the next number, so that hubs hand it out."""

    def __init__(self, redis: Redis, channel: str, message: dict[str, Any]) -> None:
        self._redis = redis
        self._channel = channel
        self._message = message
        self._seq = self._first = message["seq"]

    async def to_hub(self, http: Http) -> Answer:
        await self._redis.publish(self._channel, msgpack.packb(self._next()))
        return DONE

    def to(self, channel: str) -> Send:
        """Only the frame, for who knows nothing of events."""

        async def send(http: Http) -> Answer:
            await self._redis.publish(channel, self._next()["frames"][LEVEL])
            return DONE

        return send

    def _next(self) -> dict[str, Any]:
        self._seq += 1
        old, new = f'"seq":{self._first},', f'"seq":{self._seq},'
        frames = {level: text and text.replace(old, new) for level, text in self._message["frames"].items()}
        return self._message | {"seq": self._seq, "frames": frames}
