"""The one address that the world sees: HTTP goes to the writers, sockets to a gateway. May hold answers back."""

import asyncio
import contextlib
import re

HOST = "127.0.0.1"
CHUNK = 65536
REQUEST = re.compile(rb"((?:GET|POST|PUT|PATCH|DELETE) /[^ ?]*)[^ ]* HTTP/1")
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    def __init__(self, http_port: int, gateway_port: int) -> None:
        self.http_port, self.gateway_port = http_port, gateway_port
        self.port = 0
        # While it is not set, what the writers answer goes no further.
        self.answers = asyncio.Event()
        self.answers.set()
        # Each request that went to the writers, as "PUT /bot/servers/1".
        self.requests: list[str] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        is_socket = head.startswith(b"GET /ws/")
        try:
            port = self.gateway_port if is_socket else self.http_port
            back, forth = await asyncio.open_connection(HOST, port)
        except OSError:
            writer.write(BAD_GATEWAY)
            await writer.drain()
            return
        if not is_socket:
            self._count(head)
        forth.write(head)
        ways = [
            asyncio.create_task(self._pump(reader, forth, counts=not is_socket)),
            asyncio.create_task(self._pump(back, writer, hold=not is_socket)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            forth.close()

    def _count(self, data: bytes) -> None:
        """A client asks again only once it was answered, so a request begins where a piece of data does."""
        if found := REQUEST.match(data):
            self.requests.append(found[1].decode())

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        hold: bool = False,
        counts: bool = False,
    ) -> None:
        while data := await reader.read(CHUNK):
            if counts:
                self._count(data)
            if hold:
                await self.answers.wait()
            writer.write(data)
            await writer.drain()
