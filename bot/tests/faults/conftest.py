"""Fixtures of the tests under faults: the platform as in production, on MariaDB or on the run's database."""

import contextlib
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from scripts import services
from scripts.pytest_services import need
from tests.faults.stack import Part, Platform, of_server, platform

# A killed server keeps what it has confirmed, as in production; the tests' own servers take less care.
DURABLE = ("--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1")
DURABLE_POSTGRES = ("-c", "fsync=on", "-c", "synchronous_commit=on")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever comes first waits for the whole platform: a database, its migrations, and every process."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rod-faults-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def mariadb(*options: str) -> Iterator[tuple[str, Part]]:
    import MySQLdb

    with services.start_mariadb() as server:
        part = of_server(server, *options)
        try:
            root = MySQLdb.connect(host="127.0.0.1", port=server.port, user="root")
            root.cursor().execute("CREATE DATABASE rod CHARACTER SET utf8mb4")
            root.close()
            yield server.url, part
        finally:
            part.stop()


@pytest.fixture(scope="session")
def maria_platform(folder: Path) -> Iterator[Platform]:
    need(services.redis_binary(), "redis-server is not installed")
    need(services.mariadb_binary(), "mariadbd is not installed")
    here = folder / "maria"
    here.mkdir()
    with mariadb(*DURABLE) as (url, part), platform(here, url, part) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_platform(folder: Path) -> Iterator[Platform]:
    need(services.redis_binary(), "redis-server is not installed")
    need(services.postgres_folder(), "PostgreSQL is not installed")
    here = folder / "postgres-production"
    here.mkdir()
    with services.start_postgres() as server:
        part = of_server(server, *DURABLE_POSTGRES)
        try:
            with platform(here, server.url, part) as running:
                yield running
        finally:
            part.stop()


@pytest.fixture
def production(maria_platform: Platform) -> Iterator[Platform]:
    """WSGI writers, two gateways, Redis and MariaDB. What a test killed is started again after it."""
    yield maria_platform
    maria_platform.heal()


@pytest.fixture(scope="session")
def own_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Platform]:
    """The platform on the database that this run is about (`--database`)."""
    need(services.redis_binary(), "redis-server is not installed")
    kind = request.config.option.database
    here = folder / kind
    here.mkdir()
    with contextlib.ExitStack() as cleanup:
        url = ""
        if kind == "mariadb":
            url, _ = cleanup.enter_context(mariadb())
        elif kind == "postgres":
            url = cleanup.enter_context(services.start_postgres()).url
        yield cleanup.enter_context(platform(here, url, None))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    used = getattr(item, "funcargs", {}).values() if report.failed else ()
    for running in {id(value): value for value in used if isinstance(value, Platform)}.values():
        report.sections.append(("last lines of the platform", running.last_words()))
    return report
