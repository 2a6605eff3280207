"""Syncs guilds, roles, channels and members to the backend: in batches, one guild after the other.

Members are passed on and not kept: a bot in thousands of guilds would hold a million of them. Of a guild and of all its
members a digest is remembered; the backend, which compares as well, changes only what differs. Discord takes 120
questions a minute on each connection, so after a start the members of a guild may come long after the guild itself.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import discord

from contract import endpoints
from contract.acting import Facts, GuildMember
from contract.discord_permissions import missing
from contract.guilds import Guild, GuildChannel, GuildRole, Members, OneGuild, OneMember, OneThread
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.caller import member_facts, user_facts

log = logging.getLogger(__name__)

BATCH = 1000
DEBOUNCE = 1.0
PAUSE = 0.05
# How long to wait before asking for members again where there is no room.
ASK_AGAIN = 1.0
BACKOFF = (1.0, 60.0)
# How long Discord may take to name the members of the largest guild.
FETCH = 30.0
CHANNEL_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.forum,
    discord.ChannelType.media,
)


class MembersMissing(Exception):
    """Discord did not name a guild's members in time."""


@dataclass(slots=True)
class _Pending:
    """What to send of one guild."""

    server: bool = False
    everyone: bool = False
    members: dict[int, GuildMember] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)
    gone: bool = False

    def add(self, later: "_Pending") -> None:
        self.server |= later.server
        self.everyone |= later.everyone
        self.left = (self.left - later.members.keys()) | later.left
        self.members = {pk: of for pk, of in self.members.items() if pk not in later.left} | later.members
        self.threads |= later.threads
        self.gone |= later.gone


@dataclass(slots=True)
class _Sent:
    server: str = ""
    # As the backend knows it.
    commands_registered: bool | None = None
    # Whether all members were sent once, and their digest until one of them changed.
    whole: bool = False
    members: str = ""


