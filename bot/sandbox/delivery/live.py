"""The page's and the tests' WebSocket: `/sandbox/api/live?as=`, JSON text frames by kind."""

import asyncio
import contextlib

import orjson
from aiohttp import WSMsgType, web

from sandbox.errors import Json
from sandbox.state.world import World
from sandbox.web.http import drop_connection

WAITING_FRAMES = 5000


class Viewer:
    """An open page or test driver. One that reads too slowly is cut off; it reloads when it reconnects."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self.socket = web.WebSocketResponse(max_msg_size=4096, heartbeat=30.0, timeout=2.0)
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(WAITING_FRAMES)
        self._request: web.Request | None = None

    async def run(self, request: web.Request) -> web.WebSocketResponse:
        self._request = request
        await self.socket.prepare(request)
        writer = asyncio.create_task(self._write())
        try:
            async for message in self.socket:
                if message.type is not WSMsgType.TEXT:
                    break
        finally:
            writer.cancel()
        return self.socket

    def send(self, frame: Json) -> None:
        try:
            self._waiting.put_nowait(orjson.dumps(frame))
        except asyncio.QueueFull:
            if self._request is not None:
                drop_connection(self._request)

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self.socket.send_str((await self._waiting.get()).decode())


class Live:
    def __init__(self, world: World) -> None:
        self.world = world
        self.viewers: set[Viewer] = set()

    async def serve(self, request: web.Request, user_id: str) -> web.WebSocketResponse:
        viewer = Viewer(user_id)
        self.viewers.add(viewer)
        try:
            return await viewer.run(request)
        finally:
            self.viewers.discard(viewer)

    def to_all(self, frame: Json) -> None:
        for viewer in tuple(self.viewers):
            viewer.send(frame)

    def to_user(self, user_id: str, frame: Json) -> None:
        for viewer in tuple(self.viewers):
            if viewer.user_id == user_id:
                viewer.send(frame)

    def to_channel(self, channel: Json, frame: Json, only: str | None = None) -> None:
        """Send to everyone who sees the channel, or to one person alone (ephemeral messages)."""
        for viewer in tuple(self.viewers):
            if viewer.user_id == only or (only is None and self.world.may_see(viewer.user_id, channel)):
                viewer.send(frame)

    async def close(self) -> None:
        await asyncio.gather(*(viewer.socket.close(code=1001) for viewer in tuple(self.viewers)))
