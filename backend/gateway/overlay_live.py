"""Overlays and campaigns' pages that somebody has open: each drawn once, however many look, and sent piece by piece.

One hub listens to their campaigns. A picture is made in a thread of the database; the loop only compares and sends.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from channels.layers import get_channel_layer
from django.utils import timezone

from companion import on_air, overlay_tokens
from companion.on_air import Picture
from companion.page_picture import page_picture
from companion.selectors import campaigns
from companion.services.overlays import CHANGED
from companion.services.publishing import CLOSED
from delivery.database import Database
from delivery.hub import Hub
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.source import EventMessage, Filled, Message, SourceUnavailable
from delivery.streams import Subscription
from delivery.wire import Out, encode
from gateway.constants import CLOSE_REVOKED
from gateway.overlay_agenda import Agenda
from rules.errors import NotFound
from timeline import services as timeline

log = logging.getLogger(__name__)

BEAT = encode({"type": "beat"})
BEAT_SECONDS = 20.0
# With nothing heard it is looked again all the same: a roll that waits, a clock that was set.
LOOK_SECONDS = 60.0
AFTER_FAILURE = 1.0


class Screen(Protocol):
    """A socket of a page."""

    @property
    def outbox(self) -> Outbox: ...

    def stop(self, code: int) -> None: ...


@dataclass(frozen=True)
class Read:
    """What is shown now, and `delay` seconds after it happened. `id` is the overlay's, or that of a page's campaign."""

    id: str
    campaign: str
    delay: int
    picture: Picture


# Blocking; None where its address is worth nothing.
Reader = Callable[[], Read | None]
# An overlay by its secret, a page by its campaign and its language.
Key = str | tuple[str, str]


def read_overlay(token: str) -> Read | None:
    overlay = overlay_tokens.find(token)
    if overlay is None or not overlay.campaign.is_public:
        return None
    picture = on_air.picture(overlay, timezone.now())
    return Read(str(overlay.pk), str(overlay.campaign_id), overlay.delay, picture)


def read_page(slug: str, language: str) -> Read | None:
    try:
        campaign = campaigns.find(slug)
    except NotFound:
        return None
    picture = page_picture(campaign, language)
    return Read(str(campaign.pk), str(campaign.pk), campaign.delay, picture)


class LiveOverlay:
    """One overlay or page with open sockets. A task draws it when something is due, and when it has been long."""

    def __init__(self, overlays: "Overlays", key: Key, read: Reader, first: Read) -> None:
        self.key = key
        self.id = first.id
        self.campaign = first.campaign
        self._read = read
        self.sockets: set[Screen] = set()
        self._overlays = overlays
        self._loop = asyncio.get_running_loop()
        self._agenda = Agenda(first.delay)
        self._picture = first.picture
        self._wake = asyncio.Event()
        self._expect(first.picture)
        self._task = self._loop.create_task(self._run())

    def join(self, socket: Screen) -> None:
        self.sockets.add(socket)
        socket.outbox.push(encode(self._picture.whole().model_dump(mode="json")))

    def leave(self, socket: Screen) -> None:
        self.sockets.discard(socket)
        if not self.sockets:
            self._task.cancel()
            self._overlays.forget(self)

    def heard(self, takes_off: bool) -> None:
        self._agenda.heard(self._loop.time(), takes_off)
        self._wake.set()

    def look(self) -> None:
        self._agenda.add(self._loop.time())
        self._wake.set()

    async def _run(self) -> None:
        beats = self._loop.time() + BEAT_SECONDS
        while True:
            now = self._loop.time()
            due = self._agenda.next()
            await self._wait(min(beats, due if due is not None else beats) - now)
            now = self._loop.time()
            if now >= beats:
                self._push(BEAT)
                beats = now + BEAT_SECONDS
            if self._agenda.take(now):
                await self._draw()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _draw(self) -> None:
        try:
            found = await self._overlays.database.run(self._read)
        except SourceUnavailable as error:
            log.warning("overlay not drawn: %s", error)
            self._agenda.add(self._loop.time() + AFTER_FAILURE)
            return
        if found is None:
            self.end()
            return
        self._agenda.delay = found.delay
        self._expect(found.picture)
        before, self._picture = self._picture, found.picture
        if frame := found.picture.since(before):
            self._push(encode(frame.model_dump(mode="json")))

    def _expect(self, picture: Picture) -> None:
        """Look again when a roll comes that only waits, and now and then."""
        now = self._loop.time()
        self._agenda.add(now + (LOOK_SECONDS if picture.wakes is None else picture.wakes))

    def _push(self, frame: Out) -> None:
        for socket in tuple(self.sockets):
            socket.outbox.push(frame)

    def close(self) -> None:
        self._task.cancel()

    def end(self) -> None:
        """Its address is worth nothing any more: every page goes dark now."""
        for socket in tuple(self.sockets):
            socket.stop(CLOSE_REVOKED)


class _Heard(Subscription[LiveOverlay]):
    """An overlay needs no frame of its campaign: only that there was one."""

    __slots__ = ()

    def deliver(self, message: EventMessage, frames: list[Out | None]) -> None:
        self.owner.heard(message.get("takes_off", False))


class _Campaigns:
    """The hub's source. What was missed is not read: that something was is enough to draw anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, stream_ids: Sequence[str]) -> dict[str, int]:
        return await self._database.run(timeline.heads, stream_ids)

    async def fill(self, name: str, after: int, limit: int) -> Filled:
        campaign = name.partition(":")[2]
        head = (await self.heads([campaign]))[campaign]
        return Filled([_missed(name, head)] if head > after else [], head)


