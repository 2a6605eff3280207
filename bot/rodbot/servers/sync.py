"""Syncs guilds, roles, channels and members to the backend: by difference, in batches, one guild after the other.

What was sent last is remembered as digests, in memory only: after a start everything is sent once, and the backend,
which compares as well, changes only what differs."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import discord

from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.caller import member_facts, user_facts
from rodbot.core.models import Json
from rodbot.servers.calls import SyncCalls

log = logging.getLogger(__name__)

BATCH = 1000
DEBOUNCE = 1.0
PAUSE = 0.05
BACKOFF = (1.0, 60.0)
# How long Discord may take to name the members of the largest guild.
FETCH = 30.0
CHANNEL_TYPES = (discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice)


class MembersMissing(Exception):
    """Discord did not name a guild's members in time."""


@dataclass(slots=True)
class _Pending:
    """What to look at in one guild. Whether it is sent, the digests decide."""

    server: bool = False
    everyone: bool = False
    members: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    gone: bool = False

    def add(self, other: "_Pending") -> None:
        self.server |= other.server
        self.everyone |= other.everyone
        self.members |= other.members
        self.left |= other.left
        self.gone |= other.gone


@dataclass(slots=True)
class _Sent:
    server: str = ""
    members: dict[int, str] = field(default_factory=dict)
    whole: bool = False


class ServerSync:
    """Keeps the backend in step. `set_edition(guild id, edition)` is called with each of its answers about a server."""

    def __init__(
        self,
        calls: SyncCalls,
        guild_of: Callable[[int], discord.Guild | None],
        set_edition: Callable[[int, str], None],
        debounce: float = DEBOUNCE,
    ) -> None:
        self._calls = calls
        self._guild_of = guild_of
        self._set_edition = set_edition
        self._debounce = debounce
        self._pending: dict[int, _Pending] = {}
        self._sent: dict[int, _Sent] = {}
        self._wake = asyncio.Event()

    # What happened in Discord. These return at once.

    def guild(self, guild: discord.Guild, *, everyone: bool = False) -> None:
        if not guild.unavailable:
            self._mark(guild.id, _Pending(server=True, everyone=everyone))

    def gone(self, guild: discord.Guild) -> None:
        """The bot was removed: what was pending for the guild is dropped."""
        self._pending.pop(guild.id, None)
        self._mark(guild.id, _Pending(gone=True))

    def member(self, member: discord.Member) -> None:
        if not member.bot:
            self._mark(member.guild.id, _Pending(members={member.id}))

    def left(self, guild_id: int, user: discord.abc.User) -> None:
        if not user.bot:
            self._mark(guild_id, _Pending(left={user.id}))

    def _mark(self, guild_id: int, pending: _Pending) -> None:
        self._pending.setdefault(guild_id, _Pending()).add(pending)
        self._wake.set()

    # Sending

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(self._debounce)
            self._wake.clear()
            await self.drain()

    async def drain(self) -> None:
        """Send until nothing is pending. A guild that fails is tried again later, after the other guilds."""
        wait = BACKOFF[0]
        while self._pending:
            guild_id = next(iter(self._pending))
            pending = self._pending.pop(guild_id)
            try:
                await self._send(guild_id, pending)
                wait = BACKOFF[0]
            except (BackendDown, BackendError, MembersMissing) as error:
                if not _retryable(error):
                    log.error("The backend does not take guild %s: %s", guild_id, error)
                    continue
                log.warning("Guild %s is synced later: %s", guild_id, error)
                self._pending.setdefault(guild_id, _Pending()).add(pending)
                await asyncio.sleep(wait)
                wait = min(wait * 2, BACKOFF[1])
            await asyncio.sleep(PAUSE)

    async def _send(self, guild_id: int, pending: _Pending) -> None:
        guild = self._guild_of(guild_id)
        if pending.gone and guild is None:
            await self._calls.delete_server(guild_id)
            self._sent.pop(guild_id, None)
        if guild is None or guild.unavailable:
            return
        sent = self._sent.setdefault(guild_id, _Sent())
        if pending.server:
            await self._send_server(guild, sent)
        for user_id in pending.left:
            if guild.get_member(user_id) is None:
                await self._calls.delete_member(guild.id, user_id)
                sent.members.pop(user_id, None)
        # A new session with Discord begins without members, and nothing says who left or changed meanwhile.
        if not sent.whole or (pending.everyone and not guild.chunked):
            await self._send_everyone(guild, sent)
        elif pending.everyone or pending.members:
            marked = guild.members if pending.everyone else map(guild.get_member, pending.members)
            await self._send_changed(guild, sent, [m for m in marked if m])

    async def _send_server(self, guild: discord.Guild, sent: _Sent) -> None:
        body = server_body(guild)
        if digest(body) == sent.server:
            return
        server = await self._calls.put_server(guild.id, body)
        sent.server = digest(body)
        self._set_edition(guild.id, server.get("edition") or "")

    async def _send_everyone(self, guild: discord.Guild, sent: _Sent) -> None:
        """Send all members; those of a large guild are fetched first. Each batch is complete for its span of ids, so
        that the backend sees who left while the bot was away; unless some members could not be fetched."""
        if not guild.chunked and not await self._fetch(guild):
            await self._send_changed(guild, sent, list(guild.members))
            raise MembersMissing(f"the members of {guild.id} did not come")
        bodies = _bodies(guild.members)
        after = ""
        for batch in batches(sorted(bodies), BATCH):
            until = str(batch[-1]) if batch[-1] != max(bodies) else None
            await self._put(
                guild, sent, {i: bodies[i] for i in batch}, (after, until) if guild.chunked else None
            )
            after = until or after
        sent.whole = True

    async def _send_changed(self, guild: discord.Guild, sent: _Sent, members: list[discord.Member]) -> None:
        bodies = _bodies(members)
        changed = [user_id for user_id, body in bodies.items() if sent.members.get(user_id) != digest(body)]
        for batch in batches(changed, BATCH):
            await self._put(guild, sent, {i: bodies[i] for i in batch}, None)

    async def _put(
        self, guild: discord.Guild, sent: _Sent, bodies: dict[int, Json], span: tuple[str, str | None] | None
    ) -> None:
        await self._calls.put_members(guild.id, list(bodies.values()), span)
        sent.members |= {user_id: digest(body) for user_id, body in bodies.items()}

    async def _fetch(self, guild: discord.Guild) -> bool:
        """False when Discord gave no answer. discord.py itself waits without end, and lets later requests wait for that
        same lost answer, so it has to be given up there too."""
        try:
            async with asyncio.timeout(FETCH):
                await guild.chunk()
        except TimeoutError:
            guild._state.clear_chunk_requests(guild.shard_id)
            return False
        except discord.ClientException as error:
            log.warning("The members of guild %s could not be fetched: %s", guild.id, error)
        return True


