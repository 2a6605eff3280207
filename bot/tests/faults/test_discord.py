"""The Discord process dies and returns; Discord itself is ill. What was asked is done once, and everything arrives."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from sandbox.defaults import NIGHT_COURT, STORYTELLER_ROLE, TRACKER
from sandbox.person import InteractionFailed
from tests.faults import proof
from tests.faults.house import House, open_house
from tests.faults.stack import Platform

pytestmark = pytest.mark.long

SENTENCE = "The database isn’t answering. Nothing was changed: please try again in a moment."
TRACKED = f"/api/v10/channels/{TRACKER}/messages*"


@pytest.fixture
async def house(production: Platform, tmp_path: Any) -> AsyncIterator[House]:
    async with open_house(production, tmp_path) as running:
        await running.start_bot()
        await running.until(lambda: set(running.box.world.guilds) <= set(running.box.world.commands))
        yield running


@pytest.mark.timeout(200)
@pytest.mark.req("S004-35")
async def test_the_discord_process_dies_and_returns(house: House):
    mira = await house.come("mira")
    owl = await house.new_vampire(mira, "Undying Owl")
    question = await mira.slash("character delete", name="Undying Owl")
    menu = await mira.slash("character find")

    # The command is carried out, and whoever would have answered it is dead.
    given: list[tuple[str, dict[str, Any], str | None]] = []
    start = house.box.interactions.start
    house.box.interactions.start = lambda one, payload: (  # type: ignore[method-assign]
        given.append((one.id, payload, one.guild_id)),
        start(one, payload),
    )
    house.front.answers.clear()
    asking = asyncio.create_task(mira.slash("vampire update", name="Undying Owl", hunger=1))
    await house.until(lambda: house.in_database(owl)["full"]["hunger"] == 2)
    house.bot.kill()
    house.front.answers.set()
    with pytest.raises(InteractionFailed):
        await asking
    await house.start_bot()

    # The interaction comes again: the same key, the same first answer, nothing more.
    (number, payload, guild), *_ = given
    before = len(house.box.recorded)
    house.box.gateway.dispatch("INTERACTION_CREATE", payload, guild_id=guild)
    await house.until(
        lambda: [
            request
            for request in house.box.recorded[before:]
            if number in request["path"] and request["status"] == 404
        ]
    )
    state = house.in_database(owl)
    assert state["full"]["hunger"] == 2
    assert state["version"] == 2

    # What was sent before still works: a menu, and buttons.
    assert "Undying Owl" in (await mira.select(menu, [owl])).text
    deleted = await mira.click(question, "Delete")
    assert "restore it" in deleted.text
    restored = await mira.click(deleted, "Restore")
    assert "Undying Owl" in restored.text


@pytest.mark.timeout(200)
async def test_people_are_told_plainly_what_is_away(house: House):
    mira = await house.come("mira")
    owl = await house.new_vampire(mira, "Patient Owl")
    assert house.platform.database is not None
    house.platform.database.kill()
    reply = await mira.slash("vampire update", name="Patient Owl", hunger=1)
    assert reply.text.startswith(SENTENCE)
    assert reply.ephemeral
    await house.platform.database.start_beside()
    house.platform.http.kill()
    reply = await mira.slash("vampire update", name="Patient Owl", hunger=1)
    assert "character service" in reply.text
    await house.platform.http.start_beside()
    assert "Hunger" in (await mira.slash("vampire update", name="Patient Owl", hunger=1)).text
    assert house.in_database(owl)["full"]["hunger"] == 2


@pytest.mark.timeout(200)
async def test_an_ill_discord_gets_everything_in_the_end(house: House):
    mira = await house.come("mira")
    owl = await house.new_vampire(mira, "Feverish Owl")
    house.platform.clerk("track", guild=NIGHT_COURT, channel=TRACKER)
    change = {"path": "hunger", "op": "set"}

    async def says(hunger: int) -> None:
        """The tracker's one message shows this."""

        async with asyncio.timeout(30):
            while not _shows(await mira.messages("tracker"), hunger):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    house.platform.clerk("play", character=owl, rows=[change | {"value": 2}])
    await says(2)
    faults = [
        {"route": TRACKED, "status": 429, "times": 2, "retry_after": 0.2},
        {"route": TRACKED, "status": 502, "times": 1},
        {"route": TRACKED, "status": 0, "times": 2},
        {"route": TRACKED, "status": 0, "late": True},
    ]
    for hunger, fault in enumerate(faults, 1):
        await mira.call("POST", "faults", fault)
        house.platform.clerk("play", character=owl, rows=[change | {"value": 5 if hunger == 2 else hunger}])
        await says(5 if hunger == 2 else hunger)

    callback = "/api/v10/interactions/*/callback"
    for fault in (
        {"status": 429, "retry_after": 0.2},
        {"status": 502},
        {"status": 0},
        {"late": True, "status": 0},
    ):
        await mira.call("POST", "faults", {"route": callback, **fault})
        reply = await mira.slash("vampire update", name="Feverish Owl", hunger=-1)
        assert "Hunger" in reply.text
    assert house.in_database(owl)["full"]["hunger"] == 0

    # The connection breaks while roles change and a command is on its way.
    for number, action in enumerate(("drop", "reconnect", "invalid_session", "drop", "invalid_session")):
        await mira.call("POST", "faults/gateway", {"action": action})
        roles = [] if number % 2 else [STORYTELLER_ROLE]
        await mira.call("PUT", f"guilds/{NIGHT_COURT}/members/jonas", {"roles": roles})
        await house.until(partial(house.holds, "jonas", roles), 30)
        assert "Hunger" in (await mira.slash("vampire update", name="Feverish Owl", hunger=1)).text
    assert house.in_database(owl)["full"]["hunger"] == 5
    log = house.bot.log.read_text()
    proof.no_traceback(log)
    assert log.count("successfully RESUMED") >= 3
    assert log.count("session has been invalidated") == 2


def _shows(messages: list[dict[str, Any]], hunger: int) -> bool:
    return len(messages) == 1 and f"→ {hunger}" in messages[0]["content"].splitlines()[-1]
