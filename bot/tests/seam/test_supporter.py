"""A call of Patreon over HTTP, and what the bot reads of it."""

import json

import httpx
import pytest

from contract import endpoints, people
from testing.patreon import headers, member
from tests.seam.conftest import PLAYER, Running, Who

UPDATE, DELETE = "members:pledge:update", "members:pledge:delete"


@pytest.mark.req("S004-46", "S004-47")
async def test_the_bot_reads_what_patreon_called(django: Running, nadia: Who) -> None:
    async with httpx.AsyncClient(base_url=django.url) as patreon:

        async def call(event: str, secret: str | None = None) -> int:
            body = json.dumps(member({"13": "Ancilla"}, discord=PLAYER), indent=1).encode()
            sent = headers(event, body, *([secret] if secret else []))
            return (await patreon.post("/patreon/webhook/", content=body, headers=sent)).status_code

        async def level() -> int:
            return (await nadia().call(endpoints.GET_SUPPORTER, people.GetSupporter())).level

        assert await level() == 0
        assert await call(UPDATE, "another") == 403
        assert await level() == 0
        assert await call(UPDATE) == 200
        assert await level() == 3
        assert await call(DELETE) == 200
        assert await call(UPDATE) == 200
        assert await level() == 0
