"""Hands messages to the channel layer, off the caller's path: a dead Redis never hurts a committed change.

A message arrives at most once. Each listener counts `seq` and reads what it missed from the database.
"""

import asyncio
import logging
import os
import threading
from queue import SimpleQueue

from channels.layers import get_channel_layer

from delivery.redis_clients import REDIS_ERRORS
from delivery.redis_layer import SharedLayer
from delivery.source import Payload
from monitoring import metrics

log = logging.getLogger(__name__)

SEND_TIMEOUT = 5.0  # seconds
# With the layer stuck, messages wait in memory; past this many they are dropped, and found by `seq` later.
MAX_WAITING = 10_000
# Messages in one go to Redis.
BATCH = 100


class _Thread:
    """Sends batches, each of the messages that came while the last one was sent."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[str, Payload]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def publish(self, group: str, message: Payload) -> None:
        if self._waiting.qsize() >= MAX_WAITING:
            log.warning("channel layer is stuck, a message for %s is left to the database", group)
            return
        self._waiting.put((group, message))
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="publish", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get())
            metrics.WAITING.set(self._waiting.qsize())
            layer = get_channel_layer()
            try:
                if isinstance(layer, SharedLayer):
                    layer.send_now(batch)
            except REDIS_ERRORS as error:
                log.warning("%d messages not sent: %s", len(batch), error or type(error).__name__)


class _Publisher:
    """Sends from the loop of this process's gateway, else from a thread, with a loop where the layer needs one."""

    def __init__(self) -> None:
        self._thread = _Thread()
        self._lock = threading.Lock()
        self._served: list[asyncio.AbstractEventLoop] = []
        self._own: asyncio.AbstractEventLoop | None = None
        # Also keeps the tasks alive: a loop holds only weak references to them.
        self._sending: set[asyncio.Task[None]] = set()

    def register(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            if loop not in self._served:
                self._served.append(loop)

    def unregister(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            if loop in self._served:
                self._served.remove(loop)

    def publish(self, group: str, message: Payload) -> None:
        if not self._served and isinstance(get_channel_layer(), SharedLayer):
            self._thread.publish(group, message)
            return
        try:
            self._loop().call_soon_threadsafe(self._start, group, message)
        except RuntimeError as error:  # the loop closed in this very moment
            log.warning("message for %s not sent: %s", group, error)

    def _loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            # A test may leave a loop behind that was never unregistered.
            self._served = [loop for loop in self._served if not loop.is_closed()]
            if self._served:
                return self._served[-1]
            if self._own is None:
                self._own = asyncio.new_event_loop()
                threading.Thread(target=self._own.run_forever, name="publish", daemon=True).start()
            return self._own

    def _start(self, group: str, message: Payload) -> None:
        if len(self._sending) >= MAX_WAITING:
            log.warning("channel layer is stuck, a message for %s is left to the database", group)
            return
        task = asyncio.get_running_loop().create_task(_send(group, message))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


async def _send(group: str, message: Payload) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            await layer.group_send(group, message)
    except (*REDIS_ERRORS, TimeoutError, RuntimeError) as error:
        log.warning("message for %s not sent: %s", group, error or type(error).__name__)


_publisher = _Publisher()


def publish(group: str, message: Payload) -> None:
    """Sends `message` to a group of the channel layer, later and at most once. Never raises, never waits."""
    metrics.PUBLISHED.add()
    _publisher.publish(group, message)


def register_loop(loop: asyncio.AbstractEventLoop) -> None:
    """The gateway of this process runs on `loop`: send from there (the in-memory layer knows no other loop)."""
    _publisher.register(loop)


def unregister_loop(loop: asyncio.AbstractEventLoop) -> None:
    _publisher.unregister(loop)


def _after_fork() -> None:
    # Threads do not survive a fork: the child starts its own when it first publishes.
    global _publisher
    _publisher = _Publisher()


os.register_at_fork(after_in_child=_after_fork)
