"""What all sockets of one process share: the hub, the database threads, presence, and the looking after them."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.db import transaction

from chronicle.services import set_members_online
from delivery.hub import Hub
from delivery.options import Options
from delivery.publish import publish, register_loop, unregister_loop
from delivery.source import EventMessage, Message, SourceUnavailable
from delivery.streams import Stream, Subscription
from discordauth import services as users
from gateway import access, credentials
from gateway.constants import CLOSE_NO_HEARTBEAT, CLOSE_NOT_AUTHENTICATED, CLOSE_TRY_LATER, CONTROL_GROUP
from gateway.database import Database
from gateway.entrance import answering
from gateway.feed import Feed
from gateway.presence import OFFLINE, News, make
from gateway.roll import Roll
from gateway.session import Session
from gateway.together import Together

log = logging.getLogger(__name__)

# Sessions whose accounts are looked up in one query.
BATCH = 100
# Viewers whose rights are looked at in one go.
REVIEWED_AT_ONCE = 500
MIN_RECHECK = 5.0

_running: "WeakKeyDictionary[asyncio.AbstractEventLoop, Process]" = WeakKeyDictionary()


class Process:
    """One per event loop, which in production is one per operating-system process."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.database = Database(options.db_threads)
        self.hub = Hub(
            get_channel_layer(),
            access.Timeline(self.database),
            options,
            self._control,
            self._rights,
            self._shown,
        )
        self.identify = Together(self.database, self.hub.spawn, credentials.identify_all)
        answer = answering(options.max_missed, options.chunk_bytes)
        self.entrance = Together(self.database, self.hub.spawn, answer)
        self._reviewing = asyncio.Lock()
        self._set_online = Together(self.database, self.hub.spawn, _set_online)
        self.presence = make()
        self.roll = Roll(self.presence, self.hub, options.presence_batch)
        self.sessions: set[Session] = set()
        self.feeds: set[Feed] = set()
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
        self.hub.spawn(self._sweep_sockets())
        self.hub.spawn(self._sweep_presence())
        self.hub.spawn(self._recheck_now_and_then())

    async def stop(self) -> None:
        loop = asyncio.get_running_loop()
        unregister_loop(loop)
        _running.pop(loop, None)
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
        if session.identity.user_id:
            user_id = session.identity.user_id
            self._by_user[user_id] = (*self._by_user.get(user_id, ()), session)

    async def remove(self, session: Session) -> None:
        self.sessions.discard(session)
        user_id = session.identity.user_id
        if user_id is None:
            return
        others = tuple(one for one in self._by_user.pop(user_id, ()) if one is not session)
        if others:
            self._by_user[user_id] = others
        await self.touch(session, self.options.presence_grace)

    async def _sweep_sockets(self) -> None:
        while True:
            await asyncio.sleep(self.options.heartbeat_interval / 4)
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

    # Presence

    async def touch(self, session: Session, seconds: float) -> None:
        """This socket's person is there, for so many seconds."""
        assert session.identity.user_id is not None
        streams = [name for name, one in session.subscriptions.items() if one.is_whole]
        await self._touch(session, streams, seconds)

    async def enter(self, session: Session, stream: str) -> None:
        """This socket's person comes to a stream; afterwards the roll knows who is there. One's own has no others."""
        if session.identity.user_id is not None and not stream.startswith("user:"):
            await self._touch(session, [stream], self.options.silence)
            await self.roll.read(stream)

    async def _touch(self, session: Session, streams: list[str], seconds: float) -> None:
        shared = [name for name in streams if not name.startswith("user:")]
        user_id = session.identity.user_id or ""
        news = await self.presence.touch(user_id, session.id, session.status, shared, seconds)
        if news:
            await self._tell(news)

    async def _tell(self, news: News) -> None:
        if news.streams:
            message = {"type": "presence", "user": news.user, "status": news.status, "streams": news.streams}
            publish(CONTROL_GROUP, message)
        if news.changed:
            try:
                await self._set_online.ask((news.user, news.status != OFFLINE))
            except SourceUnavailable as error:
                log.warning("presence of %s not written: %s", news.user, error)

    async def _sweep_presence(self) -> None:
        await self._reconcile()
        while True:
            await asyncio.sleep(self.options.presence_sweep)
            for news in await self.presence.sweep():
                await self._tell(news)
            self.roll.forget_unused()

    async def _reconcile(self) -> None:
        """The summary in the database may tell of people whose process died with everything it knew."""
        try:
            online = await self.database.run(users.online)
            known = await self.presence.statuses(online)
            gone = [(user_id, False) for user_id, status in known.items() if status == OFFLINE]
            await self.database.run(_set_online, gone)
        except SourceUnavailable as error:
            log.warning("presence not reconciled: %s", error)

    # What other processes tell

    def _control(self, message: Message) -> None:
        match message.get("type"):
            case "presence":
                self.roll.hear(message["user"], message["status"], message["streams"])
            case "feed.event":
                for feed in self.feeds:
                    feed.nudge(message["stream"])
            case "logout":
                self._logged_out(message["session"])
            case "recheck":
                self._recheck.set()

    def _rights(self, stream: Stream[Session], message: EventMessage) -> None:
        """An event that may have changed rights is about to be handed out: those it may concern are held."""
        users = message["users"]
        if users is None:
            self._review_later(stream, tuple(stream.subscriptions.values()))
        else:
            concerned = set(users)
            everybody = tuple(stream.subscriptions.values())
            self._review_later(stream, [one for one in everybody if one.user_id in concerned])

    def _review_later(
        self, stream: Stream[Session], touched: Sequence[Subscription[Session]], anew: bool = False
    ) -> None:
        for subscription in touched:
            subscription.hold()
        if touched:
            self.hub.spawn(self._review(stream.name, touched, anew))

    async def _review(self, name: str, touched: Sequence[Subscription[Session]], anew: bool) -> None:
        """One question for hundreds. In order: of two looks at the same rights the later one counts."""
        async with self._reviewing:
            for start in range(0, len(touched), REVIEWED_AT_ONCE):
                some = touched[start : start + REVIEWED_AT_ONCE]
                try:
                    asked = [(one.owner.identity, tuple(one.opened)) for one in some]
                    verdicts = await self.database.run(access.judge, name, asked)
                except SourceUnavailable as error:
                    log.warning("rights of %d viewers of %s unknown: %s", len(some), name, error)
                    self._give_up(some)
                    continue
                for subscription, verdict in zip(some, verdicts, strict=True):
                    if anew or subscription.owner.is_touched(subscription, verdict):
                        self.hub.spawn(subscription.owner.heed(subscription, verdict, anew))
                    else:
                        subscription.release()

    @staticmethod
    def _give_up(touched: Sequence[Subscription[Session]]) -> None:
        """Nobody can say what they may see: nothing more is shown, and they come back when somebody can."""
        for subscription in touched:
            subscription.owner.stop(CLOSE_TRY_LATER)

    def _logged_out(self, session_hash: str) -> None:
        for session in tuple(self.sessions):
            key = session.identity.session_key
            if key and credentials.hashed(key) == session_hash:
                session.stop(CLOSE_NOT_AUTHENTICATED)

    # Changes of what may be seen

    def _shown(self, stream: Stream[Session], message: EventMessage) -> None:
        self.hub.spawn(self._show_anew(stream, message["entity_id"], message["seq"]))

    async def _show_anew(self, stream: Stream[Session], character_id: str, seq: int) -> None:
        """Each viewer gets the character as it may be seen now: the card, and the sheet where it is open."""
        try:
            owner, cards = await self.database.run(access.cards, character_id, stream.name, seq)
        except SourceUnavailable as error:
            log.warning("character %s not shown anew: %s", character_id, error)
            return
        everybody = tuple(stream.subscriptions.values())
        for subscription in everybody:
            if subscription.is_whole and not subscription.stale and cards:
                subscription.outbox.push(cards[subscription.level(owner)], subscription, seq + 1)
        self._review_later(stream, [one for one in everybody if character_id in one.opened], anew=True)

    # Accounts, sessions and rights, now and then

    async def _recheck_now_and_then(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self.options.recheck_interval):
                    await self._recheck.wait()
            except TimeoutError:
                pass
            self._recheck.clear()
            everyone = list(self.sessions)
            is_known = True
            for start in range(0, len(everyone), BATCH):
                is_known = await self._look_again(everyone[start : start + BATCH]) and is_known
            for stream in tuple(self.hub.streams.values()) if is_known else ():
                self._review_later(stream, tuple(stream.subscriptions.values()))
            await asyncio.sleep(min(MIN_RECHECK, self.options.recheck_interval))

    async def _look_again(self, sessions: list[Session]) -> bool:
        try:
            now = await self.database.run(credentials.look_again, {one.identity for one in sessions})
        except SourceUnavailable as error:
            log.warning("sessions not looked at: %s", error)
            return False
        for session in sessions:
            identity = now[session.identity]
            if identity is None:
                session.stop(CLOSE_NOT_AUTHENTICATED)
                continue
            session.identity = identity
        return True


@transaction.atomic
def _set_online(changes: Sequence[tuple[str, bool]]) -> Sequence[None]:
    users.set_online(changes)
    set_members_online(changes)
    return [None] * len(changes)


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
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
