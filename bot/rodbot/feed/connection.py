"""The connection to the backend's gateway, which sends what is to be posted, updated or notified."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

import aiohttp
from pydantic import ValidationError

from contract.bridge_frames import BridgedMessage, BridgedPlaces
from contract.feed_frames import (
    Announcement,
    ConflictMessage,
    Digest,
    EditionsPlayed,
    EpisodeMessage,
    NotificationOffer,
    RequestMessage,
    RollFrame,
    Tracker,
)
from contract.server_frames import Error, Hello, Resync, Synced
from contract.shards import Shards
from rodbot.chat.bridge import Bridge
from rodbot.core.reply import LiveUpdate
from rodbot.feed.frames import Frame, Message, Post, read_frame

log = logging.getLogger(__name__)

BACKOFF = (0.5, 30.0)
ANSWER = aiohttp.ClientTimeout(total=20)
# Nothing at all in so many seconds, not even the answer to a heartbeat: the line was cut without a word.
SILENCE = 120.0
MAX_FRAME = 1024 * 1024
STREAMS = 20_000
REPORT_EVERY = 1.0
CLOSE = 2.0
_chance = random.SystemRandom()


class Feed:
    """Connects for ever. `post` gets each post once, in the order of its stream, `update` each state of a live message;
    both answer False when another process serves that guild. `announce` gets what is to be posted
    as a live message, `notify` the notifications, `played` the editions of
    servers, `connected` is called at each hello, `bridge` gets what is said on the web. The position of what was posted
    is reported back, so that a new process gets what it missed.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        post: Callable[[Post], bool],
        update: Callable[[LiveUpdate], bool],
        announce: Callable[[Announcement], None],
        notify: Callable[[NotificationOffer], None],
        played: Callable[[EditionsPlayed], None],
        connected: Callable[[], None],
        headers: Mapping[str, str] = MappingProxyType({}),
        shards: Shards | None = None,
        bridge: Bridge | None = None,
    ) -> None:
        self._url = url
        self._headers = {**headers, "Authorization": f"Api-Key {api_key}"}
        self._post = post
        self._update = update
        self._announce = announce
        self._notify = notify
        self._played = played
        self._connected = connected
        self._bridge = bridge
        self._served = {} if shards is None else {"shards": str(shards)}
        self._since: dict[str, int] = {}
        self._alive = True
        self._finishing = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        # By stream: the posts that are not in their channel yet, and the positions to report.
        self._waiting: dict[str, set[int]] = {}
        self._positions: dict[str, int] = {}

    def posted(self, post: Post) -> None:
        """The post is in its channel, or never will be. Another one of its stream may still be waiting."""
        waiting = self._waiting.get(post.stream, set())
        waiting.discard(post.seq)
        self._positions[post.stream] = min(waiting) - 1 if waiting else self._since.get(post.stream, post.seq)

    def finish(self) -> None:
        """Take nothing more: what comes from here on is for the next process, which begins where this one ends."""
        self._finishing = True

    async def report_positions(self) -> None:
        """Report what was posted since the last time."""
        if self._positions and self._socket is not None:
            positions, self._positions = self._positions, {}
            with contextlib.suppress(ConnectionError):
                await self._socket.send_json({"type": "posted", "positions": positions})

    async def run(self) -> None:
        wait = BACKOFF[0]
        async with aiohttp.ClientSession(timeout=ANSWER) as session:
            while True:
                greeted = await self._attempt(session)
                wait = BACKOFF[0] if greeted else min(wait * 2, BACKOFF[1])
                await asyncio.sleep(_chance.uniform(0.5, 1.0) * wait)

    async def _attempt(self, session: aiohttp.ClientSession) -> bool:
        """One connection, until it ends. True when the backend said hello."""
        silence = aiohttp.ClientWSTimeout(ws_receive=SILENCE, ws_close=CLOSE)
        try:
            async with session.ws_connect(
                self._url, headers=self._headers, max_msg_size=MAX_FRAME, timeout=silence
            ) as ws:
                return await self._listen(ws)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("The gateway of the backend is not there: %s", error)
            return False

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        since = {"since": self._since} if self._since else {}
        await ws.send_json({"type": "feed", **since, **self._served})
        heartbeat: asyncio.Task[None] | None = None
        self._socket = ws
        reporting = asyncio.create_task(self._report())
        greeted = False
        try:
            async for message in ws:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                self._alive = True
                try:
                    frame = read_frame(message.data)
                except ValidationError as error:
                    # A frame that cannot be read must not cost the others.
                    log.error(
                        "A frame makes no sense: %s", error.errors(include_input=False, include_url=False)
                    )
                    continue
                if isinstance(frame, Hello) and not greeted:
                    greeted = True
                    heartbeat = asyncio.create_task(self._heartbeat(ws, frame.heartbeat_interval / 1000))
                    self._connected()
                self._handle(frame)
        finally:
            self._socket = None
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

    async def _report(self) -> None:
        """Report the positions of what was posted, once a second."""
        while True:
            await asyncio.sleep(REPORT_EVERY)
            await self.report_positions()

    def _handle(self, frame: Frame) -> None:
        if self._finishing:
            return
        if isinstance(frame, Tracker | RollFrame | Digest):
            self._tracked(frame)
        elif isinstance(frame, RequestMessage | ConflictMessage | EpisodeMessage):
            self._updated(frame)
        elif isinstance(frame, Announcement):
            self._announce(frame)
        elif isinstance(frame, NotificationOffer):
            self._notify(frame)
        elif isinstance(frame, EditionsPlayed):
            self._played(frame)
        elif isinstance(frame, BridgedPlaces | BridgedMessage):
            self._bridged(frame)
        elif isinstance(frame, Synced | Resync):
            self._seen(frame.stream, frame.seq)
        elif isinstance(frame, Error):
            log.warning("The gateway answers: %s %s", frame.code, frame.detail)

    def _bridged(self, frame: BridgedPlaces | BridgedMessage) -> None:
        if self._bridge is not None and isinstance(frame, BridgedPlaces):
            self._bridge.know(frame)
        elif self._bridge is not None and isinstance(frame, BridgedMessage):
            self._bridge.offer(frame)

    def _updated(self, frame: Message) -> None:
        """A live message is at this position. Posts of its stream that still wait come first."""
        if self._update(LiveUpdate.of(frame)) and not self._waiting.get(frame.stream):
            self._positions[frame.stream] = max(frame.seq, self._positions.get(frame.stream, 0))

    def _tracked(self, post: Post) -> None:
        if post.seq <= self._since.get(post.stream, 0):
            return
        self._seen(post.stream, post.seq)
        if self._post(post):
            self._waiting.setdefault(post.stream, set()).add(post.seq)

    def _seen(self, stream: str, seq: int) -> None:
        self._since[stream] = seq
        if len(self._since) > STREAMS:
            del self._since[next(iter(self._since))]
