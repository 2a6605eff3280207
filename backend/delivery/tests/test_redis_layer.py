"""What a thread sends reaches those that listen by the library's own way; a dead Redis costs the sender nothing."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers
from redis import Redis
from redis.exceptions import ResponseError

from delivery import publish
from delivery.redis_layer import RedisLayer
from delivery.redis_line import RedisLine
from scripts import services
from scripts.common import free_port, wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[services.Server]:
    with services.start_redis() as running:
        yield running


@pytest.fixture(autouse=True)
def other_layer() -> Iterator[None]:
    yield
    channel_layers.backends.clear()


def use(settings: Any, address: str) -> None:
    config = {"hosts": [address], "prefix": "test"}
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "delivery.redis_layer.RedisLayer", "CONFIG": config}}
    channel_layers.backends.clear()


async def listen(address: str, groups: list[str], send: Any) -> list[dict[str, Any]]:
    layer = RedisLayer(hosts=[address], prefix="test")
    channel = await layer.new_channel()
    for group in groups:
        await layer.group_add(group, channel)
    await asyncio.to_thread(send)
    try:
        async with asyncio.timeout(20):
            return [await layer.receive(channel) for _ in groups]
    finally:
        await layer.flush()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Any:
    """One that serves no gateway, as in a worker of HTTP."""
    fresh = publish._Publisher()
    monkeypatch.setattr(publish, "_publisher", fresh)
    return fresh


def test_a_message_of_a_thread_is_heard(settings: Any, server: services.Server, publisher: Any) -> None:
    use(settings, server.url)
    messages: list[tuple[str, dict[str, Any]]] = [
        ("stream.a", {"seq": 1, "frames": {"1": "“é”"}}),
        ("feed", {"type": "feed.event"}),
    ]
    before = set(threading.enumerate())

    def send() -> None:
        for group, message in messages:
            publish.publish(group, message)

    heard = asyncio.run(listen(server.url, [group for group, _ in messages], send))
    assert heard == [message for _, message in messages]
    assert [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()].count(
        "publish"
    ) == 1


def test_it_goes_on_when_redis_is_back(
    settings: Any, server: services.Server, publisher: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, f"redis://127.0.0.1:{free_port()}")
    with caplog.at_level(logging.WARNING):
        publish.publish("stream.a", {"seq": 1})
        assert wait_until(lambda: "not sent" in caplog.text, 20)
    use(settings, server.url)
    heard = asyncio.run(listen(server.url, ["stream.a"], lambda: publish.publish("stream.a", {"seq": 2})))
    assert heard == [{"seq": 2}]


def test_a_connection_that_redis_closed_loses_nothing(
    settings: Any, server: services.Server, publisher: Any
) -> None:
    use(settings, server.url)

    def send() -> None:
        sender = RedisLayer(hosts=[server.url], prefix="test")
        sender.send_now([("stream.a", {"seq": 1})])
        with Redis.from_url(server.url) as admin:
            assert admin.client_kill_filter(_type="normal", skipme=True)
        sender.send_now([("stream.b", {"seq": 2}), ("stream.c", {"seq": 3})])

    heard = asyncio.run(listen(server.url, ["stream.a", "stream.b", "stream.c"], send))
    assert [message["seq"] for message in heard] == [1, 2, 3]


def test_a_stuck_layer_does_not_fill_the_memory(
    settings: Any, publisher: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, f"redis://127.0.0.1:{free_port()}")
    stuck, sent = threading.Event(), []

    def send_now(self: RedisLayer, messages: list[Any]) -> None:
        stuck.wait(20)
        sent.extend(messages)

    monkeypatch.setattr(RedisLayer, "send_now", send_now)
    monkeypatch.setattr(publish, "MAX_WAITING", 5)
    with caplog.at_level(logging.WARNING):
        for number in range(20):
            publish.publish("stream.a", {"seq": number})
    assert "left to the database" in caplog.text
    stuck.set()
    assert wait_until(lambda: len(sent) >= 5, 20)
    assert len(sent) <= 6


def test_a_refused_command_leaves_no_reply_for_the_next(server: services.Server) -> None:
    line = RedisLine(server.url, 5)
    line.exchange(["SET", "word", "blood"])
    with pytest.raises(ResponseError):
        line.exchange(["INCR", "word"], ["GET", "word"])
    assert line.exchange(["ECHO", "echo"], ["GET", "word"]) == [b"echo", b"blood"]
