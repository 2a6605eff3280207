"""Errors on demand: what the bot must survive without a real Discord being ill."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from sandbox.errors import FormErrors, Json
from sandbox.validation import forms
from sandbox.web.http import json_response

# 0: the connection ends without an answer.
HANG_UP = 0
STATUSES = (HANG_UP, 429, 500, 502, 503, 504)


@dataclass
class Fault:
    """`route` is a path, with * for any text. `times` counts down to nothing."""

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

    def response(self) -> web.Response:
        if self.body is None:
            return web.Response(status=self.status, text=f"{self.status}: the sandbox was asked for this")
        headers = {"Retry-After": str(max(1, round(self.retry_after)))} | (
            {"Via": "1.1 sandbox"} if self.via else {}
        )
        response = json_response(self.body, self.status)
        response.headers.update(headers)
        return response


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, body: Json) -> Fault:
        errors = FormErrors()
        route = forms.text(errors, ("route",), body.get("route"), 300, 1)
        forms.choice(errors, ("status",), body.get("status"), STATUSES)
        times = forms.integer(errors, ("times",), body.get("times"), 1, 1000, default=1)
        forms.number(errors, ("retry_after",), body.get("retry_after"))
        errors.check()
        wait = body.get("retry_after")
        fault = Fault(
            route=route,
            status=int(body["status"]),
            times=times,
            retry_after=0.1 if wait is None else max(0.0, min(float(wait), 60.0)),
            method=str(body.get("method") or "*").upper(),
            via=bool(body.get("via", True)),
            everywhere=bool(body.get("global", False)),
            late=bool(body.get("late", False)),
        )
        self.waiting.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        fault = next((fault for fault in self.waiting if fault.fits(method, path)), None)
        if fault is not None:
            fault.times -= 1
            self.waiting = [waiting for waiting in self.waiting if waiting.times > 0]
        return fault

    def clear(self) -> None:
        self.waiting.clear()
