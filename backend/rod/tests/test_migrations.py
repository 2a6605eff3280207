"""A database of an earlier day comes to head with nothing lost, on the engine of the run."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import ConnectionHandler, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

BACKEND = Path(__file__).parents[2]
DATA = Path(__file__).parent / "migrations_data"
ENGINES = {"sqlite": "sqlite", "mysql": "mariadb", "postgresql": "postgres"}
Row = dict[str, Any]
Tables = dict[str, dict[Any, Row]]

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class OnPurpose:
    """What one migration changes of rows that were there before it.

    `tables`: old name → new name, or None for one that goes. `columns`: (old table, column) → new name, or None where
    the column goes or its values are meant to become others. `grows`: (table, column) of JSON objects that get names
    beside those they had.
    """

    tables: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    grows: frozenset[tuple[str, str]] = frozenset()


# By app and name of the migration: every one later than a dump that does not leave all its rows as they are.
ON_PURPOSE: dict[tuple[str, str], OnPurpose] = {
    ("timeline", "0006_notifications"): OnPurpose(columns={("django_content_type", "model"): None}),
    ("chronicle", "0006_who_sees_a_channel"): OnPurpose(columns={("events", "visibility"): None}),
    ("chronicle", "0011_fill_channels"): OnPurpose(grows=frozenset({("server_roles", "permissions")})),
    ("haven", "0006_fold_names"): OnPurpose(columns={("characters", "name_key"): None}),
    ("rolls", "0002_fold_macro_names"): OnPurpose(columns={("roll_macros", "name_key"): None}),
}


def days() -> list[Any]:
    """The newest day in every run, those before it in the long one."""
    *earlier, newest = sorted(path.name for path in DATA.iterdir() if path.is_dir() and path.name[0] != "_")
    return [*(pytest.param(day, marks=pytest.mark.long) for day in earlier), newest]


@pytest.fixture(params=days())
def old(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a database of its own with the dump of that day in it."""
    with django_db_blocker.unblock():
        config = settings.DATABASES["default"] | {"TEST": {}}
        engine = ENGINES[connections["default"].vendor]
        name = str(tmp_path / "old.sqlite3") if engine == "sqlite" else f"rod_old_{os.getpid()}"
        if engine != "sqlite":
            _administer(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        connection = ConnectionHandler({"default": config | {"NAME": name}})["default"]
        dump = gzip.decompress((DATA / request.param / f"{engine}.sql.gz").read_bytes()).decode()
        load(connection, engine, dump)
        yield connection
        connection.close()
        if engine != "sqlite":
            _administer(f"DROP DATABASE {name}")


def _administer(*statements: str) -> None:
    """PostgreSQL lets nobody create or drop a database inside a transaction, nor the one that they are in."""
    server = ConnectionHandler({"default": settings.DATABASES["default"] | {"NAME": _own_name()}})["default"]
    with closing(server), server.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _own_name() -> str:
    """The database that the run itself was given: `DATABASE_URL` without what the tests make of it."""
    return "postgres" if connections["default"].vendor == "postgresql" else ""


def load(connection: BaseDatabaseWrapper, engine: str, dump: str) -> None:
    with connection.cursor() as cursor:
        if engine == "sqlite":
            connection.connection.executescript(dump)
        elif engine == "postgres":
            cursor.execute(dump)
        else:
            for statement in dump.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
    connection.close()  # a dump leaves settings of its session behind


def read(connection: BaseDatabaseWrapper) -> Tables:
    """Every row of every table by its primary key, as the driver gives it."""
    with connection.cursor() as cursor:
        return {
            table: dict(_rows(connection, cursor, table))
            for table in connection.introspection.table_names(cursor)
        }


def _rows(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> Iterator[tuple[Any, Row]]:
    key = connection.introspection.get_primary_key_column(cursor, table)
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    names = [column[0] for column in cursor.description]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        yield row[key], row


def environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """For a process of its own that works on this database."""
    found = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "rod.settings", "PYTHONPATH": str(BACKEND)}
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return found | {"DATABASE_URL": "", "DB_ENGINE": "sqlite3", "DB_NAME": name}
    return found | {"DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"}


def run(connection: BaseDatabaseWrapper, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=BACKEND, env=environment(connection), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.req("S000-02", "S000-04")
def test_nothing_is_lost_on_the_way_to_head(old: BaseDatabaseWrapper) -> None:
    before = read(old)
    assert sum(map(len, before.values())) > 500
    words = run(old, "manage.py", "migrate")
    assert "Applying" in words
    after = read(old)
    lost = [problem for table, rows in before.items() for problem in missing(table, rows, after)]
    assert not lost, "\n".join(lost)
    assert run(old, "manage.py", "migrate", "--check") == ""
    finished = run(old, str(DATA / "read_everything.py"))
    noticed = notices(before["events"].values(), before["characters"])
    assert len(noticed) > 3
    histories = [answer for path, answer in json.loads(finished).items() if path.endswith("history/")]
    shown = {as_text(notice) for page in histories for event in page["events"] for notice in event["notices"]}
    assert noticed <= shown


def missing(table: str, rows: dict[Any, Row], after: Tables) -> Iterator[str]:
    """What of these rows is not to be found again, unless a migration means it."""
    new = renamed_tables().get(table, table)
    if new is None:
        return
    if new not in after:
        yield f"{table}: the table is gone"
        return
    for key, row in rows.items():
        if key not in after[new]:
            yield f"{table} {key}: the row is gone"
        else:
            yield from differences(table, row, after[new][key])


def differences(table: str, row: Row, now: Row) -> Iterator[str]:
    meant = columns_on_purpose()
    for column, value in row.items():
        name = meant.get((table, column), column)
        if name is None:
            continue
        if name not in now:
            yield f"{table}.{column}: the column is gone"
        elif now[name] != value and not ((table, column) in growing() and contains(now[name], value)):
            yield f"{table}.{column}: {value!r} became {now[name]!r}"


def renamed_tables() -> dict[str, str | None]:
    return {old: new for each in ON_PURPOSE.values() for old, new in each.tables.items()}


def columns_on_purpose() -> dict[tuple[str, str], str | None]:
    return {old: new for each in ON_PURPOSE.values() for old, new in each.columns.items()}


def growing() -> set[tuple[str, str]]:
    return {place for each in ON_PURPOSE.values() for place in each.grows}


def contains(now: Any, before: Any) -> bool:
    """Whether a JSON object still says all that it said."""
    found, wanted = (json.loads(text) if isinstance(text, str) else text for text in (now, before))
    return bool(wanted.items() <= found.items())


def notices(events: Any, characters: dict[Any, Row]) -> set[str]:
    """Those in events of characters that are still there: their histories go on showing them."""
    living = {key for key, row in characters.items() if row["deleted_at"] is None}
    shown = [event for event in events if event["entity_id"] in living]
    return {as_text(notice) for event in shown for notice in json.loads(event["notices"])}


def as_text(notice: Any) -> str:
    """A sentence of an old row, or a code with its data."""
    return json.dumps(notice, sort_keys=True)


def test_what_is_on_purpose_names_migrations_that_there_are() -> None:
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    assert set(ON_PURPOSE) <= set(found)
