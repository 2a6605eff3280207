from collections.abc import AsyncIterator

import aiohttp
import pytest

from contract.acting import Acting, ActingGuild, ActingMember, DiscordUser, Interaction
from rodbot.client import RodBot
from rodbot.core.backend import Backend
from rodbot.core.caller import Caller
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.character_calls import CharacterCalls
from tests.rodbot.fake_backend import KEY, FakeBackend, running
from tests.rodbot.table import bot_at


@pytest.fixture
async def fake() -> AsyncIterator[FakeBackend]:
    async with running(FakeBackend()) as backend:
        yield backend


@pytest.fixture
async def backend(fake: FakeBackend) -> AsyncIterator[Backend]:
    client = Backend(fake.url, KEY, aiohttp.ClientTimeout(total=0.5, sock_connect=0.5))
    yield client
    await client.close()


@pytest.fixture
def caller() -> Caller:
    member = ActingMember(permissions="0")
    return Caller(
        Acting(
            actor=DiscordUser(id="1", username="mira", global_name="Mira"),
            guild=ActingGuild(id="9", name="Night Court", owner_id="3", member=member),
            channel_id="77",
            interaction=Interaction(id="1000", command="/vampire update hunger:2"),
        )
    )


@pytest.fixture
def calls(backend: Backend, caller: Caller) -> CharacterCalls:
    return CharacterCalls(backend, caller)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def bot(box: Sandbox, fake: FakeBackend) -> AsyncIterator[RodBot]:
    async with bot_at(box, fake.url, KEY) as started:
        fake.requests.clear()
        yield started


@pytest.fixture
async def mira(box: Sandbox, bot: RodBot) -> AsyncIterator[Person]:
    """A player of the Night Court, sitting in its channel #table."""
    async with Person(box.base_url, user="mira", guild="Night Court", channel="table") as person:
        yield person


@pytest.fixture
async def jonas(box: Sandbox, bot: RodBot) -> AsyncIterator[Person]:
    async with Person(box.base_url, user="jonas", guild="Night Court", channel="table") as person:
        yield person


@pytest.fixture
async def vesna(box: Sandbox, bot: RodBot) -> AsyncIterator[Person]:
    """The owner of the Night Court, and its storyteller."""
    async with Person(box.base_url, user="vesna", guild="Night Court", channel="table") as person:
        yield person
