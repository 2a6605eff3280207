"""One open socket: its frames in, its answers, its end."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import ClassVar

from contract.base import Person
from contract.client_frames import (
    Close,
    FromClient,
    Heartbeat,
    Open,
    Posted,
    PostMessage,
    SetPresence,
    StartFeed,
    Subscribe,
    Typing,
    Unsubscribe,
)
from contract.shards import ALL, Shards
from contract.translation import N_, _, speaking
from delivery.outbox import Outbox
from delivery.source import SourceUnavailable
from delivery.wire import AsgiMessage, Receive, Send, Write
from gateway.constants import CLOSE_BAD_FRAMES, CLOSE_NOT_AUTHENTICATED, CLOSE_ORIGIN, CLOSE_TOO_BIG
from gateway.credentials import Identity
from gateway.feed import Feed
from gateway.frames import FrameLimiter, Ref, hello, is_post, parse, with_ref
from gateway.posting import post_message
from gateway.presence import ONLINE
from gateway.viewer import Shared, Viewer
from rules.errors import GameError, Invalid, NotAllowed

log = logging.getLogger(__name__)

# The Discord process says from where each of thousands of streams goes on.
BOT_FRAME_BYTES = 2 * 1024 * 1024
# A text that somebody pasted may be far too long: that is said in words, and it stays in the box.
MESSAGE_FRAME_BYTES = 1024 * 1024
UNAVAILABLE = N_("The database does not answer. Try again in a moment.")


class Session(Viewer):
    __slots__ = ("_client_language", "_ending", "_feed", "_limiter", "_task", "close_code", "seen")
    outbox_type: ClassVar[type[Outbox]] = Outbox
    # With which a socket ends that a foreign page opened, or nobody whom we know.
    close_origin: ClassVar[int] = CLOSE_ORIGIN
    close_refused: ClassVar[int] = CLOSE_NOT_AUTHENTICATED

    def __init__(
        self, shared: Shared, identity: Identity, send: Send, write: Write | None, client_language: str
    ) -> None:
        outbox = self.outbox_type(send, shared.options, self.stop, write)
        super().__init__(shared, secrets.token_hex(8), identity, outbox, ONLINE)
        self._client_language = client_language
        self._feed: Feed | None = None
        self.seen = shared.now()
        self.close_code: int | None = None
        self._task: asyncio.Task[object] | None = None
        self._ending = False
        self._limiter = FrameLimiter(shared.options, self.seen)

    @classmethod
    def is_for(cls, identity: Identity) -> bool:
        """Whether such a socket is for them at all."""
        return True

    def greet(self, user: Person | None) -> None:
        self.outbox.push(hello(self._shared.options.heartbeat_interval, self.id, user))

    async def run(self, receive: Receive) -> None:
        """Until the client leaves or `stop` is called."""
        self._task = asyncio.current_task()
        try:
            await self.touch(self._shared.options.silence)
            while self.close_code is None and (message := await receive())["type"] == "websocket.receive":
                await self._receive(message)
        except asyncio.CancelledError:
            if self.close_code is None:
                raise
        finally:
            self._ending = True
            self.leave_all()
            self._stop_feed()
            if self.close_code is not None:
                await self.outbox.close(self.close_code)

    def stop(self, code: int) -> None:
        """End the socket, from wherever; the first code counts. Called again, it tries again."""
        if self.close_code is None:
            self.close_code = code
        if self._task is not None and not self._ending:
            self._task.cancel()

    # Frames in

    @property
    def max_frame_bytes(self) -> int:
        """What is longer ends the socket."""
        return BOT_FRAME_BYTES if self.identity.is_bot else self._shared.options.max_frame_bytes

    async def _receive(self, message: AsgiMessage) -> None:
        self.seen = self._shared.now()
        text = message.get("text")
        size = len(text or message.get("bytes") or "")
        if size > self.max_frame_bytes and not (text and size <= MESSAGE_FRAME_BYTES and is_post(text)):
            self.stop(CLOSE_TOO_BIG)
            return
        ref: Ref = None
        try:
            ref, handle = self._read(text)
            async with self._busy:
                await handle()
        except Invalid as error:
            self._refuse(error)
        except GameError as error:
            # Its sentence is made here, for this reader alone: what raised it may work for several.
            with self._speaking():
                self._send_refusal(error, _(error.detail, **error.data), ref)
        except SourceUnavailable as error:
            log.warning("socket %s: %s", self.id, error)
            with self._speaking():
                self._send_error("unavailable", _(UNAVAILABLE), ref)

    def _read(self, text: str | None) -> tuple[Ref, Callable[[], Awaitable[None]]]:
        """What the client put on the frame, and what is to be done. Raises Invalid."""
        frame = self._parse(text)
        return frame.ref, partial(self._handle, frame)

    def _parse(self, text: str | None) -> FromClient:
        with self._speaking():
            self._limiter.count(self.seen)
            if text is None:
                raise Invalid(_("Frames are text."), code="bad_frame")
            return parse(text)

    @property
    def language(self) -> str:
        return self.identity.language or self._client_language

    def _speaking(self) -> AbstractContextManager[None]:
        """The language of who is here, for a block that waits for nothing and starts no task."""
        return speaking(self.language)

    async def _handle(self, frame: FromClient) -> None:
        match frame:
            case Heartbeat():
                self.outbox.push(with_ref({"type": "heartbeat"}, frame.ref))
                await self.touch(self._shared.options.silence)
            case SetPresence():
                self.status = frame.status
                await self.touch(self._shared.options.silence)
            case Subscribe():
                await self.subscribe(frame.stream, frame.since, frame.ref, frame.rooms)
            case Unsubscribe():
                self.unsubscribe(frame.stream)
            case Open():
                await self.open(frame.id, frame.ref)
            case Close():
                self.close(frame.id)
            case Typing():
                await self.type(frame.stream, frame.on)
            case PostMessage():
                await self._post(frame)
            case StartFeed():
                await self._start_feed(frame)
            case Posted():
                await self._save_posted(frame)

    async def _post(self, frame: PostMessage) -> None:
        """Post a message; what is wrong with it is no fault of the client's, and comes in the writer's language."""
        ref = frame.nonce if frame.ref is None else frame.ref
        self.stop_typing(frame.stream)
        try:
            posted = await self._shared.database.run(post_message, self.identity, frame, self.language)
        except GameError as error:
            self._send_refusal(error, error.detail, ref)
            return
        answer = {"type": "chat_posted", "stream": frame.stream, "nonce": frame.nonce}
        self.outbox.push(with_ref(answer | {"id": posted.id, "seq": posted.message.seq}, ref))

    def _refuse(self, error: Invalid) -> None:
        """Answer a frame that no good client sends; close after a few of them."""
        self._send_error(error.code, error.detail, error.data.get("ref"))
        if self._limiter.record_bad_frame(self.seen):
            self.stop(CLOSE_BAD_FRAMES)

    def _send_refusal(self, error: GameError, detail: str, ref: Ref) -> None:
        wait = {"retry_after": error.data["retry_after"]} if "retry_after" in error.data else {}
        self._send_error(error.code, detail, ref, **wait)

    def _send_error(self, code: str, detail: str, ref: Ref, **more: object) -> None:
        self.outbox.push(with_ref({"type": "error", "code": code, "detail": detail, **more}, ref))

    # The Discord process

    async def _start_feed(self, frame: StartFeed) -> None:
        if not self.identity.is_bot:
            raise NotAllowed(N_("The feed is for the Discord process."))
        self._stop_feed()
        self._feed = self._shared.open_feed(self.outbox)
        await self._feed.start(frame.since or {}, Shards.read(frame.shards) if frame.shards else ALL)

    async def _save_posted(self, frame: Posted) -> None:
        if self._feed is None:
            raise NotAllowed(N_("Only the process with the feed can have posted this."))
        await self._feed.save_posted(frame.positions)

    def _stop_feed(self) -> None:
        if self._feed is not None:
            self._feed.stop()
            self._shared.close_feed(self._feed)
