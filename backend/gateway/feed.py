"""What the Discord process gets: every change of a character whose server has a tracker channel, in order.

A nudge through the channel layer says where to look; the events themselves are read from the timeline, so none is
lost and none comes twice, whatever became of the nudge.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from chronicle.models import Chronicle
from gateway.frames import outgoing
from gateway.frames.wire import out
from gateway.hub import ArchiveUnavailable
from gateway.outbox import Outbox
from haven import selectors
from haven.serializers.card import card
from haven.utility import derived
from rules.visibility import Level
from timeline import frames
from timeline import services as timeline
from timeline.feed import keep, positions
from timeline.models import Event

if TYPE_CHECKING:
    from gateway.process import Process

log = logging.getLogger(__name__)

BATCH = 200
# A tracker channel shows what the players themselves see: whoever may manage the server chose it for that.
# What only storytellers know is never in it.
SHOWN = Level.PRIVATE


@dataclass(frozen=True, slots=True)
class Target:
    """A chronicle with a tracker channel; ids are Discord's."""

    name: str
    guild_id: str
    channel_id: str
    head: int


def targets(stream_ids: list[str] | None = None) -> dict[str, Target]:
    """By stream id: all of them, or those of the given. Two queries."""
    chronicles = Chronicle.objects.filter(server__left_at=None).exclude(server__tracker_channel="")
    chronicles = chronicles.exclude(server__discord_id=None)
    if stream_ids is not None:
        chronicles = chronicles.filter(id__in=stream_ids)
    rows = list(chronicles.values_list("id", "server__discord_id", "server__tracker_channel"))
    heads = timeline.heads([pk for pk, _, _ in rows])
    return {
        str(pk): Target(f"chronicle:{pk}", guild, channel, heads[str(pk)])
        for pk, guild, channel in rows
        if guild is not None
    }


def tracked(target: Target, stream_id: str, after: int) -> tuple[int, list[str]]:
    """`(seq, tracker frames)` of the next events, at most BATCH of them."""
    events = timeline.events_since(stream_id, after, BATCH)
    ids = {event.entity_id for event in events if event.entity == "character"}
    characters = {one.id: derived(one) for one in selectors.rows().filter(id__in=ids)}
    cards = {pk: card(one, SHOWN) for pk, one in characters.items()}
    texts = []
    for event in events:
        body = frames.event_json(event, SHOWN) if event.entity_id in cards else None
        if body is not None:
            texts.append(_frame(target, event, body, cards[event.entity_id]))
    return (events[-1].seq if events else after), texts


def missed(target: Target, stream_id: str, after: int) -> list[str]:
    """What happened while nobody listened: for each character the last event, and how many there were (`missed`)."""
    events = [one for one in timeline.events_since(stream_id, after) if one.seq <= target.head]
    ids = {event.entity_id for event in events if event.entity == "character"}
    characters = {one.id: derived(one) for one in selectors.rows().filter(id__in=ids)}
    last: dict[Any, tuple[int, Event, dict[str, Any]]] = {}
    for event in events:
        body = frames.event_json(event, SHOWN) if event.entity_id in characters else None
        if body is not None:
            count = last[event.entity_id][0] if event.entity_id in last else 0
            last[event.entity_id] = count + 1, event, body
    return [
        _frame(target, event, body, card(characters[pk], SHOWN), count)
        for pk, (count, event, body) in sorted(last.items(), key=lambda one: one[1][1].seq)
    ]


def _frame(target: Target, event: Event, body: dict[str, Any], shown: dict[str, Any], count: int = 1) -> str:
    more = {"missed": count} if count > 1 else {}
    return orjson.dumps(
        {
            "type": "tracker",
            "stream": target.name,
            "seq": event.seq,
            "guild_id": target.guild_id,
            "channel_id": target.channel_id,
            "character": {"id": str(event.entity_id), "name": shown["title"]},
            "event": body,
            "card": shown,
        }
        | more
    ).decode()


