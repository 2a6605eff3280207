"""Write SQL dumps of a small database, one for each engine: what later migrations must bring to head with nothing lost.

    python -m scripts.small_database 2026-11-29 --backend ../older/backend

starts SQLite, MariaDB and PostgreSQL in turn, migrates each as that checkout's code does, plays `scripts.small_world`
into it, and keeps the dump under backend/rod/tests/migrations_data/<name>/. Do this before the first migration of a
larger change; `backend/rod/tests/test_migrations.py` then loads every dump there is.
"""

import argparse
import gzip
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts import services
from scripts.common import BACKEND, ROOT, ScriptError, say
from scripts.environment_for_tests import environment_for_tests

KEPT = BACKEND / "rod" / "tests" / "migrations_data"
# For the servers' own clients alone: `\\restrict …` of psql, the sandbox mode of mariadb. No text begins so.
NOT_SQL = re.compile(r"^(\\(un)?restrict |/\*M!999999)")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="of the folder: the day, as a rule")
    parser.add_argument("--backend", type=Path, default=BACKEND, help="whose code makes the database")
    options = parser.parse_args(arguments)
    target = KEPT / options.name
    target.mkdir(parents=True, exist_ok=True)
    for engine, dump in (("sqlite", of_sqlite), ("mariadb", of_mariadb), ("postgres", of_postgres)):
        with tempfile.TemporaryDirectory(prefix="rod-small-") as folder:
            text = dump(options.backend.resolve(), Path(folder))
        file = target / f"{engine}.sql.gz"
        file.write_bytes(gzip.compress(text.encode(), mtime=0))
        say(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1024:.0f} KB")
    return 0


def of_sqlite(backend: Path, folder: Path) -> str:
    play(backend, environment_for_tests(folder))
    with sqlite3.connect(folder / "db.sqlite3") as connection:
        # Tables stand in alphabetical order, not in that of their foreign keys.
        return "\n".join(["PRAGMA foreign_keys=OFF;", *connection.iterdump()]) + "\n"


def of_mariadb(backend: Path, folder: Path) -> str:
    with services.start_mariadb() as server:
        port = f"--port={server.port}"
        where = ["--host=127.0.0.1", port, "--user=root"]
        run(["mariadb", "--no-defaults", *where, "-e", "CREATE DATABASE rod"])
        play(backend, environment_for_tests(folder) | {"DATABASE_URL": server.url})
        plain = [
            "--skip-comments",
            "--skip-lock-tables",
            "--skip-add-locks",
            "--no-tablespaces",
            "--skip-set-charset",
        ]
        found = run(
            ["mariadb-dump", "--no-defaults", *where, *plain, "--default-character-set=utf8mb4", "rod"]
        )
    return sql_alone(found)


def of_postgres(backend: Path, folder: Path) -> str:
    binaries = services.postgres_folder()
    if binaries is None:
        raise ScriptError("PostgreSQL is not installed.")
    with services.start_postgres() as server:
        url = server.url.rpartition("/")[0] + "/rod"
        run([str(binaries / "createdb"), "--maintenance-db", server.url, "rod"])
        play(backend, environment_for_tests(folder) | {"DATABASE_URL": url})
        found = run([str(binaries / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", url])
    return sql_alone(found)


def sql_alone(dump: str) -> str:
    return "\n".join(line for line in dump.split("\n") if not NOT_SQL.match(line)) + "\n"


def play(backend: Path, environment: Mapping[str, str]) -> None:
    paths = os.pathsep.join((str(backend), str(ROOT)))
    env = os.environ | dict(environment) | {"PYTHONPATH": paths}
    run([sys.executable, str(backend / "manage.py"), "migrate", "--verbosity=0"], env)
    run([sys.executable, "-m", "scripts.small_world"], env)


def run(command: list[str], env: Mapping[str, str] | None = None) -> str:
    if not shutil.which(command[0]):
        raise ScriptError(f"{command[0]} is not installed.")
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ScriptError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ScriptError as error:
        say(str(error))
        sys.exit(1)
