"""Case SAFE-05: the database hangs (SIGSTOP). People are told so within seconds, and what needs none goes on."""

import asyncio
import time

import aiohttp
import pytest

from testing.half_open import frozen
from tests.faults.doors import BotDoor
from tests.faults.plan import Deed
from tests.faults.stack import HOST, Platform
from tests.faults.viewers import Viewer

# Generous: a person waits so long at most, on a machine that is busy with other tests.
IN_TIME = 25.0
TRY_LATER = 1013
# Until both workers were surely met.
CONNECTIONS = 12

pytestmark = pytest.mark.long


@pytest.fixture(params=["maria_platform", "postgres_platform"])
def production(request: pytest.FixtureRequest) -> Platform:
    found: Platform = request.getfixturevalue(request.param)
    return found


async def test_safe_05_who_asks_is_told_and_nothing_is_stuck(production: Platform):
    assert production.database is not None
    clerk, people = production.clerk, production.people
    owl = clerk("create", owner="mira", name="Patient Owl", chronicle=people["chronicle"])
    door = BotDoor(production, "mira", owl)
    viewer = Viewer(production.gateway_ports[0], people["sessions"]["vesna"], people["stream"])
    timeout = aiohttp.ClientTimeout(total=IN_TIME)
    async with viewer, aiohttp.ClientSession(production.base, timeout=timeout) as http:
        with frozen(production.database.pid):
            deeds = [Deed(f"hanging-{number}", "adjust", "experience.total", 1) for number in range(6)]
            outcomes = await asyncio.wait_for(asyncio.gather(*map(door.do, deeds)), IN_TIME)
            answers = [answer for outcome in outcomes for answer in outcome.answers]
            assert {status for status, _ in answers} == {503}
            assert all(body["code"] == "unavailable" and body["detail"] for _, body in answers)
            for _ in range(4):
                async with http.get("/healthz") as healthy:
                    assert healthy.status == 200
            began = time.monotonic()
            await asyncio.wait_for(door.do(deeds[0]), IN_TIME)
            assert time.monotonic() - began < 6, "each of them waits for a database that is known to hang"
            assert (
                await asyncio.wait_for(closes_with(production, people["sessions"]["jonas"]), IN_TIME)
                == TRY_LATER
            )
            assert viewer.is_open
        await answers_again(production, owl)
    await door.close()


async def answers_again(platform: Platform, character: str) -> None:
    """Each worker finds out by a request of its own. Which of them takes a connection is chance."""
    for number in range(CONNECTIONS):
        door = BotDoor(platform, "mira", character)
        outcome = await door.insist(Deed(f"back-again-{number}", "adjust", "experience.total", 1))
        assert outcome.answers[-1][0] == 200
        await door.close()


async def closes_with(platform: Platform, session: str) -> int | None:
    """A socket that comes while nobody can say who it is."""
    url = f"http://{HOST}:{platform.gateway_ports[1]}/ws/gateway/"
    headers = {"Cookie": f"sessionid={session}", "Origin": f"http://{HOST}:{platform.gateway_ports[1]}"}
    async with aiohttp.ClientSession() as http, http.ws_connect(url, headers=headers) as socket:
        await socket.receive()
        return socket.close_code
