"""The databases of all three engines, for reset, backup and restore: look into them, dump, load, make, drop.

Needs Django, so it is imported in the virtual environment alone (`inside`).
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from scripts import environment
from scripts.common import BACKEND, ROOT, ScriptError

CHUNK = 1024 * 1024
PAGES = 500  # of SQLite, between two steps of the progress
Progress = Callable[[int], None]  # called with each number of bytes that is done


def inside(module: str, arguments: Sequence[str]) -> int | None:
    """Run the script in `.venv` and return its code; None when this is that environment, with Django set up."""
    if not environment.python().exists():
        raise ScriptError("There is no virtual environment yet. Run scripts/dev.sh or scripts/run.sh first.")
    if Path(sys.prefix).resolve() != environment.VENV.resolve():
        command = [str(environment.python()), "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    sys.path.insert(0, str(BACKEND))
    import django

    django.setup()
    return None


class Database:
    """A database by its Django settings. `renamed` is another one on the same server."""

    engine = ""
    label = ""
    suffix = ""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = {"TEST": {}, **config}
        self.name = str(config["NAME"])

    @property
    def short_name(self) -> str:
        return Path(self.name).name

    def renamed(self, name: str) -> "Database":
        return type(self)(self.config | {"NAME": name})

    @contextlib.contextmanager
    def connect(self, name: str | None = None) -> Iterator[Any]:
        """Open a connection of our own; the wrong address or password become a sentence."""
        from django.db import Error
        from django.db.utils import ConnectionHandler

        from rod.start import no_database

        config = self.config | ({} if name is None else {"NAME": name})
        connection = ConnectionHandler({"default": config})["default"]
        try:
            connection.ensure_connection()
        except Error as error:
            raise ScriptError(no_database(error)) from None
        try:
            yield connection
        finally:
            connection.close()

    def __str__(self) -> str:
        person = f" as {self.config['USER']}" if self.config.get("USER") else ""
        return f"{self.label} database {self.name} {self._host()}{person}"

    def _host(self) -> str:
        port = f":{self.config['PORT']}" if self.config.get("PORT") else ""
        return f"at {self.config['HOST']}{port}" if self.config.get("HOST") else f"on this machine{port}"

    def rows(self) -> dict[str, int]:
        """The number of rows of each table."""
        with self.connect() as connection, connection.cursor() as cursor:
            return {table: _count(cursor, connection, table) for table in _tables(connection, cursor)}

    def is_of_production(self) -> bool:
        """Whether it has ever served production (`rod.models.Installation`)."""
        with self.connect() as connection, connection.cursor() as cursor:
            if "installations" not in _tables(connection, cursor):
                return False
            cursor.execute("SELECT COUNT(*) FROM installations WHERE environment = 'production'")
            return bool(cursor.fetchone()[0])

    def forget_production(self) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            if "installations" in _tables(connection, cursor):
                cursor.execute("DELETE FROM installations WHERE environment = 'production'")

    def drop_tables(self) -> None:
        """Empty the database for those who may not drop it."""
        with self.connect() as connection, connection.constraint_checks_disabled():
            more = " CASCADE" if connection.vendor == "postgresql" else ""
            with connection.cursor() as cursor:
                for table in _tables(connection, cursor):
                    cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{more}")

    def exists(self) -> bool:
        raise NotImplementedError

    def create(self) -> None:
        raise NotImplementedError

    def drop(self) -> None:
        raise NotImplementedError

    def size(self) -> int:
        """About how many bytes a dump has."""
        raise NotImplementedError

    def dump(self, output: IO[bytes], progress: Progress) -> None:
        raise NotImplementedError

    def load(self, dump: IO[bytes], progress: Progress) -> None:
        """Into an empty database."""
        raise NotImplementedError

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)

    def _run(self, command: Sequence[str], problem: str, given: IO[bytes] | None, taken: IO[bytes] | None,
             progress: Progress) -> None:  # fmt: skip
        """Run a client of the server, with its input or its output passed through here."""
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [_program(command[0]), *command[1:]],
                env=self._environment(),
                stdin=subprocess.PIPE if given else subprocess.DEVNULL,
                stdout=subprocess.PIPE if taken else subprocess.DEVNULL,
                stderr=errors,
            )
            with process:
                with contextlib.suppress(BrokenPipeError):  # it ended early, and says why
                    if given and process.stdin:
                        copy(given, process.stdin, progress)
                        process.stdin.close()
                if taken and process.stdout:
                    copy(process.stdout, taken, progress)
            if process.returncode:
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()[-5:]
                raise ScriptError("\n  ".join([problem, *said]))


class SQLite(Database):
    engine, label, suffix = "sqlite", "SQLite", "sqlite3"

    def _host(self) -> str:
        return "on this machine"

    def exists(self) -> bool:
        return Path(self.name).exists()

    def create(self) -> None:
        """The first connection makes the file."""

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(self.name + suffix).unlink(missing_ok=True)

    def size(self) -> int:
        return Path(self.name).stat().st_size if self.exists() else 0

    def dump(self, output: IO[bytes], progress: Progress) -> None:
        """By SQLite's online backup: writers go on meanwhile."""
        with tempfile.TemporaryDirectory(prefix="rod-backup-") as folder:
            copied = Path(folder) / "copy"
            _copy_sqlite(Path(self.name), copied, progress)
            with copied.open("rb") as file:
                copy(file, output, lambda done: None)

    def load(self, dump: IO[bytes], progress: Progress) -> None:
        self.drop()
        with open(self.name, "wb") as file:
            copy(dump, file, progress)


