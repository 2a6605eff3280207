"""JSON answers, and the guard that lets only programs and pages of this machine speak to the sandbox.

A web page elsewhere could send requests to loopback through its visitor's browser. Such a request names a foreign
host (DNS rebinding) or carries a foreign Origin; both are turned away.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import orjson
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_response(body: object, status: int = 200) -> web.Response:
    # Exactly this content type: with a charset behind it discord.py takes the body for plain text.
    return web.Response(body=orjson.dumps(body), status=status, headers={"Content-Type": "application/json"})


def drop_connection(request: web.Request) -> None:
    """Abort the connection; a response that follows is not sent."""
    if request.transport is not None:
        request.transport.abort()


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    origin = request.headers.get("Origin")
    foreign_host = not is_loopback(_host_of(f"//{request.headers.get('Host', '')}"))
    # "null" is what a sandboxed frame or a file sends; it has no business here either.
    foreign_origin = origin is not None and not is_loopback(_host_of(origin))
    if foreign_host or foreign_origin:
        return json_response({"code": "foreign", "detail": "The sandbox serves this machine only."}, 403)
    return await handler(request)
