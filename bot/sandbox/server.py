"""The sandbox as one object: start it in a test, or from the command line."""

import asyncio
import ipaddress
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from sandbox import defaults, limits, rest
from sandbox.actions import Actions
from sandbox.cdn import Cdn
from sandbox.connection import Connection
from sandbox.errors import Json
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.guard import loopback_only
from sandbox.interactions import Interactions
from sandbox.live import Live
from sandbox.oauth import OAuth
from sandbox.oauth_page import OAuthPages
from sandbox.person_api import PersonApi
from sandbox.posting import Posting
from sandbox.recorder import Recorder
from sandbox.rest.call import PREFIX, serve, unknown
from sandbox.store import Files, Store, read
from sandbox.world import World

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


class Sandbox:
    """A local Discord. `state` is the JSON file to live in (None: memory only); port 0 takes a free one.

    `privileged=False` refuses privileged intents, `shards` is what /gateway/bot recommends, `acknowledge` and
    `token_life` are Discord's deadlines in seconds.
    """

    def __init__(
        self,
        state: str | Path | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        public_host: str = "",
        token: str = "",
        application_id: str = "",
        client_secret: str = "",
        backend_url: str = "",
        privileged: bool = True,
        shards: int = 1,
        acknowledge: float = limits.ACKNOWLEDGE,
        token_life: float = limits.TOKEN_LIFE,
    ) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"The sandbox listens on loopback only, not on {host}.")
        path = Path(state) if state else None
        self.host, self.port, self.public_host = host, port, public_host or host
        self.backend_url = backend_url
        self.shards = shards
        self.world = World(load(path, application_id, token, client_secret))
        self.store = Store(path, self.world.document)
        self.files = Files(path.with_name(path.name + ".files") if path else None)
        self.recorder = Recorder()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self._bot_changed, privileged)
        self.live = Live(self.world)
        self.events = Events(self.world, self.gateway, self.live, self.store.touch)
        self.posting = Posting(self.world, self.files, self.events)
        self.actions = Actions(self.world, self.events)
        self.interactions = Interactions(self.world, self.posting, self.events, acknowledge, token_life)
        self.oauth = OAuth(self.world)
        self._runner: web.AppRunner | None = None
        self._online = asyncio.Event()

    # Addresses and credentials

    @property
    def base_url(self) -> str:
        host = f"[{self.public_host}]" if ":" in self.public_host else self.public_host
        return f"http://{host}:{self.port}"

    @property
    def api_base(self) -> str:
        return f"{self.base_url}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws{self.base_url.removeprefix('http')}/gateway"

    @property
    def cdn_base(self) -> str:
        return f"{self.base_url}/cdn"

    @property
    def token(self) -> str:
        return str(self.world.app["token"])

    @property
    def application_id(self) -> str:
        return self.world.bot_id

    @property
    def client_secret(self) -> str:
        return str(self.world.app["client_secret"])

    @property
    def recorded(self) -> list[Json]:
        return self.recorder.listed()

    def env(self) -> dict[str, str]:
        """What the Discord process and the backend need to speak to this sandbox."""
        return {
            "DISCORD_BOT_TOKEN": self.token,
            "DISCORD_APP_ID": self.application_id,
            "DISCORD_APP_SECRET": self.client_secret,
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY": self.gateway_url,
            "DISCORD_CDN": self.cdn_base,
            "DISCORD_OAUTH_AUTHORIZE": f"{self.base_url}/oauth2/authorize",
        }

    # Life

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        await asyncio.gather(*(connection.socket.close(code=1001) for connection in self.gateway.connections))
        await self.live.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.store.flush()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[loopback_only], client_max_size=limits.BODY_BYTES)
        for route in rest.ROUTES:
            app.router.add_route(route.method, PREFIX + route.path, serve(self, route))
        pages = OAuthPages(self)
        app.router.add_get("/oauth2/authorize", pages.ask)
        app.router.add_post("/oauth2/authorize", pages.decide)
        app.router.add_post(f"{PREFIX}/oauth2/token", pages.token)
        app.router.add_post(f"{PREFIX}/oauth2/token/revoke", pages.revoke)
        app.router.add_get("/gateway", self._connect)
        app.router.add_get("/gateway/", self._connect)
        app.router.add_routes([*Cdn(self).routes(), *PersonApi(self).routes()])
        app.router.add_get("/", self._index)
        app.router.add_static("/page", PAGE)
        app.on_response_prepare.append(_no_stale_page)
        app.router.add_route("*", "/api/{rest:.*}", unknown)
        return app

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await Connection(self.gateway, self.token, self.gateway_url).run(request)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        index = PAGE / "index.html"
        if not index.is_file():
            return web.Response(text="The sandbox runs; its page is not installed.")
        return web.FileResponse(index, headers=PAGE_HEADERS)

    # The bot comes and goes

    def _bot_changed(self) -> None:
        online = self.gateway.online
        if online != self._online.is_set():
            self._online.set() if online else self._online.clear()
            self.live.to_all({"type": "bot", "online": online})

    async def wait_for_bot(self, within: float = 10.0) -> None:
        """Until a session is up, or TimeoutError."""
        async with asyncio.timeout(within):
            await self._online.wait()

    def drop_gateway(self, action: str, **options: Any) -> int:
        """drop: as when a cable is pulled; reconnect: op 7; invalid_session: op 9. How many were hit."""
        hit = tuple(self.gateway.connections)
        for connection in hit:
            if action == "drop":
                connection.drop()
            elif action == "reconnect":
                connection.ask_reconnect()
            else:
                connection.invalidate(bool(options.get("resumable")))
        return len(hit)


async def _no_stale_page(request: web.Request, response: web.StreamResponse) -> None:
    """Browsers ask again each time; an unchanged file costs them a 304."""
    if request.path.startswith("/page/"):
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"


def load(path: Path | None, application_id: str, token: str, client_secret: str) -> Json:
    """The saved world or a fresh one; credentials that are given win over saved ones."""
    document = read(path) if path else None
    if document is None:
        return defaults.new_document(application_id, token, client_secret)
    app = document["app"]
    if application_id and application_id != app["id"]:
        raise ValueError(
            "The state file belongs to another application id; delete it or leave the argument out."
        )
    app["token"] = token or app["token"]
    app["client_secret"] = client_secret or app["client_secret"]
    return document
