"""The gateway's part of a fan-out alone: from a message in Redis to the last of its viewers.

The message is that of a real event, published again under the next number. The floors get the frame in it, each on a
channel of its own, and only write it to every socket.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypedDict

import msgpack  # type: ignore[import-untyped]  # it has no types
from redis.asyncio import Redis

from scripts.bench.client import Answer, Http

DONE = Answer(200, b"{}")
LEVEL = "1"  # of what members see (`rules.visibility.TABLE`)
Send = Callable[[Http], Awaitable[Answer]]


class Message(TypedDict):
    """What a writer publishes of an event, as far as it is used here."""

    seq: int
    frames: dict[str, str | None]


async def published_by(
    redis: Redis, stream: str, change: Callable[[], Awaitable[object]]
) -> tuple[str, Message]:
    """Return `(channel, message)`: what `change` makes a writer publish for that stream."""
    pattern = f"*gateway.stream.{stream.partition(':')[2]}"
    async with redis.pubsub() as subscription:
        await subscription.psubscribe(pattern)
        await subscription.get_message(timeout=5)
        await change()
        async with asyncio.timeout(10):
            while not (received := await subscription.get_message(ignore_subscribe_messages=True, timeout=5)):
                pass
    return received["channel"].decode(), msgpack.unpackb(received["data"])


class Publisher:
    """Publishes an event's message again and again, each time under the next number, so that hubs deliver it."""

    def __init__(self, redis: Redis, channel: str, message: Message) -> None:
        self._redis = redis
        self._channel = channel
        self._message = message
        self._seq = self._first = message["seq"]

    async def to_hub(self, http: Http) -> Answer:
        await self._redis.publish(self._channel, msgpack.packb(self._next()))
        return DONE

    def to(self, channel: str) -> Send:
        """Publish only the frame, for floors that know nothing of events."""

        async def send(http: Http) -> Answer:
            await self._redis.publish(channel, self._next()["frames"][LEVEL] or "")
            return DONE

        return send

    def _next(self) -> Message:
        self._seq += 1
        old, new = f'"seq":{self._first},', f'"seq":{self._seq},'
        frames = {level: text and text.replace(old, new) for level, text in self._message["frames"].items()}
        return {**self._message, "seq": self._seq, "frames": frames}
