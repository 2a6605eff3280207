"""The sandbox as one object: start it in a test, or from the command line."""

import asyncio
import socket
from pathlib import Path
from typing import Self

from aiohttp import web

from sandbox import limits, page_api, rest
from sandbox.core import API, Core
from sandbox.delivery.connection import Connection
from sandbox.oauth.pages import OAuthPages
from sandbox.page_api.call import serve as serve_page
from sandbox.rest.call import serve, unknown
from sandbox.web.cdn import Cdn
from sandbox.web.http import loopback_only

BACKLOG = 1024  # with the usual 128 a burst of interactions stalls for a second on lost SYNs
PAGE = Path(__file__).with_name("page")
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' http: https: data: blob:; media-src 'self' http: https: blob:; "
        "connect-src 'self' ws://localhost:* ws://127.0.0.1:*; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}


class Sandbox(Core):
    """A local Discord on loopback: `async with Sandbox() as box`. The arguments are those of `Core`."""

    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._runner = web.AppRunner(
            self._application(), access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await self._runner.setup()
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.create_server((self.host, self.port), family=family, backlog=BACKLOG)
        self.port = listener.getsockname()[1]
        self.world.cdn_base = self.cdn_base
        await web.SockSite(self._runner, listener, backlog=BACKLOG).start()
        self.store.touch()

    async def stop(self) -> None:
        self.interactions.stop()
        await asyncio.gather(*(connection.close() for connection in self.gateway.connections))
        await self.live.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.store.flush()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[loopback_only], client_max_size=limits.BODY_BYTES)
        for route in rest.ROUTES:
            app.router.add_route(route.method, API + route.path, serve(self, route))
        pages = OAuthPages(
            self.oauth,
            self.store.touch,
            self.actions.invite_bot,
            lambda name, owner: self.actions.add_guild(name, owner, with_bot=False),
        )
        app.router.add_get("/oauth2/authorize", pages.ask)
        app.router.add_post("/oauth2/authorize", pages.decide)
        app.router.add_post(f"{API}/oauth2/token", pages.token)
        app.router.add_post(f"{API}/oauth2/token/revoke", pages.revoke)
        app.router.add_get("/gateway", self._connect)
        app.router.add_get("/gateway/", self._connect)
        app.router.add_routes(Cdn(self.files, self.emoji_files, self.world.webhooks.pictures).routes())
        app.router.add_routes(serve_page(self, route) for route in page_api.ROUTES)
        app.router.add_get("/", _index)
        app.router.add_static("/page", PAGE)
        app.on_response_prepare.append(_no_stale_page)
        app.router.add_route("*", "/api/{rest:.*}", unknown)
        return app

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await Connection(self.gateway, self.token, self.gateway_url).run(request)


async def _index(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)


async def _no_stale_page(request: web.Request, response: web.StreamResponse) -> None:
    """Make browsers revalidate each time; an unchanged file costs them a 304."""
    if request.path.startswith("/page/"):
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
