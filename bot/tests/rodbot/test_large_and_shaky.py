"""Several shards, large guilds, a gateway that breaks, Discord's own rate limits."""

import asyncio
from typing import Any

import pytest

from rodbot.client import RodBot
from rodbot.servers import sync
from sandbox.defaults import MIRA, NIGHT_COURT, OTHER_COURT
from sandbox.delivery.connection import Connection
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at, until


async def test_two_shards_serve_both_guilds(fake: FakeBackend) -> None:
    async with Sandbox(shards=2) as box, bot_at(box, fake.url, KEY) as bot:
        assert len(bot.shards) == 2
        for name, guild in (("mira", "Night Court"), ("sam", "Other Court")):
            async with Person(box.base_url, user=name, guild=guild) as person:
                assert "no characters" in (await person.slash("character find")).content


async def test_a_large_guild_is_fetched_and_told_in_batches(box: Sandbox, fake: FakeBackend) -> None:
    guild = box.world.guilds[NIGHT_COURT]
    for number in range(1100):
        box.actions.add_member(guild, box.actions.add_user(f"extra{number}", None)["id"])
    async with bot_at(box, fake.url, KEY):
        await until(lambda: sum(len(r.body["members"]) for r in batches(fake)) >= 1103)
    first, second = (r.body for r in batches(fake))
    assert len(first["members"]) == 1000
    assert first["after"] == ""
    assert first["until"] == second["after"] == first["members"][-1]["id"]
    assert second["until"] is None


def batches(fake: FakeBackend) -> list:
    return [r for r in fake.requests if r.path == f"/bot/servers/{NIGHT_COURT}/members"]


async def test_members_whose_list_got_lost_are_asked_for_again(
    box: Sandbox, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord's answer to the request for members may never come: no guild waits for it for ever."""
    guild = box.world.guilds[NIGHT_COURT]
    for number in range(1100):
        box.actions.add_member(guild, box.actions.add_user(f"extra{number}", None)["id"])
    people = {user for user in guild["members"] if not box.world.users[user].get("bot")}
    asked: list[str] = []
    answer = Connection._send_chunks

    def lossy(self: Connection, session: Any, data: dict[str, Any]) -> None:
        asked.append(str(data["guild_id"]))
        if asked.count(NIGHT_COURT) > 2 or str(data["guild_id"]) != NIGHT_COURT:
            answer(self, session, data)

    monkeypatch.setattr(Connection, "_send_chunks", lossy)
    monkeypatch.setattr(sync, "FETCH", 1.0)
    async with bot_at(box, fake.url, KEY):
        await until(lambda: any(r.path == f"/bot/servers/{OTHER_COURT}/members" for r in fake.requests), 60)
        await until(lambda: any("until" in r.body and r.body["until"] is None for r in batches(fake)), 60)
    bodies = [r.body for r in batches(fake) if "until" in r.body]
    assert asked.count(NIGHT_COURT) >= 3  # a slow machine may ask once more
    assert [member["id"] for body in bodies for member in body["members"]] == sorted(people, key=int)


@pytest.mark.parametrize("action", ["drop", "reconnect", "invalid_session"])
async def test_a_broken_gateway_is_taken_up_again(
    box: Sandbox, bot: RodBot, mira: Person, fake: FakeBackend, action: str
) -> None:
    fake.add("Night Owl", MIRA)
    await mira.call("POST", "faults/gateway", {"action": action})
    await asyncio.sleep(0.1)
    await until(lambda: box.gateway.online and not bot.is_closed(), 15)
    await asyncio.sleep(0.5)
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "**Hunger** 1 → 2" in reply.text


async def test_discords_rate_limit_is_waited_for(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    await mira.call("POST", "faults", {"route": "*/callback", "status": 429, "retry_after": 0.2, "times": 1})
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "**Hunger** 1 → 2" in reply.text


async def test_a_defect_in_a_handler_is_reported_and_the_rest_goes_on(
    bot: RodBot, mira: Person, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    monkeypatch.setattr(bot.debug, "report", lambda reference, where, error: reported.append(where))
    monkeypatch.setattr(bot.sync, "member", lambda member: 1 / 0)
    await mira.call("PUT", f"guilds/{NIGHT_COURT}/members/jonas", {"nick": "Jo"})
    await until(lambda: reported == ["on_member_changed"])
    assert "no characters" in (await mira.slash("character find")).content
