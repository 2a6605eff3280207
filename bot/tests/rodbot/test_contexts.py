"""Each piece of work logs under its own request and interaction, and under no other's."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from contract import endpoints
from contract.logs import INTERACTION, REQUEST, WithIds
from rodbot.core.backend import Backend
from rodbot.core.tasks import start
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at

Ids = tuple[str, str]


class Lines(logging.Handler):
    """What was logged, with the ids that the process's own log would show."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.addFilter(WithIds())
        self.found: list[tuple[str, Ids]] = []

    def emit(self, record: logging.LogRecord) -> None:
        ids = getattr(record, "request", ""), getattr(record, "interaction", "")
        self.found.append((record.getMessage(), ids))

    def of(self, beginning: str) -> list[Ids]:
        return [ids for message, ids in self.found if message.startswith(beginning)]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, logger = Lines(), logging.getLogger("rodbot")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield handler
    logger.setLevel(level)
    logger.removeHandler(handler)


async def ids_of_now() -> Ids:
    return REQUEST.get(), INTERACTION.get()


async def test_work_in_the_background_begins_under_no_request(backend: Backend) -> None:
    await backend.fetch(endpoints.GET_SCHEMA)
    INTERACTION.set("7")
    assert REQUEST.get()
    assert await start(ids_of_now()) == ("", "")
    assert await asyncio.create_task(ids_of_now()) == (REQUEST.get(), "7")


async def test_the_start_leaves_its_request_to_no_job_and_no_interaction(
    box: Sandbox, fake: FakeBackend, lines: Lines
) -> None:
    REQUEST.set("")  # of a test before this one, in the same process
    INTERACTION.set("")
    async with (
        bot_at(box, fake.url, KEY) as bot,
        Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira,
    ):
        assert lines.of("Ready as") == [("", "")]
        assert set(lines.of("Registered")) == {("", "")}
        bot.background(_say_something)
        for _ in range(2):
            fake.answers = [(503, "down")] * 2
            await mira.slash("vampire update", hunger=1)
    assert lines.of("something") == [("", "")]
    failed = lines.of("PATCH /bot/characters")
    requests, interactions = {request for request, _ in failed}, {interaction for _, interaction in failed}
    assert len(requests) == len(interactions) == 2
    assert "" not in requests | interactions


async def _say_something() -> None:
    logging.getLogger("rodbot").info("something")
