"""From the web to Discord: each message once, under its author's name, changed when it changes.

Each room has a queue that waits where Discord does not take its first message. What was posted is reported; a message
of which that report got lost is found again among the channel's own last messages before anything is posted twice.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import discord
from cachetools import LRUCache

from contract import endpoints
from contract.bridge_frames import BridgedMessage, OutgoingThread
from contract.bridges import Posted, Problem
from rodbot.chat.files import Files
from rodbot.chat.inbox import Inbox
from rodbot.chat.places import Place, Places
from rodbot.chat.saying import Said, allowed, said
from rodbot.chat.webhooks import NoWebhook, Webhooks
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.tasks import start

log = logging.getLogger(__name__)

WAITING = 1000
REMEMBERED = 4096
BACKOFF = (0.5, 60.0)
# Longer than looking through a channel takes.
CAUGHT_UP = 30.0
UNKNOWN_WEBHOOK, THREAD_ARCHIVED = 10015, 50083
NOBODY = discord.AllowedMentions.none()


@dataclass
class _Posted:
    """Where a message stands, what its pieces say, and which change of it that is; `left_out` are files by name."""

    changed: int
    pieces: list[int]
    texts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class _Room:
    waiting: deque[BridgedMessage] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    failures: int = 0


class Outbox:
    def __init__(
        self,
        client: discord.Client,
        backend: Backend,
        places: Places,
        inbox: Inbox,
        webhooks: Webhooks,
        files: Files,
        trouble: Callable[[Place, Problem], None],
    ) -> None:
        self._client = client
        self._backend = backend
        self._places = places
        self._inbox = inbox
        self._webhooks = webhooks
        self._files = files
        self._trouble = trouble
        self._rooms: dict[str, _Room] = {}
        self._posted: LRUCache[UUID, _Posted] = LRUCache(REMEMBERED)
        # Of rooms that began on the web: the threads that we opened for them.
        self._threads: LRUCache[UUID, int] = LRUCache(REMEMBERED)

    def offer(self, frame: BridgedMessage) -> None:
        """Queue a message and return at once. Those of guilds that other processes serve are left to them."""
        if self._client.get_guild(int(frame.guild_id)) is None:
            return
        room = self._rooms.setdefault(frame.stream, _Room())
        if len(room.waiting) < WAITING:
            room.waiting.append(frame)
        if room.task is None:
            room.task = start(self._drain(frame.stream, room))

    async def settled(self) -> None:
        while tasks := [room.task for room in self._rooms.values() if room.task]:
            await asyncio.wait(tasks)

    async def _drain(self, stream: str, room: _Room) -> None:
        try:
            while room.waiting:
                await self._next(room)
        finally:
            room.task = None
            self._rooms.pop(stream, None)

    async def _next(self, room: _Room) -> None:
        """Bring the oldest over, or wait before the next try."""
        frame = room.waiting[0]
        place = self._places.get(int(frame.channel_id))
        if place is None:  # No longer bridged.
            room.waiting.clear()
            return
        try:
            await self._bring(frame)
            room.waiting.popleft()
            room.failures = 0
            self._trouble(place, "")
            return
        except NoWebhook as error:
            self._trouble(place, error.problem)
        except discord.Forbidden as error:
            log.info("Channel %s takes no message: %s", frame.channel_id, error)
            self._trouble(place, "no_access")
        except (discord.DiscordException, aiohttp.ClientError, OSError, BackendDown, BackendError) as error:
            log.warning("Message %s was not brought to Discord: %s", frame.message.id, error)
            if _code(error) == THREAD_ARCHIVED and frame.thread and frame.thread.id:
                await self._client.http.edit_channel(int(frame.thread.id), archived=False)
                return
            if _never(error):
                room.waiting.popleft()
                await self._report(frame, self._known(frame), None)
                return
            self._trouble(place, "failed")
        await asyncio.sleep(min(BACKOFF[0] * 2**room.failures, BACKOFF[1]))
        room.failures += 1

    async def _bring(self, frame: BridgedMessage) -> None:
        message = frame.message
        known = self._known(frame)
        thread = None
        if known.changed < frame.seq:
            if message.gone:
                await self._delete(frame, known)
            else:
                thread = await self._thread(frame)
                await self._show(frame, known, thread)
            known.changed = frame.seq
            self._posted[message.id] = known
        await self._report(frame, known, thread)
        if place := self._places.get(thread or int(frame.channel_id)):
            place.reported.set()

    def _known(self, frame: BridgedMessage) -> _Posted:
        message = frame.message
        return self._posted.get(message.id) or _Posted(0, [int(piece) for piece in message.pieces])

    async def _report(self, frame: BridgedMessage, posted: _Posted, thread: int | None) -> None:
        given = Posted(
            room=UUID(frame.stream.removeprefix("room:")),
            message=frame.message.id,
            changed=frame.seq,
            pieces=[str(piece) for piece in posted.pieces],
            thread=str(thread) if thread else None,
        )
        await self._backend.report(endpoints.BRIDGE_POSTED, given)

    # Show

    async def _show(self, frame: BridgedMessage, known: _Posted, thread: int | None) -> None:
        """Post or edit its pieces, and delete those that are too many."""
        await self._wait_for_what_was_missed(frame, thread)
        files: list[discord.File] = []
        if not (known.changed or frame.message.pieces):
            files, known.left_out = await self._files.fetch(frame.message.files)
        message = said(frame, known.left_out)
        # What is posted of it is posted, also where the rest has to be tried again.
        self._posted[frame.message.id] = known
        webhook = await self._webhooks.of(int(frame.guild_id), int(frame.channel_id))
        place = discord.Object(thread) if thread else discord.utils.MISSING
        try:
            for number, text in enumerate(message.pieces):
                if number < len(known.pieces):
                    if known.texts[number : number + 1] != (text,):
                        await webhook.edit_message(
                            known.pieces[number], content=text, thread=place, allowed_mentions=NOBODY
                        )
                else:
                    known.pieces.append(await self._post(frame, webhook, message, number, thread, files))
            for surplus in known.pieces[len(message.pieces) :]:
                self._inbox.deleting(surplus)
                await webhook.delete_message(surplus, thread=place)
                known.pieces.remove(surplus)
        except discord.NotFound as error:
            if error.code == UNKNOWN_WEBHOOK:
                self._webhooks.forget(int(frame.channel_id))
                raise NoWebhook("failed") from error
            # Somebody deleted it on Discord, which the backend hears in its turn.
            log.info("Message %s is gone from Discord", frame.message.id)
        known.texts = message.pieces

    async def _wait_for_what_was_missed(self, frame: BridgedMessage, thread: int | None) -> None:
        """Only then it is known what an earlier process posted and never told of."""
        place = self._places.get(thread or int(frame.channel_id))
        if place is not None:
            try:
                await asyncio.wait_for(place.caught_up.wait(), CAUGHT_UP)
            except TimeoutError:
                log.warning("Channel %s was not looked through in time", place.id)

    async def _post(
        self,
        frame: BridgedMessage,
        webhook: discord.Webhook,
        message: Said,
        number: int,
        thread: int | None,
        files: list[discord.File],
    ) -> int:
        """Post a piece, the last with the files; returns where it stands."""
        last = number == len(message.pieces) - 1
        place = self._places.get(thread or int(frame.channel_id))
        if place is not None and (
            orphan := _orphan(place, message.name or webhook.name or "", message.pieces[number])
        ):
            return orphan
        text = message.pieces[number]
        with _unreported(place):
            sent = await webhook.send(
                text or discord.utils.MISSING,
                username=message.name or discord.utils.MISSING,
                avatar_url=message.avatar_url or discord.utils.MISSING,
                files=files if last else [],
                thread=discord.Object(thread) if thread else discord.utils.MISSING,
                allowed_mentions=allowed(message),
                wait=True,
            )
        return sent.id

    async def _thread(self, frame: BridgedMessage) -> int | None:
        """The thread in which it is posted: that of its room, which is opened where it began on the web."""
        thread = frame.thread
        if thread is None:
            return None
        if thread.id is not None:
            return int(thread.id)
        if thread.room not in self._threads:
            self._threads[thread.room] = await self._open(frame, thread)
        return self._threads[thread.room]

    async def _open(self, frame: BridgedMessage, thread: OutgoingThread) -> int:
        guild = self._client.get_guild(int(frame.guild_id))
        channel = guild.get_channel(int(frame.channel_id)) if guild else None
        if not isinstance(channel, discord.TextChannel):
            raise NoWebhook("no_access")
        if thread.starter is not None:
            starter = channel.get_partial_message(int(thread.starter))
            opened = await starter.create_thread(name=thread.name[:100])
        else:
            kind = discord.ChannelType.public_thread
            opened = await channel.create_thread(name=thread.name[:100], type=kind)
        return opened.id

    # Delete

    async def _delete(self, frame: BridgedMessage, known: _Posted) -> None:
        thread = int(frame.thread.id) if frame.thread and frame.thread.id else None
        for piece in list(known.pieces):
            self._inbox.deleting(piece)
            try:
                await self._delete_piece(frame, piece, thread)
            except discord.NotFound:
                log.debug("Message %s was gone already", piece)
            except discord.Forbidden:
                # Without the right to it, what somebody wrote there stays; nothing else waits for that.
                log.info("Message %s stays on Discord: the bot may not delete it", piece)
            if not frame.message.came:
                known.pieces.remove(piece)
        known.texts = ()

    async def _delete_piece(self, frame: BridgedMessage, piece: int, thread: int | None) -> None:
        """What we posted our webhook takes away; what somebody wrote there the bot, as a moderator."""
        if frame.message.came:
            place = self._client.get_partial_messageable(
                thread or int(frame.channel_id), guild_id=int(frame.guild_id)
            )
            await place.get_partial_message(piece).delete()
            return
        webhook = await self._webhooks.of(int(frame.guild_id), int(frame.channel_id))
        await webhook.delete_message(
            piece, thread=discord.Object(thread) if thread else discord.utils.MISSING
        )


@contextlib.contextmanager
def _unreported(place: Place | None) -> Iterator[None]:
    """What is posted here waits for its report; what Discord did not take does not."""
    if place is None:
        yield
        return
    place.reported.clear()
    try:
        yield
    except BaseException:
        place.reported.set()
        raise


def _orphan(place: Place, name: str, text: str) -> int | None:
    """What an earlier process posted of this and did not live to tell."""
    for orphan in place.orphans:
        if (orphan.author.name, orphan.content) == (name, text.strip()):
            place.orphans.remove(orphan)
            return orphan.id
    return None


def _code(error: Exception) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0


def _never(error: Exception) -> bool:
    """Whether another try would be in vain: Discord does not want this message, whatever comes."""
    return isinstance(error, discord.HTTPException) and error.status == 400
