"""The sandbox announces and enforces Discord's rate limits where it is asked to (case DISC-03)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.defaults import APPLICATION_ID, NIGHT_COURT, TABLE
from sandbox.server import Sandbox
from sandbox.web.rate_limits import CREATIONS, DAY, PER_SECOND, RateLimits


@pytest.fixture
async def limited() -> AsyncIterator[Sandbox]:
    async with Sandbox(rate_limits=True) as box:
        yield box


async def call(box: Sandbox, method: str, path: str, body: object = None) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bot {box.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{box.api_base}{path}", json=body) as answer,
    ):
        return answer.status, await answer.json(), answer.headers


async def test_a_bucket_is_announced_and_then_full(limited: Sandbox) -> None:
    path, body = f"/channels/{TABLE}/messages", {"content": "x"}
    answers = [await call(limited, "POST", path, body) for _ in range(6)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429]
    assert [answer[2]["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
    _, refusal, headers = answers[-1]
    assert refusal["retry_after"] > 0
    assert not refusal["global"]
    assert headers["Via"]
    assert headers["X-RateLimit-Bucket"] == "messages"


async def test_a_storm_over_many_routes_meets_the_global_limit(limited: Sandbox) -> None:
    answers = await asyncio.gather(*(call(limited, "GET", "/users/@me") for _ in range(PER_SECOND + 20)))
    refused = [answer for status, answer, _ in answers if status == 429]
    assert refused
    assert all(answer["global"] for answer in refused)


async def test_more_new_commands_than_a_day_takes_are_refused(limited: Sandbox) -> None:
    assert limited.rate_limits is not None
    assert limited.rate_limits.may_create(NIGHT_COURT, CREATIONS - 1)
    path = f"/applications/{APPLICATION_ID}/guilds/{NIGHT_COURT}/commands"
    wanted = [{"name": name, "description": "x", "type": 1} for name in ("one", "two")]
    status, answer, _ = await call(limited, "PUT", path, wanted)
    assert (status, answer["code"]) == (400, 30034)
    assert (await call(limited, "PUT", path, wanted[:1]))[0] == 200


def test_limits_end_with_their_time() -> None:
    now = 0.0
    limits = RateLimits(lambda: now)
    for _ in range(PER_SECOND):
        assert not limits.take("GET", "/users/@me").wait
    assert limits.take("GET", "/users/@me").wait
    assert not limits.take("POST", "/interactions/1/token/callback").wait
    now = 1.01
    assert not limits.take("GET", "/users/@me").wait
    assert limits.may_create("1", CREATIONS)
    assert not limits.may_create("1", 1)
    now = DAY + 2
    assert limits.may_create("1", 1)
    assert limits.refused == 1


async def test_without_being_asked_nothing_is_limited(box: Sandbox) -> None:
    answers = await asyncio.gather(*(call(box, "GET", "/users/@me") for _ in range(PER_SECOND + 20)))
    assert {status for status, _, _ in answers} == {200}
