"""Cheap load generators: HTTP/1.1 kept alive and WebSocket viewers, as bare asyncio protocols."""

import asyncio
import base64
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import httptools
import orjson

HOST = "127.0.0.1"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
TIMEOUT = 60.0


class Answer(NamedTuple):
    status: int
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


class Client(asyncio.Protocol):
    """A connection that is open before it is used."""

    _transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def close(self) -> None:
        self._transport.close()


def close_all(clients: Iterable[Client]) -> None:
    for client in clients:
        client.close()


class Http(Client):
    """Sends one request at a time. Servers close what was idle for some seconds: then it connects again."""

    _parser: httptools.HttpResponseParser

    def __init__(self, port: int) -> None:
        self.host = f"{HOST}:{port}"
        self._port = port
        self._answer: asyncio.Future[Answer] | None = None
        self._body = bytearray()

    @classmethod
    async def open(cls, port: int) -> "Http":
        client = cls(port)
        await client._connect()
        return client

    async def _connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, HOST, self._port)

    async def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._body.clear()
        if self._transport.is_closing():
            await self._connect()
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await asyncio.wait_for(self._answer, TIMEOUT)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(f"{self.host} closed the connection"))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._parser.get_status_code(), bytes(self._body)))


@dataclass(frozen=True)
class Door:
    """Where a viewer connects; `cookie` is their session, `forwarded` their address as a proxy reports it."""

    port: int
    path: str = "/ws"
    cookie: str = ""
    forwarded: str = ""

    def request(self) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        host = f"{HOST}:{self.port}"
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Origin: http://{host}"]
        if self.cookie:
            lines.append(f"Cookie: sessionid={self.cookie}")
        if self.forwarded:
            lines.append(f"X-Forwarded-For: {self.forwarded}")
        return "\r\n".join([*lines, "", ""]).encode()


OnText = Callable[["Viewer", bytes], None]


class Viewer(Client):
    """A WebSocket. `on_text` gets the payload of each text frame."""

    def __init__(self, door: Door, on_text: OnText) -> None:
        self._door = door
        self.on_text = on_text
        self._buffer = b""
        self.is_open = False
        self.close_code: int | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, door: Door, on_text: OnText) -> "Viewer":
        loop = asyncio.get_running_loop()
        _, viewer = await loop.create_connection(lambda: cls(door, on_text), HOST, door.port)
        await asyncio.wait_for(viewer.opened, TIMEOUT)
        return viewer

    def send(self, frame: object) -> None:
        self._send(TEXT, orjson.dumps(frame))

    def close(self) -> None:
        self.is_open = False
        super().close()

    def _send(self, opcode: int, payload: bytes) -> None:
        """Send a frame masked with zeros, which the protocol allows and which costs nothing."""
        size = len(payload)
        head = bytes([0x80 | opcode, 0x80 | size]) if size < 126 else bytes([0x80 | opcode, 0xFE])
        length = b"" if size < 126 else size.to_bytes(2, "big")
        self._transport.write(head + length + b"\0\0\0\0" + payload)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport.write(self._door.request())

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.opened.done():
            self.opened.set_exception(ConnectionResetError("the socket was refused"))

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        start = 0 if self.is_open else self._accepted(data)
        if start >= 0:
            start = self._frames(data, start)
        self._buffer = data[max(start, 0) :]

    def _accepted(self, data: bytes) -> int:
        """Return where the first frame starts; -1 while the handshake's answer is not whole."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return -1
        if not data.startswith(b"HTTP/1.1 101"):
            line = data.partition(b"\r\n")[0].decode("latin-1")
            self.opened.set_exception(ConnectionRefusedError(line))
            self._transport.close()
            return len(data)
        self.is_open = True
        self.opened.set_result(None)
        return end + 4

    def _frames(self, data: bytes, start: int) -> int:
        """Handle every whole frame; return where the rest starts."""
        while len(data) - start >= 2:
            size, body = data[start + 1], start + 2
            if size == 126:
                size, body = int.from_bytes(data[body : body + 2], "big"), body + 2
            elif size == 127:
                size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
            if len(data) < body + size:
                break
            self._frame(data[start] & 0x0F, data[body : body + size])
            start = body + size
        return start

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.on_text(self, payload)
        elif opcode == PING:
            self._send(PONG, payload)
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big")


class Audience:
    """Counts for each event how many viewers have it, and when the last of them got it.

    `kind` is the type of the frames that count, `stream` their field with what their numbers belong to.
    """

    def __init__(self, wanted: int, kind: str = "update", stream: str = "stream") -> None:
        self.wanted = wanted
        self._stream = stream
        self._begins = f'{{"type":"{kind}"'.encode()
        # `(stream, seq)` → [how many, time of the last].
        self.events: dict[tuple[str, int], list[float]] = {}
        self.resyncs = 0
        self.frames = 0
        # Frames are the same bytes for most viewers: read once. None: no event.
        self._known: dict[bytes, list[float] | None] = {}
        self._complete = asyncio.Event()

    def on_text(self, viewer: Viewer, payload: bytes) -> None:
        self.frames += 1
        entry = self._known.get(payload) or self._entry(payload)
        if entry is None:
            return
        entry[0] += 1
        entry[1] = time.perf_counter()
        if entry[0] >= self.wanted:
            self._complete.set()

    def _entry(self, payload: bytes) -> list[float] | None:
        if payload in self._known:
            return None
        if not payload.startswith(self._begins):
            self.resyncs += payload.startswith(b'{"type":"resync"')
            self._known[payload] = None
            return None
        body = orjson.loads(payload)
        # A storyteller reads more of an event than a player: two frames, one event.
        entry = self._known[payload] = self.events.setdefault((body[self._stream], body["seq"]), [0, 0.0])
        return entry

    def forget(self) -> None:
        self.events.clear()
        self._known.clear()
        self._complete.clear()

    def complete(self) -> int:
        return sum(1 for entry in self.events.values() if entry[0] >= self.wanted)

    async def until_complete(self, count: int, seconds: float) -> None:
        """Wait until so many events have reached everybody, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.complete() < count:
                    self._complete.clear()
                    await self._complete.wait()

    async def next_complete(self, seconds: float = TIMEOUT) -> float:
        """Return when the last viewer got the event that is under way, which must be the only one."""
        await asyncio.wait_for(self._complete.wait(), seconds)
        last = max(entry[1] for entry in self.events.values())
        self.forget()
        return last
