"""One open socket: its frames in, its subscriptions, and what becomes of them when rights change."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from delivery.outbox import Outbox, Send
from delivery.source import SourceUnavailable
from delivery.streams import Subscription
from delivery.wire import Out, Write, out
from gateway import access
from gateway.access import Verdict
from gateway.constants import CLOSE_BAD_FRAMES, CLOSE_TOO_BIG, CLOSE_TRY_LATER
from gateway.credentials import Identity
from gateway.entrance import Asked
from gateway.frames import outgoing
from gateway.frames.incoming import Frame, parse
from gateway.frames.manners import Manners
from gateway.presence import ONLINE
from rules.errors import GameError, Invalid, Limit, NotAllowed, NotFound

if TYPE_CHECKING:
    from gateway.feed import Feed
    from gateway.process import Process

log = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]

# The Discord process says from where each of thousands of streams goes on.
BOT_FRAME_BYTES = 2 * 1024 * 1024
# Missed events that are written in one go.
PORTION = 50
UNAVAILABLE = {
    "type": "error",
    "code": "unavailable",
    "detail": "The database does not answer. Try again in a moment.",
}


class Session:
    __slots__ = (
        "_busy",
        "_ending",
        "_manners",
        "_task",
        "close_code",
        "feed",
        "id",
        "identity",
        "opened",
        "outbox",
        "process",
        "seen",
        "status",
        "subscriptions",
    )

    def __init__(self, process: "Process", identity: Identity, send: Send, write: Write | None) -> None:
        self.process = process
        self.identity = identity
        self.id = secrets.token_hex(8)
        self.outbox = Outbox(send, process.options, self.stop, write)
        self.subscriptions: dict[str, Subscription] = {}
        # Open character → the name of its stream.
        self.opened: dict[str, str] = {}
        self.feed: Feed | None = None
        self.status = ONLINE
        self.seen = process.now()
        self.close_code: int | None = None
        # Frames and changes of rights are handled one after another.
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[Any] | None = None
        self._ending = False
        self._manners = Manners(process.options, self.seen)

    def greet(self, user: dict[str, Any] | None) -> None:
        self.outbox.push(outgoing.hello(self.process.options.heartbeat_interval, self.id, user))

    async def run(self, receive: Receive) -> None:
        """Until the client leaves or `stop` is called."""
        self._task = asyncio.current_task()
        try:
            await self._alive()
            while self.close_code is None and (message := await receive())["type"] == "websocket.receive":
                await self._received(message)
        except asyncio.CancelledError:
            if self.close_code is None:
                raise
        finally:
            self._ending = True
            self._leave_all()
            if self.close_code is not None:
                await self.outbox.close(self.close_code)

    def stop(self, code: int) -> None:
        """Ends the socket, from wherever; the first code counts. Asked again, it tries again."""
        if self.close_code is None:
            self.close_code = code
        if self._task is not None and not self._ending:
            self._task.cancel()

    def _leave_all(self) -> None:
        for subscription in self.subscriptions.values():
            self.process.hub.unsubscribe(subscription)
        self.subscriptions.clear()
        self.opened.clear()
        if self.feed is not None:
            self.feed.stop()

    # Frames in

    async def _received(self, message: dict[str, Any]) -> None:
        self.seen = self.process.now()
        text = message.get("text")
        limit = BOT_FRAME_BYTES if self.identity.is_bot else self.process.options.max_frame_bytes
        if len(text or message.get("bytes") or "") > limit:
            self.stop(CLOSE_TOO_BIG)
            return
        ref = None
        try:
            self._manners.count(self.seen)
            if text is None:
                raise Invalid("Frames are text.", code="bad_frame")
            frame = parse(text)
            ref = frame.ref
            async with self._busy:
                await self._HANDLERS[frame.type](self, frame)
        except Invalid as error:
            self._refuse(error)
        except GameError as error:
            self._error(error, ref)
        except SourceUnavailable as error:
            log.warning("socket %s: %s", self.id, error)
            self.outbox.push(outgoing.with_ref(UNAVAILABLE, ref))

    def _refuse(self, error: Invalid) -> None:
        """A frame that no good client sends: told, counted, and the end after a few."""
        self._error(error, error.data.get("ref"))
        if not self._manners.forgive(self.seen):
            self.stop(CLOSE_BAD_FRAMES)

    def _error(self, error: GameError, ref: str | int | None) -> None:
        frame = {"type": "error", "code": error.code, "detail": error.detail}
        self.outbox.push(outgoing.with_ref(frame, ref))

    async def _heartbeat(self, frame: Frame) -> None:
        self.outbox.push(outgoing.with_ref({"type": "heartbeat"}, frame.ref))
        await self._alive()

    async def _presence(self, frame: Frame) -> None:
        self.status = frame.body["status"]
        await self._alive()

    async def _alive(self) -> None:
        if self.identity.user_id is not None:
            await self.process.touch(self, self.process.options.silence)

    # Streams

    async def _subscribe(self, frame: Frame) -> None:
        name = access.stream_name(frame.body["stream"])
        self._check_room(name)
        # First of all, so that nothing that happens from here on is missed: a change of rights least of all.
        subscription = self._subscription(name)
        try:
            await self.process.hub.ready(subscription.stream)
            await self._catch_up(subscription, frame.body.get("since"), frame.ref)
        finally:
            self._forget_if_unused(subscription)
            subscription.release()

    def _check_room(self, name: str) -> None:
        most = self.process.options.max_subscriptions
        if name not in self.subscriptions and len(self.subscriptions) >= most:
            raise Limit(f"One connection may have {most} streams.", code="too_many_subscriptions")

    def _subscription(self, name: str) -> Subscription:
        """The subscription to that stream, held: events wait until what they follow has been sent."""
        subscription = self.subscriptions.get(name)
        if subscription is None:
            subscription = self.process.hub.subscribe(self, self.outbox, name, self.identity.user_id)
            # The stream's own text is the key, one for all its viewers.
            self.subscriptions[subscription.name] = subscription
        subscription.hold()
        return subscription

    async def _catch_up(
        self,
        subscription: Subscription,
        since: int | None = None,
        ref: str | int | None = None,
        before: tuple[bool, bool] | None = None,
    ) -> None:
        """Sends what was missed, or a snapshot; live events follow. Raises NotFound to those who may not have it.

        `before`: the role may be another than that. It is told as it is now, which need not be what was heard of.
        """
        name = subscription.name
        given = await self.process.entrance.ask(Asked(self.identity, name, since, ref))
        if given is None:
            subscription.is_whole = False
            raise NotFound(access.NO_SUCH_STREAM)
        await self.process.enter(self, name)
        now = (given.access.is_storyteller, given.access.is_member)
        if before is not None and before != now:
            self.outbox.push(outgoing.rights(name, given.access.role, gained=now > before))
        if given.missed is not None:
            await self._send_missed(name, given.seq, given.missed, ref)
        else:
            await self._send_snapshot(name, given.parts)
        subscription.is_storyteller, subscription.is_member = now
        subscription.is_whole, subscription.stale, subscription.after = True, False, given.seq

    async def _send_snapshot(self, name: str, parts: Sequence[Out]) -> None:
        *most, last = parts
        for part in most:
            self.outbox.push(part)
            await self.outbox.room()
        # Nothing is waited for after this: whoever comes or goes from here on is told to this viewer.
        self.outbox.push(outgoing.with_presence(last, self._present(name)))

    def _present(self, name: str) -> dict[str, str]:
        me = (
            {}
            if self.identity.user_id is None or name.startswith("user:")
            else {self.identity.user_id: self.status}
        )
        return me | self.process.roll.of(name)

    async def _send_missed(self, name: str, seq: int, texts: list[str], ref: str | int | None) -> None:
        for number, text in enumerate(texts, 1):
            self.outbox.push(out(text))
            await self.outbox.room()
            if number % PORTION == 0:
                # Even a client that takes everything at once must not keep the loop from the others.
                await asyncio.sleep(0)
        synced = {"type": "synced", "stream": name, "seq": seq, "presence": self._present(name)}
        self.outbox.push(outgoing.with_ref(synced, ref))

    def _forget_if_unused(self, subscription: Subscription) -> None:
        if not subscription.is_whole and not subscription.opened:
            self.subscriptions.pop(subscription.name, None)
            self.process.hub.unsubscribe(subscription)

    async def _unsubscribe(self, frame: Frame) -> None:
        subscription = self.subscriptions.get(frame.body["stream"])
        if subscription is None or not subscription.is_whole:
            raise NotFound("This connection does not have that stream.", code="not_subscribed")
        subscription.is_whole = False
        self._forget_if_unused(subscription)

    # Sheets

    async def _open(self, frame: Frame) -> None:
        found = await self.process.database.run(access.character, self.identity, frame.body["id"])
        if len(self.opened) >= self.process.options.max_sheets:
            most = self.process.options.max_sheets
            raise Limit(f"One connection may have {most} open sheets.", code="too_many_sheets")
        self._check_room(found.ref.name)
        subscription = self._subscription(found.ref.name)
        try:
            await self.process.hub.ready(subscription.stream)
            if not subscription.is_whole:
                subscription.is_storyteller, subscription.is_member = found.is_storyteller, found.is_member
            await self._send_sheet(subscription, frame.body["id"], frame.ref)
        finally:
            self._forget_if_unused(subscription)
            subscription.release()

    async def _send_sheet(
        self, subscription: Subscription, character_id: str, ref: str | int | None = None
    ) -> None:
        seq, character = await self.process.database.run(
            access.sheet, self.identity, character_id, subscription.stream.id
        )
        body = {"type": "sheet", "stream": subscription.name, "seq": seq, "character": character}
        self.outbox.push(outgoing.with_ref(body, ref))
        await self.outbox.room()
        subscription.opened[character["id"]] = seq
        self.opened[character["id"]] = subscription.name

    async def _close(self, frame: Frame) -> None:
        self._close_sheet(frame.body["id"])

    def _close_sheet(self, character_id: str) -> None:
        name = self.opened.pop(character_id, None)
        subscription = self.subscriptions.get(name) if name else None
        if subscription is None:
            raise NotFound("This sheet is not open here.", code="not_open")
        subscription.opened.pop(character_id, None)
        self._forget_if_unused(subscription)

    # The Discord process

    async def _feed(self, frame: Frame) -> None:
        if not self.identity.is_bot:
            raise NotAllowed("The feed is for the Discord process.")
        from gateway.feed import Feed

        if self.feed is not None:
            self.feed.stop()
        self.feed = Feed(self.process, self.outbox)
        await self.feed.start(frame.body.get("since", {}))

    async def _posted(self, frame: Frame) -> None:
        if self.feed is None:
            raise NotAllowed("Only who has the feed can have posted of it.")
        await self.feed.keep(frame.body["positions"])

    # Rights

    def is_touched(self, subscription: Subscription, verdict: Verdict) -> bool:
        """False when that verdict changes nothing here, and nothing is under way that it might change."""
        return (
            self._busy.locked()
            or (subscription.is_whole and not _same(subscription, verdict.stream))
            or any(not _same(subscription, verdict.sheets.get(one)) for one in subscription.opened)
        )

    async def heed(self, subscription: Subscription, verdict: Verdict, anew: bool = False) -> None:
        """What was lost ends here, before any event that waited; then lets go of the subscription.

        `anew`: open sheets are sent again even when the role is the same, as what it may see is not.
        """
        try:
            async with self._busy:
                before = (subscription.is_storyteller, subscription.is_member)
                if subscription.is_whole:
                    await self._heed_stream(subscription, verdict.stream, before)
                for character_id in tuple(subscription.opened):
                    found = verdict.sheets.get(character_id)
                    if character_id not in verdict.sheets:  # opened meanwhile, by rights of whatever moment
                        found = await self.process.database.run(
                            access.may_still_open, self.identity, character_id
                        )
                    await self._heed_sheet(subscription, character_id, found, before, anew)
        except SourceUnavailable as error:
            # Nobody can say what may be seen: the client comes back when somebody can.
            log.warning("socket %s: rights unknown, %s", self.id, error)
            self.stop(CLOSE_TRY_LATER)
        finally:
            subscription.release()

    async def _heed_stream(
        self, subscription: Subscription, found: access.Access | None, before: tuple[bool, bool]
    ) -> None:
        if found is None:
            self._lose(subscription)
        elif before != (found.is_storyteller, found.is_member):
            try:
                await self._catch_up(subscription, before=before)
            except NotFound:  # lost in this very moment
                self._lose(subscription)

    def _lose(self, subscription: Subscription) -> None:
        subscription.is_whole = False
        self.outbox.push(outgoing.rights(subscription.name, "none", lost=True))
        self._forget_if_unused(subscription)

    async def _heed_sheet(
        self,
        subscription: Subscription,
        character_id: str,
        found: access.Access | None,
        before: tuple[bool, bool],
        anew: bool,
    ) -> None:
        if found is None:
            self.outbox.push(outgoing.sheet_closed(subscription.name, character_id))
            self._close_sheet(character_id)
            return
        now = (found.is_storyteller, found.is_member)
        if anew or before != now:
            subscription.is_storyteller, subscription.is_member = now
            await self._send_sheet(subscription, character_id)

    _HANDLERS: ClassVar[dict[str, Callable[["Session", Frame], Awaitable[None]]]] = {
        "heartbeat": _heartbeat,
        "presence": _presence,
        "subscribe": _subscribe,
        "unsubscribe": _unsubscribe,
        "open": _open,
        "close": _close,
        "feed": _feed,
        "posted": _posted,
    }


def _same(subscription: Subscription, found: access.Access | None) -> bool:
    return found is not None and (subscription.is_storyteller, subscription.is_member) == (
        found.is_storyteller,
        found.is_member,
    )
