"""Only programs and pages on this machine may speak to the sandbox.

A web page elsewhere could send requests to loopback through its visitor's browser. Such a request names a foreign
host (DNS rebinding) or carries a foreign Origin; both are turned away.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web


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
async def loopback_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    origin = request.headers.get("Origin")
    foreign_host = not is_loopback(_host_of(f"//{request.headers.get('Host', '')}"))
    # "null" is what a sandboxed frame or a file sends; it has no business here either.
    foreign_origin = origin is not None and not is_loopback(_host_of(origin))
    if foreign_host or foreign_origin:
        return web.json_response(
            {"code": "foreign", "detail": "The sandbox serves this machine only."}, status=403
        )
    return await handler(request)
