"""NUL and halves of surrogate pairs in every field, query and form of every route: a sentence, never 500."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from rod.tests.matrix.entries import Entry
from rod.tests.matrix.people import Scene
from rod.tests.matrix.test_routes import SIDES, TABLES
from rod.tests.matrix.walk import Door, routes

NUL, HALF = "a\x00b", "\ud800"
JSON = ("api/", "bot/")
# In addition to the fields that an operation declares: what pages and lists read from a query.
QUERIES = (
    "next",
    "macro",
    "pool",
    "before",
    "character",
    "player",
    "system",
    "kind",
    "q",
    "name",
    "guild",
    "page",
)


def refuse_strange(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """As PostgreSQL and its driver do, whatever the database of this run takes."""
    assert not any(
        isinstance(value, str) and ("\x00" in value or "\\u0000" in value) for value in params or ()
    )
    return execute(sql, params, many, context)


def declared_fields(entry: Entry) -> set[str]:
    view = dict(routes())[entry.route]
    operations = getattr(view, "initkwargs", {}).get("operations", {})
    return set(operations[entry.method].input.model_fields) if entry.method in operations else set()


def spoilt(value: Any, strange: str) -> Iterator[Any]:
    """The same body with one text of it, however deep, made strange; each in turn."""
    if isinstance(value, str):
        yield strange
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from (value | {name: other} for other in spoilt(part, strange))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in spoilt(part, strange))


def bodies(scene: Scene, entry: Entry, strange: str) -> Iterator[dict[str, Any]]:
    """Half a pair stands in JSON alone: no browser sends it in a form or in an address."""
    body = entry.body(scene)
    if entry.raw is not None or (strange == HALF and (entry.method == "GET" or entry.route[:4] not in JSON)):
        return
    yield from spoilt(body, strange)
    more = declared_fields(entry) | (set(QUERIES) if entry.method == "GET" else set())
    yield from (body | {name: strange} for name in sorted(more))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_run_12_strange_text_is_never_an_error_of_ours(
    on: Scene, door: Callable[[str], Door], table: Any, pytestconfig: pytest.Config
) -> None:
    """Every route in the long run, one of twelve in the usual one."""
    wrong, step = [], 1 if pytestconfig.getoption("long") else 12
    for side in (side for side in SIDES if hasattr(table, side)):
        way = door(side)
        for entry in getattr(table, side)[::step]:
            for body in (body for strange in (NUL, HALF) for body in bodies(on, entry, strange)):
                with transaction.atomic(), connection.execute_wrapper(refuse_strange):
                    answer = way.send(on, replace(entry, body=lambda scene, body=body: body), "root")
                    transaction.set_rollback(True)
                if answer.status_code >= 500 and answer.status_code != 503:
                    wrong.append(f"{entry} {body}: {answer.status_code} {answer.content[:150]!r}")
    assert not wrong, "\n".join(wrong)
