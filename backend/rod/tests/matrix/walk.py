"""Every route of the resolver with its methods, and one request of one persona held against the table."""

import json
import re
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.static import serve

from rod.tests.matrix.entries import Entry, body_of, value_of
from rod.tests.matrix.people import ANONYMOUS, CANARIES, VISITORS, Scene, bot_side

METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) [`\"]?(\w+)", re.IGNORECASE)
# A visit alone may begin a session.
MODELS = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if not model._meta.proxy and model._meta.app_label != "sessions"
}


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`(route as it is written, view)`; without the files that are served in development alone."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern) and pattern.callback is not serve:
            yield route, pattern.callback


def methods_of(view: Any) -> set[str] | None:
    """Those that a class answers; None for a function, which only says when it is called."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return {method.upper() for method in METHODS if hasattr(cls, method)} if cls else None


def address(scene: Scene, entry: Entry) -> str:
    return "/" + PARAMETER.sub(lambda found: str(value_of(scene, entry, found[1])), entry.route)


class Watch:
    """Which tables were written to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            self.tables.add(found[1])
        return execute(sql, params, many, context)


def rows(table: str) -> list[str]:
    model = MODELS[table]
    return sorted(map(repr, model._default_manager.values_list()))


@dataclass
class Outcome:
    status: int
    code: str
    text: str
    location: str
    changed: bool

    @property
    def summary(self) -> str:
        return f"{self.status} {self.code or self.text[:200]!r} {'and something changed' if self.changed else ''}"


class Door:
    """One way in: how each persona comes with a request, and how it is told what."""

    def send(self, scene: Scene, entry: Entry, persona: str) -> Any:
        raise NotImplementedError

    def signs_in(self, outcome: Outcome) -> bool:
        """Whether a visitor was asked who they are."""
        return outcome.status in (401, 403) and outcome.code in (
            "not_signed_in",
            "bad_key",
            "bad_credentials",
        )


@dataclass
class Web(Door):
    """Browsers: the public API with JSON, the pages with forms."""

    browsers: dict[str, Client]
    # Of the chat API, which takes nothing else.
    tokens: dict[str, str]

    def send(self, scene: Scene, entry: Entry, persona: str) -> HttpResponse:
        browser, body = copy(self.browsers[persona]), body_of(scene, entry, persona)
        browser.cookies = deepcopy(browser.cookies)  # who signs out here is signed in at the next entry
        url = address(scene, entry)
        if entry.route.startswith("chat/"):
            headers = {"Authorization": f"Bearer {self.tokens[persona]}"} if persona in self.tokens else {}
            browser = Client(headers=headers, raise_request_exception=False)
        if entry.raw is not None:
            answer = browser.generic(entry.method, url, entry.raw, content_type="image/png")
        elif entry.files:
            sent = {name: SimpleUploadedFile(name, content) for name, content in entry.files.items()}
            answer = browser.post(url, body | sent)
        elif entry.method == "GET":
            answer = browser.get(url, body)
        elif entry.route.startswith(("api/", "chat/")):
            answer = browser.generic(entry.method, url, json.dumps(body) if body else "", "application/json")
        else:
            answer = browser.post(url, {"key": "matrix"} | body)
        return answer

    def signs_in(self, outcome: Outcome) -> bool:
        return super().signs_in(outcome) or "/login/" in outcome.location


@dataclass
class Bot(Door):
    """The Discord process, which says who acts. A visitor is somebody without its key, or with a closed account."""

    key: str

    def headers(self, key: str = "") -> dict[str, str]:
        return {"Authorization": f"Api-Key {key or self.key}"}

    def send(self, scene: Scene, entry: Entry, persona: str) -> HttpResponse:
        url, body = address(scene, entry), body_of(scene, entry, persona)
        who = bot_side(scene, "player" if persona in ANONYMOUS else persona)
        client = Client(headers=self.headers("k" * 50 if persona in ANONYMOUS else ""))
        if entry.method == "GET":
            guild = {"guild": who["guild"]["id"]} if who["guild"] else {}
            return client.get(url, {"actor": who["actor"]["id"]} | guild | body)
        return client.generic(entry.method, url, json.dumps(who | body), content_type="application/json")

    def signs_in(self, outcome: Outcome) -> bool:
        closed = outcome.status == 403 and "account is closed" in outcome.text
        # A completion is no command: to who is nobody it is empty, and what it is about is unknown.
        empty = outcome.text.startswith('{"results":[]') or outcome.status == 404
        return super().signs_in(outcome) or closed or empty


def play(
    door: Door, scene: Scene, entry: Entry, persona: str, untouched: Callable[[str], list[str]]
) -> Outcome:
    """Sends it, looks whether it changed anything, and takes it back. `untouched` tells `rows` as they were before."""
    watch, now = Watch(), {}
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            answer = door.send(scene, entry, persona)
        # A service whose transaction failed marks all around it as lost: nothing of it would stay.
        if persona not in entry.audience.may and not connection.needs_rollback:
            now = {table: rows(table) for table in watch.tables & MODELS.keys()}
        transaction.set_rollback(True)
    changed = any(found != untouched(table) for table, found in now.items())
    return Outcome(
        answer.status_code,
        _code(answer),
        _content(answer).decode(errors="replace"),
        answer.get("Location", ""),
        changed,
    )


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _elsewhere(got: Outcome) -> bool:
    """In a direct message there is no place that could be meant."""
    return got.code == "server_only" or '"guild":["This only works in a server.' in got.text


def _code(answer: HttpResponse) -> str:
    if answer["Content-Type"].startswith("application/json") and answer.status_code >= 400:
        return str(json.loads(answer.content).get("code", ""))
    return ""


def verdict(door: Door, entry: Entry, persona: str, got: Outcome) -> str:
    """Empty when it is as the table says."""
    leaks = [canary for canary, may in CANARIES.items() if canary in got.text and persona not in may]
    if leaks:
        return f"tells {', '.join(leaks)}"
    if persona in entry.audience.may:
        fine = got.status < 400 and "/login/" not in got.location
        return "" if fine else f"should be allowed, and is {got.summary}"
    if got.changed:
        return f"should be refused, and wrote ({got.summary})"
    if persona in VISITORS:
        return "" if door.signs_in(got) else f"should be asked who they are, and is {got.summary}"
    wanted = 404 if persona in entry.audience.hidden else 403
    if got.status == wanted or (isinstance(door, Bot) and _elsewhere(got)):
        return ""
    return f"should be {wanted}, and is {got.summary}"
