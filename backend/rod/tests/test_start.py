"""A process does not serve what it could not: without its migrations, its static files or its database."""

import json
import os
import subprocess

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from rod import start
from rod.tests.test_settings import BACKEND, PROCESSES, UNSAFE


@pytest.fixture
def live(settings, monkeypatch):
    """Production; the check runs in this thread, whose connection is that of the test."""
    settings.LIVE = True
    monkeypatch.setattr(start, "_close_after", lambda step: step())
    monkeypatch.setattr(start, "ThreadPoolExecutor", InThisThread)


class InThisThread:
    def __init__(self, threads):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, step, *arguments):
        step(*arguments)
        return self

    def result(self):
        return None


@pytest.mark.django_db
def test_a_migrated_database_is_served(live):
    start.make_sure(pages=False)


@pytest.mark.django_db
def test_production_ends_with_the_names_of_what_is_missing(live, monkeypatch, capsys):
    monkeypatch.setattr(start, "unapplied", lambda: ["haven.0009_more", "haven.0010_still_more"])
    with pytest.raises(SystemExit, match=r"lacks 2 migrations .*haven\.0009_more.*scripts/run\.sh") as ended:
        start.make_sure(pages=False)
    assert ended.value.code == 3
    assert "Run scripts/run.sh" in capsys.readouterr().err


@pytest.mark.django_db
def test_development_is_left_to_its_script(settings, monkeypatch):
    settings.LIVE = False
    monkeypatch.setattr(start, "unapplied", lambda: pytest.fail("nobody asked"))
    start.make_sure(pages=False)


@pytest.mark.engine
@pytest.mark.req("S002-11")
@pytest.mark.django_db(transaction=True)
def test_with_auto_migrate_a_process_migrates_by_itself(live, settings, capsys):
    """Under a lock of the database, so that of several workers one does."""
    settings.AUTO_MIGRATE = True
    start.make_sure(pages=False)
    assert capsys.readouterr().out == "[OK] Database initialized (tables ensured)\n"


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_what_is_missing_is_found_in_the_database():
    assert start.unapplied() == []
    last = ("django_migrations", "sessions")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {last[0]} WHERE app = %s", [last[1]])
    try:
        assert start.unapplied() == ["sessions.0001_initial"]
    finally:
        call_command("migrate", last[1], fake=True, verbosity=0)
    assert start.unapplied() == []


@pytest.mark.req("S000-17")
def test_a_database_that_does_not_answer_is_one_sentence(live, monkeypatch):
    def refuse():
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(start, "unapplied", refuse)
    with pytest.raises(SystemExit, match=r"refused Is the server running\?\nLook at DATABASE_URL, .*DB_HOST"):
        start.make_sure(pages=False)


@pytest.mark.parametrize("exists", [True, False])
def test_uploads_that_cannot_be_written_are_named_at_start(exists, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    start.make_sure_of_uploads()
    closed = settings.MEDIA_ROOT if exists else tmp_path
    if exists:
        closed.mkdir()
    monkeypatch.setattr(os, "access", lambda place, mode: place != closed)
    with pytest.raises(
        SystemExit, match=rf"{settings.MEDIA_ROOT}: this user cannot write to {closed}\. .*MEDIA_ROOT"
    ):
        start.make_sure_of_uploads()
    assert [found.id for found in start.uploads_can_be_saved()] == ["rod.E001"]
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
    start.make_sure_of_uploads()


@pytest.mark.parametrize("process", [process for process in PROCESSES if process != "discord"])
@pytest.mark.parametrize("database", ["empty", "away"])
@pytest.mark.req("S000-17")
def test_every_process_refuses_to_start(process, database, tmp_path):
    """As production starts it; its static files are collected. The Discord process has no database."""
    (tmp_path / "staticfiles.json").write_text(
        json.dumps({"paths": {"a": "a"}, "version": "1.1", "hash": ""})
    )
    path = os.pathsep.join([str(BACKEND), str(BACKEND.parent / "bot")])
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, **UNSAFE, "STATIC_ROOT": str(tmp_path)}
    if database == "empty":
        env |= {"DB_ENGINE": "sqlite3", "DB_NAME": str(tmp_path / "db.sqlite3")}
    else:
        env |= {"DB_HOST": "127.0.0.1", "DB_PORT": "1"}
    done = subprocess.run(
        PROCESSES[process], cwd=BACKEND, env=env, capture_output=True, text=True, timeout=100, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    if process != "manage.py" or database == "away":  # `migrate --check` says it in its own words
        assert {"empty": "The database lacks", "away": "DB_HOST, DB_PORT, DB_USER"}[database] in said
    assert "Traceback" not in said
