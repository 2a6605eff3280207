"""Addresses of WebSockets."""

from typing import Any

from gateway import credentials
from gateway.consumers import gateway
from gateway.process import lifespan

__all__ = ["lifespan", "websocket_application"]

# By path, without a slash at its end. A plain table: a router's frame and its copy of the scope would stay with each
# socket for as long as it is open.
SOCKETS = {"/ws/gateway": gateway}


async def websocket_application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    # Before anything is accepted: then the server logs the address.
    offered = credentials.offered(scope)
    credentials.redact(scope)
    socket = SOCKETS.get(scope["path"].removesuffix("/"))
    if socket is None:
        await receive()
        await send({"type": "websocket.close"})
        return
    await socket(scope, offered, receive, send)