def _missed(name: str, seq: int) -> EventMessage:
    return {
        "type": "stream.event",
        "stream": name,
        "seq": seq,
        "owner": None,
        "entity_id": "",
        "event_type": "",
        "users": [],
        "frames": {},
        "takes_off": True,
    }


class Overlays:
    """All of a process, by their keys."""

    def __init__(self, database: Database, options: Options) -> None:
        self.database = database
        self.options = options
        self._live: dict[Key, LiveOverlay] = {}
        self._opening: dict[Key, asyncio.Task[LiveOverlay | None]] = {}
        self.hub: Hub[LiveOverlay] = Hub(
            get_channel_layer(),
            _Campaigns(database),
            options,
            self._control,
            lambda stream, message: None,
            lambda stream, message: None,
        )
        self._is_started = False

    async def open(self, key: Key, read: Reader) -> LiveOverlay | None:
        """What is live under a key; None where that is worth nothing. Raises SourceUnavailable."""
        if not self._is_started:
            self._is_started = True
            self.hub.start()
        live = self._live.get(key)
        if live is not None:
            return live
        opening = self._opening.get(key)
        if opening is None:
            opening = self._opening[key] = self.hub.spawn(self._open(key, read))
            opening.add_done_callback(lambda _: self._opening.pop(key, None))
        # One socket that gives up must not take the others' opening along.
        return await asyncio.shield(opening)

    async def _open(self, key: Key, read: Reader) -> LiveOverlay | None:
        found = await self.database.run(read)
        if found is None:
            return None
        live = LiveOverlay(self, key, read, found)
        name = f"campaign:{live.campaign}"
        subscription = self.hub.subscribe(live, Outbox(_nowhere, self.options, _ignored), name, None, _Heard)
        self._live[key] = live
        try:
            await self.hub.ready(subscription.stream)
        except SourceUnavailable:
            self.forget(live)
            raise
        # What happened between the read and this moment.
        live.look()
        return live

    def forget(self, live: LiveOverlay) -> None:
        self._live.pop(live.key, None)
        stream = self.hub.streams.get(f"campaign:{live.campaign}")
        held = stream.subscriptions.get(live) if stream else None
        if held is not None:
            self.hub.unsubscribe(held)

    async def stop(self) -> None:
        for live in tuple(self._live.values()):
            live.close()
        await self.hub.stop()

    def _control(self, message: Message) -> None:
        match message.get("type"):
            case type_ if type_ == CHANGED:
                concerned = [live for live in self._live.values() if live.id == message["overlay"]]
            case type_ if type_ == CLOSED:
                concerned = [live for live in self._live.values() if live.campaign == message["campaign"]]
            case "recheck":
                concerned = list(self._live.values())
            case _:
                return
        for live in concerned:
            live.look()


async def _nowhere(message: object) -> None:
    """Take what an overlay's subscription sends, which is nothing."""


def _ignored(code: int) -> None:
    """Never called: nothing is sent."""
