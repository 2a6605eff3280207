"""Gateway sessions: who receives which event, and resume. The WebSocket is in `connection.py`."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from sandbox.delivery import intents
from sandbox.delivery.starts import SessionStarts
from sandbox.errors import Json
from sandbox.state.world import World, in_order, threads_in

KEPT_EVENTS = 5000  # per session, for a resume
RESUMABLE = 120.0  # seconds after the connection was lost
KEPT_SESSIONS = 64
GUILDS_OF_A_SHARD = 2500


class Connection(Protocol):
    """The open WebSocket of a session (`connection.py`)."""

    resume_url: str

    def send(self, frame: Json) -> None: ...

    def drop(self) -> None: ...

    def ask_reconnect(self) -> None: ...

    def invalidate(self, resumable: bool) -> None: ...

    async def close(self) -> None: ...


class Session:
    """Outlives a lost connection: keeps the number of the last event and the events that a resume repeats."""

    def __init__(self, shard: tuple[int, int], wanted: int, large_threshold: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = wanted
        self.large_threshold = large_threshold
        self.seq = 0
        self.sent: deque[Json] = deque(maxlen=KEPT_EVENTS)
        self.connection: Connection | None = None
        self.lost_at = 0.0

    def send(self, event: str, data: object) -> None:
        self.seq += 1
        frame = {"op": 0, "t": event, "s": self.seq, "d": data}
        self.sent.append(frame)
        if self.connection is not None:
            self.connection.send(frame)

    def missed(self, seq: int) -> list[Json] | None:
        """Return the frames after `seq`, or None when some of them are no longer kept."""
        if seq > self.seq or (self.sent and seq < self.sent[0]["s"] - 1):
            return None
        return [frame for frame in self.sent if frame["s"] > seq]

    def serves(self, guild_id: str | None) -> bool:
        number, count = self.shard
        return number == 0 if guild_id is None else (int(guild_id) >> 22) % count == number


class Gateway:
    """All sessions of the bot. `granted`: the privileged intents that its application may have."""

    def __init__(
        self, world: World, on_change: Callable[[], None], starts: SessionStarts, granted: int
    ) -> None:
        self.world = world
        self.starts = starts
        self.on_change = on_change
        self.granted = granted
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()

    @property
    def online(self) -> bool:
        return any(session.connection is not None for session in self.sessions.values())

    def session_for(self, guild_id: str | None) -> Session | None:
        """Return the session that an interaction goes to, connected or at least resumable."""
        fitting = [session for session in self.sessions.values() if session.serves(guild_id)]
        return max(fitting, key=lambda s: (s.connection is not None, s.lost_at), default=None)

    # A connection's steps

    def identify(self, connection: Connection, session: Session) -> None:
        self._forget_old()
        self.sessions[session.id] = session
        session.connection = connection
        session.send("READY", self._ready(session))
        channels = self.world.channels_by_guild()
        for guild in self._guilds(session):
            created = self._guild_create(session, guild, channels.get(guild["id"], []))
            session.send("GUILD_CREATE", created)
        self.on_change()

    def resume(self, connection: Connection, session_id: str, seq: int) -> Session | None:
        self._forget_old()
        session = self.sessions.get(session_id)
        missed = session.missed(seq) if session is not None else None
        if session is None or missed is None:
            return None
        session.connection = connection
        for frame in missed:
            connection.send(frame)
        session.send("RESUMED", {"_trace": ["sandbox"]})
        self.on_change()
        return session

    def lost(self, session: Session, connection: Connection, resumable: bool) -> None:
        if session.connection is connection:
            session.connection = None
            session.lost_at = time.monotonic()
        if not resumable:
            self.sessions.pop(session.id, None)
        self.on_change()

    def forget(self, session: Session) -> None:
        self.sessions.pop(session.id, None)

    def _forget_old(self) -> None:
        now = time.monotonic()
        idle = [session for session in self.sessions.values() if session.connection is None]
        for session in idle:
            if now - session.lost_at > RESUMABLE or len(self.sessions) > KEPT_SESSIONS:
                del self.sessions[session.id]

    # Events

    def dispatch(self, event: str, data: Json, *, guild_id: str | None = None) -> None:
        """Send an event to the sessions that serve the guild (or direct messages) and have its intent."""
        bot_id = self.world.bot_id
        if not self._bot_may_know(event, data, guild_id):
            return
        for session in self.sessions.values():
            if session.serves(guild_id) and intents.wants(session.intents, event, data, bot_id):
                session.send(event, intents.without_content(session.intents, event, data, bot_id))

    def _bot_may_know(self, event: str, data: Json, guild_id: str | None) -> bool:
        if event in ("INTERACTION_CREATE", "GUILD_DELETE"):
            return True
        guild = self.world.guilds.get(guild_id or "")
        if guild is not None and self.world.bot_id not in guild["members"]:
            return False
        channel = self.world.channels.get(data.get("channel_id", ""))
        return channel is None or self.world.may_see(self.world.bot_id, channel)

    def announce_guild(self, guild: Json) -> None:
        for session in self.sessions.values():
            if session.serves(guild["id"]) and session.intents & intents.GUILDS:
                channels = self.world.channels_by_guild()
                joined = self._guild_create(session, guild, channels.get(guild["id"], []))
                del joined["unavailable"]  # its absence tells joining from coming back
                session.send("GUILD_CREATE", joined)

    # Shapes

    def is_too_large(self, session: Session) -> bool:
        """Whether Discord wants more shards for so many servers."""
        return len(self._guilds(session)) > GUILDS_OF_A_SHARD

    def _guilds(self, session: Session) -> list[Json]:
        if not session.intents & intents.GUILDS:
            return []
        return [guild for guild in self.world.guilds_of(self.world.bot_id) if session.serves(guild["id"])]

    def _ready(self, session: Session) -> Json:
        bot = self.world.users[self.world.bot_id]
        return {
            "v": 10,
            "user": bot | {"email": None, "mfa_enabled": True, "verified": True},
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in self._guilds(session)],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": session.connection.resume_url if session.connection else "",
            "shard": list(session.shard),
            "application": {"id": self.world.bot_id, "flags": intents.flags(self.granted)},
            "_trace": ["sandbox"],
        }

    def _guild_create(self, session: Session, guild: Json, channels: list[Json]) -> Json:
        """Describe a guild. Without the presences intent the bot is its only member, the rest is requested by op 8."""
        count = len(guild["members"])
        large = count > session.large_threshold
        all_members = session.intents & intents.GUILD_PRESENCES and not large
        members = self.world.show_members(guild) if all_members else []
        return {
            **self.world.show_guild(guild),
            "joined_at": guild["members"][self.world.bot_id]["joined_at"],
            "large": large,
            "unavailable": False,
            "member_count": count,
            "members": list(members) or [self.world.show_member(guild, self.world.bot_id)],
            "channels": [self.world.show_channel(channel) for channel in in_order(channels)],
            "threads": [self.world.show_channel(thread) for thread in self._visible_threads(channels)],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _visible_threads(self, channels: list[Json]) -> list[Json]:
        """List the active threads that the bot may read, the newest first. Of channels it hears of all."""
        return [thread for thread in threads_in(channels) if self.world.may_see(self.world.bot_id, thread)]
