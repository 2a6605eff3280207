"""Cases SAFE-05, SAFE-07: a line is cut without a word to either end. The Discord process notices, and calls again."""

import asyncio
import contextlib

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from contract import endpoints
from contract.characters import TraitChange
from rodbot.core.backend import Backend
from rodbot.core.caller import Caller
from rodbot.feed import connection
from rodbot.feed.connection import Feed
from sandbox.defaults import MIRA
from sandbox.delivery import connection as gateway
from sandbox.person import Person
from sandbox.server import Sandbox
from testing.half_open import Line
from tests.character_calls import CharacterCalls
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at, until

CLOSING = aiohttp.ClientWSTimeout(ws_close=0.2)
WITHIN = 30.0  # of a second's work, on a machine that is busy
HUNGER = [TraitChange(path="hunger", op="adjust", value=1)]


@contextlib.asynccontextmanager
async def feed_at(url: str):
    """A feed of nothing."""
    connected: list[bool] = []
    feed = Feed(
        url,
        KEY,
        *[lambda _: True] * 2,
        *[lambda _: None] * 3,
        lambda: connected.append(True),  # type: ignore[misc]
    )
    running = asyncio.create_task(feed.run())
    try:
        yield connected
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BACKOFF", (0.05, 0.1))
    monkeypatch.setattr(connection, "ANSWER", aiohttp.ClientTimeout(total=0.5))
    monkeypatch.setattr(connection, "SILENCE", 0.5)


async def test_the_feed_is_opened_again(fake: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SILENCE", 60)
    fake.heartbeat = 200
    with Line(URL(fake.url).port) as line:
        async with feed_at(f"ws://127.0.0.1:{line.port}/ws/gateway/") as connected:
            await until(lambda: len(connected) == 1)
            line.cut()
            line.heal()
            await until(lambda: len(connected) == 2, WITHIN)


async def test_a_feed_whose_handshake_is_never_answered_is_tried_again(fake: FakeBackend) -> None:
    with Line(URL(fake.url).port) as line:
        line.cut()
        async with feed_at(f"ws://127.0.0.1:{line.port}/ws/gateway/") as connected:
            await asyncio.sleep(0.1)
            line.heal()
            await until(lambda: connected, WITHIN)


async def test_a_feed_that_is_not_greeted_is_tried_again() -> None:
    tries: list[bool] = []

    async def say_nothing(request: web.Request) -> web.WebSocketResponse:
        tries.append(True)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket

    app = web.Application()
    app.add_routes([web.get("/", say_nothing)])
    async with TestServer(app) as server, feed_at(str(server.make_url("/"))):
        await until(lambda: len(tries) > 1, WITHIN)


async def test_a_call_goes_through_at_the_second_try(fake: FakeBackend, caller: Caller) -> None:
    """Its connection was kept from the call before."""
    fake.add("Night Owl")
    with Line(URL(fake.url).port) as line:
        client = Backend(f"http://127.0.0.1:{line.port}", KEY, aiohttp.ClientTimeout(total=0.5))
        calls = CharacterCalls(client, caller)
        await client.fetch(endpoints.GET_SCHEMA)
        line.cut()
        line.heal()
        answer = await calls.change("Night Owl", HUNGER)
        await client.close()
    assert answer.event is not None
    assert answer.event.changes == {"hunger": (1, 2)}


async def test_discords_gateway_is_entered_again(
    box: Sandbox, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py waits for a minute and then half of one; here for a second."""
    monkeypatch.setattr(gateway, "HEARTBEAT_MS", 200)
    monkeypatch.setattr(aiohttp, "ClientWSTimeout", lambda **_: CLOSING)
    fake.add("Night Owl", MIRA)
    with Line(box.port) as line:
        monkeypatch.setattr(Sandbox, "gateway_url", f"ws://127.0.0.1:{line.port}/gateway")
        async with (
            bot_at(box, fake.url, KEY) as bot,
            Person(box.base_url, user="mira", guild="Night Court") as mira,
        ):
            before = bot._get_websocket(shard_id=0)
            before._max_heartbeat_timeout = 1.0
            await asyncio.sleep(0.5)  # it counts from the next heartbeat on
            line.cut()
            line.heal()
            await until(lambda: bot._get_websocket(shard_id=0) is not before, WITHIN)
            await until(lambda: bot._get_websocket(shard_id=0).session_id, WITHIN)
            reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "**Hunger** 1 → 2" in reply.text
