"""Turns an HTTP request into a call with a checked caller, body and ids, and its result into Discord's answer."""

import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import orjson
from aiohttp import BodyPartReader, web

from sandbox import limits
from sandbox.changes.content import Upload
from sandbox.core import API, Core
from sandbox.errors import ApiError, Json, not_found, unauthorized
from sandbox.ids import now_iso
from sandbox.state.world import World
from sandbox.validation.forms import Form
from sandbox.web.http import json_response
from sandbox.web.rate_limits import Verdict

BOT, BEARER, ANYONE = "bot", "bearer", "anyone"


@dataclass
class Call:
    """An authenticated call. `user_id` is the bot's or, with a bearer token, a person's."""

    box: Core
    request: web.Request
    user_id: str = ""
    scopes: frozenset[str] = frozenset()
    body: object = None
    files: list[Upload] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.box.world

    def id(self, name: str) -> str:
        """Return an id of the path."""
        if name == "user_id" and self.text(name) == "@me":
            return self.user_id
        path = Form(dict(self.request.match_info))
        value = path.snowflake(name)
        path.check()
        return value

    def text(self, name: str) -> str:
        return self.request.match_info[name]

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """Return a number of the query."""
        query = Form(dict(self.request.query))
        value = query.integer(name, low, high, default)
        query.check()
        return value

    def flag(self, name: str) -> bool:
        """Return a yes or no of the query."""
        return self.request.query.get(name, "").lower() in ("1", "true")

    @property
    def data(self) -> Json:
        """Return the body, which must be an object."""
        if not isinstance(self.body, dict):
            raise ApiError(50109)
        return self.body

    def require_scope(self, scope: str) -> None:
        if scope not in self.scopes:
            raise ApiError(50026)


Handler = Callable[[Call], Awaitable[object]]


@dataclass(frozen=True)
class Route:
    """An endpoint. `access`: it takes the bot's token, the bot's or a person's, or none (it is in the path)."""

    method: str
    path: str
    handler: Handler
    access: str = BOT


@dataclass(frozen=True)
class Answer:
    status: int
    body: object = None


def serve(box: Core, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def respond(request: web.Request) -> web.StreamResponse:
        call = Call(box, request)
        started = time.perf_counter()
        fault = box.faults.take(request.method, request.path)
        if fault is not None and not fault.late:
            _record(call, started, Answer(fault.status, fault.body))
            return fault.respond(request)
        verdict = _take(box, request)
        if verdict.wait:
            _record(call, started, Answer(429, verdict.body))
            return _refused(verdict)
        answer = await _answer(call, route)
        if route.access == ANYONE or call.user_id == box.world.bot_id or answer.status == 401:
            _record(call, started, answer)
        if fault is not None:
            return fault.respond(request)
        response = json_response(answer.body, answer.status) if answer.body is not None else None
        response = response or web.Response(status=answer.status)
        response.headers.update(verdict.headers)
        return response

    return respond


def _take(box: Core, request: web.Request) -> Verdict:
    if box.rate_limits is None or request.headers.get("Authorization", "").startswith("Bearer"):
        return Verdict(0, {})
    return box.rate_limits.take(request.method, request.path.removeprefix(API))


def _refused(verdict: Verdict) -> web.Response:
    response = json_response(verdict.body, 429)
    # Without this header discord.py takes it for a ban.
    response.headers["Via"] = "1.1 sandbox"
    response.headers["Retry-After"] = str(math.ceil(verdict.wait))
    response.headers.update(verdict.headers)
    return response


async def _answer(call: Call, route: Route) -> Answer:
    try:
        _authenticate(call, route.access)
        await _read(call)
        result = await route.handler(call)
    except ApiError as error:
        return Answer(error.status, error.body())
    if isinstance(result, Answer):
        return result
    return Answer(204) if result is None else Answer(200, result)


def _record(call: Call, started: float, answer: Answer) -> None:
    """Record a call without its Authorization header. Tokens of interactions in paths expire within minutes."""
    entry: Json = {
        "at": now_iso(),
        "method": call.request.method,
        "path": call.request.path.removeprefix(API),
        "query": dict(call.request.query),
        "status": answer.status,
        "ms": round((time.perf_counter() - started) * 1000, 2),
        "body": call.body,
        "files": [upload.filename for upload in call.files],
        "answer": answer.body,
    }
    call.box.recorder.entries.append(entry)


def _authenticate(call: Call, access: str) -> None:
    if access == ANYONE:
        return
    kind, _, token = call.request.headers.get("Authorization", "").partition(" ")
    if kind == "Bot" and secrets.compare_digest(token.encode(), call.world.app["token"].encode()):
        call.user_id = call.world.bot_id
    elif kind == "Bearer" and access == BEARER:
        call.user_id, call.scopes = call.box.oauth.bearer(token)
    else:
        raise unauthorized()


async def _read(call: Call) -> None:
    request = call.request
    if (request.content_length or 0) > limits.BODY_BYTES:
        raise ApiError(40005)
    if request.content_type.startswith("multipart/"):
        await _read_parts(call)
    elif request.can_read_body and request.method not in ("GET", "DELETE"):
        try:
            call.body = _decoded(await request.read())
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(40005) from None


def _decoded(data: bytes) -> object:
    if not data:
        return None
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise ApiError(50109) from None


async def _read_parts(call: Call) -> None:
    """Read `payload_json` and `files[n]`, where n is the id that `attachments` names it by."""
    uploads: dict[int, Upload] = {}
    try:
        async for part in await call.request.multipart():
            if not isinstance(part, BodyPartReader):
                raise ApiError(50109)
            data = await _read_part(part)
            name = part.name or ""
            if name == "payload_json":
                call.body = _decoded(data)
            elif name.startswith("files[") and name[6:-1].isdecimal() and len(uploads) <= limits.FILES:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                uploads[int(name[6:-1])] = Upload(part.filename or "file", kind, data)
    except ValueError:
        raise ApiError(50109) from None
    call.body = {} if call.body is None else call.body
    call.files = [uploads[number] for number in sorted(uploads)]


async def _read_part(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > limits.FILE_BYTES:
            raise ApiError(40005)
    return bytes(data)


async def unknown(request: web.Request) -> web.StreamResponse:
    return json_response(not_found().body(), 404)
