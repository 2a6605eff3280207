"""From Discord to the backend: what is said, edited and deleted in bridged channels, in its order.

Each place has a queue. Where the backend does not answer, the queue is given up and the place is looked through again
from the last message that the backend knows: Discord keeps what was said.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile

import aiohttp
import discord

from contract import endpoints
from contract.bridges import (
    MAX_FORGOTTEN,
    MAX_HEARD,
    BridgePlace,
    Forget,
    Heard,
    HeardThread,
    Problem,
    Receive,
)
from rodbot.chat.hearing import heard, is_spoken
from rodbot.chat.places import Place
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.tasks import start

log = logging.getLogger(__name__)

# A place is looked through from what is known, and so far before that for edits and deletions; never further than MOST.
BEFORE, MOST = 50, 500
BACKOFF = (0.5, 30.0)
REMEMBERED = 2000
# Seconds in which the backend downloads the files of a message.
DOWNLOADING = 60.0
# Seconds that an answer waits for what was posted to be reported.
REPORTED = 5.0
GONE = (discord.NotFound, discord.Forbidden)
FAILURES = (BackendDown, discord.HTTPException, aiohttp.ClientError, OSError)


@dataclass(frozen=True)
class _Deleted:
    message_id: int


class _LookThrough:
    """Asks for what was missed."""


_Task = Heard | _Deleted | _LookThrough


@dataclass
class _Line:
    waiting: deque[_Task] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Inbox:
    def __init__(
        self,
        client: discord.Client,
        backend: Backend,
        is_ours: Callable[[discord.Message], bool],
        trouble: Callable[[Place, Problem], None],
    ) -> None:
        self._client = client
        self._backend = backend
        self._is_ours = is_ours
        self._trouble = trouble
        self._lines: dict[int, _Line] = {}
        # Deleted by us, so no news.
        self._own_deletions: OrderedDict[int, None] = OrderedDict()

    # What happens

    def hear(self, place: Place, message: discord.Message, *, is_new: bool) -> None:
        if is_spoken(message) and not self._is_ours(message):
            news = heard(message, is_new=is_new)
            if news is not None:
                self._queue(place, news)

    def deleted(self, place: Place, message_ids: Iterable[int]) -> None:
        for message_id in message_ids:
            if self._own_deletions.pop(message_id, 0) == 0:
                self._queue(place, _Deleted(message_id))

    def deleting(self, message_id: int) -> None:
        """We are about to delete this ourselves."""
        self._own_deletions[message_id] = None
        if len(self._own_deletions) > REMEMBERED:
            self._own_deletions.popitem(last=False)

    def look_through(self, place: Place) -> None:
        """Find what was said, edited and deleted while nobody listened."""
        self._queue(place, _LookThrough())

    async def settled(self) -> None:
        while tasks := [line.task for line in self._lines.values() if line.task]:
            await asyncio.wait(tasks)

    def _queue(self, place: Place, task: _Task) -> None:
        line = self._lines.setdefault(place.id, _Line())
        line.waiting.append(task)
        if line.task is None:
            line.task = start(self._drain(place, line))

    # One place

    async def _drain(self, place: Place, line: _Line) -> None:
        failures = 0
        try:
            while line.waiting:
                try:
                    await self._next(place, line)
                    failures = 0
                except GONE as error:
                    log.info("Channel %s cannot be read: %s", place.id, error)
                    self._trouble(place, "no_access")
                    line.waiting.clear()
                except BackendError as error:
                    # It would be refused again; the next one may not be.
                    log.error("What was said in channel %s was refused: %s", place.id, error)
                    line.waiting.popleft()
                except FAILURES as error:
                    log.warning("What was said in channel %s was not brought over: %s", place.id, error)
                    line.waiting.clear()
                    line.waiting.append(_LookThrough())
                    await asyncio.sleep(min(BACKOFF[0] * 2**failures, BACKOFF[1]))
                    failures += 1
        finally:
            line.task = None
            place.caught_up.set()
            self._lines.pop(place.id, None)

    async def _next(self, place: Place, line: _Line) -> None:
        """Tell the oldest, with what follows it and is of its kind."""
        first, done = line.waiting[0], 1
        if isinstance(first, _LookThrough):
            await self._catch_up(place)
        elif isinstance(first, _Deleted):
            deleted = [each for each in _alike(line.waiting, MAX_FORGOTTEN) if isinstance(each, _Deleted)]
            ids = [str(each.message_id) for each in deleted]
            given = Forget(**vars(await self._place(place)), messages=ids)
            await self._backend.report(endpoints.BRIDGE_FORGET, given)
            done = len(deleted)
        else:
            messages = [each for each in _alike(line.waiting, MAX_HEARD) if isinstance(each, Heard)]
            batch = next(_batches(messages))
            await self._tell(place, batch)
            done = len(batch)
        for _ in range(done):
            line.waiting.popleft()

    async def _tell(self, place: Place, messages: list[Heard]) -> None:
        if any(message.reply_to for message in messages):
            await self._wait_for_reports(place)
        given = Receive(**vars(await self._place(place)), messages=messages)
        within = DOWNLOADING if any(message.files for message in messages) else None
        await self._backend.report(endpoints.BRIDGE_RECEIVE, given, within)
        place.position = max(place.position, *(int(message.id) for message in messages))

    async def _wait_for_reports(self, place: Place) -> None:
        """An answer to what we posted this moment finds it only where the backend knows where that stands."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(place.reported.wait(), REPORTED)

    async def _place(self, place: Place) -> BridgePlace:
        guild, channel = str(place.guild_id), str(place.channel_id)
        if place.thread_id is None:
            return BridgePlace(guild_id=guild, channel=channel)
        thread = await self._channel(place)
        name = thread.name[:200] if isinstance(thread, discord.Thread) else "thread"
        return BridgePlace(
            guild_id=guild, channel=channel, thread=HeardThread(id=str(place.thread_id), name=name)
        )

    async def _channel(self, place: Place) -> discord.abc.Messageable:
        guild = self._client.get_guild(place.guild_id)
        known = guild.get_channel_or_thread(place.id) if guild else None
        found = known or await self._client.fetch_channel(place.id)
        assert isinstance(found, discord.abc.Messageable)
        return found

    # What was missed

    async def _catch_up(self, place: Place) -> None:
        found = await self._history(place)
        if not found:
            return
        last = place.position
        spoken = [message for message in found if is_spoken(message) and not self._is_ours(message)]
        news = [heard(message, is_new=message.id > last) for message in spoken]
        listed = [each for each in news if each is not None]
        for batch in _batches(listed):
            await self._tell(place, batch)
        own = [message for message in found if self._is_ours(message)]
        given = Receive(
            **vars(await self._place(place)),
            own=[str(message.id) for message in own],
            present=[str(message.id) for message in found if message not in own],
            since=str(found[0].id),
            until=str(found[-1].id),
        )
        unknown = (await self._backend.report(endpoints.BRIDGE_RECEIVE, given)).unknown
        if not place.caught_up.is_set():
            place.orphans = [message for message in own if str(message.id) in unknown]

    async def _history(self, place: Place) -> list[discord.Message]:
        """What stands there, oldest first: from before the last known message on."""
        found: list[discord.Message] = []
        before = 0
        async for message in (await self._channel(place)).history(limit=MOST):
            before += message.id <= place.position
            found.append(message)
            if before >= BEFORE:
                break
        return found[::-1]


def _batches(messages: Iterable[Heard]) -> Iterator[list[Heard]]:
    """A message with files is told alone, as downloading them takes its time."""
    batch: list[Heard] = []
    for message in messages:
        if batch and (message.files or batch[-1].files or len(batch) == MAX_HEARD):
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def _alike(waiting: deque[_Task], most: int) -> list[_Task]:
    """The first of them that are of one kind."""
    return list(takewhile(lambda task: type(task) is type(waiting[0]), islice(waiting, most)))