def _bodies(members: Iterable[discord.Member]) -> dict[int, Json]:
    return {m.id: member_body(m) for m in members if not m.bot}


def _retryable(error: BackendDown | BackendError | MembersMissing) -> bool:
    return not isinstance(error, BackendError) or error.status == 429 or error.status >= 500


def server_body(guild: discord.Guild) -> Json:
    return {
        "name": guild.name,
        "icon": guild.icon.key if guild.icon else None,
        "owner_id": str(guild.owner_id) if guild.owner_id else None,
        "channels": _channels(guild),
        "roles": [_role(r) for r in sorted(guild.roles, key=lambda r: r.id)],
    }


def _channels(guild: discord.Guild) -> list[Json]:
    """Channels in the order in which Discord shows them: those without a category first."""
    channels = [
        channel for _, group in guild.by_category() for channel in group if channel.type in CHANNEL_TYPES
    ]
    return [_channel(channel, place) for place, channel in enumerate(channels)]


def _channel(channel: discord.abc.GuildChannel, place: int) -> Json:
    category = channel.category.name if channel.category else ""
    kind = int(channel.type.value)
    return {
        "id": str(channel.id),
        "name": channel.name,
        "type": kind,
        "position": place,
        "category": category,
    }


def _role(role: discord.Role) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "color": role.colour.value,
        "position": role.position,
        "permissions": str(role.permissions.value),
    }


def member_body(member: discord.Member) -> Json:
    own = member_facts(member).model_dump(mode="json")
    return {**user_facts(member).model_dump(mode="json"), **own, "bot": member.bot}


def digest(body: Json) -> str:
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=12).hexdigest()


def batches(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
