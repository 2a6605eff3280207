"""Report backend errors to a Discord channel for the operators (`DISCORD_DEBUG_CHANNEL`).

A report holds the place, the kind of error, the reference and our own lines of the traceback: no text that anyone
typed, no keys. Nobody waits for it: a thread of its own sends, a storm of errors becomes one line, what does not fit is
counted.
"""

import logging
import queue
import threading
import time
import traceback
from collections import deque
from pathlib import Path

import httpx
from django.conf import settings

from delivery import discord_channel

BACKEND = Path(__file__).resolve().parent.parent
PER_MINUTE = 5
WAITING = 50
LONGEST = 1900


class DebugChannelHandler(logging.Handler):
    """Sends log records of ERROR and above. Does nothing without a channel and a bot token."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._waiting: queue.Queue[str] = queue.Queue(WAITING)
        self._sent: deque[float] = deque(maxlen=PER_MINUTE)
        self._held_back = 0
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if not (settings.DISCORD_DEBUG_CHANNEL and settings.DISCORD_BOT_TOKEN):
            return
        now = time.monotonic()
        if len(self._sent) == PER_MINUTE and now - self._sent[0] < 60:
            self._held_back += 1
            return
        self._sent.append(now)
        try:
            self._waiting.put_nowait(describe(record, self._held_back))
        except queue.Full:
            self._held_back += 1
            return
        self._held_back = 0
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._send_all, name="debug-channel", daemon=True)
            self._thread.start()

    def _send_all(self) -> None:
        while True:
            content = self._waiting.get()
            try:
                discord_channel.post(settings.DISCORD_DEBUG_CHANNEL, content)
            except httpx.HTTPError as error:
                # Not by the log: a report of a failed report would come back here.
                print(f"The debug channel takes no reports: {type(error).__name__}", flush=True)
            self._waiting.task_done()


def describe(record: logging.LogRecord, held_back: int = 0) -> str:
    """Return the message's template without its values: values are user input."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else record.levelname
    reference = getattr(record, "reference", "")
    lines = [f"**{kind}** in `{record.name}`" + (f" (reference `{reference}`)" if reference else "")]
    if held_back:
        lines.append(f"{held_back} more in the last minutes were not reported here.")
    lines += ["```", *_own_frames(record), "```"]
    return "\n".join(lines)[:LONGEST]


def _own_frames(record: logging.LogRecord) -> list[str]:
    if not record.exc_info or record.exc_info[2] is None:
        return [str(record.msg)[:200]]
    frames = traceback.extract_tb(record.exc_info[2])
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(BACKEND)]
    return [f"{Path(frame.filename).relative_to(BACKEND)}:{frame.lineno} {frame.name}" for frame in own[-12:]]
