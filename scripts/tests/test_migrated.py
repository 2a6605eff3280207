"""The kept database is made anew where anything changed that it follows from."""

import ast
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scripts import dev, migrated
from scripts.common import BACKEND
from scripts.environment_for_tests import environment_for_tests


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The databases that were migrated, in a folder of its own."""
    found: list[str] = []

    def migrate(env: Mapping[str, str]) -> None:
        found.append(env["DB_NAME"])
        Path(env["DB_NAME"]).write_text(f"tables {len(found)}")

    monkeypatch.setattr(dev, "migrate", migrate)
    monkeypatch.setattr(migrated, "KEPT", tmp_path / "kept")
    return found


def copied(folder: Path, name: str) -> str:
    env = environment_for_tests(folder) | {"DB_NAME": str(folder / name)}
    migrated.migrated(env)
    return (folder / name).read_text()


def test_the_second_run_copies_what_the_first_made(made: list[str], tmp_path: Path) -> None:
    assert [copied(tmp_path, "a"), copied(tmp_path, "b")] == ["tables 1", "tables 1"]
    assert len(made) == 1


def test_another_model_or_migration_makes_another(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "models.py"
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    monkeypatch.setattr(migrated, "sources", lambda: iter([model]))
    for number in range(1, migrated.MOST + 3):
        model.write_text(f"version {number}")
        assert copied(tmp_path, "a") == f"tables {number}"
        assert copied(tmp_path, "a") == f"tables {number}"
    assert len(list(migrated.KEPT.glob("*.sqlite3"))) == migrated.MOST
    model.write_text("version 1")
    assert copied(tmp_path, "a") == f"tables {migrated.MOST + 3}", "the oldest is forgotten"


def test_one_that_was_broken_off_is_made_from_the_beginning(made: list[str], tmp_path: Path) -> None:
    copied(tmp_path, "a")
    (ready,) = migrated.KEPT.glob("*.sqlite3")
    shutil.move(ready, ready.with_suffix(".making"))
    assert copied(tmp_path, "b") == "tables 2"


def test_another_engine_is_migrated_by_itself(made: list[str], tmp_path: Path) -> None:
    env = environment_for_tests(tmp_path) | {"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}
    migrated.migrated(env)
    assert made == [env["DB_NAME"]]
    assert not migrated.KEPT.exists()


def test_what_migrations_and_models_import_of_ours_is_looked_at() -> None:
    """Apart from what says nothing about a table: what a form or a rule makes of its values."""
    found = set(migrated.sources())
    migrations = [path for path in found if "migrations" in path.parts]
    assert len(migrations) > 80
    missing = {path for each in migrations for path in _imported(each)} - found
    assert not missing


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            source = BACKEND / Path(*name.split(".")).with_suffix(".py")
            if source.is_file():
                yield source
