"""The one way to the bot API: typed calls over kept-alive connections, one safe retry, errors with a
sentence.

A write carries an `Idempotency-Key`, so the retry of a call whose answer was lost cannot act twice."""

import asyncio
import logging
import random
import secrets
from dataclasses import dataclass, field

import aiohttp

from rodbot.chronicles.calls import CommunityCalls
from rodbot.conflicts.calls import ConflictCalls
from rodbot.core.caller import Facts
from rodbot.core.models import Answer, History, Json, Names, Schema, ServerInfo, TraitName
from rodbot.desk.calls import DeskCalls
from rodbot.dice.calls import PlayCalls

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
    """No answer. `maybe_done` tells whether the call may have been carried out all the same."""

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
    def __init__(self, base_url: str, api_key: str, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self.base_url = base_url.rstrip("/")
        self.authorization = f"Api-Key {api_key}"
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self.play = PlayCalls(self._act, self._read)
        self.desk = DeskCalls(self._act)
        self.community = CommunityCalls(self._act)
        self.conflicts = ConflictCalls(self._act)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    # Characters

    async def create(self, facts: Facts, splat: str, name: str, changes: list[Json]) -> Answer:
        body = {"splat": splat, "name": name, "changes": changes}
        return Answer.read(await self._act("POST", "/bot/characters", facts, body))

    async def names(
        self,
        facts: Facts,
        q: str = "",
        *,
        splat: str = "",
        player: str = "",
        deleted: bool = False,
        page: int = 0,
    ) -> Names:
        query = {**facts.query(), "q": q, "splat": splat, "player": player}
        query |= {"deleted": "1" if deleted else "", "page": str(page) if page else ""}
        call = _Call("GET", "/bot/characters", query={k: v for k, v in query.items() if v}, retry=False)
        return Names.read(await self._call(call), page)

    async def look(self, facts: Facts, character: str | None, player: str | None = None) -> Answer:
        body = {"character": character, "player": player}
        return Answer.read(await self._act("POST", "/bot/characters/get", facts, body))

    async def change(
        self,
        facts: Facts,
        character: str | None,
        changes: list[Json],
        *,
        splat: str | None = None,
        player: str | None = None,
    ) -> Answer:
        body = {"character": character, "splat": splat, "player": player, "changes": changes}
        return Answer.read(await self._act("PATCH", "/bot/characters", facts, body))

    async def avatar(self, facts: Facts, character: str, url: str) -> Answer:
        """Comes second after a change with the same interaction, hence the suffix."""
        body = {"character": character, "url": url}
        return Answer.read(await self._act("PUT", "/bot/characters/avatar", facts, body, suffix="-avatar"))

    async def delete(self, facts: Facts, character: str) -> Answer:
        return Answer.read(await self._act("DELETE", "/bot/characters", facts, {"character": character}))

    async def restore(self, facts: Facts, character: str) -> Answer:
        return Answer.read(
            await self._act("POST", "/bot/characters/restore", facts, {"character": character})
        )

    async def move(self, facts: Facts, character: str | None, chronicle: str, player: str | None) -> Answer:
        body = {"character": character, "chronicle": chronicle, "player": player}
        return Answer.read(await self._act("POST", "/bot/characters/move", facts, body))

    async def undo(
        self, facts: Facts, character: str | None, event: str | None = None, player: str | None = None
    ) -> Answer:
        body = {"character": character, "event": event, "player": player}
        return Answer.read(await self._act("POST", "/bot/characters/undo", facts, body))

    async def history(
        self, facts: Facts, character: str | None, before: int | None, limit: int, player: str | None = None
    ) -> History:
        body = {"character": character, "before": before, "limit": limit, "player": player}
        return History.read(await self._act("POST", "/bot/characters/history", facts, body))

    async def default(
        self, facts: Facts, character: str | None, clear: bool = False
    ) -> tuple[str | None, str]:
        """The name of the default character, or None, and its scope (`server` or `none`)."""
        body: Json = {"character": character, **({"clear": True} if clear else {})}
        data = await self._act("POST", "/bot/characters/default", facts, body)
        chosen = data.get("default")
        return (chosen["name"] if chosen else None), data.get("scope") or ""

    async def traits(self, facts: Facts, character: str | None, q: str) -> list[TraitName]:
        query = {**facts.query(), "q": q, **({"character": character} if character else {})}
        data = await self._read("/bot/characters/traits", query)
        return [TraitName.read(t) for t in data.get("results", ())]

    # Servers

    async def server_info(self, facts: Facts, guild: int) -> ServerInfo:
        return ServerInfo.read(await self._act("POST", f"/bot/servers/{guild}/info", facts, {}))

    async def set_server(self, facts: Facts, guild: int, values: Json) -> ServerInfo:
        return ServerInfo.read(await self._act("PATCH", f"/bot/servers/{guild}", facts, values))

    async def put_server(self, guild: int, body: Json) -> Json:
        data = await self._sync("PUT", f"/bot/servers/{guild}", body)
        server: Json = data["server"]
        return server

    async def message_kept(self, facts: Facts, kind: str, thing: str, channel: int, message: int) -> Json:
        """From now on the feed tells what that message is to show. The answer: what it is to show now (`shows`), and
        the message that did so until now (`replaced`)."""
        body = {"kind": kind, "id": thing, "channel": str(channel), "message": str(message)}
        return await self._act("PUT", "/bot/messages", facts, body, suffix="-message")

    async def message_gone(self, kind: str, message: str) -> None:
        await self._sync("DELETE", "/bot/messages", {"kind": kind, "message": message})

    async def take_letter(self, letter: str) -> bool:
        """True once: whoever hears it sends that letter."""
        return bool((await self._sync("POST", "/bot/letters/take", {"letter": letter}))["taken"])

    async def preferences(self, facts: Facts, wanted: Json) -> dict[str, bool]:
        return dict(await self._act("POST", "/bot/preferences", facts, wanted))

    async def delete_server(self, guild: int) -> None:
        await self._sync("DELETE", f"/bot/servers/{guild}", None)

    async def put_members(self, guild: int, members: list[Json], span: tuple[str, str | None] | None) -> Json:
        """`span` (after, until): the batch speaks for these ids, so whoever of them is not named has left."""
        body: Json = {"members": members, "complete": False}
        if span:
            body |= {"after": span[0], "until": span[1]}
        return await self._sync("PUT", f"/bot/servers/{guild}/members", body)

    async def delete_member(self, guild: int, user: int) -> None:
        await self._sync("DELETE", f"/bot/servers/{guild}/members/{user}", None)

    async def schema(self) -> Schema:
        return Schema.read(await self._call(_Call("GET", "/bot/schema")))

    # How a call is made

    async def _act(self, method: str, path: str, facts: Facts, body: Json, suffix: str = "") -> Json:
        headers = {"Idempotency-Key": facts.interaction_id + suffix}
        return await self._call(_Call(method, path, {**facts.body(), **body}, headers=headers))

    async def _read(self, path: str, query: dict[str, str]) -> Json:
        """Somebody waits while typing: no second try."""
        return await self._call(_Call("GET", path, query=query, retry=False))

    async def _sync(self, method: str, path: str, body: Json | None) -> Json:
        """Facts that Discord told us; nobody acts, so the key is made up."""
        return await self._call(_Call(method, path, body, headers={"Idempotency-Key": secrets.token_hex(16)}))

    async def _call(self, call: _Call) -> Json:
        maybe_done, reason, said = False, "", ""
        for attempt in range(2 if call.retry else 1):
            if attempt:
                await asyncio.sleep(RETRY_PAUSE * _chance.uniform(1, 2))
            said = ""
            try:
                return await self._once(call)
            except aiohttp.ClientConnectorError as error:
                reason = type(error).__name__
            except _Unavailable as error:
                maybe_done, reason, said = maybe_done or error.maybe_done, str(error), error.detail
            except (aiohttp.ClientError, TimeoutError) as error:
                maybe_done, reason = True, str(error) or type(error).__name__
            log.warning("%s %s: no answer from the backend (%s)", call.method, call.path, reason)
        if said and not maybe_done:
            raise BackendError(UNAVAILABLE, said, {}, 503)
        raise BackendDown(reason, maybe_done and call.method != "GET")

    async def _once(self, call: _Call) -> Json:
        async with self._http().request(
            call.method, self.base_url + call.path, json=call.body, params=call.query, headers=call.headers
        ) as response:
            if response.status in RETRIED:
                raise _Unavailable(response.status, await _json(response))
            return _judged(response.status, await _json(response))

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                headers={"Authorization": self.authorization, "Accept": "application/json"},
                connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=60),
            )
        return self._session


class _Unavailable(Exception):
    """The backend is without its database, and says so; or a proxy answered in its place."""

    def __init__(self, status: int, data: Json | None = None) -> None:
        super().__init__(f"status {status}")
        own_word = (data or {}).get("code") == UNAVAILABLE
        self.detail = str((data or {}).get("detail") or "") if own_word else ""
        self.maybe_done = not own_word or bool((data or {}).get("maybe_done"))


async def _json(response: aiohttp.ClientResponse) -> Json:
    """The body as an object; an answer that is no JSON object (an error page) becomes an empty one."""
    if response.content_length and response.content_length > MAX_BODY:
        raise aiohttp.ClientPayloadError("an answer out of all proportion")
    try:
        data = await response.json(content_type=None)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {"results": data}


def _judged(status: int, data: Json) -> Json:
    if status < 400:
        return data
    rest = {key: value for key, value in data.items() if key not in ("code", "detail")}
    code = str(data.get("code") or f"http_{status}")
    raise BackendError(code, str(data.get("detail") or ""), rest, status)
