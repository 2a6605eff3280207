"""Addresses of WebSockets."""

import re
from collections.abc import Awaitable

from delivery.wire import Receive, Scope, Send
from gateway import credentials
from gateway.consumers import campaign, chat, gateway
from gateway.overlay_socket import overlay, secret_of
from gateway.page_socket import page
from gateway.process import lifespan

__all__ = ["lifespan", "websocket_application"]

# By path, without a slash at its end. A plain table: a router's frame and its copy of the scope would stay with each
# socket for as long as it is open.
SOCKETS = {"/ws/gateway": gateway, "/chat/ws": chat}
BY_SHAPE = (
    (re.compile(r"/campaigns/[^/]{1,100}/ws"), campaign),
    (re.compile(r"/c/[\w-]{1,100}/ws", re.ASCII), page),
)


def websocket_application(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
    """Not a coroutine itself, for the same reason."""
    # Before anything is accepted: then the server logs the address.
    offered = credentials.offered(scope)
    credentials.redact(scope)
    if (secret := secret_of(scope)) is not None:
        return overlay(scope, secret, receive, send)
    path = scope["path"].removesuffix("/")
    socket = next((socket for shape, socket in BY_SHAPE if shape.fullmatch(path)), SOCKETS.get(path))
    return _nothing_here(receive, send) if socket is None else socket(scope, offered, receive, send)


async def _nothing_here(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close"})
