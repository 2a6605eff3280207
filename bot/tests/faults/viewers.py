"""A page as far as the gateway can tell: keeps a copy of what it sees, by the rules of docs/GATEWAY.md."""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any, Self

import aiohttp

HEARTBEAT = 10.0
EVENTS = ("created", "update", "deleted", "restored", "visibility", "notice", "tracker")
Fields = dict[str, Any]


def fold(fields: Fields, changes: Mapping[str, Any]) -> None:
    """`{path: value}` into a nested document; None takes away."""
    for path, value in changes.items():
        *parents, last = path.split(".")
        node = fields
        for name in parents:
            node = node.setdefault(name, {})
        if value is None:
            node.pop(last, None)
        else:
            node[last] = value


class Viewer:
    def __init__(self, port: int, session: str, stream: str, *, sheet: str = "") -> None:
        self.port, self.session, self.stream, self.sheet = port, session, stream, sheet
        self.characters: dict[str, dict[str, Any]] = {}
        self.seq: int | None = None
        # Of every event that came, doubles included.
        self.seqs: list[int] = []
        self.kinds: list[str] = []
        self.versions: dict[str, list[int]] = {}
        self.close_code: int | None = None
        self.connections = 0
        self.role = ""
        self.ready = asyncio.Event()
        self._news = asyncio.Event()
        self._reads = asyncio.Event()
        self._reads.set()
        self.on_frame: Callable[[dict[str, Any]], None] | None = None
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(30):
            await self.come()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    @property
    def is_open(self) -> bool:
        return self._socket is not None and not self._socket.closed

    async def connect(self) -> None:
        """Returns when everything up to now is here. Raises ConnectionError when the server closes before."""
        await self.leave()
        self._http = aiohttp.ClientSession()
        address = f"http://127.0.0.1:{self.port}/ws/gateway/"
        headers = {"Cookie": f"sessionid={self.session}", "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            self._socket = await self._http.ws_connect(address, headers=headers, max_msg_size=0, compress=0)
        except (aiohttp.ClientError, OSError):
            await self.leave()
            raise
        self.ready.clear()
        self.close_code = None
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._beat())]
        await self._subscribe()
        ready = asyncio.create_task(self.ready.wait())
        try:
            async with asyncio.timeout(30):
                await asyncio.wait((self._tasks[0], ready), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if not self.ready.is_set():
            await self.leave()
            raise ConnectionError(f"closed with {self.close_code}")
        self.connections += 1

    async def come(self) -> None:
        """Try until it is there, as pages do, later each time: a gateway may be asking its visitors to come again."""
        wait = 0.05
        while not self.is_open:
            try:
                await self.connect()
            except (aiohttp.ClientError, OSError, TimeoutError):
                await self.leave()
                await asyncio.sleep(wait * random.uniform(0.5, 1.5))
                wait = min(wait * 2, 2.0)

    async def stay(self, look: float = 0.05) -> None:
        """Comes back for ever, until cancelled; `look` seconds between two looks whether it is away."""
        while True:
            await self.come()
            await asyncio.sleep(look * random.uniform(0.5, 1.5))

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
        self._tasks, self._http, self._socket = [], None, None

    def pause(self) -> None:
        """Reads nothing more: what the server sends stays in the buffers between, and then with the server."""
        self._reads.clear()

    def resume(self) -> None:
        self._reads.set()

    async def cut(self) -> None:
        """As when a cable is pulled."""
        assert self._socket is not None
        self._socket._writer.transport.abort()  # aiohttp has no other way to break a connection
        await self.leave()

    async def send(self, **frame: Any) -> None:
        assert self._socket is not None
        await self._socket.send_str(json.dumps(frame))

    async def _subscribe(self) -> None:
        since = {} if self.seq is None else {"since": self.seq}
        await self.send(type="subscribe", stream=self.stream, **since)
        if self.sheet:
            await self.send(type="open", id=self.sheet)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            await self.send(type="heartbeat")

    async def _read(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            await self._reads.wait()
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            await self._take(json.loads(message.data))
            self._news.set()
        self.close_code = self._socket.close_code

    async def _take(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        self.kinds.append(kind)
        if self.on_frame is not None:
            self.on_frame(frame)
        if kind == "resync":
            self.seq = frame["seq"]
            await self._subscribe()
        elif kind in EVENTS and frame["stream"] == self.stream:
            self.seqs.append(frame["seq"])
            if self.seq is not None and frame["seq"] <= self.seq:
                return
            self.seq = frame["seq"]
            self._fold(frame)
        elif kind in ("snapshot", "synced") and frame["stream"] == self.stream:
            self._caught_up(frame)
        elif kind == "rights":
            self.role = frame["role"]
        elif kind == "sheet":
            self.characters[frame["character"]["id"]] = frame["character"]
        elif kind == "character":
            known = self.characters.get(frame["character"]["id"], {"fields": {}})
            self.characters[frame["character"]["id"]] = frame["character"] | {
                "fields": known["fields"] | frame["character"]["fields"]
            }

    def _caught_up(self, frame: dict[str, Any]) -> None:
        for character in frame.get("characters", ()):
            known = self.characters.get(character["id"])
            # A sheet holds more than the brief document of a snapshot.
            if known is None or self.sheet != character["id"] or character["version"] > known["version"]:
                self.characters[character["id"]] = character
        if frame.get("part") == frame.get("parts"):
            self.seq = frame["seq"]
            self.ready.set()

    def _fold(self, frame: dict[str, Any]) -> None:
        if frame["type"] in ("created", "restored"):
            self.characters[frame["id"]] = frame["character"]
        elif frame["type"] == "deleted":
            self.characters.pop(frame["id"], None)
        elif frame["type"] == "update":
            character = self.characters[frame["id"]]
            if frame["version"] <= character["version"]:
                return
            self.versions.setdefault(frame["id"], []).append(frame["version"])
            character["version"] = frame["version"]
            fold(character["fields"], frame["fields"])

    async def until(self, seq: int, seconds: float = 30) -> None:
        """Until everything up to this event has come."""
        async with asyncio.timeout(seconds):
            while self.seq is None or self.seq < seq:
                self._news.clear()
                await self._news.wait()
