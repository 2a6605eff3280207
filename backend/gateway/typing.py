"""Who is typing in a room: told to the others there, over by itself."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import orjson
from django.utils import timezone

from chat.rooms import room_for
from chat.services.posting import name_in
from delivery.database import Database
from delivery.publish import publish
from delivery.streams import stream_id
from gateway.access import actor
from gateway.constants import stream_group
from gateway.credentials import Identity

SECONDS = 8.0
# A page says it again while somebody types on; what comes sooner than this is no news.
AGAIN = 3.0


class Typing:
    """What one person types on one socket. Whoever looks at a room hears of it; the typist does not."""

    def __init__(self, identity: Identity, database: Database) -> None:
        self._identity, self._database = identity, database
        self._timers: dict[str, asyncio.TimerHandle] = {}
        # Room → what they are called there, and when it was told.
        self._announced: dict[str, tuple[str, float]] = {}

    async def tell(self, room: str, is_typing: bool) -> None:
        """Raises NotFound, NotAllowed."""
        if not is_typing:
            self.end(room)
        elif time.monotonic() - self._announced.get(room, ("", -AGAIN))[1] >= AGAIN:
            name = await self._database.run(typist, self._identity, room)
            self._forget(room)
            self._announced[room] = (name, time.monotonic())
            self._timers[room] = asyncio.get_running_loop().call_later(SECONDS, self.end, room)
            _publish(room, self._identity.user_id, name, on=True)

    def end(self, room: str) -> None:
        """They stopped, posted, left, or said nothing more."""
        name, _ = self._announced.get(room, ("", 0.0))
        if self._forget(room):
            _publish(room, self._identity.user_id, name, on=False)

    def end_all(self) -> None:
        for room in tuple(self._timers):
            self.end(room)

    def _forget(self, room: str) -> bool:
        timer = self._timers.pop(room, None)
        self._announced.pop(room, None)
        if timer is not None:
            timer.cancel()
        return timer is not None


def typist(identity: Identity, room: str) -> str:
    """What somebody is called in a room where they may write. Blocking. Raises NotFound, NotAllowed."""
    principal = actor(identity)
    return name_in(room_for(principal, UUID(stream_id(room)), "send"), principal)


def _publish(room: str, user: str | None, name: str, *, on: bool) -> None:
    until = timezone.now() + timedelta(seconds=SECONDS if on else 0)
    frame = {"type": "chat_typing", "stream": room, "user": user, "name": name, "on": on, "until": until}
    aside = {"type": "stream.aside", "stream": room, "frame": orjson.dumps(frame).decode(), "not_to": user}
    publish(stream_group(stream_id(room)), aside)
