"""Discord drops the connection: a line with the reason, and no traceback."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from rodbot.client import RodBot
from rodbot.core import reconnects


@pytest.fixture
def quiet() -> Iterator[None]:
    before = {name: list(logging.getLogger(name).filters) for name in reconnects.LOGGERS}
    reconnects.quieten()
    yield
    for name, filters in before.items():
        logging.getLogger(name).filters = filters


@pytest.mark.parametrize("name", reconnects.LOGGERS)
def test_a_reconnect_is_one_line(name: str, quiet: None, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ConnectionResetError("cut")
    except ConnectionResetError as error:
        logging.getLogger(name).error(
            "Attempting a reconnect for shard ID %s in %.2fs", 0, 1.5, exc_info=error
        )
    [record] = caplog.records
    sentence = "Attempting a reconnect for shard ID 0 in 1.50s: ConnectionResetError: cut"
    assert (record.levelno, record.getMessage(), record.exc_info) == (logging.WARNING, sentence, None)


def test_a_defect_keeps_its_traceback(quiet: None, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        logging.getLogger("discord.client").exception("Ignoring exception in %s", "on_message")
    [record] = caplog.records
    assert record.exc_info is not None
    assert record.levelno == logging.ERROR
    assert sys.exception() is None


@pytest.mark.parametrize(
    ("error", "reported", "level"),
    [
        (ConnectionResetError("Cannot write to closing transport"), 0, logging.WARNING),
        (discord.ConnectionClosed(Mock(close_code=1006), shard_id=0), 0, logging.WARNING),
        (KeyError("x"), 1, logging.ERROR),
    ],
)
async def test_work_that_lost_its_connection_starts_again(
    error: Exception,
    reported: int,
    level: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A lost connection is one line; a defect is reported with its traceback."""
    monkeypatch.setattr(asyncio, "sleep", AsyncMock())
    bot, work = Mock(), AsyncMock(side_effect=[error, None])
    await RodBot._kept_alive(bot, work)
    assert work.await_count == 2
    assert bot.debug.report.call_count == reported
    [record] = [record for record in caplog.records if record.name.startswith("rodbot")]
    assert (record.levelno, bool(record.exc_info)) == (level, bool(reported))
