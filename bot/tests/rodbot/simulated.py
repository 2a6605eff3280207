"""A Discord without a network and without waiting: discord.py's own HTTP client against the sandbox's rate limits.

Time is simulated: where every task waits, the clock jumps to the next of them.
"""

import asyncio
import json
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from discord.http import HTTPClient

from rodbot.core.pacing import Pacer
from sandbox.web.rate_limits import RateLimits

T = TypeVar("T")
LATENCY = 0.15
API = "/api/v10"


class _Clock(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if not events and timeout is None:
            raise RuntimeError("Everything waits for something that never comes.")
        self.now += 0.0 if events else max(timeout or 0.0, 0.0)
        return events


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def simulate(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end in simulated time."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main())


class Discord:
    """Holds the commands of each scope by path. `client` is a real HTTP client of discord.py that reaches it."""

    def __init__(self, paced: bool = True) -> None:
        self.limits = RateLimits(asyncio.get_running_loop().time)
        self.commands: dict[str, list[Any]] = {}
        self.log: list[tuple[float, str, str, int]] = []
        self.pacer = Pacer() if paced else None
        self.client = HTTPClient(asyncio.get_running_loop())
        self.client.token = "the token"
        self.client._global_over = asyncio.Event()
        self.client._global_over.set()
        vars(self.client)["_HTTPClient__session"] = self

    @property
    def refused(self) -> float:
        """The share of requests that were answered 429."""
        return self.limits.refused / max(self.limits.asked, 1)

    def request(self, method: str, url: str, **values: Any) -> "_Exchange":
        return _Exchange(self, method, url.partition(API)[2], values.get("data"))

    def answer(self, method: str, path: str, data: Any) -> tuple[int, object]:
        if method == "PUT":
            wanted = json.loads(data)
            old = {command["name"] for command in self.commands.get(path, [])}
            if not self.limits.may_create(path, sum(command["name"] not in old for command in wanted)):
                return 400, {"code": 30034, "message": "Max number of daily application command creates"}
            self.commands[path] = wanted
            return 200, _with_ids(wanted)
        if method == "GET":
            return 200, _with_ids(self.commands.get(path, []))
        return 200, {"id": "1", "type": 1}


def _with_ids(commands: list[Any]) -> list[Any]:
    return [{"id": str(number), **command} for number, command in enumerate(commands, 1)]


class _Exchange:
    def __init__(self, world: Discord, method: str, path: str, data: Any) -> None:
        self._world, self._method, self._path, self._data = world, method, path, data
        self.status, self.reason, self._body = 200, "", ""
        self.headers: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        if self._world.pacer is not None:
            await self._world.pacer.turn(self._path)
        await asyncio.sleep(LATENCY)
        verdict = self._world.limits.take(self._method, self._path)
        self.status, body = (
            (429, verdict.body) if verdict.wait else self._world.answer(self._method, self._path, self._data)
        )
        # aiohttp reads headers whatever their case; discord.py writes them in these.
        fixed = {name.replace("RateLimit", "Ratelimit"): value for name, value in verdict.headers.items()}
        self.headers = fixed | {"content-type": "application/json", "Via": "1.1 simulated"}
        self._body = json.dumps(body)
        now = asyncio.get_running_loop().time()
        self._world.log.append((now, self._method, self._path, self.status))
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def text(self, encoding: str = "utf-8") -> str:
        return self._body
