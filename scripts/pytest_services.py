"""pytest plugin (`-p` in pyproject.toml): surroundings of a run, laid before Django reads its settings.

`--database mariadb` or `postgres` starts that server once for the whole run; workers inherit its address.
A person's `.env` never reaches a test: every value that the settings read is given here.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from scripts import services
from scripts.common import Trouble

FOLDER = "ROD_TEST_FOLDER"
STARTERS = {"mariadb": services.start_mariadb, "postgres": services.start_postgres}
NOT_RUN = "not run: "
started = pytest.StashKey[list[services.Server]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", *STARTERS],
        default="sqlite",
        help="database of the backend's tests; servers are started for the run",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    early_config.stash[started] = []
    if FOLDER not in os.environ:  # a worker inherits all of it
        folder = tempfile.mkdtemp(prefix="rod-test-")
        os.environ |= surroundings(Path(folder))
        early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        early_config.add_cleanup(lambda: os.environ.pop(FOLDER, None))
        _start_database(early_config)
    return (yield)


def surroundings(folder: Path) -> dict[str, str]:
    return {
        FOLDER: str(folder),
        "TESTING": "1",
        "ENV": "development",
        "VERSION": "dev",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "API_KEY": secrets.token_urlsafe(32),
        "SITE_URL": "http://localhost:8080",
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": "",
        "DB_ENGINE": "sqlite3",
        "DB_NAME": str(folder / "db.sqlite3"),
        "USE_REDIS": "0",
        "DISCORD_APP_ID": "",
        "DISCORD_APP_SECRET": "",
        "DISCORD_BOT_TOKEN": "",
        "DISCORD_DEBUG_CHANNEL": "",
        "PATREON_WEBHOOK_SECRET": "",
    }


def _start_database(config: pytest.Config) -> None:
    start = STARTERS.get(config.known_args_namespace.database)
    if not start:
        return
    try:
        server = start()
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from trouble
    config.add_cleanup(server.stop)
    config.stash[started].append(server)
    os.environ["DATABASE_URL"] = server.url


def pytest_report_header(config: pytest.Config) -> str:
    servers = ", ".join(server.url for server in config.stash[started])
    return f"database: {servers or 'SQLite'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not run is said where nobody overlooks it: just above the closing line."""
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


def need(found: object, sentence: str) -> None:
    """Leaves a test out when its program is missing, and has the summary say so."""
    if not found:
        pytest.skip(NOT_RUN + sentence)
