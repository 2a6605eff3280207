"""Errors reach the debug channel: without secrets, without waiting, not too many."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from rod.debug_channel import PER_MINUTE, DebugChannelHandler, describe


class Discord(BaseHTTPRequestHandler):
    """Keeps what it is sent; `gate` lets a test make it slow."""

    taken: list[dict[str, Any]] = []
    gate = threading.Event()

    def do_POST(self) -> None:
        self.gate.wait(5)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append({"path": self.path, "auth": self.headers["Authorization"], **body})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def discord(settings: Any) -> Iterator[type[Discord]]:
    Discord.taken, Discord.gate = [], threading.Event()
    server = HTTPServer(("127.0.0.1", 0), Discord)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.DISCORD_API_BASE = f"http://127.0.0.1:{server.server_port}"
    settings.DISCORD_DEBUG_CHANNEL, settings.DISCORD_BOT_TOKEN = "42", "the-token"
    yield Discord
    Discord.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


def failure(message: str = "mira typed %s") -> logging.LogRecord:
    try:
        int("a secret thing")
    except ValueError:
        import sys

        return logging.LogRecord("haven", logging.ERROR, "x.py", 1, message, ("s3cret",), sys.exc_info())


@pytest.mark.req("S004-59")
def test_a_report_reaches_the_channel_and_nobody_waits(discord: type[Discord]) -> None:
    handler = DebugChannelHandler()
    handler.emit(failure())  # returns while the other side still refuses to answer
    assert discord.taken == []
    discord.gate.set()
    handler._waiting.join()
    (report,) = discord.taken
    assert report["path"] == "/channels/42/messages"
    assert report["auth"] == "Bot the-token"
    assert report["allowed_mentions"] == {"parse": []}
    assert "ValueError" in report["content"]


@pytest.mark.req("S004-59")
def test_a_report_carries_nothing_that_was_typed_and_no_secret(settings: Any) -> None:
    content = describe(failure())
    assert "s3cret" not in content
    assert "a secret thing" not in content
    assert "test_debug_channel.py" in content


@pytest.mark.req("S004-59")
def test_a_storm_becomes_one_line(discord: type[Discord]) -> None:
    discord.gate.set()
    handler = DebugChannelHandler()
    for _ in range(100):
        handler.emit(failure())
    handler._waiting.join()
    assert len(discord.taken) == PER_MINUTE
    handler._sent.clear()
    handler.emit(failure())
    handler._waiting.join()
    assert "95 more" in discord.taken[-1]["content"]


def test_without_a_channel_nothing_is_sent(discord: type[Discord], settings: Any) -> None:
    settings.DISCORD_DEBUG_CHANNEL = ""
    handler = DebugChannelHandler()
    handler.emit(failure())
    assert handler._waiting.empty()
    assert handler._thread is None