class ServerSync:
    """Keeps the backend in step. `set_editions(guild id, editions)` gets what it answers of each server; `room(shard
    id)` tells whether Discord may be asked for the members of a guild now."""

    def __init__(
        self,
        backend: Backend,
        guild_of: Callable[[int], discord.Guild | None],
        set_editions: Callable[[int, list[str]], None],
        debounce: float = DEBOUNCE,
        with_members: bool = True,
        room: Callable[[int], bool] = lambda shard: True,
    ) -> None:
        self._backend = backend
        self._guild_of = guild_of
        self._set_editions = set_editions
        self._debounce = debounce
        self._with_members = with_members
        self._room = room
        self._pending: dict[int, _Pending] = {}
        # Guilds whose members are asked for once there is room.
        self._asking: set[int] = set()
        self._sent: dict[int, _Sent] = {}
        # By server: whether Discord took its commands, since this process began.
        self._registered: dict[int, bool] = {}
        self._wake = asyncio.Event()

    # What happened in Discord. These return at once.

    def guild(self, guild: discord.Guild, *, everyone: bool = False) -> None:
        if not guild.unavailable:
            self._mark(guild.id, _Pending(server=True, everyone=everyone))

    def commands(self, guild_id: int, registered: bool) -> None:
        """Discord took the commands of this server, or refused them."""
        self._registered[guild_id] = registered
        self._report_commands(guild_id)

    def _report_commands(self, guild_id: int) -> None:
        """Send the server again where the backend, once it has answered, does not know it as it is."""
        sent, registered = self._sent.get(guild_id), self._registered.get(guild_id)
        if sent and sent.server and registered is not None and sent.commands_registered is not registered:
            self._mark(guild_id, _Pending(server=True))

    def gone(self, guild_id: int) -> None:
        """The bot was removed: what was pending for the guild is dropped."""
        self._registered.pop(guild_id, None)
        self._pending.pop(guild_id, None)
        self._asking.discard(guild_id)
        self._mark(guild_id, _Pending(gone=True))

    def member(self, member: discord.Member) -> None:
        if not member.bot:
            self._mark(member.guild.id, _Pending(members={member.id: _member(member)}))

    def left(self, guild_id: int, user: discord.abc.User) -> None:
        if not user.bot:
            self._mark(guild_id, _Pending(left={user.id}))

    def thread_deleted(self, guild_id: int, thread_id: int) -> None:
        self._mark(guild_id, _Pending(threads={thread_id}))

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
        while self._pending or self._asking:
            if not self._pending:
                await asyncio.sleep(ASK_AGAIN)
                self._ask_again()
                continue
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
                pending.add(self._pending.pop(guild_id, _Pending()))
                self._pending[guild_id] = pending
                await asyncio.sleep(wait)
                wait = min(wait * 2, BACKOFF[1])
            await asyncio.sleep(PAUSE)

    def _ask_again(self) -> None:
        for guild_id in list(self._asking):
            guild = self._guild_of(guild_id)
            if guild is None or self._room(guild.shard_id):
                self._asking.discard(guild_id)
                self._mark(guild_id, _Pending(everyone=True))

    async def _send(self, guild_id: int, pending: _Pending) -> None:
        guild = self._guild_of(guild_id)
        if pending.gone and guild is None:
            await self._backend.report(endpoints.LEAVE_GUILD, OneGuild(guild_id=str(guild_id)))
            self._sent.pop(guild_id, None)
        if guild is None or guild.unavailable:
            return
        sent = self._sent.setdefault(guild_id, _Sent())
        if pending.server:
            await self._send_server(guild, sent)
        for thread_id in pending.threads:
            deleted = OneThread(guild_id=str(guild.id), thread_id=str(thread_id))
            await self._backend.report(endpoints.REMOVE_THREAD, deleted)
        if not self._with_members:
            return
        if pending.left or pending.members:
            sent.members = ""
        for user_id in pending.left:
            await self._backend.report(
                endpoints.REMOVE_MEMBER, OneMember(guild_id=str(guild.id), user_id=str(user_id))
            )
        # A new session with Discord does not say who left or changed meanwhile.
        everyone = pending.everyone or not sent.whole
        if everyone and self._room(guild.shard_id):
            await self._send_everyone(guild, sent, pending.members)
            return
        if everyone:
            self._asking.add(guild.id)
        await self._put_all(guild, pending.members)

    async def _send_server(self, guild: discord.Guild, sent: _Sent) -> None:
        facts, registered = guild_facts(guild), self._registered.get(guild.id)
        if digest(facts) == sent.server and registered in (None, sent.commands_registered):
            return
        reported = facts.model_copy(update={"commands_registered": registered})
        answer = await self._backend.report(endpoints.MIRROR_GUILD, reported)
        sent.server = digest(facts)
        known = answer.server.commands_registered
        sent.commands_registered = known if registered is None else registered
        self._report_commands(guild.id)
        self._set_editions(guild.id, answer.server.editions)

    async def _send_everyone(
        self, guild: discord.Guild, sent: _Sent, changed: Mapping[int, GuildMember]
    ) -> None:
        """Ask Discord for all members and send them, so that the backend sees who left while the bot was away. Where
        they do not come, at least those who changed are sent."""
        members = await self._fetch(guild)
        if members is None:
            await self._put_all(guild, changed)
            raise MembersMissing(f"the members of {guild.id} did not come")
        people = {member.id: _member(member) for member in members if not member.bot}
        found = hashlib.blake2b(digest_size=12)
        for person in sorted(people):
            found.update(people[person].model_dump_json().encode())
        if found.hexdigest() == sent.members:
            return
        after = ""
        for batch in batches(sorted(people), BATCH):
            until = str(batch[-1]) if batch[-1] != max(people) else None
            await self._put(guild, [people[pk] for pk in batch], (after, until))
            after = until or after
        sent.whole, sent.members = True, found.hexdigest()

    async def _put_all(self, guild: discord.Guild, people: Mapping[int, GuildMember]) -> None:
        for batch in batches(list(people), BATCH):
            await self._put(guild, [people[pk] for pk in batch], None)

    async def _put(
        self, guild: discord.Guild, people: list[GuildMember], span: tuple[str, str | None] | None
    ) -> None:
        """With `span` (after, until) the batch is all members with ids in that range: others in it have left."""
        batch = Members(guild_id=str(guild.id), members=people, complete=False)
        if span:
            batch = batch.model_copy(update={"after": span[0], "until": span[1]})
        await self._backend.report(endpoints.MIRROR_MEMBERS, batch)

    async def _fetch(self, guild: discord.Guild) -> list[discord.Member] | None:
        """None when Discord gave no answer. discord.py itself waits without end, and lets later requests wait for that
        same lost answer, so it has to be given up there too."""
        try:
            async with asyncio.timeout(FETCH):
                return await guild.chunk(cache=False)
        except TimeoutError:
            guild._state.clear_chunk_requests(guild.shard_id)
        except discord.ClientException as error:
            log.warning("The members of guild %s could not be fetched: %s", guild.id, error)
        return None