class MySQL(Database):
    engine, label, suffix = "mysql", "MySQL or MariaDB", "sql"

    def exists(self) -> bool:
        with self.connect("") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", [self.name])
            return cursor.fetchone() is not None

    def create(self) -> None:
        self._administer(f"CREATE DATABASE {_quoted(self.name, '`')} CHARACTER SET utf8mb4")

    def drop(self) -> None:
        self._administer(f"DROP DATABASE IF EXISTS {_quoted(self.name, '`')}")

    def size(self) -> int:
        question = "SELECT SUM(data_length) FROM information_schema.tables WHERE table_schema = %s"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(question, [self.name])
            return int(cursor.fetchone()[0] or 0)

    def dump(self, output: IO[bytes], progress: Progress) -> None:
        """One transaction: what is written meanwhile is not in it, and nobody waits."""
        options = ["--single-transaction", "--quick", "--hex-blob", "--no-tablespaces", "--skip-lock-tables"]
        command = ["mariadb-dump mysqldump", *self._address(), *options, "--default-character-set=utf8mb4"]
        self._run([*command, self.name], "The database could not be dumped:", None, output, progress)

    def load(self, dump: IO[bytes], progress: Progress) -> None:
        command = ["mariadb mysql", *self._address(), "--default-character-set=utf8mb4", self.name]
        self._run(command, "The database could not be filled:", dump, None, progress)

    def _address(self) -> list[str]:
        options = ["--no-defaults"]
        for option, value in (("host", "HOST"), ("port", "PORT"), ("user", "USER")):
            if self.config.get(value):
                options.append(f"--{option}={self.config[value]}")
        return options

    def _environment(self) -> dict[str, str]:
        return os.environ | {"MYSQL_PWD": self.config.get("PASSWORD") or ""}

    def _administer(self, statement: str) -> None:
        with self.connect("") as connection, connection.cursor() as cursor:
            cursor.execute(statement)


class PostgreSQL(Database):
    engine, label, suffix = "postgresql", "PostgreSQL", "pgdump"

    def exists(self) -> bool:
        with self.connect("postgres") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None

    def create(self) -> None:
        self._administer(f"CREATE DATABASE {_quoted(self.name)}")

    def drop(self) -> None:
        self._administer(f"DROP DATABASE IF EXISTS {_quoted(self.name)}")

    def size(self) -> int:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def dump(self, output: IO[bytes], progress: Progress) -> None:
        command = ["pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
        problem = "The database could not be dumped:"
        self._run([*command, "--dbname", self.name], problem, None, output, progress)

    def load(self, dump: IO[bytes], progress: Progress) -> None:
        command = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", self.name]
        self._run(command, "The database could not be filled:", dump, None, progress)

    def _environment(self) -> dict[str, str]:
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        given = {name: str(self.config[key]) for name, key in names.items() if self.config.get(key)}
        return os.environ | given

    def _administer(self, statement: str) -> None:
        with self.connect("postgres") as connection, connection.cursor() as cursor:
            cursor.execute(statement)


ENGINES = {"sqlite3": SQLite, "mysql": MySQL, "postgresql": PostgreSQL}


def configured() -> Database:
    """The database that the settings name."""
    from django.conf import settings

    config: dict[str, Any] = settings.DATABASES["default"]
    return ENGINES[config["ENGINE"].rpartition(".")[2]](config)


def copy(source: IO[bytes], target: IO[bytes], progress: Progress) -> None:
    while chunk := source.read(CHUNK):
        target.write(chunk)
        progress(len(chunk))


def _copy_sqlite(source: Path, target: Path, progress: Progress) -> None:
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        page_size: int = old.execute("PRAGMA page_size").fetchone()[0]
        left = [0]

        def step(status: int, remaining: int, total: int) -> None:
            progress(max((left[0] or total) - remaining, 0) * page_size)
            left[0] = remaining

        old.backup(new, pages=PAGES, progress=step)
        # A copy in one file, whatever mode the original is in.
        new.execute("PRAGMA journal_mode=DELETE")


def _tables(connection: Any, cursor: Any) -> list[str]:
    return sorted(connection.introspection.table_names(cursor))


def _count(cursor: Any, connection: Any, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _quoted(name: str, mark: str = '"') -> str:
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def _program(names: str) -> str:
    """Find the first of these programs; newer servers have other names for them."""
    found = next(filter(None, map(shutil.which, names.split())), None)
    if not found:
        raise ScriptError(
            f"{' or '.join(names.split())} is not installed. Debian, Ubuntu: "
            f"sudo apt install {'postgresql-client' if names.startswith('pg_') else 'mariadb-client'}"
        )
    return found
