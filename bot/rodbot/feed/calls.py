"""The calls of the bot API that the feed leads to: which messages are live, and who sends a notification."""

from rodbot.core.backend import Backend
from rodbot.core.caller import Caller
from rodbot.core.models import Json


class FeedCalls:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def register(self, caller: Caller, kind: str, target: str, channel: int, message: int) -> Json:
        """Let the feed send updates for a message. The answer has what it shows now (`shows`), and the message that it
        replaces (`replaced`)."""
        body = {"kind": kind, "id": target, "channel": str(channel), "message": str(message)}
        return await self._backend.act("PUT", "/bot/messages", caller, body, suffix="-message")

    async def unregister(self, kind: str, message: int) -> None:
        """Stop the updates for a message that is gone."""
        await self._backend.sync("DELETE", "/bot/messages", {"kind": kind, "message": str(message)})

    async def claim(self, notification: str) -> bool:
        """True once: for the process that sends the notification."""
        data = await self._backend.sync("POST", "/bot/letters/take", {"letter": notification})
        return bool(data["taken"])
