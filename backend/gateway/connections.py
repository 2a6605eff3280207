"""The connections of the chat API (S003), counted over all processes.

A frame for a person, or for the people of a channel, goes by the channel layer to every gateway process, and from each
to the sockets that it holds. Messages of channels do not come this way: the hub delivers those, in order and once.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Protocol
from uuid import UUID

from delivery.publish import publish
from delivery.source import Message
from delivery.wire import Out, encode
from gateway.constants import CONTROL_GROUP

# Their type in the channel layer.
DIRECT = "chat.direct"


class WebSocket(Protocol):
    """What takes frames for one client."""

    def push(self, message: Out) -> None: ...


class ConnectionManager:
    """The sockets of one process, by the id of their user; somebody may have several."""

    def __init__(self, count: Callable[[], Awaitable[dict[str, int]]]) -> None:
        self._count = count
        self._sockets: dict[str, list[WebSocket]] = {}

    def connect(self, user_id: UUID | str, websocket: WebSocket) -> None:
        """Count a socket in, once."""
        mine = self._sockets.setdefault(str(user_id), [])
        if websocket not in mine:
            mine.append(websocket)

    def disconnect(self, user_id: UUID | str, websocket: WebSocket | None = None) -> None:
        """Count a socket out, or all of this person's; what is gone already is no error."""
        left = [held for held in self._sockets.pop(str(user_id), []) if websocket not in (None, held)]
        if left:
            self._sockets[str(user_id)] = left

    async def active_connections(self) -> dict[str, int]:
        """How many sockets of whom are open, in all processes; a page of ours is one too."""
        return await self._count()

    def send_personal(self, user_id: UUID | str, message: Mapping[str, object]) -> None:
        """Send a frame to all sockets of a person, wherever they are."""
        self._publish([str(user_id)], message)

    def broadcast_to_channel(
        self,
        server_id: UUID | str,
        channel_id: UUID | str,
        message: Mapping[str, object],
        allowed_users: Collection[UUID | str],
    ) -> None:
        """Send a frame about a channel to these people, and to nobody else."""
        named = dict(message) | {"serverId": str(server_id), "channelId": str(channel_id)}
        self._publish([str(user) for user in allowed_users], named)

    def receive(self, message: Message) -> None:
        """Hand what came by the channel layer to the sockets here."""
        frame = encode(message["frame"])
        for user in message["users"]:
            for websocket in tuple(self._sockets.get(user, ())):
                websocket.push(frame)

    @staticmethod
    def _publish(users: list[str], frame: Mapping[str, object]) -> None:
        if users:
            publish(CONTROL_GROUP, {"type": DIRECT, "users": users, "frame": dict(frame)})
