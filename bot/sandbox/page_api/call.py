"""Turns an HTTP request of the page into a call with a body, and its result into JSON."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from aiohttp import web

from sandbox.core import Core
from sandbox.errors import ApiError, Json, PersonError, refused
from sandbox.state.world import World
from sandbox.web.http import json_response

PREFIX = "/sandbox/api"
MOST_ITEMS = 50


@dataclass
class Call:
    box: Core
    request: web.Request
    body: Json

    @property
    def world(self) -> World:
        return self.box.world

    @property
    def me(self) -> Json:
        """Return the person who reads (`as` in the query) or acts (`as` in the body)."""
        values = self.request.query if self.request.method == "GET" else self.body
        return self.world.person(str(values.get("as", "")))

    def text(self, key: str, longest: int) -> str:
        value = self.body.get(key)
        return value.strip()[:longest] if isinstance(value, str) else ""

    def objects(self, key: str) -> list[Json]:
        value = self.body.get(key) or []
        is_list = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        if not is_list or len(value) > MOST_ITEMS:
            raise refused(f"{key} is a list of objects.")
        return list(value)

    def mapping(self, key: str) -> Json:
        value = self.body.get(key) or {}
        if not isinstance(value, dict):
            raise refused(f"{key} is an object.")
        return value


Route = tuple[str, str, Callable[[Call], Awaitable[object]]]


def serve(box: Core, route: Route) -> web.RouteDef:
    method, path, handler = route

    async def respond(request: web.Request) -> web.StreamResponse:
        try:
            result = await handler(Call(box, request, await _body(request)))
        except PersonError as error:
            return json_response(error.body(), error.status)
        except ApiError as error:
            body: Json = {"code": f"discord_{error.code}", "detail": error.message, "errors": error.errors}
            return json_response(body, error.status)
        return result if isinstance(result, web.StreamResponse) else json_response(result)

    return web.route(method, PREFIX + path, respond)


async def _body(request: web.Request) -> Json:
    if request.method in ("GET", "DELETE") or not request.can_read_body:
        return {}
    try:
        body = orjson.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise PersonError(413, "too_large", "The body is too large.") from None
    except orjson.JSONDecodeError:
        raise PersonError(400, "invalid", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise PersonError(400, "invalid", "The body is not an object.")
    return body