def _retryable(error: BackendDown | BackendError | MembersMissing) -> bool:
    return not isinstance(error, BackendError) or error.status == 429 or error.status >= 500


def guild_facts(guild: discord.Guild) -> Guild:
    return Guild(
        id=str(guild.id),
        name=guild.name,
        icon=guild.icon.key if guild.icon else None,
        owner_id=str(guild.owner_id) if guild.owner_id else None,
        channels=_channels(guild),
        # Those of bots are nobody's who plays.
        roles=[
            _role(role) for role in sorted(guild.roles, key=lambda role: role.id) if not role.is_bot_managed()
        ],
    )


def _channels(guild: discord.Guild) -> list[GuildChannel]:
    """Channels in the order in which Discord shows them: those without a category first."""
    channels = [
        channel for _, group in guild.by_category() for channel in group if channel.type in CHANNEL_TYPES
    ]
    return [_channel(channel, place) for place, channel in enumerate(channels)]


def _channel(channel: discord.abc.GuildChannel, place: int) -> GuildChannel:
    return GuildChannel(
        id=str(channel.id),
        name=channel.name,
        type=int(channel.type.value),
        position=place,
        category=channel.category.name if channel.category else "",
        category_id=str(channel.category.id) if channel.category else None,
        seen_by=_seen_by(channel),
        bot_lacks=_bot_lacks(channel),
    )


def _bot_lacks(channel: discord.abc.GuildChannel) -> list[str]:
    """What the bot lacks to post in a channel; of a forum, in its posts."""
    me = channel.guild.me
    allowed = channel.permissions_for(me) if me else discord.Permissions.all()
    if allowed.administrator:
        return []
    return [
        permission.label for permission in missing(allowed.value, channel.type == discord.ChannelType.forum)
    ]


def _seen_by(channel: discord.abc.GuildChannel) -> dict[str, bool]:
    """Who sees a channel, where overwrites or the guild's own permissions hide it from some (`GuildChannel`)."""
    guild = channel.guild
    overwrites = {target.id: entry.view_channel for target, entry in channel.overwrites.items()}
    everyone = overwrites.pop(guild.id, None)
    seen = {str(pk): sees for pk, sees in overwrites.items() if sees is not None}
    if everyone or (everyone is None and guild.default_role.permissions.view_channel):
        return seen
    if everyone is None:
        # Nothing hides it here: whose role sees channels in general sees this one too.
        seeing = {str(role.id): True for role in guild.roles if role.permissions.view_channel}
        seen = seeing | seen
    return seen | {str(guild.id): False}


def _role(role: discord.Role) -> GuildRole:
    return GuildRole(
        id=str(role.id),
        name=role.name,
        color=role.colour.value,
        position=role.position,
        permissions=str(role.permissions.value),
    )


def _member(member: discord.Member) -> GuildMember:
    return GuildMember(**dict(user_facts(member)), **dict(member_facts(member)), bot=member.bot)


def digest(facts: Facts) -> str:
    return hashlib.blake2b(facts.model_dump_json().encode(), digest_size=12).hexdigest()


def batches(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
