"""Guilds, roles, channels and members to the backend: by difference, in batches, one guild after the other.

What was sent last is remembered as digests, in memory only: after a start everything is sent once, and the
backend,
which compares as well, changes only what differs."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import discord

from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.caller import member_facts, user_facts
from rodbot.core.models import Json

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
class _Todo:
    """What to look at in one guild. Whether it is sent, the digests decide."""

    server: bool = False
    everyone: bool = False
    members: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    gone: bool = False

    def add(self, other: "_Todo") -> None:
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
    """`edition_known(guild id, edition)` is called with each answer of the backend about a server."""

    def __init__(
        self,
        backend: Backend,
        guild_of: Callable[[int], discord.Guild | None],
        edition_known: Callable[[int, str], None],
        debounce: float = DEBOUNCE,
    ) -> None:
        self._backend = backend
        self._guild_of = guild_of
        self._edition_known = edition_known
        self._debounce = debounce
        self._todo: dict[int, _Todo] = {}
        self._sent: dict[int, _Sent] = {}
        self._wake = asyncio.Event()

    # What happened. These return at once.

    def guild(self, guild: discord.Guild, *, everyone: bool = False) -> None:
        if not guild.unavailable:
            self._mark(guild.id, _Todo(server=True, everyone=everyone))

    def gone(self, guild: discord.Guild) -> None:
        """The bot was removed. What was to be told of the guild before is of no interest any more."""
        self._todo.pop(guild.id, None)
        self._mark(guild.id, _Todo(gone=True))

    def member(self, member: discord.Member) -> None:
        if not member.bot:
            self._mark(member.guild.id, _Todo(members={member.id}))

    def left(self, guild_id: int, user: discord.abc.User) -> None:
        if not user.bot:
            self._mark(guild_id, _Todo(left={user.id}))

    def _mark(self, guild_id: int, todo: _Todo) -> None:
        self._todo.setdefault(guild_id, _Todo()).add(todo)
        self._wake.set()

    # Sending

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(self._debounce)
            self._wake.clear()
            await self.drain()

    async def drain(self) -> None:
        """Until nothing is left to do. A backend or a Discord that does not answer is asked again; nothing is
        lost meanwhile, and other guilds come first."""
        wait = BACKOFF[0]
        while self._todo:
            guild_id = next(iter(self._todo))
            todo = self._todo.pop(guild_id)
            try:
                await self._send(guild_id, todo)
                wait = BACKOFF[0]
            except (BackendDown, BackendError, MembersMissing) as error:
                if not _passing(error):
                    log.error("The backend does not take what guild %s is: %s", guild_id, error)
                    continue
                log.warning("Guild %s is told later: %s", guild_id, error)
                self._todo.setdefault(guild_id, _Todo()).add(todo)
                await asyncio.sleep(wait)
                wait = min(wait * 2, BACKOFF[1])
            await asyncio.sleep(PAUSE)

    async def _send(self, guild_id: int, todo: _Todo) -> None:
        guild = self._guild_of(guild_id)
        if todo.gone and guild is None:
            await self._backend.delete_server(guild_id)
            self._sent.pop(guild_id, None)
        if guild is None or guild.unavailable:
            return
        sent = self._sent.setdefault(guild_id, _Sent())
        if todo.server:
            await self._send_server(guild, sent)
        for user_id in todo.left:
            if guild.get_member(user_id) is None:
                await self._backend.delete_member(guild.id, user_id)
                sent.members.pop(user_id, None)
        # A new session with Discord begins without members: who left or changed meanwhile, nobody was told.
        if not sent.whole or (todo.everyone and not guild.chunked):
            await self._send_everyone(guild, sent)
        elif todo.everyone or todo.members:
            marked = guild.members if todo.everyone else map(guild.get_member, todo.members)
            await self._send_changed(guild, sent, [m for m in marked if m])

    async def _send_server(self, guild: discord.Guild, sent: _Sent) -> None:
        body = server_body(guild)
        if digest(body) == sent.server:
            return
        server = await self._backend.put_server(guild.id, body)
        sent.server = digest(body)
        self._edition_known(guild.id, server.get("edition") or "")

    async def _send_everyone(self, guild: discord.Guild, sent: _Sent) -> None:
        """All members once, those of a large guild fetched first. Each batch speaks for its span of ids, so
        that the backend sees who left while nobody listened; unless some members could not be fetched."""
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
        await self._backend.put_members(guild.id, list(bodies.values()), span)
        sent.members |= {user_id: digest(body) for user_id, body in bodies.items()}

    async def _fetch(self, guild: discord.Guild) -> bool:
        """False: Discord gave no answer, and will be asked anew. discord.py itself waits without end, and lets
        everyone who asks later wait for that same lost answer, so it has to be given up there too."""
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


def _passing(error: BackendDown | BackendError | MembersMissing) -> bool:
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
    """Each with its place as Discord shows it: what stands under nothing, then category for category."""
    listed = [one for _, channels in guild.by_category() for one in channels if one.type in CHANNEL_TYPES]
    return [_channel(one, place) for place, one in enumerate(listed)]


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
    own = member_facts(member)
    return {
        **user_facts(member),
        "nick": own["nick"],
        "roles": own["roles"],
        "permissions": own["permissions"],
        "bot": member.bot,
    }


def digest(body: Json) -> str:
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=12).hexdigest()


def batches(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
