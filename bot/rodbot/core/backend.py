"""The connection to the bot API: kept alive, with one safe retry, and errors that carry a sentence.

A write carries an `Idempotency-Key`, so the retry of a call whose answer was lost cannot act twice."""

import asyncio
import logging
import random
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import aiohttp
from pydantic import BaseModel, ValidationError

from contract.base import Empty, Input, JsonObject
from contract.endpoints import SHARED, AnswerT, Endpoint, InputT
from contract.logs import INTERACTION_HEADER, REQUEST, REQUEST_HEADER, new_id
from contract.refusals import Refusal
from contract.translation import speak
from rodbot.core.caller import Caller

log = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=8, sock_connect=2)
RETRY_PAUSE = 0.25
RETRIED = frozenset({502, 503, 504})
UNAVAILABLE = "unavailable"
MAX_BODY = 8 * 1024 * 1024
_FIELD = re.compile(r"<(?:\w+:)?(\w+)>")
_chance = random.SystemRandom()


class BackendError(Exception):
    """The backend refused."""

    def __init__(self, refusal: Refusal, status: int) -> None:
        super().__init__(f"{status} {refusal.code}")
        self.refusal = refusal
        self.code = refusal.code
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
    body: JsonObject | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    retry: bool = True
    timeout: aiohttp.ClientTimeout | None = None


class Backend:
    """The HTTP client of the bot API, whose addresses are `contract.endpoints`."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {**headers, "Authorization": f"Api-Key {api_key}", "Accept": "application/json"}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def call(
        self, endpoint: Endpoint[InputT, AnswerT], caller: Caller, given: InputT, suffix: str = ""
    ) -> AnswerT:
        """Do this in the caller's name; a second write of one interaction needs a `suffix` of its own.

        A GET serves completions. It has no second try: somebody waits while typing. From here on this task speaks the
        language of the answer.
        """
        acting = caller.acting
        languages = {"Accept-Language": caller.locale, INTERACTION_HEADER: caller.interaction_id}
        if caller.shared_locale:
            languages[SHARED] = caller.shared_locale
        path, fields = _address(endpoint.path, given, acting.guild.id if acting.guild else "")
        if endpoint.method == "GET":
            query = {**caller.reading().model_dump(exclude_none=True), **_query(fields)}
            call = _Call("GET", path, query=query, headers=languages, retry=False)
        else:
            headers = languages | {"Idempotency-Key": caller.interaction_id + suffix}
            body = {**acting.model_dump(mode="json"), **fields}
            call = _Call(endpoint.method, path, body, headers=headers)
        answer = await self._call(call)
        caller.text_mode = _Reader.model_validate_json(answer).text_mode
        return endpoint.answer.model_validate_json(answer)

    async def report(
        self, endpoint: Endpoint[InputT, AnswerT], given: InputT, within: float | None = None
    ) -> AnswerT:
        """Pass on what Discord says. Nobody acts, so the idempotency key is made up. `within`: seconds for an answer
        that takes longer than others."""
        path, body = _address(endpoint.path, given)
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        timeout = aiohttp.ClientTimeout(total=within, sock_connect=2) if within else None
        answer = await self._call(_Call(endpoint.method, path, body, headers=headers, timeout=timeout))
        return endpoint.answer.model_validate_json(answer)

    async def fetch(self, endpoint: Endpoint[Empty, AnswerT]) -> AnswerT:
        """Read what is the same for everybody."""
        answer = await self._call(_Call(endpoint.method, f"/bot/{endpoint.path}"))
        return endpoint.answer.model_validate_json(answer)

    async def _call(self, call: _Call) -> bytes:
        maybe_done, reason, refusal = False, "", Refusal()
        REQUEST.set(new_id())
        call.headers[REQUEST_HEADER] = REQUEST.get()
        for attempt in range(2 if call.retry else 1):
            if attempt:
                await asyncio.sleep(RETRY_PAUSE * _chance.uniform(1, 2))
            refusal = Refusal()
            try:
                return await self._once(call)
            except aiohttp.ClientConnectorError as error:
                reason = type(error).__name__
            except _Unavailable as error:
                maybe_done, reason, refusal = maybe_done or error.maybe_done, str(error), error.refusal
            except (aiohttp.ClientError, TimeoutError) as error:
                maybe_done, reason = True, str(error) or type(error).__name__
            log.warning("%s %s: no answer from the backend (%s)", call.method, call.path, reason)
        if refusal.detail and not maybe_done:
            raise BackendError(refusal, 503)
        raise BackendDown(reason, maybe_done and call.method != "GET")

    async def _once(self, call: _Call) -> bytes:
        async with self._http().request(
            call.method,
            self.base_url + call.path,
            json=call.body,
            params=call.query,
            headers=call.headers,
            timeout=call.timeout or self._timeout,
        ) as response:
            if response.content_length and response.content_length > MAX_BODY:
                raise aiohttp.ClientPayloadError("the answer is too large")
            body = await response.read()
            if "Accept-Language" in call.headers and (answered := response.headers.get("Content-Language")):
                speak(answered)
            if response.status in RETRIED:
                raise _Unavailable(response.status, _refusal(body))
            if response.status >= 400:
                raise BackendError(_refusal(body), response.status)
            return body

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                headers=self._headers,
                connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=60),
            )
        return self._session


class _Unavailable(Exception):
    """The backend has no database and says so, or a proxy answered in its place."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(f"status {status}")
        by_backend = refusal.code == UNAVAILABLE
        self.refusal = refusal if by_backend else Refusal()
        self.maybe_done = not by_backend or refusal.maybe_done


class _Reader(BaseModel):
    """What the bot API says with each answer of the person who reads it."""

    text_mode: bool = False


def _address(path: str, given: Input, guild_id: str = "") -> tuple[str, JsonObject]:
    """The path with its fields filled in, and the fields for body or query. What was left unset is left out.

    `guild_id` stands in the address where the input does not name a guild.
    """
    fields = given.model_dump(mode="json", exclude_unset=True, by_alias=True)
    found = _FIELD.sub(lambda place: str(fields.pop(place[1], guild_id)), path)
    return f"/bot/{found}", fields


def _query(fields: JsonObject) -> dict[str, str]:
    """The fields as text; None is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in fields.items()
        if value is not None
    }


def _refusal(body: bytes) -> Refusal:
    """An answer that is no error of the backend's, such as the page of a proxy, becomes an empty one."""
    try:
        return Refusal.model_validate_json(body)
    except ValidationError:
        return Refusal()
