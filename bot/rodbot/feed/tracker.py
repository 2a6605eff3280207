"""The tracker channels: each change as a line with the card under it, each roll as a line.

A character has one message among the recent ones of a channel, and it is edited in place; only when talk has pushed it
away a new one is posted. Its footer says which character it is about (`#` and the end of the character's id), so a
restarted process finds it again among the channel's last messages."""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import discord

from contract.feed_frames import Digest, RollFrame
from contract.feed_frames import Tracker as TrackerFrame
from contract.translation import _, n_, speaking
from rodbot.characters.cards import changed, embed, origin
from rodbot.core.errors import by
from rodbot.core.languages import Languages
from rodbot.core.tasks import start
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp
from rodbot.dice.lines import LINE, roll_line
from rodbot.feed import digest
from rodbot.feed.frames import Post, group_of

log = logging.getLogger(__name__)

RECENT = 50
SURE_FOR = 60.0
REMEMBERED = 5000
LINES = 4
# A Discord that fails is tried again for about an hour; the queue of a channel is bounded meanwhile.
BACKOFF = (0.5, 60.0)
TRIES = 70
WAITING = 500
# As many lines of 440 characters as fit into a message.
BATCH = 4
THREAD_ARCHIVED = 50083
NOBODY = discord.AllowedMentions.none()


@dataclass(slots=True)
class _Last:
    """A character's message, its lines, and when it was last seen to be recent."""

    message: int
    lines: list[str]
    seen: float


@dataclass(slots=True)
class _Channel:
    waiting: deque[Post] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    failures: int = 0


