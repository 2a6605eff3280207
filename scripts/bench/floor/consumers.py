"""What Channels makes of a chat: a consumer for each socket, each with its own name in a group of Redis."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from django.conf import settings  # noqa: E402

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
GROUP = LAYER = "bench"
# It drops what a consumer has not taken; a chat may not lose a message, so none is dropped here.
settings.CHANNEL_LAYERS[LAYER] = {
    "BACKEND": "channels_redis.core.RedisChannelLayer",
    "CONFIG": {"hosts": [settings.REDIS_URL], "capacity": 1_000_000, "prefix": LAYER},
}


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]  # of a package without types
    channel_layer_alias = LAYER

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def chat_message(self, event: Message) -> None:
        await self.send(text_data=event["text"])


consumer = Chat.as_asgi()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await consumer(scope, receive, send)
    elif scope["type"] == "http":
        await _post(receive, send)
    else:
        await _lifespan(receive, send)


async def _post(receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await get_channel_layer(LAYER).group_send(GROUP, {"type": "chat.message", "text": body.decode()})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
