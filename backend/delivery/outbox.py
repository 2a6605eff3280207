"""What waits to be sent to one socket: bounded, in order, and never in the way of others."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from types import CoroutineType
from typing import Any, NamedTuple, Protocol

from delivery.options import Options
from delivery.wire import AsgiMessage, Out, Send, Write, resync
from gateway.constants import CLOSE_TRY_LATER

CLOSE_SECONDS = 1.0


class Resyncable(Protocol):
    """What a frame belongs to. Once its frames are dropped it sends nothing until the client subscribes again."""

    stale: bool

    @property
    def name(self) -> str: ...


class _Item(NamedTuple):
    message: Out
    source: Resyncable | None
    seq: int


class _Started:
    """Awaits the rest of an awaitable whose first step has been taken outside of a task."""

    __slots__ = ("_first", "_rest")

    def __init__(self, first: Any, rest: Iterator[Any]) -> None:
        self._first = first
        self._rest = rest

    def __await__(self) -> Generator[Any, None, None]:
        is_there = False
        try:
            yield self._first
            is_there = True
        finally:
            close = getattr(self._rest, "close", None)
            if close and not is_there:
                close()
        yield from self._rest


class Outbox:
    """`push` sends at once while the server takes it, which needs no task and no queue; an idle socket has neither.

    `write`, where the server offers it, takes a frame as it is; what it refuses goes to `send`.
    """

    __slots__ = ("_bytes", "_fail", "_options", "_queue", "_send", "_write", "_writer", "closed")

    def __init__(
        self, send: Send, options: Options, fail: Callable[[int], None], write: Write | None = None
    ) -> None:
        self._send = send
        self._write = write
        self._options = options
        self._fail = fail
        self._queue: deque[_Item] | None = None
        self._bytes = 0
        self._writer: asyncio.Task[None] | None = None
        self.closed = False

    def push(self, message: Out, source: Resyncable | None = None, seq: int = 0) -> None:
        """`source` and `seq` are given for what may be dropped and asked for again."""
        if self.closed:
            return
        if self._writer is not None:
            self._wait(_Item(message, source, seq))
        elif self._write is None or not self._write(message.wire):
            self._send_through(message)

    def push_all(self, messages: Sequence[tuple[Out, int]], source: Resyncable) -> None:
        """As `push` for each message and its seq, in one piece where the server takes it."""
        at_once = self._write is not None and self._writer is None and not self.closed and len(messages) > 1
        if at_once and self._write and self._write(b"".join(message.wire for message, _ in messages)):
            return
        for message, seq in messages:
            if source.stale:  # the ones before were too many: it is asked for again
                return
            self.push(message, source, seq)

    async def room(self) -> None:
        """Waits until everything pushed so far is with the server: for replies that come in many large parts."""
        while self._writer is not None:
            await asyncio.wait({self._writer})

    async def close(self, code: int) -> None:
        """Tells the client why; a client that reads nothing just loses the connection."""
        self.closed = True
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)
        if self._writer is not None:
            self._writer.cancel()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send({"type": "websocket.close", "code": code})
        except (OSError, RuntimeError, TimeoutError):
            pass  # it is gone already

    def _send_through(self, message: Out) -> None:
        sending = self._send(_asgi(message))
        # A coroutine can be stepped as it is: this runs once for each viewer of each event.
        steps: Any = sending if isinstance(sending, CoroutineType) else sending.__await__()
        try:
            waits_for = steps.send(None)
        except StopIteration:
            return
        except (OSError, RuntimeError):  # the client is gone, or the close frame went out already
            self.closed = True
            return
        rest = sending.__await__() if steps is sending else steps
        self._queue = deque()
        self._writer = asyncio.get_running_loop().create_task(self._drain(_Started(waits_for, rest)))

    async def _drain(self, first: Awaitable[None]) -> None:
        try:
            await first
            while self._queue:
                message = self._queue.popleft().message
                self._bytes -= len(message.wire)
                await self._send(_asgi(message))
        except (OSError, RuntimeError):
            self.closed = True
        finally:
            self._queue = self._writer = None
            self._bytes = 0

    def _wait(self, item: _Item) -> None:
        assert self._queue is not None
        self._queue.append(item)
        self._bytes += len(item.message.wire)
        if self._is_over():
            self._collapse()
            if self._is_over():
                self.closed = True
                self._fail(CLOSE_TRY_LATER)

    def _is_over(self) -> bool:
        assert self._queue is not None
        return len(self._queue) > self._options.queue_frames or self._bytes > self._options.queue_bytes

    def _collapse(self) -> None:
        """All waiting events of a stream become one `resync` from before the first of them."""
        assert self._queue is not None
        first: dict[Resyncable, int] = {}
        kept: deque[_Item] = deque()
        for item in self._queue:
            if item.source is None:
                kept.append(item)
            else:
                first.setdefault(item.source, item.seq)
        for source, seq in first.items():
            source.stale = True
            kept.append(_Item(resync(source.name, seq - 1), None, 0))
        self._queue = kept
        self._bytes = sum(len(item.message.wire) for item in kept)


def _asgi(message: Out) -> AsgiMessage:
    return {"type": "websocket.send", "text": message.text}
