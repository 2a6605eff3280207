"""What a gateway must cost at least: one Redis subscription, one encoding, a plain `send` for each socket.

Sockets of /known read their session and user first, in a few threads; who names a chronicle gets all of its rows.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

import orjson  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from redis import asyncio as redis  # noqa: E402

from discordauth.models import CustomUser  # noqa: E402
from haven.models import Character  # noqa: E402
from scripts.bench.options import CHANNEL  # noqa: E402
from timeline.models import Stream  # noqa: E402

PAGE = (
    b"<!doctype html><p id=value>0</p><script>"
    b"new WebSocket(`ws://${location.host}/ws`).onmessage = "
    b"event => { document.getElementById('value').textContent = JSON.parse(event.data).value }"
    b"</script>"
)
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
sockets: set[Send] = set()
threads = ThreadPoolExecutor(4)
tasks: set[asyncio.Task[None]] = set()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _socket(scope, receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)
    else:
        await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup" and settings.USE_REDIS:
            tasks.add(asyncio.get_running_loop().create_task(_forward()))
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _forward() -> None:
    async with redis.Redis.from_url(settings.REDIS_URL).pubsub() as subscription:
        await subscription.subscribe(CHANNEL)
        async for message in subscription.listen():
            if message["type"] == "message":
                await _broadcast(message["data"].decode())


async def _broadcast(text: str) -> None:
    frame = {"type": "websocket.send", "text": text}
    for send in tuple(sockets):
        await send(frame)


async def _http(scope: Message, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    answer = PAGE if scope["method"] == "GET" else b"{}"
    kind = b"text/html" if scope["method"] == "GET" else b"application/json"
    if scope["method"] == "POST":
        await _broadcast(body.decode())
    headers = [(b"content-length", str(len(answer)).encode()), (b"content-type", kind)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _socket(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    if scope["path"] == "/known":
        cookie = dict(scope["headers"])[b"cookie"].decode().partition("=")[2]
        await send(await _in_thread(_hello, cookie))
    sockets.add(send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            request = orjson.loads(message["text"])
            await send(await _in_thread(_snapshot, request["chronicle"]))
    finally:
        sockets.discard(send)


async def _in_thread(work: Callable[[str], Message], argument: str) -> Message:
    return await asyncio.get_running_loop().run_in_executor(threads, work, argument)


def _hello(key: str) -> Message:
    close_old_connections()
    session = Session.objects.get(session_key=key)
    user = CustomUser.objects.get(pk=session.get_decoded()["_auth_user_id"])
    return _frame({"type": "hello", "user": str(user.pk), "name": user.username})


def _snapshot(chronicle: str) -> Message:
    """Read head, rows and owners as `.values()`: three queries whatever the number of characters."""
    close_old_connections()
    seq = Stream.objects.values_list("seq", flat=True).get(pk=chronicle)
    rows = list(Character.objects.filter(chronicle_id=chronicle, deleted_at=None).values())
    names = dict(
        CustomUser.objects.filter(pk__in={row["owner_id"] for row in rows}).values_list("pk", "username")
    )
    characters = [
        {
            "id": row["id"],
            "name": row["name"],
            "owner": names[row["owner_id"]],
            "hunger": row["sheet"].get("hunger"),
        }
        for row in rows
    ]
    return _frame({"type": "snapshot", "seq": seq, "characters": characters})


def _frame(body: object) -> Message:
    return {"type": "websocket.send", "text": orjson.dumps(body).decode()}
