"""Every route of the backend by every persona, as the tables of this folder say."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any
from zlib import crc32

import pytest
from django.test import Client

from rod.tests.matrix.entries import MEMBERS, Entry
from rod.tests.matrix.people import ALIKE, PERSONAS, Scene
from rod.tests.matrix.tables import TABLES, accounts
from rod.tests.matrix.walk import (
    METHODS,
    Door,
    Web,
    address,
    methods_of,
    play,
    routes,
    rows,
    verdict,
)

SIDES = ("API", "PAGES", "BOT")
ENTRIES: list[Entry] = [entry for table in TABLES for side in SIDES for entry in getattr(table, side, ())]
ADMIN = "admin/"


@pytest.mark.timeout(300)
@pytest.mark.req("S004-29", "S004-40")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_everybody_is_answered_as_the_table_says(
    on: Scene, door: Callable[[str], Door], table: ModuleType, pytestconfig: pytest.Config
) -> None:
    """One scene for all sides of a table: each request is taken back."""
    untouched, wrong = cache(rows), []
    personas = (lambda entry: PERSONAS) if pytestconfig.getoption("long") else usually_asked
    for side in (side for side in SIDES if hasattr(table, side)):
        way = door(side)
        untouched.cache_clear()
        wrong += [
            f"{entry} by {persona}: {problem}"
            for entry in getattr(table, side)
            for persona in personas(entry)
            if (problem := verdict(way, entry, persona, play(way, on, entry, persona, untouched)))
        ]
    assert not wrong, "\n".join(wrong)


def usually_asked(entry: Entry) -> Sequence[str]:
    """Everybody, but one in turn of people who are alike, where all of them may."""
    others: set[str] = set()
    for group in ALIKE:
        if group <= entry.audience.may:
            turn = crc32(str(entry).encode()) % len(group)
            others |= group - {sorted(group)[turn]}
    return [name for name in PERSONAS if name not in others]


def test_every_route_and_method_is_in_the_tables() -> None:
    """A new address has to say who may use it: in a table here, beside those of its kind."""
    listed = {(entry.method, entry.route) for entry in ENTRIES} | accounts.OWN_CREDENTIALS
    found = {route: methods_of(view) for route, view in routes() if not route.startswith(ADMIN)}
    assert {route for _, route in listed} == set(found)
    offered = {(method, route) for route, methods in found.items() for method in methods or ()}
    assert not offered - listed, "methods without an entry"
    assert (
        not {(method, route) for method, route in listed if found[route]} - offered
    ), "there is no such method"


@pytest.mark.parametrize("side", ["API", "BOT"])
def test_head_is_answered_as_get_is(on: Scene, door: Callable[[str], Door], side: str) -> None:
    wrong, way = [], door(side)
    for entry in (entry for table in TABLES for entry in getattr(table, side, ()) if entry.method == "GET"):
        client = way.browsers["root"] if isinstance(way, Web) else Client(headers=way.headers())
        query = entry.body(on) | ({"actor": on.people["root"].discord_id} if side == "BOT" else {})
        get, head = (ask(address(on, entry), query) for ask in (client.get, client.head))
        if get.status_code != head.status_code or b"".join(head):
            wrong.append(f"{entry}: {get.status_code}, {head.status_code}")
    assert not wrong, "\n".join(wrong)


def test_pages_answer_no_other_methods(on: Scene, web: Web) -> None:
    """A link that somebody follows must not do what a form does."""
    listed = {(entry.method, entry.route) for entry in ENTRIES} | accounts.OWN_CREDENTIALS
    functions = [
        route for route, view in routes() if methods_of(view) is None and not route.startswith(ADMIN)
    ]
    wrong = []
    for route in functions:
        for method in map(str.upper, METHODS):
            if (method, route) not in listed:
                entry = Entry(method, route, MEMBERS)
                answer = web.browsers["root"].generic(method, address(on, entry))
                wrong += [f"{method} {route}: {answer.status_code}"] if answer.status_code != 405 else []
    assert not wrong, "\n".join(wrong)


def test_the_admin_is_for_platform_admins(on: Scene, web: Web, pytestconfig: pytest.Config) -> None:
    """Whoever else asks for a page of it is asked to sign in as one; the platform admin sees every list."""
    wrong = []
    personas = PERSONAS if pytestconfig.getoption("long") else ("nobody", "player", "owner", "root")
    for route, view in admin_pages():
        is_list = route == ADMIN or getattr(view, "__name__", "") == "changelist_view"
        for persona in personas:
            answer = web.browsers[persona].get("/" + route)
            asked = "/admin/login/" in answer.get("Location", "")
            if asked != (persona != "root") or (is_list and persona == "root" and answer.status_code != 200):
                wrong.append(f"{route} by {persona}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def admin_pages() -> Iterator[tuple[str, Any]]:
    """Those without a parameter: a parameter is not looked at before the visitor is."""
    for route, view in routes():
        if route.startswith(ADMIN) and not re.search(r"[<(]|log(in|out)", route):
            yield route, view
