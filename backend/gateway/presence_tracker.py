"""Presence of the people on this process's sockets: signs of life in, announcements out."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from django.db import transaction

from chronicle.services import set_members_online
from delivery.database import Database
from delivery.hub import AnyHub
from delivery.options import Options
from delivery.publish import publish
from delivery.source import SourceUnavailable
from discordauth import services as users
from gateway.batching import Batcher
from gateway.constants import CONTROL_GROUP
from gateway.presence import OFFLINE, StatusChange, make
from gateway.presence_cache import PresenceCache

log = logging.getLogger(__name__)


def is_shared(stream: str) -> bool:
    """In one's own stream there is nobody else, and no presence."""
    return not stream.startswith("user:")


class PresenceTracker:
    def __init__(self, hub: AnyHub, database: Database, options: Options) -> None:
        self._hub = hub
        self._database = database
        self._options = options
        self._store = make()
        self._set_online = Batcher(database, hub.spawn, _set_online)
        self.cache = PresenceCache(self._store, hub, options.presence_batch)

    def start(self) -> None:
        self._hub.spawn(self._sweep())

    async def stop(self) -> None:
        await self._store.stop()

    async def touch(
        self, user: str, socket: str, status: str, streams: Iterable[str], seconds: float
    ) -> None:
        """A sign of life of one socket, which looks at these streams; good for so many seconds."""
        shared = [name for name in streams if is_shared(name)]
        change = await self._store.touch(user, socket, status, shared, seconds)
        if change:
            await self._announce(change)

    async def enter(self, user: str, socket: str, status: str, stream: str) -> None:
        """Somebody comes to a stream; afterwards the cache knows who is there."""
        if is_shared(stream):
            await self.touch(user, socket, status, [stream], self._options.silence)
            await self.cache.read(stream)

    async def sockets(self) -> dict[str, int]:
        """How many sockets of whom are open, in all processes."""
        return await self._store.sockets()

    async def _announce(self, change: StatusChange) -> None:
        if change.streams:
            user, status, streams, _ = change
            message = {"type": "presence", "user": user, "status": status, "streams": streams}
            publish(CONTROL_GROUP, message)
        if change.is_new_status:
            try:
                await self._set_online.load((change.user, change.status != OFFLINE))
            except SourceUnavailable as error:
                log.warning("presence of %s not written: %s", change.user, error)

    async def _sweep(self) -> None:
        """Announce the people whose time ran out."""
        await self._reconcile()
        while True:
            await asyncio.sleep(self._options.presence_sweep)
            for change in await self._store.sweep():
                await self._announce(change)
            self.cache.forget_unused()

    async def _reconcile(self) -> None:
        """Mark people offline whom the database still calls online because a process died with what it knew."""
        try:
            online = await self._database.run(users.online)
            statuses = await self._store.statuses(online)
            gone = [(user_id, False) for user_id, status in statuses.items() if status == OFFLINE]
            await self._database.run(_set_online, gone)
        except SourceUnavailable as error:
            log.warning("presence not reconciled: %s", error)


@transaction.atomic
def _set_online(changes: Sequence[tuple[str, bool]]) -> Sequence[None]:
    users.set_online(changes)
    set_members_online(changes)
    return [None] * len(changes)
