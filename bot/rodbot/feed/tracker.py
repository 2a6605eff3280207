"""The tracker channels: each change as a line with the card under it, each roll as a line.

A character has one message among the recent ones of a channel, and it is edited in place; only when talk
has pushed it
away a new one is posted. Which message that is, its footer says (`#` and the end of the character's id), so
a restarted
process finds it again among the channel's last messages."""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import discord

from rodbot.characters import cards
from rodbot.characters.history import when
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice.cards import mark as verdict
from rodbot.dice.cards import result
from rodbot.dice.rolls import Roll
from rodbot.feed.connection import Change, Shown
from rodbot.feed.digest import Digest
from rodbot.feed.digest import text as summary

log = logging.getLogger(__name__)

RECENT = 50
SURE_FOR = 60.0
REMEMBERED = 5000
LINES = 4
# A Discord that is ill is tried again for about an hour; what waits for one channel meanwhile has an end.
BACKOFF = (0.5, 60.0)
TRIES = 70
WAITING = 500
# So many lines of 440 characters fit into a message.
BATCH = 4
LINE = 440


@dataclass(slots=True)
class _Last:
    """Where a character's message is, what it says, and when we last saw that it is recent."""

    message: int
    lines: list[str]
    seen: float


@dataclass(slots=True)
class _Channel:
    waiting: deque[Shown] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    failures: int = 0


class Tracker:
    def __init__(
        self,
        client: discord.Client,
        local: bool,
        posted: Callable[[Shown], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._posted = posted
        self._local = local
        self._clock = clock
        self._channels: dict[int, _Channel] = {}
        self._last: OrderedDict[tuple[int, str], _Last] = OrderedDict()
        self._silent: set[int] = set()

    def show(self, shown: Shown) -> bool:
        """Returns at once; a channel's changes are shown in their order. False: another process serves that
        guild."""
        if self._client.get_guild(shown.guild_id) is None:
            return False
        channel = self._channels.setdefault(shown.channel_id, _Channel())
        channel.waiting.append(shown)
        if channel.task is None:
            channel.task = asyncio.create_task(self._drain(shown.channel_id, channel))
        return True

    async def settled(self) -> None:
        """Until everything that waits is shown."""
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
        """All that waits for the oldest one's character, in one edit."""
        about = channel.waiting[0].about
        batch = [shown for shown in channel.waiting if shown.about == about][:BATCH]
        channel.waiting = deque(shown for shown in channel.waiting if shown not in batch)
        try:
            await self._put(channel_id, batch, again=channel.failures > 0)
            channel.failures = 0
            self._silent.discard(channel_id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if channel_id not in self._silent:
                log.warning("Tracker channel %s takes no messages: %s", channel_id, error)
            self._silent.add(channel_id)
            if _passing(error) and channel.failures < TRIES:
                await self._again(channel, batch)
                return
        for shown in batch:
            self._posted(shown)

    async def _again(self, channel: _Channel, batch: list[Shown]) -> None:
        """Later, before what came meanwhile; the lines say the same, and the card is that of the last of them."""
        channel.waiting.extendleft(reversed(batch))
        while len(channel.waiting) > WAITING:
            channel.waiting.popleft()
        await asyncio.sleep(min(BACKOFF[0] * 2**channel.failures, BACKOFF[1]))
        channel.failures += 1

    async def _put(self, channel_id: int, batch: list[Shown], *, again: bool) -> None:
        place = self._client.get_partial_messageable(channel_id, guild_id=batch[-1].guild_id)
        first = batch[0].what
        if isinstance(first, Digest):
            await place.send(summary(first), allowed_mentions=discord.AllowedMentions.none())
            return
        changes = [shown.what for shown in batch if isinstance(shown.what, Change)]
        if changes:
            await self._put_changes(place, channel_id, changes, again)
            return
        lines = [rolled(shown.what) for shown in batch if isinstance(shown.what, Roll)]
        await place.send(_content(lines), allowed_mentions=discord.AllowedMentions.none())

    async def _put_changes(
        self, place: discord.PartialMessageable, channel_id: int, batch: list[Change], again: bool
    ) -> None:
        character = batch[-1].character
        embed = cards.embed(batch[-1].card, local=self._local, mark=mark(character))
        lines = [line(shown) for shown in batch]
        last = await self._recent(place, channel_id, character)
        if last:
            if again:  # what Discord took, though its answer got lost, stands there already
                lines = [one for one in lines if one not in last.lines]
            lines = [*last.lines, *lines][-LINES:]
            try:
                await place.get_partial_message(last.message).edit(content=_content(lines), embed=embed)
                self._remember(channel_id, character, _Last(last.message, lines, last.seen))
                return
            except discord.NotFound:
                self._last.pop((channel_id, character), None)
        lines = lines[-LINES:]
        sent = await place.send(_content(lines), embed=embed, allowed_mentions=discord.AllowedMentions.none())
        self._remember(channel_id, character, _Last(sent.id, lines, self._clock()))

    async def _recent(
        self, place: discord.PartialMessageable, channel_id: int, character: str
    ) -> _Last | None:
        """The character's message if it is among the recent ones: by memory for a minute, then by looking."""
        last = self._last.get((channel_id, character))
        if last and self._clock() - last.seen < SURE_FOR:
            return last
        self._last.pop((channel_id, character), None)
        async for message in place.history(limit=RECENT):
            if message.author == self._client.user and any(_marked(e, character) for e in message.embeds):
                return _Last(message.id, message.content.splitlines(), self._clock())
        return None

    def _remember(self, channel_id: int, character: str, last: _Last) -> None:
        self._last[(channel_id, character)] = last
        self._last.move_to_end((channel_id, character))
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)


def _passing(error: Exception) -> bool:
    """Will it go away by itself? Missing rights and channels do not."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, aiohttp.ClientError | OSError)


def mark(character: str) -> str:
    return f"#{character[-12:]}"


def _marked(embed: discord.Embed, character: str) -> bool:
    return (embed.footer.text or "").endswith(mark(character))


def _content(lines: list[str]) -> str:
    return clip("\n".join(lines), MESSAGE)


def rolled(roll: Roll) -> str:
    """`🎲 **Mira** (Night Owl) Strength + Brawl: ✔ Critical win, 4 successes against difficulty 3`"""
    who = f"**{plain(roll.roller or 'Someone', 60)}**"
    if roll.name and roll.name != roll.roller:
        who += f" ({plain(roll.name, 60)})"
    what = plain(roll.told or roll.title, 120)
    told = ", ".join(filter(None, (plain(roll.outcome.label, 80), result(roll))))
    secret = "" if roll.visibility == "public" else " (only storytellers read this)"
    return clip(f"🎲 {who} {what}: {verdict(roll.outcome)} {told}{secret}", LINE)


def line(shown: Change) -> str:
    """Who did it, when, through which door, and what changed; one line, harmless."""
    event = shown.event
    told = (one.removeprefix("• ") for one in cards.changed(event))
    what = " · ".join(joined(list(told), LINE - 140, 6).splitlines())
    head = f"**{plain(event.actor or 'Someone', 60)}** {cards.way(event)} {when(event.at)}".rstrip()
    if shown.missed > 1:
        head = f"**{shown.missed} changes** while the bot was away, the last by {head}"
    return f"{head}: {what}" if what else head
