"""The backend's gateway, as the Discord process listens to it: changes that are to be shown in tracker
channels."""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from rodbot.core.models import Card, Event, Json
from rodbot.dice.rolls import Roll
from rodbot.feed.digest import Digest

log = logging.getLogger(__name__)

BACKOFF = (0.5, 30.0)
MAX_FRAME = 1024 * 1024
STREAMS = 20_000
TELL_EVERY = 1.0
_chance = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a character, with its card, and how many changes this one stands for: those of our absence."""

    character: str
    event: Event
    card: Card
    missed: int = 1

    @classmethod
    def read(cls, data: Json) -> "Change":
        return cls(
            character=str(data["character"]["id"]),
            event=Event.read(data["event"]),
            card=Card.read(data["card"]),
            missed=int(data.get("missed", 1)),
        )


READERS: dict[str, Callable[[Json], Change | Roll | Digest]] = {
    "tracker": Change.read,
    "roll": lambda data: Roll.read(data["roll"]),
    "digest": lambda data: Digest.read(data["digest"]),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that one channel of a server is told: a change of a character, a roll, or the summary of a day."""

    guild_id: int
    channel_id: int
    stream: str
    seq: int
    what: Change | Roll | Digest

    @classmethod
    def read(cls, data: Json) -> "Shown":
        return cls(
            guild_id=int(data["guild_id"]),
            channel_id=int(data["channel_id"]),
            stream=str(data["stream"]),
            seq=int(data["seq"]),
            what=READERS[data["type"]](data),
        )

    @property
    def about(self) -> str:
        """What is said about one character goes into one message; rolls and summaries go into messages of their own."""
        if isinstance(self.what, Digest):
            return f"digest {self.seq}"
        return self.what.character if isinstance(self.what, Change) else ""


@dataclass(frozen=True, slots=True)
class Followed:
    """A message that follows something: `kind` says what, `body` how it is now."""

    guild_id: int
    channel_id: int
    message_id: int
    kind: str
    body: Json

    @classmethod
    def read(cls, data: Json) -> "Followed":
        kind = str(data["kind"])
        return cls(int(data["guild_id"]), int(data["channel_id"]), int(data["message_id"]), kind, data[kind])


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message that waits for somebody to take it; `body` is what it says."""

    id: str
    guild_id: int
    user_id: int
    body: Json

    @classmethod
    def read(cls, data: Json) -> "Letter":
        return cls(str(data["id"]), int(data["guild_id"]), int(data["user_id"]), dict(data["letter"]))


class Feed:
    """Connects for ever. `show` gets each change once, in the order of its stream, and says False to what is not its
    business, as `follow` does, which gets what a message of its own shows; `deliver` gets the letters to people;
    `connected` is called at each hello. What is `posted` the backend keeps: a new process is told what it missed.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        show: Callable[[Shown], bool | None],
        follow: Callable[[Followed], bool | None],
        connected: Callable[[], None],
        deliver: Callable[[Letter], None],
    ) -> None:
        self._url = url
        self._headers = {"Authorization": f"Api-Key {api_key}"}
        self._show = show
        self._follow = follow
        self._connected = connected
        self._deliver = deliver
        self._since: dict[str, int] = {}
        self._heard = True
        # By stream: what was handed out and is not in its channel yet, and what the backend is to be told.
        self._waiting: dict[str, set[int]] = {}
        self._posted: dict[str, int] = {}

    def posted(self, shown: Shown) -> None:
        """It is in its channel, or never will be. Another one of its stream may still be on its way."""
        waiting = self._waiting.get(shown.stream, set())
        waiting.discard(shown.seq)
        self._posted[shown.stream] = min(waiting) - 1 if waiting else self._since.get(shown.stream, shown.seq)

    async def run(self) -> None:
        wait = BACKOFF[0]
        async with aiohttp.ClientSession() as session:
            while True:
                heard_something = await self._attempt(session)
                wait = BACKOFF[0] if heard_something else min(wait * 2, BACKOFF[1])
                await asyncio.sleep(_chance.uniform(0.5, 1.0) * wait)

    async def _attempt(self, session: aiohttp.ClientSession) -> bool:
        """One connection, until it ends. True when the backend spoke with us."""
        try:
            async with session.ws_connect(self._url, headers=self._headers, max_msg_size=MAX_FRAME) as ws:
                return await self._listen(ws)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("The gateway of the backend is not there: %s", error)
            return False

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        await ws.send_json({"type": "feed", **({"since": self._since} if self._since else {})})
        beating: asyncio.Task[None] | None = None
        telling = asyncio.create_task(self._tell(ws))
        greeted = False
        try:
            async for message in ws:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                frame = _object(message.data)
                if frame.get("type") == "hello" and not greeted:
                    greeted = True
                    beating = asyncio.create_task(
                        self._beat(ws, frame.get("heartbeat_interval", 30_000) / 1000)
                    )
                    self._connected()
                self._take(frame)
        finally:
            telling.cancel()
            if beating:
                beating.cancel()
        log.warning("The gateway of the backend closed the feed (%s)", ws.close_code)
        return greeted

    async def _beat(self, ws: aiohttp.ClientWebSocketResponse, interval: float) -> None:
        """Say that we live; if the backend does not answer a beat, the connection is dead and is closed."""
        self._heard = True
        with contextlib.suppress(ConnectionError):
            while self._heard:
                self._heard = False
                await asyncio.sleep(interval * _chance.uniform(0.7, 0.9))
                await ws.send_json({"type": "heartbeat"})
                await asyncio.sleep(min(interval * 0.1, 5))
            await ws.close(code=4000, message=b"no heartbeat")

    async def _tell(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """What was posted, once a second."""
        with contextlib.suppress(ConnectionError):
            while True:
                await asyncio.sleep(TELL_EVERY)
                if self._posted:
                    posted, self._posted = self._posted, {}
                    await ws.send_json({"type": "posted", "positions": posted})

    def _take(self, frame: Json) -> None:
        self._heard = True
        kind = frame.get("type")
        try:
            if kind in READERS:
                self._tracked(frame)
            elif kind == "message":
                self._message(frame)
            elif kind == "letter":
                self._deliver(Letter.read(frame))
            elif kind in ("synced", "resync"):
                self._seen(frame)
            elif kind == "error":
                log.warning("The gateway says: %s %s", frame.get("code"), frame.get("detail"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # One frame that we do not understand must not cost the others.
            log.error("A frame of type %s makes no sense: %r", kind, error)

    def _message(self, frame: Json) -> None:
        """A message that follows something shows it up to here. What is still on its way to a channel comes first."""
        stream, seq = str(frame["stream"]), int(frame["seq"])
        if self._follow(Followed.read(frame)) is not False and not self._waiting.get(stream):
            self._posted[stream] = max(seq, self._posted.get(stream, 0))

    def _tracked(self, frame: Json) -> None:
        if frame["seq"] <= self._since.get(frame["stream"], 0):
            return
        shown = Shown.read(frame)
        self._seen(frame)
        if self._show(shown) is not False:
            self._waiting.setdefault(shown.stream, set()).add(shown.seq)

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
