"""Hints that something was said in rooms that nobody here has open: for the marks in a list of rooms.

One message of the layer for each new message and server, whatever the number of its rooms and members; here they are
gathered for a moment, and each viewer hears of the rooms that they see. A hint is sent by rights that are at least as
new as the message.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from delivery.database import Database
from delivery.hub import Hub
from delivery.options import Options
from delivery.source import Message, SourceUnavailable
from delivery.streams import Subscription
from delivery.wire import Out, encode
from gateway.batching import Batcher
from gateway.viewer import Viewer
from gateway.watched_rooms import Watched, WatchRequest, watch_many

log = logging.getLogger(__name__)

# Viewers whose rights are read in one go.
BATCH = 500
SERVER = "server:"


class _Server:
    """What is known of a server that somebody watches. `version`: what the viewers' rights were read at, at least."""

    def __init__(self) -> None:
        self.version = 0
        self.is_stale = False
        # Room → the place of the newest message, by whether all see it or storytellers alone.
        self.said: dict[str, int] = {}
        self.hidden: dict[str, int] = {}
        self.rights = 0
        # One object for all who see the same.
        self.known: dict[Watched, Watched] = {}


class UnreadHints:
    def __init__(self, hub: Hub[Viewer], database: Database, options: Options) -> None:
        self._hub = hub
        self._database = database
        self._seconds = options.unread_batch
        self._load = Batcher(database, hub.spawn, watch_many)
        self._servers: dict[str, _Server] = {}

    async def watch(self, viewer: Viewer, name: str) -> None:
        """From here on this viewer of a server hears of the rooms that they see. Raises SourceUnavailable."""
        server = self._servers.setdefault(name, _Server())
        # There already, so that a change of rights in this moment is not missed.
        viewer.watched[name] = nothing = Watched()
        found = await self._load.load(WatchRequest(viewer.identity, UUID(name.removeprefix(SERVER))))
        if viewer.watched.get(name) is nothing:
            viewer.watched[name] = server.known.setdefault(found, found)

    def rights_changed(self, scope: str) -> None:
        if (server := self._servers.get(SERVER + scope)) is not None:
            server.is_stale = True

    def said(self, message: Message) -> None:
        """Somebody posted in a room of the server."""
        name = message["stream"]
        server = self._servers.get(name)
        if server is None:
            return
        if not server.said and not server.hidden:
            self._hub.later(self._seconds, lambda: self._tell(name, server))
        rooms = server.hidden if message["hidden"] else server.said
        rooms[message["room"]] = max(message["seq"], rooms.get(message["room"], 0))
        server.rights = max(server.rights, message["rights"])

    async def _tell(self, name: str, server: _Server) -> None:
        viewers = self._viewers(name)
        if not viewers:
            del self._servers[name]
            return
        if server.is_stale or server.rights > server.version:
            try:
                await self._look_again(name, server, viewers)
            except SourceUnavailable as error:
                # They are told when somebody can say what they may know.
                log.warning("rooms of %s unknown: %s", name, error)
                self._hub.later(self._seconds, lambda: self._tell(name, server))
                return
        said, server.said = server.said, {}
        hidden, server.hidden = server.hidden, {}
        frames: dict[int, Out | None] = {}
        for subscription in viewers:
            watched = subscription.owner.watched.get(name)
            if watched is not None:
                if id(watched) not in frames:
                    frames[id(watched)] = _frame(name, watched, said, hidden)
                if frame := frames[id(watched)]:
                    subscription.aside(frame)

    def _viewers(self, name: str) -> list[Subscription[Viewer]]:
        stream = self._hub.streams.get(name)
        held = stream.subscriptions.values() if stream else ()
        return [subscription for subscription in held if name in subscription.owner.watched]

    async def _look_again(self, name: str, server: _Server, viewers: Sequence[Subscription[Viewer]]) -> None:
        while server.is_stale or server.rights > server.version:
            server.version, server.is_stale = server.rights, False
            server.known.clear()
            try:
                for start in range(0, len(viewers), BATCH):
                    await self._look_at(name, server, viewers[start : start + BATCH])
            except SourceUnavailable:
                server.is_stale = True
                raise

    async def _look_at(self, name: str, server: _Server, viewers: Sequence[Subscription[Viewer]]) -> None:
        server_id = UUID(name.removeprefix(SERVER))
        requests = [WatchRequest(subscription.owner.identity, server_id) for subscription in viewers]
        for subscription, found in zip(viewers, await self._database.run(watch_many, requests), strict=True):
            if name in subscription.owner.watched:
                subscription.owner.watched[name] = server.known.setdefault(found, found)


def _frame(name: str, watched: Watched, said: dict[str, int], hidden: dict[str, int]) -> Out | None:
    rooms = {room: seq for room, seq in said.items() if room in watched.seen}
    for room, seq in hidden.items():
        if room in watched.told:
            rooms[room] = max(seq, rooms.get(room, 0))
    return encode({"type": "chat_unread", "stream": name, "rooms": rooms}) if rooms else None