class Tracker:
    """Posts to tracker channels, in order within a channel. `posted` is called when a post is done or given up."""

    def __init__(
        self,
        client: discord.Client,
        languages: Languages,
        local: bool,
        posted: Callable[[Post], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._languages = languages
        self._posted = posted
        self._local = local
        self._clock = clock
        self._channels: dict[int, _Channel] = {}
        self._last: OrderedDict[tuple[int, str], _Last] = OrderedDict()
        self._silent: set[int] = set()

    def post(self, post: Post) -> bool:
        """Queue a post and return at once. False when another process serves that guild."""
        if self._client.get_guild(int(post.guild_id)) is None:
            return False
        channel_id = int(post.channel_id)
        channel = self._channels.setdefault(channel_id, _Channel())
        channel.waiting.append(post)
        if channel.task is None:
            channel.task = start(self._drain(channel_id, channel))
        return True

    async def settled(self) -> None:
        """Wait until everything is posted."""
        while tasks := [c.task for c in self._channels.values() if c.task]:
            await asyncio.wait(tasks)

    async def _drain(self, channel_id: int, channel: _Channel) -> None:
        try:
            while channel.waiting:
                await self._next(channel_id, channel)
        finally:
            channel.task = None
            self._channels.pop(channel_id, None)

    async def _next(self, channel_id: int, channel: _Channel) -> None:
        """Post the oldest and what waits of its group, in one edit."""
        group = group_of(channel.waiting[0])
        batch = [post for post in channel.waiting if group_of(post) == group][:BATCH]
        channel.waiting = deque(post for post in channel.waiting if post not in batch)
        try:
            with speaking(self._languages.of_server(self._client.get_guild(int(batch[0].guild_id)))):
                await self._put(channel_id, batch, again=channel.failures > 0)
            channel.failures = 0
            self._silent.discard(channel_id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if channel_id not in self._silent:
                log.warning("Tracker channel %s takes no messages: %s", channel_id, error)
            self._silent.add(channel_id)
            if _temporary(error) and channel.failures < TRIES:
                await self._again(channel, batch)
                return
        for post in batch:
            self._posted(post)

    async def _again(self, channel: _Channel, batch: list[Post]) -> None:
        """Put the batch back in front of the queue, and wait before the next try."""
        channel.waiting.extendleft(reversed(batch))
        while len(channel.waiting) > WAITING:
            channel.waiting.popleft()
        await asyncio.sleep(min(BACKOFF[0] * 2**channel.failures, BACKOFF[1]))
        channel.failures += 1

    async def _put(self, channel_id: int, batch: list[Post], *, again: bool) -> None:
        place = self._client.get_partial_messageable(channel_id, guild_id=int(batch[-1].guild_id))
        first = batch[0]
        changes = [post for post in batch if isinstance(post, TrackerFrame)]
        if isinstance(first, Digest):
            await place.send(digest.text(first.digest), allowed_mentions=NOBODY)
        elif changes:
            await self._put_changes(place, channel_id, changes, again)
        else:
            lines = [roll_line(post.roll) for post in batch if isinstance(post, RollFrame)]
            await place.send(_content(lines), allowed_mentions=NOBODY)

    async def _put_changes(
        self, place: discord.PartialMessageable, channel_id: int, batch: list[TrackerFrame], again: bool
    ) -> None:
        character = str(batch[-1].character.id)
        card = embed(batch[-1].card, local=self._local, mark=mark(character))
        lines = [change_line(change) for change in batch]
        last = await self._recent(place, channel_id, character)
        if last:
            if again:  # Discord may have taken these lines although its answer got lost.
                lines = [line for line in lines if line not in last.lines]
            lines = [*last.lines, *lines][-LINES:]
            try:
                await place.get_partial_message(last.message).edit(content=_content(lines), embed=card)
                self._remember(channel_id, character, _Last(last.message, lines, last.seen))
                return
            except discord.HTTPException as error:
                # Deleted, or its thread is archived, which only a new message opens again.
                if not isinstance(error, discord.NotFound) and error.code != THREAD_ARCHIVED:
                    raise
                self._last.pop((channel_id, character), None)
        lines = lines[-LINES:]
        sent = await place.send(_content(lines), embed=card, allowed_mentions=NOBODY)
        self._remember(channel_id, character, _Last(sent.id, lines, self._clock()))

    async def _recent(
        self, place: discord.PartialMessageable, channel_id: int, character: str
    ) -> _Last | None:
        """The character's message if it is among the recent ones: from memory for a minute, then from the channel."""
        last = self._last.get((channel_id, character))
        if last and self._clock() - last.seen < SURE_FOR:
            return last
        self._last.pop((channel_id, character), None)
        async for message in place.history(limit=RECENT):
            if message.author == self._client.user and any(
                _marked(card, character) for card in message.embeds
            ):
                return _Last(message.id, message.content.splitlines(), self._clock())
        return None

    def _remember(self, channel_id: int, character: str, last: _Last) -> None:
        self._last[(channel_id, character)] = last
        self._last.move_to_end((channel_id, character))
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)


def _temporary(error: Exception) -> bool:
    """Whether the error goes away by itself. Missing rights and channels do not."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, aiohttp.ClientError | OSError)


def mark(character: str) -> str:
    """The end of the footer of a character's message."""
    return f"#{character[-12:]}"


def _marked(card: discord.Embed, character: str) -> bool:
    return (card.footer.text or "").endswith(mark(character))


def _content(lines: list[str]) -> str:
    return clip("\n".join(lines), MESSAGE)


def change_line(change: TrackerFrame) -> str:
    """Who did it, when, how, and what changed, escaped, on one line."""
    event = change.event
    lines = [line.removeprefix("• ") for line in changed(event)]
    summary = " · ".join(join_lines(lines, LINE - 140, 6).splitlines())
    name = escape(by(event) or _("Someone"), 60)
    head = f"**{name}** {origin(event)} {timestamp(event.at)}".rstrip()
    if change.missed:
        head = n_(
            "**{count} change** while the bot was away, by {last}",
            "**{count} changes** while the bot was away, the last by {last}",
            change.missed,
            last=head,
        )
    return f"{head}: {summary}" if summary else head
