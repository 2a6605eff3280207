"""Injected faults for the bot's requests, and a recorder of all of them."""

from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from sandbox.errors import Json
from sandbox.validation.forms import Form
from sandbox.web.http import drop_connection, json_response

HANG_UP = 0  # the connection ends without an answer
STATUSES = (HANG_UP, 429, 500, 502, 503, 504)
KEPT_REQUESTS = 5000


@dataclass
class Fault:
    """An error to inject. `route` is a path, with * for any text; `times` counts down to 0."""

    route: str
    status: int
    times: int = 1
    retry_after: float = 0.1
    method: str = "*"
    via: bool = True  # without the header discord.py takes a 429 for a ban by Cloudflare
    everywhere: bool = False  # `global` in the body: all routes halt
    late: bool = False  # the request is carried out, and only its answer is lost

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and fnmatchcase(path, self.route)

    @property
    def body(self) -> Json | None:
        if self.status != 429:
            return None
        message = "You are being rate limited."
        return {"message": message, "retry_after": self.retry_after, "global": self.everywhere, "code": 0}

    def respond(self, request: web.Request) -> web.Response:
        if self.status == HANG_UP:
            drop_connection(request)
            return web.Response()
        if self.body is None:
            return web.Response(status=self.status, text=f"{self.status}: the sandbox was asked for this")
        response = json_response(self.body, self.status)
        response.headers["Retry-After"] = str(max(1, round(self.retry_after)))
        if self.via:
            response.headers["Via"] = "1.1 sandbox"
        return response


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, body: Json) -> Fault:
        form = Form(body)
        route = form.text("route", 300, 1)
        status = form.choice("status", STATUSES)
        times = form.integer("times", 1, 1000, default=1)
        wait = form.number("retry_after")
        form.check()
        fault = Fault(
            route=route,
            status=status or HANG_UP,
            times=times,
            retry_after=0.1 if wait is None else max(0.0, min(wait, 60.0)),
            method=str(body.get("method") or "*").upper(),
            via=bool(body.get("via", True)),
            everywhere=bool(body.get("global", False)),
            late=bool(body.get("late", False)),
        )
        self.waiting.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault that fits a request, and count it down."""
        fault = next((fault for fault in self.waiting if fault.fits(method, path)), None)
        if fault is not None:
            fault.times -= 1
            self.waiting = [waiting for waiting in self.waiting if waiting.times > 0]
        return fault

    def clear(self) -> None:
        self.waiting.clear()


class Recorder:
    """Keeps every request of the bot with its body and the answer, newest last. `rest/call.py` appends them."""

    def __init__(self) -> None:
        self.entries: deque[Json] = deque(maxlen=KEPT_REQUESTS)

    def find(self, method: str, ending: str) -> list[Json]:
        """Return the requests of a method whose path has this ending."""
        return [e for e in self.entries if e["method"] == method and e["path"].endswith(ending)]

    def clear(self) -> None:
        self.entries.clear()
