"""The whole platform for a test: backend, Discord process and sandbox as `dev.sh` runs them, and a real browser."""

import asyncio
import contextlib
import os
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox.person import Person, Reply
from sandbox.server import Sandbox
from scripts import dev, services
from scripts.common import BACKEND, BOT, free_port
from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
from scripts.migrated import migrated
from scripts.supervisor import Supervisor

SECONDS = 60
# A person waits longer than Discord where the machine is busy; its deadline has tests of its own.
ACKNOWLEDGE = 30


@dataclass
class Stack:
    """Addresses of the running parts. `box` is the sandbox itself: `box.recorded` is what the bot sent."""

    backend: str
    box: Sandbox
    parts: Supervisor
    env: Mapping[str, str]

    @property
    def sandbox(self) -> str:
        return self.box.base_url

    def restart_discord_process(self) -> None:
        """Blocks until a new process listens in place of the old one; from the main thread alone, as a process ends
        with the thread that started it."""
        self.parts.end("discord")
        self.parts.wait_for("the end of the Discord process", lambda: not self.box.gateway.online)
        self.start_discord_process()

    def start_discord_process(self) -> None:
        dev.start_discord(self.env, self.parts)
        self.parts.wait_for("Discord process", lambda: self.box.gateway.online)
        self.parts.wait_for("commands", lambda: set(self.box.world.guilds) <= set(self.box.world.commands))

    async def new_vampire(self, person: Person, name: str, **options: object) -> Reply:
        """`/vampire new`; required options that the test does not care about get the smallest value."""
        vampire = next(command for command in await person.commands() if command["name"] == "vampire")
        new = next(part for part in vampire["options"] if part["name"] == "new")
        required = {part["name"]: part.get("min_value", 1) for part in new["options"] if part.get("required")}
        return await person.slash("vampire new", **required | options | {"name": name})

    async def log_in_by_hand(self, page: Page, username: str) -> None:
        """Through the sandbox's consent page, as the person would."""
        await page.goto(f"{self.backend}/auth/login/")
        await page.locator("label", has_text=username).click()
        await page.get_by_role("button", name="Allow").click()
        await page.wait_for_url(f"{self.backend}/**")

    async def sign_in(self, page: Page, username: str) -> None:
        """The requests of the same login, of which nothing is drawn: a drawn page takes half a second."""
        consent = await page.request.get(f"{self.backend}/auth/login/?next=/healthz")
        asked = dict(parse_qsl(urlsplit(consent.url).query))
        person = next(user for user in self.box.world.users.values() if user["username"] == username)
        form = asked | {"user": person["id"], "decision": "allow"}
        answer = await page.request.post(f"{self.sandbox}/oauth2/authorize", form=form)
        assert answer.url == f"{self.backend}/healthz", answer.url

    async def log_in(self, page: Page, username: str) -> None:
        """Signed in, on the dashboard."""
        await self.sign_in(page, username)
        await page.goto(f"{self.backend}/")

    def sheet(self, name: str) -> str:
        """The address of a character's sheet."""
        return f"{self.backend}/characters/{self._id('id', name)}/"

    def chronicle(self, name: str) -> str:
        """The address of the chronicle that a character is in."""
        return f"{self.backend}/chronicles/{self._id('chronicle_id', name)}/"

    def _id(self, column: str, name: str) -> UUID:
        """Of the newest character of this name."""
        newest = (
            f"SELECT {column} FROM characters WHERE name = ? AND deleted_at IS NULL ORDER BY created_at DESC"
        )
        with contextlib.closing(sqlite3.connect(self.env["DB_NAME"], timeout=SECONDS)) as database:
            return UUID(database.execute(newest, [name]).fetchone()[0])


@contextlib.contextmanager
def loop_in_a_thread() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """The sandbox has an event loop of its own, so that a test which computes never holds up its deadlines."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()


async def open_sandbox(backend: str) -> Sandbox:
    box = Sandbox(public_host="localhost", backend_url=backend, acknowledge=ACKNOWLEDGE)
    await box.start()
    return box


@contextlib.contextmanager
def redis_for_the_backend() -> Iterator[dict[str, str]]:
    if not services.redis_binary():
        yield {"USE_REDIS": "0"}
        return
    with services.start_redis() as server:
        yield {"USE_REDIS": "1", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(server.port)}


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Started once for all tests here: use characters and servers of your own."""
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="rod-stack-")))
        run = cleanup.enter_context(loop_in_a_thread())
        port = free_port()
        backend = f"http://localhost:{port}"
        box: Sandbox = run(open_sandbox(backend))
        cleanup.callback(lambda: run(box.stop()))
        env = (
            os.environ
            | environment_for_tests(folder)
            | WITHOUT_LIMITS
            | cleanup.enter_context(redis_for_the_backend())
            | box.env()
        )
        env |= {"SITE_URL": backend, "BACKEND_URL": backend, "PYTHONUNBUFFERED": "1"}
        env |= {"DISCORD_MESSAGE_CONTENT": "1"}
        env |= {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)])}
        parts = cleanup.enter_context(Supervisor(folder / "logs", show=False))
        migrated(env)
        dev.start_backend(port, env, parts)
        made = Stack(backend, box, parts, env)
        made.start_discord_process()
        yield made


@pytest.fixture(scope="module", autouse=True)
def tidied(stack: Stack) -> Iterator[None]:
    """Put away the characters of a module, as the next one needs room among those that one player may have, and who
    blocked whom."""
    yield
    with contextlib.closing(sqlite3.connect(stack.env["DB_NAME"], timeout=SECONDS)) as database, database:
        database.execute("UPDATE characters SET deleted_at = CURRENT_TIMESTAMP WHERE deleted_at IS NULL")
        database.execute("DELETE FROM chat_blocks")


@pytest_asyncio.fixture(loop_scope="session")
async def person(stack: Stack) -> AsyncIterator[Callable[[str], Awaitable[Person]]]:
    """`mira = await person("mira")`: someone at the keyboard in the sandbox."""
    present: list[Person] = []

    async def come(username: str) -> Person:
        someone = Person(stack.sandbox, user=username)
        await someone.connect()
        present.append(someone)
        return someone

    yield come
    for someone in present:
        await someone.close()


@pytest.fixture
def open_sheet(stack: Stack, new_page: Callable[..., Awaitable[Page]]) -> Callable[..., Awaitable[Page]]:
    """`page = await open_sheet("mira", "Night Owl", width=390)`: signed in, on the sheet, and live."""

    async def open_it(username: str, name: str, **options: Any) -> Page:
        page = await new_page(**options)
        await stack.sign_in(page, username)
        await page.goto(stack.sheet(name))
        await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
        return page

    return open_it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    running = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(running, Stack):
        report.sections.append(("last lines of backend and Discord process", running.parts.last_output()))
    return report


def at_table(someone: Person) -> Person:
    """In the channel where most of it is played."""
    someone.guild, someone.channel = "Night Court", "table"
    return someone


@pytest_asyncio.fixture(loop_scope="session")
async def mira(person: Callable[[str], Awaitable[Person]]) -> Person:
    return at_table(await person("mira"))


@pytest_asyncio.fixture(loop_scope="session")
async def jonas(person: Callable[[str], Awaitable[Person]]) -> Person:
    return at_table(await person("jonas"))


@pytest_asyncio.fixture(loop_scope="session")
async def vesna(person: Callable[[str], Awaitable[Person]]) -> Person:
    """The storyteller, and owner of the Night Court."""
    return at_table(await person("vesna"))