class Feed:
    def __init__(self, process: "Process", outbox: Outbox) -> None:
        self._process = process
        self._outbox = outbox
        self._after: dict[str, int] = {}
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[Any] | None = None

    async def start(self, since: dict[str, int]) -> None:
        """From the given positions on; streams without one begin now, and are told with `synced`."""
        self._process.hub.listen_to_feed()
        self._process.feeds.add(self)
        known = _by_id(since)
        found = await self._process.database.run(targets)
        posted = await self._process.database.run(positions, found.keys() - known.keys())
        for stream_id, target in found.items():
            if (
                stream_id in posted
                and 0 <= target.head - posted[stream_id] <= self._process.options.max_missed
            ):
                await self._make_up(stream_id, target, posted[stream_id])
            else:
                await self._begin(stream_id, target, known.get(stream_id))
        # Where it all begins: from here on a restart knows what it missed.
        fresh = {one: self._after[one] for one in found if one not in posted and one not in known}
        await self._process.database.run(keep, fresh)
        self._wake.set()
        self._task = self._process.hub.spawn(self._run())

    def stop(self) -> None:
        self._process.feeds.discard(self)
        if self._task is not None:
            self._task.cancel()

    def nudge(self, stream_name: str) -> None:
        self._dirty.add(stream_name.partition(":")[2])
        self._wake.set()

    async def _begin(self, stream_id: str, target: Target, since: int | None) -> None:
        missed = target.head - since if since is not None else None
        if since is not None and missed is not None and 0 <= missed <= self._process.options.max_missed:
            self._after[stream_id] = since
            return
        # Unknown here, or too long ago to be news: from now on.
        self._after[stream_id] = target.head
        kind = "synced" if since is None else "resync"
        self._outbox.push(outgoing.encode({"type": kind, "stream": target.name, "seq": target.head}))
        await self._outbox.room()

    async def _make_up(self, stream_id: str, target: Target, after: int) -> None:
        """After a restart: the present state of whoever changed, not each change."""
        for text in await self._process.database.run(missed, target, stream_id, after):
            self._outbox.push(out(text))
            await self._outbox.room()
        self._after[stream_id] = target.head
        self._outbox.push(outgoing.encode({"type": "synced", "stream": target.name, "seq": target.head}))

    async def keep(self, posted: dict[str, int]) -> None:
        """What the Discord process says is in the channels. Of streams it was never given it can say nothing."""
        known = {one: seq for one, seq in _by_id(posted).items() if seq <= self._after.get(one, -1)}
        await self._process.database.run(keep, known)

    async def _run(self) -> None:
        """Looks at the streams it was nudged about, and now and then at all of them."""
        interval = self._process.options.poll_interval
        # All were looked at a moment ago.
        next_full = self._process.now() + interval
        while True:
            dirty, self._dirty = self._dirty, set()
            full = self._process.now() >= next_full
            try:
                await self._look(dirty, full)
            except ArchiveUnavailable as error:
                log.warning("feed: %s", error)
            if full:
                next_full = self._process.now() + interval
            self._wake.clear()
            if not self._dirty:
                await self._rest(next_full - self._process.now())

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _look(self, dirty: set[str], full: bool) -> None:
        if not dirty and not full:
            return
        wanted = None if full else list(dirty)
        for stream_id, target in (await self._process.database.run(targets, wanted)).items():
            if stream_id not in self._after:
                # A nudge about a server that has a tracker channel only now: what it was nudged about is shown.
                nudged = stream_id in dirty and target.head > 0
                await self._begin(stream_id, target, target.head - 1 if nudged else None)
            while self._after[stream_id] < target.head:
                if not await self._advance(stream_id, target):
                    break

    async def _advance(self, stream_id: str, target: Target) -> bool:
        after = self._after[stream_id]
        seq, texts = await self._process.database.run(tracked, target, stream_id, after)
        for text in texts:
            self._outbox.push(out(text))
            await self._outbox.room()
        self._after[stream_id] = seq
        return seq > after


def _by_id(positions: dict[str, int]) -> dict[str, int]:
    return {name.partition(":")[2]: seq for name, seq in positions.items()}
