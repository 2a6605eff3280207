from collections.abc import AsyncIterator

import aiohttp
import pytest

from rodbot.backend import Backend
from rodbot.facts import Facts
from tests.rodbot.fake_backend import KEY, FakeBackend, running


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
def facts() -> Facts:
    actor = {"id": "1", "username": "mira", "global_name": "Mira", "avatar": None}
    guild = {
        "id": "9",
        "name": "Night Court",
        "owner_id": "3",
        "icon": None,
        "member": {"nick": None, "avatar": None, "roles": [], "permissions": "0"},
    }
    return Facts(actor, guild, "77", "1000", "/vampire update hunger:2")
