from collections.abc import AsyncIterator

import pytest

from sandbox.person import Person
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import SampleBot, running, wire


@pytest.fixture
async def box(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        wire(monkeypatch, sandbox)
        yield sandbox


@pytest.fixture
async def bot(box: Sandbox) -> AsyncIterator[SampleBot]:
    bot = SampleBot()
    async with running(box, bot):
        yield bot


async def _person(box: Sandbox, name: str) -> AsyncIterator[Person]:
    async with Person(box.base_url, user=name) as person:
        yield person


@pytest.fixture
async def mira(box: Sandbox) -> AsyncIterator[Person]:
    async for person in _person(box, "mira"):
        yield person


@pytest.fixture
async def jonas(box: Sandbox) -> AsyncIterator[Person]:
    async for person in _person(box, "jonas"):
        yield person


@pytest.fixture
async def vesna(box: Sandbox) -> AsyncIterator[Person]:
    async for person in _person(box, "vesna"):
        yield person
