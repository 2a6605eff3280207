"""A channel layer as bad as the contract of channel layers allows: at most once."""

import itertools
from collections.abc import Iterable
from typing import Any

from delivery.redis_layer import RedisLayer

LOST = 10
_messages = itertools.count(1)


class LossyLayer(RedisLayer):
    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if next(_messages) % LOST:
            await super().group_send(group, message)

    def send_now(self, messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
        super().send_now([message for message in messages if next(_messages) % LOST])
