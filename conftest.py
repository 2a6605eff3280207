"""Fixtures for every test. The environment of a run is laid in `scripts/pytest_services.py`."""

import inspect
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from scripts import services
from scripts.common import free_port, spawn, stop, wait_until
from scripts.environment_for_tests import FOLDER
from scripts.migrated import migrated
from scripts.pytest_services import need
from testing.fuzzing import FUZZ

# A machine under load is no failure of a rule, and luck is none of a commit: see `testing.fuzzing`.
hypothesis.settings.register_profile("run", deadline=None, derandomize=FUZZ == 1)
hypothesis.settings.load_profile("run")
expect.set_options(timeout=20_000)

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # No renderer ahead of need, which most pages never use, and nothing of what a person's browser looks up.
    "--disable-features=SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter",
]


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite in a file: in memory, threads would share one connection, and locks would not be real ones.

    It is copied (`scripts.migrated`): to migrate takes seconds. On another engine Django makes a database and migrates.
    """
    from django.conf import settings
    from django.db import connection, connections

    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        request.getfixturevalue("django_db_setup")  # that of pytest-django
        yield
        connections.close_all()
        return
    request.getfixturevalue("django_test_environment")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = str(Path(os.environ[FOLDER]) / f"{worker}.sqlite3")
    migrated(os.environ | {"DB_NAME": name})
    connection.close()
    for database in (settings.DATABASES["default"], connection.settings_dict):
        database["NAME"] = database["TEST"]["NAME"] = name
    yield
    connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> None:
    from django.db import connection
    from django.test import TransactionTestCase

    from testing.emptying import empty

    TransactionTestCase._fixture_teardown = lambda case: empty(connection)  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """The real hasher takes a third of a second on purpose."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def quick_clients() -> None:
    """A static file is looked up when it is asked for; else each new client reads them all, which takes 35 ms."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def redis_server() -> Iterator[services.Server]:
    """A real Redis for this worker alone: `.port`, `.url`."""
    need(services.redis_binary(), "redis-server is not installed")
    with services.start_redis() as server:
        yield server


@pytest.fixture
def with_redis(redis_server: services.Server, settings: Any) -> Iterator[services.Server]:
    """Channel layer and cache on the real Redis, emptied first."""
    import redis
    from channels.layers import channel_layers

    from rod.caches import redis_caches

    with redis.Redis(port=redis_server.port) as connection:
        connection.flushall()
    settings.REDIS_HOST, settings.REDIS_PORT, settings.REDIS_URL = (
        "127.0.0.1",
        redis_server.port,
        redis_server.url,
    )
    settings.USE_REDIS = True
    layer = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [redis_server.url], "prefix": "rod"},
    }
    settings.CHANNEL_LAYERS = {"default": layer}
    settings.CACHES = redis_caches(redis_server.url)
    channel_layers.backends.clear()
    yield redis_server
    channel_layers.backends.clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """The address of a headless Chromium's debugging port: one browser for all of this worker's tests."""
    binary = services.chromium_binary()
    need(binary, "Chromium is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rod-chromium-", ignore_cleanup_errors=True) as profile:
        command = [
            str(binary),
            *CHROMIUM_FLAGS,
            f"--user-data-dir={profile}",
            f"--remote-debugging-port={port}",
        ]
        with open(Path(profile) / "log", "w") as log:
            process = spawn([*command, "about:blank"], output=log)
        try:
            assert wait_until(lambda: not _closed(port), 30), "Chromium did not open its debugging port"
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


def _closed(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


NewPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_browser(chromium: str) -> AsyncIterator[Browser]:
    """One connection to the browser for all tests: its driver takes as long to start as a short test runs."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(open_browser: Browser) -> AsyncIterator[NewPage]:
    """`page = await new_page(width=390, color_scheme="dark")`: a page with cookies of its own, where nothing moves.

    An uncaught exception in a page's script fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def open_page(width: int = 1440, height: int = 900, **options: Any) -> Page:
        still: dict[str, Any] = {"reduced_motion": "reduce", "viewport": {"width": width, "height": height}}
        context = await open_browser.new_context(**still | options)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not errors, errors


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives the browser share the event loop of its connection, and all of the platform's tests with it."""
    for item in items:
        shares = {"new_page", "stack"} & set(getattr(item, "fixturenames", ()))
        if shares and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
