"""One WebSocket of the gateway: https://discord.com/developers/docs/events/gateway."""

import asyncio
import contextlib
import time
import zlib
from collections import deque
from collections.abc import Callable
from typing import Protocol

import orjson
import zstandard
from aiohttp import WSMsgType, web

from sandbox.delivery import intents
from sandbox.delivery.sessions import Gateway, Session
from sandbox.errors import Json
from sandbox.ids import is_snowflake
from sandbox.state.objects import search_name
from sandbox.web.http import drop_connection

HEARTBEAT_MS = 41_250
ROUND_TRIP = 0.02
LARGEST_FRAME = 16 * 1024  # Discord says 4096; a little room for long lists of user ids
WAITING_FRAMES = 20_000
CHUNK = 1000
CLOSE_SECONDS = 2.0  # for the other side to answer a close
FLUSH_SECONDS = 1.0  # to send what is still waiting before the connection is closed
FRAMES_PER_MINUTE = 120

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED = 4001, 4002, 4003
BAD_TOKEN, ALREADY_AUTHENTICATED = 4004, 4005
RATE_LIMITED, SESSION_TIMED_OUT = 4008, 4009
BAD_SHARD, SHARDING_REQUIRED = 4010, 4011
BAD_VERSION, BAD_INTENTS, DISALLOWED_INTENTS = 4012, 4013, 4014


class Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self, mode: int, /) -> bytes: ...


# One continuous stream per connection, flushed after each message: how it is made, and how it is flushed.
COMPRESSORS: dict[str, tuple[Callable[[], Compressor], int]] = {
    "zlib-stream": (zlib.compressobj, zlib.Z_SYNC_FLUSH),
    # A frame per message would fail in discord.py; a block per message is what it expects.
    "zstd-stream": (lambda: zstandard.ZstdCompressor().compressobj(), zstandard.COMPRESSOBJ_FLUSH_BLOCK),
}


