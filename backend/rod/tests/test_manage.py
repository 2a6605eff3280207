"""A database of its own from nothing, by the commands that the guides name, on the engine of the run.

The address of the database is given as a person gives it: `DB_ENGINE`, `DB_HOST`, `DB_PORT`, `DB_USER` and so on.
"""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import ConnectionHandler, connection
from django.db.migrations.loader import MigrationLoader

from scripts.common import free_port, port_is_free, spawn, stop, wait_until
from testing.terminal import converse

BACKEND = Path(__file__).parents[2]
PASSWORD = "correct-horse-battery-staple"


class Installation:
    """An empty database, and the environment that names it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    def manage(self, *command: str, **more: str) -> str:
        done = self.try_manage(*command, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def try_manage(self, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=BACKEND,
            env=self.env | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def count(self, model: str) -> int:
        """As a person does in a shell."""
        module, _, name = model.rpartition(".")
        return int(
            self.manage(
                "shell", "--no-imports", "-c", f"from {module} import {name}; print({name}.objects.count())"
            )
        )


def recreate(name: str, password: str) -> None:
    """Route A: drop it if it is there, make it anew, and let somebody with a password of their own in."""
    vendor = connection.vendor
    config = connection.settings_dict | {"NAME": "postgres" if vendor == "postgresql" else "", "TEST": {}}
    server = ConnectionHandler({"default": config})["default"]
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        if vendor == "mysql":
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
            cursor.execute(f"CREATE OR REPLACE USER {name}@'127.0.0.1' IDENTIFIED BY '{password}'")
            cursor.execute(f"GRANT ALL ON {name}.* TO {name}@'127.0.0.1'")
        else:
            cursor.execute(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'")
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
            cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
    server.close()


@pytest.fixture
def fresh(tmp_path: Path, django_db_blocker: Any) -> Iterator[Installation]:
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DB_", "DATABASE_", "PYTEST"))
    }
    plain |= {"ENV": "development", "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "rod.settings"}
    if connection.vendor == "sqlite":
        yield Installation(plain | {"DB_ENGINE": "sqlite3", "DB_NAME": str(tmp_path / "fresh.sqlite3")})
        return
    name, server = f"rod_fresh_{os.getpid()}", urlsplit(os.environ["DATABASE_URL"])
    with django_db_blocker.unblock():
        recreate(name, PASSWORD)
    engine = "mysql" if connection.vendor == "mysql" else "postgresql"
    place = {"DB_ENGINE": engine, "DB_HOST": "127.0.0.1", "DB_PORT": str(server.port)}
    yield Installation(plain | place | {"DB_NAME": name, "DB_USER": name, "DB_PASSWORD": PASSWORD})


@pytest.mark.engine
@pytest.mark.timeout(240)
@pytest.mark.req("S000-02", "S000-03", "S000-04", "S002-03", "S002-06", "S002-09", "S003-26")
@pytest.mark.req("S000-13", "S000-14", "S000-15", "S000-16")
def test_from_an_empty_database_to_a_working_system(fresh: Installation) -> None:
    words = fresh.manage("migrate")
    for app in ("timeline", "discordauth", "chronicle", "haven", "rolls", "desk", "conflicts"):
        assert re.search(rf"Applying {app}\.0001_\w+\.\.\. OK", words), app
    assert fresh.count("chronicle.models.Campaign") == 0
    for _ in range(2):
        assert "No migrations to apply" in fresh.manage("migrate", "--run-syncdb")
    if connection.vendor == "mysql":  # the tests' PostgreSQL trusts everybody on this machine
        refused = fresh.try_manage("migrate", "--check", DB_PASSWORD="not-it")
        assert refused.returncode != 0


@pytest.mark.timeout(240)
@pytest.mark.req("S000-05")
def test_a_superuser_is_made_with_and_without_questions(fresh: Installation) -> None:
    fresh.manage("migrate", "--verbosity=0")
    given = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_USERNAME": "root"}
    given |= {"DJANGO_SUPERUSER_EMAIL": "root@example.org"}
    assert "created successfully" in fresh.manage("createsuperuser", "--noinput", **given)
    answers = {"Username": "second", "Email": "second@example.org", "Password": PASSWORD, "again": PASSWORD}
    command = [sys.executable, "manage.py", "createsuperuser"]
    converse(command, answers, cwd=BACKEND, env=fresh.env, end="created successfully")
    code = (
        f"print([user.check_password({PASSWORD!r}) for user in CustomUser.objects.filter(is_superuser=True)])"
    )
    sees = fresh.manage("shell", "--no-imports", "-c", f"from discordauth.models import CustomUser; {code}")
    assert sees.strip() == "[True, True]"


@pytest.mark.timeout(240)
@pytest.mark.req("S000-06", "S002-12")
def test_the_server_starts_on_port_8000_and_on_another(fresh: Installation, tmp_path: Path) -> None:
    fresh.manage("migrate", "--verbosity=0")
    other = free_port()
    ports = {8000: [], other: [f"127.0.0.1:{other}"]} if port_is_free(8000) else {other: [str(other)]}
    for port, address in ports.items():
        serve(fresh, port, address, tmp_path / "log")


def serve(fresh: Installation, port: int, address: list[str], log: Path) -> None:
    """Start the server, ask it how it is, stop it."""
    command = [sys.executable, "manage.py", "runserver", "--noreload", *address]
    with log.open("w") as output:
        process = spawn(command, cwd=BACKEND, env=fresh.env, output=output)
    try:
        assert wait_until(lambda: not port_is_free(port), 60), log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as healthy:
            assert healthy.status == 200
    finally:
        stop(process)


@pytest.mark.req("S000-19", "S002-03")
def test_each_app_has_one_line_of_migrations_from_its_first() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.detect_conflicts() == {}
    for app in {app for app, _ in loader.disk_migrations}:
        own = {name: migration for (label, name), migration in loader.disk_migrations.items() if label == app}
        parents = {
            name: [parent for label, parent in migration.dependencies if label == app]
            for name, migration in own.items()
        }
        assert all(len(before) <= 1 for before in parents.values()), app
        assert len(loader.graph.leaf_nodes(app)) == len(loader.graph.root_nodes(app)) == 1
        if (BACKEND / app).is_dir():
            assert [int(name[:4]) for name in sorted(own)] == list(range(1, len(own) + 1))
            files = {path.stem for path in (BACKEND / app / "migrations").glob("[!_]*.py")}
            assert files == set(own)
