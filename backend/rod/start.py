"""What a process that serves makes sure of before it serves: collected static files, and a migrated database.

In production it ends otherwise, with a sentence: pages would fail one by one. `AUTO_MIGRATE=1` migrates instead, in one
process at a time.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from contract.dotenv import end_process
from rod.static import NOT_COLLECTED, are_collected

NOT_MIGRATED = (
    "The database lacks {count} migrations of this version ({first} …). Run scripts/run.sh, which applies them, or "
    "python backend/manage.py migrate. AUTO_MIGRATE=1 lets the process apply them by itself."
)
NO_DATABASE = (
    "The database does not answer: {error}\nLook at DATABASE_URL, or at DB_ENGINE, DB_NAME, DB_HOST, DB_PORT, DB_USER "
    "and DB_PASSWORD, in .env and in the environment (docs/TROUBLESHOOTING.md)."
)
NO_UPLOADS = (
    "No picture could be saved in {root}: this user cannot write to {place}. Change its owner or its rights, or name "
    "another folder as {variable}."
)
MIGRATED = "[OK] Database initialized (tables ensured)"
LOCK = 7_203_981  # of this project, among the advisory locks of the database
LOCK_SECONDS = 600


def make_sure(*, pages: bool) -> None:
    """End the process if it could not serve. `pages`: it serves them, which need their static files."""
    if pages and not are_collected():
        raise end_process(NOT_COLLECTED)
    if pages and settings.LIVE:
        make_sure_of_uploads()
    if settings.LIVE or settings.AUTO_MIGRATE:
        with ThreadPoolExecutor(1) as thread:  # an event loop may be running in ours
            thread.submit(_close_after, make_sure_of_database).result()


def make_sure_of_uploads() -> None:
    if problem := problem_of_uploads():
        raise end_process(problem)


@register(deploy=True)
def uploads_can_be_saved(**_: object) -> list[CheckMessage]:
    problem = problem_of_uploads()
    return [Error(problem, id="rod.E001")] if problem else []


def problem_of_uploads() -> str:
    """What keeps this user from writing uploads, where they are kept in a folder; empty if nothing does."""
    folders = (
        ("default", "MEDIA_ROOT", "FileSystemStorage"),
        ("private", "PRIVATE_MEDIA_ROOT", "PrivateFiles"),
    )
    for alias, variable, backend in folders:
        root = Path(getattr(settings, variable))
        place = next(folder for folder in (root, *root.parents) if folder.exists())
        writable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
        if settings.STORAGES[alias]["BACKEND"].endswith(backend) and not writable:
            return NO_UPLOADS.format(root=root, place=place, variable=variable)
    return ""


def _close_after(step: Callable[[], None]) -> None:
    try:
        step()
    finally:
        connection.close()


def make_sure_of_database() -> None:
    try:
        if settings.AUTO_MIGRATE:
            with _one_at_a_time():
                call_command("migrate", verbosity=0, interactive=False)
            print(MIGRATED, flush=True)
        elif missing := unapplied():
            raise end_process(NOT_MIGRATED.format(count=len(missing), first=missing[0]))
        if settings.LIVE:
            remember_environment()
    except DatabaseError as error:
        raise end_process(no_database(error)) from None


def remember_environment() -> None:
    """Leave the mark by which `reset_db` knows a database of production, whatever `.env` says later."""
    from rod.models import Installation

    Installation.objects.get_or_create(environment=settings.ENV)


def no_database(error: Exception) -> str:
    return NO_DATABASE.format(error=" ".join(str(error).split()))


def unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold a lock that every process which migrates this database asks for."""
    if connection.vendor == "sqlite":
        with _file_lock(Path(f"{connection.settings_dict['NAME']}.migrating")):
            yield
        return
    postgres = connection.vendor == "postgresql"
    take, leave = (
        (f"SELECT pg_advisory_lock({LOCK})", f"SELECT pg_advisory_unlock({LOCK})")
        if postgres
        else (f"SELECT GET_LOCK('rod_{LOCK}', {LOCK_SECONDS})", f"SELECT RELEASE_LOCK('rod_{LOCK}')")
    )
    with connection.cursor() as cursor:
        cursor.execute(take)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(leave)


@contextlib.contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """On Windows one process serves all of development, so nobody else migrates."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
