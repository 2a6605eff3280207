"""What all sockets of one process share: the hub, the database threads, presence, and the looking after them."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import ClassVar
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from companion.services.publishing import CLOSED
from delivery.database import Database
from delivery.hub import Hub
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.publish import register_loop, unregister_loop
from delivery.source import EventMessage, Message, SourceUnavailable
from delivery.streams import Stream
from delivery.wire import Receive, Scope, Send
from gateway import credentials
from gateway.access_review import AccessReview
from gateway.asides import tell
from gateway.batching import Batcher
from gateway.chat_session import ChatSession
from gateway.connections import DIRECT, ConnectionManager
from gateway.constants import CLOSE_NO_HEARTBEAT, CLOSE_NOT_AUTHENTICATED
from gateway.feed import Feed, MakeFeed
from gateway.overlay_live import Overlays
from gateway.presence_tracker import PresenceTracker
from gateway.public_viewers import PublicViewers
from gateway.session import Session
from gateway.snapshots import TimelineSource, loader
from gateway.unread import UnreadHints
from gateway.viewer import Viewer
from monitoring import metrics

log = logging.getLogger(__name__)

# Sessions whose accounts are looked up in one query.
BATCH = 100
MIN_RECHECK = 5.0

_running: "WeakKeyDictionary[asyncio.AbstractEventLoop, Process]" = WeakKeyDictionary()


class Process:
    """One per event loop, which in production is one per operating-system process."""

    # Set at start (`rod/asgi.py`).
    make_feed: ClassVar[MakeFeed]

    def __init__(self, options: Options) -> None:
        self.options = options
        self.database = Database(options.db_threads)
        self.hub: Hub[Viewer] = Hub(
            get_channel_layer(),
            TimelineSource(self.database),
            options,
            self._control,
            self._rights_changed,
            self._visibility_changed,
        )
        self.identify = Batcher(self.database, self.hub.spawn, credentials.identify_all)
        load_many = loader(options.max_missed, options.max_missed_messages, options.chunk_bytes)
        self.subscribe = Batcher(self.database, self.hub.spawn, load_many)
        self.presence = PresenceTracker(self.hub, self.database, options)
        self.unread = UnreadHints(self.hub, self.database, options)
        self.manager = ConnectionManager(self.presence.sockets)
        self.overlays = Overlays(self.database, options)
        self.sessions: set[Session] = set()
        self.viewers = PublicViewers(self.hub, self.database, options)
        self._review = AccessReview(self.hub, self.database)
        self._feeds: set[Feed] = set()
        # Tuples: nearly everybody has one socket, and a set of one is five times as large.
        self._by_user: dict[str, tuple[Session, ...]] = {}
        self._recheck = asyncio.Event()

    @classmethod
    def of_this_loop(cls) -> "Process":
        loop = asyncio.get_running_loop()
        process = _running.get(loop)
        if process is None:
            process = _running[loop] = cls(Options.from_settings())
            process.start()
        return process

    def start(self) -> None:
        register_loop(asyncio.get_running_loop())
        self.hub.start()
        self.presence.start()
        self.hub.spawn(self._sweep_sockets())
        self.hub.spawn(self._recheck_regularly())

    async def stop(self) -> None:
        loop = asyncio.get_running_loop()
        unregister_loop(loop)
        _running.pop(loop, None)
        await self.overlays.stop()
        await self.hub.stop()
        await self.presence.stop()
        await self.database.stop()

    @staticmethod
    def now() -> float:
        return time.monotonic()

    # Sockets

    def has_room_for(self, identity: credentials.Identity) -> bool:
        mine = self._by_user.get(identity.user_id or "", ())
        return identity.is_bot or len(mine) < self.options.max_sockets_per_user

    def add(self, session: Session) -> None:
        self.sessions.add(session)
        metrics.VIEWERS.set(len(self.sessions))
        if session.identity.user_id:
            user_id = session.identity.user_id
            self._by_user[user_id] = (*self._by_user.get(user_id, ()), session)

    async def remove(self, session: Session) -> None:
        self.sessions.discard(session)
        metrics.VIEWERS.set(len(self.sessions))
        user_id = session.identity.user_id
        if user_id is None:
            return
        others = tuple(other for other in self._by_user.pop(user_id, ()) if other is not session)
        if others:
            self._by_user[user_id] = others
        # A person who went offline without a word is not about to open the next page.
        silent = session.close_code == CLOSE_NO_HEARTBEAT
        await session.touch(0 if silent else self.options.presence_grace)

    async def _sweep_sockets(self) -> None:
        while True:
            await asyncio.sleep(self.options.sweep_interval)
            now, clock = self.now(), time.time()
            for session in tuple(self.sessions):
                if session.close_code is not None:
                    session.stop(
                        session.close_code
                    )  # a library in between may have swallowed the first attempt
                elif now - session.seen > self.options.silence:
                    session.stop(CLOSE_NO_HEARTBEAT)
                elif session.identity.expires is not None and session.identity.expires < clock:
                    session.stop(CLOSE_NOT_AUTHENTICATED)

    # The Discord process

    def open_feed(self, outbox: Outbox) -> Feed:
        feed = type(self).make_feed(self.hub, self.database, self.options, outbox)
        self._feeds.add(feed)
        return feed

    def close_feed(self, feed: Feed) -> None:
        self._feeds.discard(feed)

    # Messages of other processes, and changes of access

    def _control(self, message: Message) -> None:
        match message.get("type"):
            case "presence":
                self.presence.cache.update(message["user"], message["status"], message["streams"])
            case "feed.event":
                for feed in self._feeds:
                    feed.nudge(message["stream"], message["event"])
            case "rights":
                self._review.review_rooms(message["scope"], message["version"], message["users"])
                self.unread.rights_changed(message["scope"])
                self._follow(message["scope"], message["users"])
            case "chat.said":
                self.unread.said(message)
            case type_ if type_ == DIRECT:
                self.manager.receive(message)
            case "stream.aside":
                tell(self.hub, message)
            case type_ if type_ == CLOSED:
                self.viewers.close(message["campaign"])
            case "logout":
                self._log_out(message["session"])
            case "recheck":
                self._recheck.set()

    def _follow(self, scope: str, users: Sequence[str] | None) -> None:
        """Have sockets of the chat API listen to channels that their people see from now on."""
        for session in self.sessions:
            if isinstance(session, ChatSession) and session.is_concerned(scope, users):
                self.hub.spawn(session.follow())

    def _rights_changed(self, stream: Stream[Viewer], message: EventMessage) -> None:
        self._review.rights_changed(stream, message)

    def _visibility_changed(self, stream: Stream[Viewer], message: EventMessage) -> None:
        self._review.visibility_changed(stream, message)

    def _log_out(self, session_hash: str) -> None:
        for session in tuple(self.sessions):
            key = session.identity.session_key
            if key and credentials.hashed(key) == session_hash:
                session.stop(CLOSE_NOT_AUTHENTICATED)

    async def _recheck_regularly(self) -> None:
        """Check accounts, sessions and access of all sockets now and then, with nothing having told us to."""
        while True:
            try:
                async with asyncio.timeout(self.options.recheck_interval):
                    await self._recheck.wait()
            except TimeoutError:
                pass
            self._recheck.clear()
            sessions = list(self.sessions)
            is_known = True
            for start in range(0, len(sessions), BATCH):
                is_known = await self._recheck_identities(sessions[start : start + BATCH]) and is_known
            if is_known:
                self._review.review_all()
                await self._recheck_campaigns()
            await asyncio.sleep(min(MIN_RECHECK, self.options.recheck_interval))

    async def _recheck_campaigns(self) -> None:
        try:
            await self.viewers.recheck()
        except SourceUnavailable as error:
            log.warning("campaigns not looked at: %s", error)

    async def _recheck_identities(self, sessions: list[Session]) -> bool:
        """Stop sessions whose login is gone; false when nobody could say."""
        try:
            identities = {session.identity for session in sessions}
            current = await self.database.run(credentials.current_identities, identities)
        except SourceUnavailable as error:
            log.warning("sessions not looked at: %s", error)
            return False
        for session in sessions:
            identity = current[session.identity]
            if identity is None:
                session.stop(CLOSE_NOT_AUTHENTICATED)
            else:
                session.identity = identity
        return True


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI's lifespan: the gateway listens from the server's start, and puts everything away at its end."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            Process.of_this_loop()
            await send({"type": "lifespan.startup.complete"})
        else:
            await Process.of_this_loop().stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