class Closing(Exception):
    """Ends the connection with one of Discord's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class Connection:
    """Reads what the bot sends, and writes frames in order from a bounded queue."""

    def __init__(self, gateway: Gateway, token: str, resume_url: str) -> None:
        self.gateway = gateway
        self.token = token
        self.resume_url = resume_url
        self.session: Session | None = None
        self.socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME, compress=False, timeout=CLOSE_SECONDS)
        self._waiting: asyncio.Queue[Json] = asyncio.Queue(WAITING_FRAMES)
        self._received: deque[float] = deque(maxlen=FRAMES_PER_MINUTE)
        self._request: web.Request | None = None

    async def run(self, request: web.Request) -> web.WebSocketResponse:
        self._request = request
        await self.socket.prepare(request)
        writer = asyncio.create_task(self._write(request.query.get("compress", "")))
        self.gateway.connections.add(self)
        try:
            await self._serve(request.query.get("v", ""))
        except Closing as closing:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._waiting.join(), FLUSH_SECONDS)
            await self.socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            self.gateway.connections.discard(self)
            writer.cancel()
            if self.session is not None:
                # 1000 and 1001 from the bot end the session, everything else may be resumed.
                self.gateway.lost(self.session, self, self.socket.close_code not in (1000, 1001))
        return self.socket

    def send(self, frame: Json) -> None:
        try:
            self._waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.drop()

    def drop(self) -> None:
        """End it without a close frame."""
        if self._request is not None:
            drop_connection(self._request)

    async def close(self) -> None:
        """Close because the sandbox stops."""
        await self.socket.close(code=1001)

    def ask_reconnect(self) -> None:
        self.send(_frame(RECONNECT))

    def invalidate(self, resumable: bool) -> None:
        if self.session is not None and not resumable:
            self.gateway.forget(self.session)
        self.send(_frame(INVALID_SESSION, resumable))

    async def _write(self, compression: str) -> None:
        make, mode = COMPRESSORS.get(compression, (None, 0))
        compressor = make() if make else None
        with contextlib.suppress(ConnectionError):
            while True:
                data = orjson.dumps(await self._waiting.get())
                if compressor is None:
                    await self.socket.send_str(data.decode())
                else:
                    await self.socket.send_bytes(compressor.compress(data) + compressor.flush(mode))
                self._waiting.task_done()

    async def _serve(self, version: str) -> None:
        if version not in ("10", "9", ""):
            raise Closing(BAD_VERSION, "Invalid API version.")
        self.send(_frame(HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": ["sandbox"]}))
        while True:
            try:
                message = await self.socket.receive(timeout=HEARTBEAT_MS / 1000 * 1.5)
            except TimeoutError:
                raise Closing(SESSION_TIMED_OUT, "Session timed out.") from None
            # Some clients send their text in binary frames.
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._count()
            self._handle(_decoded(message.data))

    def _count(self) -> None:
        now = time.monotonic()
        if len(self._received) == FRAMES_PER_MINUTE and now - self._received[0] < 60:
            raise Closing(RATE_LIMITED, "You're being rate limited.")
        self._received.append(now)

    def _handle(self, frame: Json) -> None:
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:  # discord.py beats before it identifies
            # No sooner than a real network: discord.py writes down when it sent only after it has sent.
            asyncio.get_running_loop().call_later(ROUND_TRIP, self.send, _frame(HEARTBEAT_ACK))
        elif op in (IDENTIFY, RESUME) and isinstance(data, dict):
            if self.session is not None:
                raise Closing(ALREADY_AUTHENTICATED, "Already authenticated.")
            if data.get("token") != self.token:
                raise Closing(BAD_TOKEN, "Authentication failed.")
            self._identify(data) if op == IDENTIFY else self._resume(data)
        elif self.session is None:
            raise Closing(NOT_AUTHENTICATED, "Not authenticated.")
        elif op == REQUEST_MEMBERS and isinstance(data, dict):
            self._send_chunks(self.session, data)
        elif op not in (PRESENCE, VOICE):
            raise Closing(UNKNOWN_OPCODE, "Unknown opcode.")

    def _identify(self, data: Json) -> None:
        wanted = data.get("intents")
        if not isinstance(wanted, int) or wanted & ~intents.KNOWN:
            raise Closing(BAD_INTENTS, "Invalid intent(s).")
        if wanted & intents.PRIVILEGED & ~self.gateway.granted:
            raise Closing(DISALLOWED_INTENTS, "Disallowed intent(s).")
        threshold = data.get("large_threshold", 50)
        shard = _shard(data.get("shard") or [0, 1])
        session = Session(shard, wanted, threshold if isinstance(threshold, int) else 50)
        if self.gateway.is_too_large(session):
            raise Closing(SHARDING_REQUIRED, "Sharding required.")
        if not self.gateway.starts.remaining:
            raise Closing(
                BAD_TOKEN, "Authentication failed."
            )  # Discord resets the token of who starts too often
        if not self.gateway.starts.take(shard[0]):
            self.send(_frame(INVALID_SESSION, False))
            return
        self.session = session
        self.gateway.identify(self, session)

    def _resume(self, data: Json) -> None:
        session_id, seq = data.get("session_id"), data.get("seq")
        if isinstance(session_id, str) and isinstance(seq, int):
            self.session = self.gateway.resume(self, session_id, seq)
        if self.session is None:
            self.send(_frame(INVALID_SESSION, False))

    def _send_chunks(self, session: Session, data: Json) -> None:
        """Answer op 8, where ids are integers or text."""
        guild_id = str(data.get("guild_id"))
        world = self.gateway.world
        guild = world.guilds.get(guild_id)
        if guild is None or world.bot_id not in guild["members"]:
            return
        members, missing = _requested_members(list(world.show_members(guild)), data, session)
        parts = [members[start : start + CHUNK] for start in range(0, len(members), CHUNK)] or [[]]
        for index, part in enumerate(parts):
            chunk: Json = {
                "guild_id": guild_id,
                "members": part,
                "chunk_index": index,
                "chunk_count": len(parts),
            }
            chunk |= {"not_found": missing} if missing else {}
            chunk |= {"nonce": data["nonce"]} if data.get("nonce") else {}
            chunk |= {"presences": []} if data.get("presences") else {}
            session.send("GUILD_MEMBERS_CHUNK", chunk)


def _frame(op: int, data: object = None) -> Json:
    return {"op": op, "d": data, "s": None, "t": None}


def _decoded(text: str | bytes) -> Json:
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        frame = None
    if not isinstance(frame, dict):
        raise Closing(DECODE_ERROR, "Error while decoding payload.")
    return frame


def _shard(value: object) -> tuple[int, int]:
    match value:
        case [int(number), int(count)] if 0 <= number < count and bool not in (type(number), type(count)):
            return number, count
    raise Closing(BAD_SHARD, "Invalid shard.")


def _requested_members(members: list[Json], data: Json, session: Session) -> tuple[list[Json], list[str]]:
    """Find members by id or by the start of their name; also returns the ids that nobody has."""
    user_ids = data.get("user_ids")
    if user_ids:
        listed = user_ids if isinstance(user_ids, list) else [user_ids]
        wanted = {str(user_id) for user_id in [u for u in listed if is_snowflake(u)][:100]}
        known = [member for member in members if member["user"]["id"] in wanted]
        return known, sorted(wanted - {member["user"]["id"] for member in known})
    query = str(data.get("query") or "").lower()
    limit = int(data["limit"]) if is_snowflake(data.get("limit")) else 0
    if not query and not limit and not session.intents & intents.GUILD_MEMBERS:
        return [], []  # the whole list is for those with the members intent
    fitting = [member for member in members if search_name(member).startswith(query)]
    return (fitting[: min(limit, 100)] if limit else fitting), []
