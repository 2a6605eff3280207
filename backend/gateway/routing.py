"""Addresses of WebSockets."""

from typing import Any

from channels.routing import URLRouter
from django.urls import re_path

from gateway import credentials
from gateway.consumers import gateway
from gateway.process import lifespan

__all__ = ["lifespan", "websocket_application"]

_routes = URLRouter([re_path(r"^ws/gateway/?$", gateway)])  # type: ignore[arg-type]  # any ASGI callable will do


async def websocket_application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    # Before routing, which works on a copy: the server logs the address of the original when it accepts.
    offered = credentials.offered(scope)
    credentials.redact(scope)
    if not scope["path"].startswith("/ws/gateway"):
        await receive()
        await send({"type": "websocket.close"})
        return
    await _routes(scope | {"gateway.credentials": offered}, receive, send)
