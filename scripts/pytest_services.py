"""pytest plugin (`-p` in pyproject.toml): sets the environment of a test run before Django reads its settings.

`--database mariadb` or `postgres` starts that server once for the whole run; workers inherit its address.
A person's `.env` never reaches a test: every value that the settings read is given here.
"""

import gc
import os
import shutil
import tempfile
import zlib
from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from scripts import catalogues, services
from scripts.common import ScriptError
from scripts.environment_for_tests import FOLDER, environment_for_tests

STARTERS = {"mariadb": services.start_mariadb, "postgres": services.start_postgres}
NOT_RUN = "not run: "
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "own_database"}
# Each has something that is started once for all of its tests: they stay on one worker.
PLATFORMS = (
    "bot/tests/end_to_end/",
    "bot/tests/faults/",
    "bot/tests/sandbox_page/",
    "bot/tests/seam/",
    "scripts/tests/test_dev_whole.py",
    "scripts/tests/test_every_page.py",
)
started = pytest.StashKey[list[services.Server]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", *STARTERS],
        default="sqlite",
        help="database of the backend's tests; servers are started for the run",
    )
    parser.addoption(
        "--long",
        action="store_true",
        help="what takes minutes too: tests marked `long`, storms of the promised size, every test on every engine",
    )
    parser.addoption(
        "--shard", default="1/1", help="`2/5`: the second of five parts of the tests, always the same"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Set the environment. A wrapper runs before pytest-django's own hook, which reads the settings."""
    early_config.stash[started] = []
    if FOLDER not in os.environ:  # a worker inherits all of it
        folder = tempfile.mkdtemp(prefix="rod-test-")
        os.environ |= environment_for_tests(Path(folder))
        early_config.add_cleanup(lambda: _remove(folder))
        _compile_translations()
        _start_database(early_config)
    return (yield)


def _compile_translations() -> None:
    if catalogues.stale():
        from scripts import translations

        translations.compile_stale()


def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(FOLDER, None)


def _start_database(config: pytest.Config) -> None:
    start = STARTERS.get(config.known_args_namespace.database)
    if not start:
        return
    try:
        server = start()
    except ScriptError as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(server.stop)
    config.stash[started].append(server)
    os.environ["DATABASE_URL"] = server.url


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage meanwhile: hardly anything that is made is dropped again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not for."""
    kept = [item for item in items if _is_wanted(config, item)]
    others = [item for item in items if not _is_wanted(config, item)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = kept


def unit_of(nodeid: str) -> str:
    """What is handed to a worker as a whole: the tests of a platform, else a test."""
    return next((start for start in PLATFORMS if nodeid.startswith(start)), nodeid)


@pytest.hookimpl(optionalhook=True)  # there may be no xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> object:
    """The largest unit comes first."""
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = unit_of
    return scheduler


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage less often, and not among what is there until the end: it was a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _is_wanted(config: pytest.Config, item: pytest.Item) -> bool:
    long = config.option.long
    if item.get_closest_marker("long") and not long:
        return False
    if not in_shard(config.option.shard, item.nodeid):
        return False
    if config.option.database == "sqlite":
        return True
    # The rest ran on SQLite.
    return _uses_database(item) if long else item.get_closest_marker("engine") is not None


def in_shard(shard: str, nodeid: str) -> bool:
    """By the test's name without its parameters: what a module's fixtures made serves all of its tests."""
    number, count = map(int, shard.split("/"))
    return zlib.crc32(nodeid.partition("[")[0].encode()) % count == number - 1


def _uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "engine"))
    return marked or bool(names & DATABASE_FIXTURES)


def pytest_report_header(config: pytest.Config) -> str:
    servers = ", ".join(server.url for server in config.stash[started])
    return f"database: {servers or 'SQLite'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report what could not run just above the closing line, where nobody overlooks it."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.getreports("skipped"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if NOT_RUN in reason:
            missing = reason.split(NOT_RUN, 1)[1]
            reasons[missing] = reasons.get(missing, 0) + 1
    if reasons:
        terminalreporter.section("NOT RUN", red=True, bold=True)
        for missing, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count} tests: {missing}", red=True, bold=True)


def need(program: object, sentence: str) -> None:
    """Skip a test when its program is missing, and report it in the summary."""
    if not program:
        pytest.skip(NOT_RUN + sentence)
