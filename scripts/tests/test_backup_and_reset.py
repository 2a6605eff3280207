"""Backup, restore and reset: round trips on the engine of the run, and every guard before something is destroyed."""

import argparse
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import backup, databases, dev, reset_db, restore
from scripts.common import ROOT, ScriptError
from scripts.databases import Database
from scripts.environment_for_tests import environment_for_tests
from testing.terminal import converse

PICTURE = b"\x89PNG and so on"


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`migrate` of the scripts, which would touch the tests' own database, is only noted."""
    calls: list[str] = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: calls.append(name))
    return calls


@pytest.fixture
def elsewhere(tmp_path: Path, django_db_blocker: Any) -> Iterator[Database]:
    """Another database on the same server, which is not there yet."""
    with django_db_blocker.unblock():
        yield from _other_database(tmp_path)


def _other_database(tmp_path: Path) -> Iterator[Database]:
    own = databases.configured()
    other = own.renamed(
        str(tmp_path / "other.sqlite3") if own.engine == "sqlite" else f"rod_other_{os.getpid()}"
    )
    other.drop()
    yield other
    other.drop()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("S000-03", "S000-04", "S000-08")
def test_there_and_back_again(
    elsewhere: Database,
    migrated: list[str],
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from discordauth.models import CustomUser
    from rod.models import Installation

    CustomUser.objects.create_user("vesna 🦇", password="x")
    Installation.objects.create(environment="production")
    uploads = tmp_path / "media" / "portraits"
    uploads.mkdir(parents=True)
    (uploads / "vesna.webp").write_bytes(PICTURE)
    settings.MEDIA_ROOT = tmp_path / "media"
    attached = tmp_path / "private_media" / "attachments"
    attached.mkdir(parents=True)
    (attached / "notes.txt").write_bytes(b"private")
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "private_media"
    before = databases.configured().rows()
    file = backup.make(tmp_path / "backup.zip")
    assert file.stat().st_mode & 0o077 == 0
    said = capsys.readouterr().out
    assert "Writing the backup     100 %" in said
    assert "Restored on trial" in said
    assert before["users"] == 1

    settings.MEDIA_ROOT = tmp_path / "restored"
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "restored_private"
    monkeypatch.setattr(databases, "configured", lambda: elsewhere)
    restore.restore(file, create=True)
    assert elsewhere.rows() == before | {"installations": 0}, "a copy in development is no production"
    assert name_of_the_user(elsewhere) == "vesna 🦇"
    assert (tmp_path / "restored" / "portraits" / "vesna.webp").read_bytes() == PICTURE
    assert (tmp_path / "restored_private" / "attachments" / "notes.txt").read_bytes() == b"private"
    assert migrated == ["migrate"]

    with pytest.raises(ScriptError, match="is not empty"):
        restore.restore(file)
    for route in (["--tables"], []):
        reset_db.reset(options("--yes", "--empty", "--no-backup", *route))
        assert elsewhere.exists() or elsewhere.engine == "sqlite"
        assert elsewhere.rows() == {}
        with pytest.raises(ScriptError, match=r"restored is not empty.*MEDIA_ROOT"):
            restore.restore(file)
        restore.restore(file, media=False)
        assert elsewhere.rows()["users"] == 1


def name_of_the_user(database: Database) -> str:
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT username FROM users")
        return str(cursor.fetchone()[0])


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_lacks_rows_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no file is left that somebody could take for a backup."""
    monkeypatch.setattr(Database, "rows", lambda self: {"users": 1 if "trial" in self.name else 2})
    with pytest.raises(ScriptError, match="differs from the database:\n  users: 1 instead of 2"):
        backup.make(tmp_path / "backup.zip", media=False)
    assert list(tmp_path.iterdir()) == []


def options(*arguments: str) -> argparse.Namespace:
    """The options of reset_db, as its parser reads them."""
    seen: list[argparse.Namespace] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(databases, "inside", lambda module, given: None)
        patched.setattr(reset_db, "reset", seen.append)
        reset_db.main(arguments)
    return seen[0]


@pytest.fixture
def doomed(elsewhere: Database, monkeypatch: pytest.MonkeyPatch, migrated: list[str]) -> Database:
    """A small database that a reset would destroy."""
    if elsewhere.engine != "sqlite":
        elsewhere.create()
    fill(elsewhere, "CREATE TABLE people (name VARCHAR(20))", "INSERT INTO people VALUES ('mira')")
    monkeypatch.setattr(databases, "configured", lambda: elsewhere)
    monkeypatch.setattr(backup, "FOLDER", Path(elsewhere.name).parent / "backups")
    return elsewhere


def fill(database: Database, *statements: str) -> None:
    with database.connect() as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.req("S000-09")
def test_the_plan_is_shown_and_a_backup_is_made_first(
    doomed: Database, migrated: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    reset_db.reset(options("--yes"))
    plan = capsys.readouterr().out
    for part in (
        doomed.name,
        "SQLite database",
        "1 rows in 1 tables",
        "drop and create it, then apply every migration",
    ):
        assert part in plan
    assert plan.index("Holds") < plan.index("Backup:")
    [saved] = backup.FOLDER.iterdir()
    assert backup.read_manifest(saved).rows == {"people": 1}
    assert migrated == ["migrate"]
    assert not doomed.exists()


def refused(doomed: Database, sentence: str, *arguments: str) -> None:
    with pytest.raises(ScriptError, match=f"{sentence}(.|\n)*Nothing was changed"):
        reset_db.reset(options(*arguments))
    assert "people" in doomed.rows()


@pytest.mark.req("S000-09")
def test_production_is_never_reset(doomed: Database, settings: Any) -> None:
    settings.ENV = "production"
    refused(doomed, "ENV is production", "--yes", "--large", "--no-backup")


@pytest.mark.req("S000-09")
def test_a_database_that_served_production_carries_a_mark(doomed: Database) -> None:
    made = "CREATE TABLE installations (environment VARCHAR(20))"
    fill(doomed, made, "INSERT INTO installations VALUES ('production')")
    refused(doomed, "has served production", "--yes", "--large")
    doomed.forget_production()
    reset_db.reset(options("--yes", "--no-backup"))


def test_many_rows_need_a_word_more(doomed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reset_db, "LARGE", 1)
    fill(doomed, "INSERT INTO people VALUES ('vesna')")
    refused(doomed, "Add --large", "--yes")
    reset_db.reset(options("--yes", "--large", "--no-backup"))
    assert not doomed.exists()


def test_what_runs_is_stopped_first(doomed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "other_run", lambda: {"pid": "7"})
    refused(doomed, "process 7", "--yes")


@pytest.mark.req("S000-09")
def test_without_a_terminal_somebody_has_to_say_yes(
    doomed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(doomed, "Add --yes")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: "rod")
    refused(doomed, "another name")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"engine": "postgresql"}, "a backup of postgresql, and the settings name a database of sqlite"),
        ({"migrations": ["haven.9999_later"]}, "of a later version .* haven.9999_later"),
        ({"format": 2}, "written by a later version"),
        (None, "is no backup of ours"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(
    change: dict[str, object] | None, sentence: str, doomed: Database, tmp_path: Path
) -> None:
    file = backup.make(tmp_path / "backup.zip", media=False, verify=False)
    doomed.drop()
    manifest = json.dumps(vars(backup.read_manifest(file)) | (change or {}))
    file.unlink()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(backup.MANIFEST if change else "other", manifest)
    with pytest.raises(ScriptError, match=sentence):
        restore.restore(file)
    assert not doomed.exists()


def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"There is no file .*none\.zip\. Name a backup"):
        restore.restore(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("count", "text"), [(1_000, "1 kB"), (36_843, "37 kB"), (2_345_678_901, "2,345.7 MB")]
)
def test_the_size_of_a_small_backup_is_not_nothing(count: int, text: str) -> None:
    assert backup.size_of(count) == text


def test_no_upload_lands_outside_of_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("media/../../escaped", "x")
    with pytest.raises(ScriptError, match="lies outside"):
        backup.extract_media(file, backup.MEDIA, tmp_path / "media")
    assert not (tmp_path.parent / "escaped").exists()


@pytest.mark.timeout(200)
@pytest.mark.req("S000-08", "S000-10")
def test_the_script_itself_from_a_used_database_to_a_working_one(tmp_path: Path) -> None:
    """As a person calls it, who types the name of the database."""
    env = os.environ | environment_for_tests(tmp_path) | {"TESTING": ""}
    database = Path(env["DB_NAME"])
    database.touch()
    script = [str(ROOT / "scripts" / "reset_db.sh"), "--no-backup"]
    assert os.access(script[0], os.X_OK)
    converse(script, {"Type the name": database.name}, cwd=tmp_path, env=env, end="Next: scripts/dev.sh")
    manage = [sys.executable, ROOT / "backend" / "manage.py"]
    for command in (["migrate", "--check"], ["check"]):
        subprocess.run([*manage, *command], env=env, check=True, capture_output=True)


@pytest.mark.req("S000-17")
@pytest.mark.parametrize("script", ["reset_db.sh", "backup.sh"])
def test_a_database_that_does_not_answer_is_one_sentence(script: str, tmp_path: Path) -> None:
    env = os.environ | environment_for_tests(tmp_path)
    env |= {"DB_ENGINE": "postgresql", "DB_NAME": "rod", "DB_HOST": "127.0.0.1", "DB_PORT": "1"}
    command = [ROOT / "scripts" / script]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DB_HOST" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.req("S000-79")
def test_the_guide_leads_through_a_reset() -> None:
    """What is needed, both routes, whether it worked, what to do when it did not, and what comes next."""
    text = (ROOT / "docs" / "RESET.md").read_text().partition("## Reset")[2]
    steps = [
        "route A",
        "route B",
        "Before you begin",
        "migrate --run-syncdb",
        "### Did it work?",
        "### If it did not",
        "does not answer",
        "Conflicting migrations",
        "### Then",
        "createsuperuser",
    ]
    assert [step for step in steps if step not in text] == []
