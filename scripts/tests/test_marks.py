"""Whatever of the backend's tests depends on the database engine carries the mark by which it runs on all of them."""

import ast
from pathlib import Path

import pytest

from scripts.common import BACKEND

# Threads and processes at the same rows, statements written by hand, what a driver raises, changes of tables.
TELLING = {
    "DataError",
    "IntegrityError",
    "MigrationExecutor",
    "OperationalError",
    "RawSQL",
    "ThreadPoolExecutor",
    "at_once",
    "cursor",
    "schema_editor",
    "select_for_update",
    "threading",
    "together",
}
# Behind these doors a test commits only so that something is delivered; what it does runs in services' own tests.
DOORS = {"api", "bot", "gateway", "main"}
# Name → why it is the same on every engine.
THE_SAME = {
    "background/tests/test_redis_tasks.py": "the queue is in Redis; its rows are those of test_background",
    "chronicle/tests/test_races.py": "processes of its own on an SQLite file of their own",
    "contract/tests/test_translation.py": "threads that speak, no rows",
    "delivery/tests/test_cluster_address.py": "`together` is about keys of Redis",
    "delivery/tests/test_redis_layer.py": "threads and Redis, no rows",
    "discordauth/tests/test_login_sandbox.py": "the thread is the sandbox",
    "gateway/tests/test_cluster.py": "threads and Redis, no rows",
    "gateway/tests/test_delivery.py": "breaks the connection as any driver would",
    "gateway/tests/test_batching.py": "threads that wait for one another, above the database",
    "progress/tests/test_rank_card.py": "the thread is Discord",
    "rod/tests/test_bucket_faults.py": "the thread is the bucket",
    "rod/tests/test_debug_channel.py": "the thread is Discord",
    "rod/tests/test_hanging_database.py": "servers of its own, of each kind",
    "rod/tests/test_logs.py": "logs the error that any driver would raise",
    "rod/tests/test_unavailable.py": "raises the error that any driver would",
}


def modules() -> list[Path]:
    return sorted(BACKEND.glob("*/tests/**/test_*.py"))


def names_in(tree: ast.Module) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def commits(tree: ast.Module) -> bool:
    """Whether it says `django_db(transaction=True)` or takes `transactional_db`."""
    keywords = [
        node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "transaction"
    ]
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return bool(keywords) or "transactional_db" in arguments


def is_marked(tree: ast.Module) -> bool:
    marks = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "engine"]
    return any(isinstance(mark.value, ast.Attribute) and mark.value.attr == "mark" for mark in marks)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(BACKEND).as_posix())
def test_what_depends_on_the_engine_is_marked(path: Path) -> None:
    name = path.relative_to(BACKEND).as_posix()
    tree = ast.parse(path.read_text())
    app = name.partition("/")[0]
    if is_marked(tree) or name in THE_SAME or app == "rules":
        return
    assert not names_in(tree) & TELLING, "mark it: pytestmark = pytest.mark.engine"
    assert app in DOORS or not commits(tree), "mark it: pytestmark = pytest.mark.engine"


def test_every_app_with_tables_runs_on_every_engine() -> None:
    apps = {path.parent.parent.name for path in BACKEND.glob("*/migrations/0001_*.py")}
    marked = {
        path.relative_to(BACKEND).parts[0] for path in modules() if is_marked(ast.parse(path.read_text()))
    }
    assert apps <= marked


def test_the_exceptions_are_still_there() -> None:
    assert {name for name in THE_SAME if not (BACKEND / name).is_file()} == set()
