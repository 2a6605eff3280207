"""The connection to the bot API: kept alive, with one safe retry, and errors that carry a sentence.

A write carries an `Idempotency-Key`, so the retry of a call whose answer was lost cannot act twice."""

import asyncio
import logging
import random
import secrets
from dataclasses import dataclass, field

import aiohttp

from rodbot.core.caller import Caller
from rodbot.core.models import Json

log = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=8, sock_connect=2)
RETRY_PAUSE = 0.25
RETRIED = frozenset({502, 503, 504})
UNAVAILABLE = "unavailable"
MAX_BODY = 8 * 1024 * 1024
_chance = random.SystemRandom()


class BackendError(Exception):
    """The backend refused. `detail` is a sentence for the person, `data` the rest of the error body."""

    def __init__(self, code: str, detail: str, data: Json, status: int) -> None:
        super().__init__(f"{status} {code}")
        self.code = code
        self.detail = detail
        self.data = data
        self.status = status


class BackendDown(Exception):
    """No answer. `maybe_done` when the call may have been carried out all the same."""

    def __init__(self, reason: str, maybe_done: bool) -> None:
        super().__init__(reason)
        self.maybe_done = maybe_done


@dataclass(slots=True)
class _Call:
    method: str
    path: str
    body: Json | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    retry: bool = True


class Backend:
    """The HTTP client of the bot API. Each area has its own calls on it (`calls.py`)."""

    def __init__(self, base_url: str, api_key: str, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self.base_url = base_url.rstrip("/")
        self._authorization = f"Api-Key {api_key}"
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def act(self, method: str, path: str, caller: Caller, body: Json, suffix: str = "") -> Json:
        """Carry a command out in the caller's name. A second call of one interaction needs a `suffix` of its own."""
        headers = {"Idempotency-Key": caller.interaction_id + suffix}
        return await self._call(_Call(method, path, {**caller.body(), **body}, headers=headers))

    async def read(self, path: str, query: dict[str, str]) -> Json:
        """Read for completions. There is no second try: somebody waits while typing."""
        return await self._call(_Call("GET", path, query=query, retry=False))

    async def get(self, path: str) -> Json:
        """Read what is the same for everybody."""
        return await self._call(_Call("GET", path))

    async def sync(self, method: str, path: str, body: Json | None = None) -> Json:
        """Pass on what Discord says. Nobody acts, so the idempotency key is made up."""
        return await self._call(_Call(method, path, body, headers={"Idempotency-Key": secrets.token_hex(16)}))

    async def _call(self, call: _Call) -> Json:
        maybe_done, reason, detail = False, "", ""
        for attempt in range(2 if call.retry else 1):
            if attempt:
                await asyncio.sleep(RETRY_PAUSE * _chance.uniform(1, 2))
            detail = ""
            try:
                return await self._once(call)
            except aiohttp.ClientConnectorError as error:
                reason = type(error).__name__
            except _Unavailable as error:
                maybe_done, reason, detail = maybe_done or error.maybe_done, str(error), error.detail
            except (aiohttp.ClientError, TimeoutError) as error:
                maybe_done, reason = True, str(error) or type(error).__name__
            log.warning("%s %s: no answer from the backend (%s)", call.method, call.path, reason)
        if detail and not maybe_done:
            raise BackendError(UNAVAILABLE, detail, {}, 503)
        raise BackendDown(reason, maybe_done and call.method != "GET")

    async def _once(self, call: _Call) -> Json:
        async with self._http().request(
            call.method, self.base_url + call.path, json=call.body, params=call.query, headers=call.headers
        ) as response:
            if response.status in RETRIED:
                raise _Unavailable(response.status, await _json(response))
            return _checked(response.status, await _json(response))

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                headers={"Authorization": self._authorization, "Accept": "application/json"},
                connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=60),
            )
        return self._session


class _Unavailable(Exception):
    """The backend has no database and says so, or a proxy answered in its place."""

    def __init__(self, status: int, data: Json | None = None) -> None:
        super().__init__(f"status {status}")
        by_backend = (data or {}).get("code") == UNAVAILABLE
        self.detail = str((data or {}).get("detail") or "") if by_backend else ""
        self.maybe_done = not by_backend or bool((data or {}).get("maybe_done"))


async def _json(response: aiohttp.ClientResponse) -> Json:
    """The body as an object; an answer that is no JSON object (an error page) becomes an empty one."""
    if response.content_length and response.content_length > MAX_BODY:
        raise aiohttp.ClientPayloadError("the answer is too large")
    try:
        data = await response.json(content_type=None)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {"results": data}


def _checked(status: int, data: Json) -> Json:
    if status < 400:
        return data
    rest = {key: value for key, value in data.items() if key not in ("code", "detail")}
    code = str(data.get("code") or f"http_{status}")
    raise BackendError(code, str(data.get("detail") or ""), rest, status)
