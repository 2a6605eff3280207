"""The parts of a running sandbox and its addresses, without HTTP. `server.py` serves them."""

import asyncio
import ipaddress
import time
from pathlib import Path

from sandbox import defaults, limits
from sandbox.changes.guilds import Actions
from sandbox.changes.hooks import Hooks
from sandbox.changes.messages import Posting
from sandbox.delivery.events import Events
from sandbox.delivery.intents import MESSAGE_CONTENT, PRIVILEGED
from sandbox.delivery.live import Live
from sandbox.delivery.sessions import Gateway
from sandbox.delivery.starts import IDENTIFY_SECONDS, MAX_CONCURRENCY, TOTAL, SessionStarts
from sandbox.errors import Json
from sandbox.interactions.lifecycle import Interactions
from sandbox.oauth.flow import OAuth
from sandbox.state.store import Files, Store, read
from sandbox.state.world import World
from sandbox.web.rate_limits import RateLimits
from sandbox.web.traffic import Faults, Recorder

API = "/api/v10"


class Core:
    """`state` is the JSON file to live in (None: memory only); port 0 takes a free one.

    `privileged=False` refuses privileged intents, `message_content=False` that of the content alone.
    `shards` is what /gateway/bot recommends, `acknowledge` and `token_life` are Discord's deadlines in seconds,
    `rate_limits` announces and enforces its limits. Of each of `max_concurrency` buckets one shard may identify in
    `identify_seconds` (at Discord 5), and `session_starts` a day.
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
        message_content: bool = True,
        shards: int = 1,
        acknowledge: float = limits.ACKNOWLEDGE,
        token_life: float = limits.TOKEN_LIFE,
        rate_limits: bool = False,
        max_concurrency: int = MAX_CONCURRENCY,
        session_starts: int = TOTAL,
        identify_seconds: float = 0.0,
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
        self.emoji_files = Files(path.with_name(path.name + ".emoji") if path else None)
        self.recorder = Recorder()
        self.faults = Faults()
        self.rate_limits = RateLimits(time.time) if rate_limits else None
        starts = SessionStarts(
            max_concurrency, session_starts, identify_seconds or (IDENTIFY_SECONDS if rate_limits else 0.0)
        )
        granted = (PRIVILEGED if privileged else 0) & ~(0 if message_content else MESSAGE_CONTENT)
        self.gateway = Gateway(self.world, self._bot_changed, starts, granted)
        self.live = Live(self.world)
        self.events = Events(self.world, self.gateway, self.live, self.store.touch)
        self.posting = Posting(self.world, self.files, self.events)
        self.actions = Actions(self.world, self.events)
        self.hooks = Hooks(self.world, self.posting, self.actions, self.events)
        self.interactions = Interactions(self.world, self.posting, self.events, acknowledge, token_life)
        self.oauth = OAuth(self.world)
        self._online = asyncio.Event()

    # Addresses and credentials

    @property
    def base_url(self) -> str:
        host = f"[{self.public_host}]" if ":" in self.public_host else self.public_host
        return f"http://{host}:{self.port}"

    @property
    def api_base(self) -> str:
        return f"{self.base_url}{API}"

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
        return list(self.recorder.entries)

    def env(self) -> dict[str, str]:
        """Return the settings with which the Discord process and the backend use this sandbox."""
        return {
            "DISCORD_BOT_TOKEN": self.token,
            "DISCORD_APP_ID": self.application_id,
            "DISCORD_APP_SECRET": self.client_secret,
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY": self.gateway_url,
            "DISCORD_CDN": self.cdn_base,
            "DISCORD_OAUTH_AUTHORIZE": f"{self.base_url}/oauth2/authorize",
        }

    # The bot comes and goes

    def _bot_changed(self) -> None:
        online = self.gateway.online
        if online != self._online.is_set():
            self._online.set() if online else self._online.clear()
            self.live.to_all({"type": "bot", "online": online})

    async def wait_for_bot(self, within: float = 10.0) -> None:
        """Wait until a session is up, or raise TimeoutError."""
        async with asyncio.timeout(within):
            await self._online.wait()

    def drop_gateway(self, action: str, *, resumable: bool = False) -> int:
        """Disturb every gateway connection, and return how many there were.

        drop: as when a cable is pulled; reconnect: op 7; invalid_session: op 9.
        """
        connections = tuple(self.gateway.connections)
        for connection in connections:
            if action == "drop":
                connection.drop()
            elif action == "reconnect":
                connection.ask_reconnect()
            else:
                connection.invalidate(resumable)
        return len(connections)


def load(path: Path | None, application_id: str, token: str, client_secret: str) -> Json:
    """Read the saved state or make a new one; credentials that are passed replace saved ones."""
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
