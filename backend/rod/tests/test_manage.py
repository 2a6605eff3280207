"""A database of its own from nothing, by the commands that the guides name, on the engine of the run.

The address of the database is given as a person gives it: `DB_ENGINE`, `DB_HOST`, `DB_PORT`, `DB_USER` and so on.
"""

import contextlib
import os
import re
import shutil
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
from scripts.migrated import migrated
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
            timeout=120,
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
@pytest.mark.req("S000-02", "S000-03", "S000-04", "S002-03", "S002-06", "S002-09", "S002-14", "S003-26")
@pytest.mark.req("S000-13", "S000-14", "S000-15", "S000-16")
def test_from_an_empty_database_to_a_working_system(fresh: Installation) -> None:
    words = fresh.manage("migrate")
    for app in ("timeline", "discordauth", "chronicle", "haven", "rolls", "desk", "conflicts"):
        assert re.search(rf"Applying {app}\.0001_\w+\.\.\. OK", words), app
    assert fresh.count("chronicle.models.Campaign") == 0
    assert "No migrations to apply" in fresh.manage("migrate", "--run-syncdb")
    if connection.vendor == "mysql":  # the tests' PostgreSQL trusts everybody on this machine
        refused = fresh.try_manage("migrate", "--check", DB_PASSWORD="not-it")
        assert refused.returncode != 0


@pytest.mark.timeout(240)
@pytest.mark.req("S000-05")
def test_a_superuser_is_made_with_and_without_questions(fresh: Installation) -> None:
    migrated(fresh.env)
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
@pytest.mark.req("S000-06", "S002-12", "S002-14")
def test_the_server_starts_on_port_8000_and_on_another(fresh: Installation, tmp_path: Path) -> None:
    migrated(fresh.env)
    other = free_port()
    ports = {8000: [], other: [f"127.0.0.1:{other}"]} if port_is_free(8000) else {other: [str(other)]}
    for port, address in ports.items():
        serve(fresh, port, address, tmp_path / "log")


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.req("S002-67", "CARD-15")
def test_the_steps_of_the_readme_work_by_hand(fresh: Installation, tmp_path: Path) -> None:
    """The second block as it stands there, with another port; of the first what needs no new environment."""
    text = (BACKEND.parent / "README.md").read_text().partition("## By hand")[2]
    steps, calls = re.findall(r"```\n(.+?)```", text, re.DOTALL)[:2]
    for step in ("pip install -r", "manage.py migrate", "test_db.py", "createsuperuser", "runserver 8000"):
        assert step in steps
    fresh.manage("migrate", "--verbosity=0")
    given = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_USERNAME": "root"}
    fresh.manage("createsuperuser", "--noinput", **given, DJANGO_SUPERUSER_EMAIL="root@example.org")
    port = free_port()
    with serving(fresh, port, [f"127.0.0.1:{port}"], tmp_path / "log"):
        calls = calls.replace("localhost:8000", f"127.0.0.1:{port}").replace(
            ".venv/bin/python", sys.executable
        )
        done = subprocess.run(
            ["bash", "-ec", calls],
            cwd=BACKEND.parent,
            env=fresh.env,
            input=f"root\n{PASSWORD}\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Ashes of Prague") == 2
    assert done.stdout.rstrip().endswith("\n2"), "the one that comes with a server, and this one"


def serve(fresh: Installation, port: int, address: list[str], log: Path) -> None:
    with serving(fresh, port, address, log):
        pass


@contextlib.contextmanager
def serving(fresh: Installation, port: int, address: list[str], log: Path) -> Iterator[None]:
    """Start the server, ask it how it is, and stop it in the end."""
    command = [sys.executable, "manage.py", "runserver", "--noreload", *address]
    with log.open("w") as output:
        process = spawn(command, cwd=BACKEND, env=fresh.env, output=output)
    try:
        assert wait_until(lambda: not port_is_free(port), 60), log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as healthy:
            assert healthy.status == 200
        yield
    finally:
        stop(process)


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.req("S000-01")
def test_first_migrations_of_every_model_are_made_where_there_are_none(tmp_path: Path) -> None:
    """In a copy, as if the models had just been written."""
    backend = tmp_path / "backend"
    shutil.copytree(BACKEND, backend, ignore=shutil.ignore_patterns("migrations", "__pycache__", "media"))
    shutil.copytree(BACKEND.parent / "locale", tmp_path / "locale")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env |= {"PYTHONPATH": str(backend), "DATABASE_URL": "", "DB_NAME": str(tmp_path / "db.sqlite3")}

    def manage(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=backend, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = sorted({app for app, _ in loader.disk_migrations if (BACKEND / app / "migrations").is_dir()})
    for app in own:
        (backend / app / "migrations").mkdir()
        (backend / app / "migrations" / "__init__.py").touch()
    made = manage("makemigrations")
    assert [app for app in own if f"Migrations for '{app}'" not in made] == []
    assert "No changes detected" in manage("makemigrations", "--check")
    manage("migrate", "--verbosity=0")


@pytest.mark.req("S002-13")
def test_the_connection_test_says_what_answers_and_what_is_missing(fresh: Installation) -> None:
    def test_db(**more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "test_db.py"]
        env = fresh.env | more
        return subprocess.run(command, cwd=BACKEND, env=env, capture_output=True, text=True, check=False)

    done = test_db()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[OK] The database answers: SQLite, database ")
    assert "migrations are not applied. Run python backend/manage.py migrate." in done.stdout
    refused = test_db(DB_ENGINE="postgresql", DB_NAME="rod", DB_HOST="127.0.0.1", DB_PORT="1", DB_USER="rod")
    assert refused.returncode == 1
    assert "DB_HOST, DB_PORT, DB_USER" in refused.stderr
    assert "Traceback" not in refused.stderr


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
