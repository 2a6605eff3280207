"""The connection to the backend's gateway, which sends what is to be posted, updated or notified."""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable
from typing import Any

import aiohttp

from rodbot.core.models import Json
from rodbot.core.reply import LiveUpdate
from rodbot.feed.frames import READERS, Notification, Post

log = logging.getLogger(__name__)

BACKOFF = (0.5, 30.0)
MAX_FRAME = 1024 * 1024
STREAMS = 20_000
REPORT_EVERY = 1.0
_chance = random.SystemRandom()


class Feed:
    """Connects for ever. `post` gets each post once, in the order of its stream, `update` each state of a live message;
    both answer False when another process serves that guild. `notify` gets the notifications, `connected` is called at
    each hello. The position of what was posted is reported back, so that a new process gets what it missed.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        post: Callable[[Post], bool],
        update: Callable[[LiveUpdate], bool],
        notify: Callable[[Notification], None],
        connected: Callable[[], None],
    ) -> None:
        self._url = url
        self._headers = {"Authorization": f"Api-Key {api_key}"}
        self._post = post
        self._update = update
        self._notify = notify
        self._connected = connected
        self._since: dict[str, int] = {}
        self._alive = True
        # By stream: the posts that are not in their channel yet, and the positions to report.
        self._waiting: dict[str, set[int]] = {}
        self._positions: dict[str, int] = {}

    def posted(self, post: Post) -> None:
        """The post is in its channel, or never will be. Another one of its stream may still be waiting."""
        waiting = self._waiting.get(post.stream, set())
        waiting.discard(post.seq)
        self._positions[post.stream] = min(waiting) - 1 if waiting else self._since.get(post.stream, post.seq)

    async def run(self) -> None:
        wait = BACKOFF[0]
        async with aiohttp.ClientSession() as session:
            while True:
                greeted = await self._attempt(session)
                wait = BACKOFF[0] if greeted else min(wait * 2, BACKOFF[1])
                await asyncio.sleep(_chance.uniform(0.5, 1.0) * wait)

    async def _attempt(self, session: aiohttp.ClientSession) -> bool:
        """One connection, until it ends. True when the backend said hello."""
        try:
            async with session.ws_connect(self._url, headers=self._headers, max_msg_size=MAX_FRAME) as ws:
                return await self._listen(ws)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("The gateway of the backend is not there: %s", error)
            return False

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        await ws.send_json({"type": "feed", **({"since": self._since} if self._since else {})})
        heartbeat: asyncio.Task[None] | None = None
        reporting = asyncio.create_task(self._report(ws))
        greeted = False
        try:
            async for message in ws:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                frame = _object(message.data)
                if frame.get("type") == "hello" and not greeted:
                    greeted = True
                    heartbeat = asyncio.create_task(
                        self._heartbeat(ws, frame.get("heartbeat_interval", 30_000) / 1000)
                    )
                    self._connected()
                self._handle(frame)
        finally:
            reporting.cancel()
            if heartbeat:
                heartbeat.cancel()
        log.warning("The gateway of the backend closed the feed (%s)", ws.close_code)
        return greeted

    async def _heartbeat(self, ws: aiohttp.ClientWebSocketResponse, interval: float) -> None:
        """Send heartbeats. If the backend does not answer one, the connection is dead and is closed."""
        self._alive = True
        with contextlib.suppress(ConnectionError):
            while self._alive:
                self._alive = False
                await asyncio.sleep(interval * _chance.uniform(0.7, 0.9))
                await ws.send_json({"type": "heartbeat"})
                await asyncio.sleep(min(interval * 0.1, 5))
            await ws.close(code=4000, message=b"no heartbeat")

    async def _report(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """Report the positions of what was posted, once a second."""
        with contextlib.suppress(ConnectionError):
            while True:
                await asyncio.sleep(REPORT_EVERY)
                if self._positions:
                    positions, self._positions = self._positions, {}
                    await ws.send_json({"type": "posted", "positions": positions})

    def _handle(self, frame: Json) -> None:
        self._alive = True
        kind = frame.get("type")
        try:
            if kind in READERS:
                self._tracked(frame)
            elif kind == "message":
                self._updated(frame)
            elif kind == "letter":
                self._notify(Notification.read(frame))
            elif kind in ("synced", "resync"):
                self._seen(frame)
            elif kind == "error":
                log.warning("The gateway answers: %s %s", frame.get("code"), frame.get("detail"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # A frame that cannot be read must not cost the others.
            log.error("A frame of type %s makes no sense: %r", kind, error)

    def _updated(self, frame: Json) -> None:
        """A live message is at this position. Posts of its stream that still wait come first."""
        stream, seq = str(frame["stream"]), int(frame["seq"])
        if self._update(LiveUpdate.read(frame)) and not self._waiting.get(stream):
            self._positions[stream] = max(seq, self._positions.get(stream, 0))

    def _tracked(self, frame: Json) -> None:
        if frame["seq"] <= self._since.get(frame["stream"], 0):
            return
        post = Post.read(frame)
        self._seen(frame)
        if self._post(post):
            self._waiting.setdefault(post.stream, set()).add(post.seq)

    def _seen(self, frame: dict[str, Any]) -> None:
        self._since[frame["stream"]] = int(frame["seq"])
        if len(self._since) > STREAMS:
            del self._since[next(iter(self._since))]


def _object(text: str) -> Json:
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
