"""A large guild is mirrored whatever happens meanwhile: Discord is ill, its gateway breaks, the process was away."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.defaults import VESNA
from tests.faults.house import House, open_house
from tests.faults.stack import Platform

pytestmark = pytest.mark.long

BATCH = 1000
# Calls for a guild of two batches: twice what it takes, as a slow machine may ask once more.
MOST = 4
Json = dict[str, Any]
# What Discord answers at first, each so many times: the calls of a start, then those that register commands.
ILL: list[Json] = [
    {"route": "/api/v10/users/@me", "status": 429, "times": 2, "retry_after": 0.2},
    {"route": "/api/v10/users/@me", "status": 502},
    {"route": "/api/v10/gateway*", "status": 429, "retry_after": 0.2},
    {"route": "/api/v10/gateway*", "status": 500},
    {"route": "/api/v10/applications/*", "status": 429, "times": 3, "retry_after": 0.2},
    {"route": "/api/v10/applications/*", "status": 503, "times": 2},
    {"route": "/api/v10/applications/*", "status": 502},
]


@pytest.fixture
async def house(production: Platform, tmp_path: Any) -> AsyncIterator[House]:
    async with open_house(production, tmp_path) as running:
        yield running


class Great:
    """A guild of many people in the sandbox, and what the platform is to know of it."""

    def __init__(self, house: House, members: int) -> None:
        self.house, self.world, self.actions = house, house.box.world, house.box.actions
        self.guild = self.actions.add_guild("Great Court", VESNA)
        self.roles = [self.actions.add_role(self.guild, {"name": f"Clan {n}"})["id"] for n in range(20)]
        for number in range(members - 1):
            self.join(f"courtier{number}", [self.roles[number % 20], self.roles[(number + 7) % 20]])

    @property
    def id(self) -> str:
        return str(self.guild["id"])

    @property
    def people(self) -> list[str]:
        """The owner stays."""
        ids = [user for user in self.guild["members"] if not self.world.users[user]["bot"]]
        return sorted(set(ids) - {VESNA}, key=int)

    def join(self, name: str, roles: list[str]) -> None:
        user = self.actions.add_user(name, None)["id"]
        self.actions.add_member(self.guild, user)
        self.actions.edit_member(self.guild, user, {"roles": roles})

    def stir(self, name: str) -> None:
        """Some leave, some come, some have other roles now."""
        people = self.people
        for user in people[10:40]:
            self.actions.remove_member(self.guild, user)
        for user in people[100:150]:
            self.actions.edit_member(self.guild, user, {"roles": [self.roles[-1]]})
        for number in range(25):
            self.join(f"{name}{number}", [self.roles[0]])

    def expected(self) -> Json:
        members = {member: sorted(self.guild["members"][member]["roles"]) for member in [*self.people, VESNA]}
        return {
            # The role of the bot itself is nobody's who plays.
            "roles": {key: role["name"] for key, role in self.guild["roles"].items() if not role["managed"]},
            "channels": {channel["id"]: channel["name"] for channel in self.world.channels_of(self.id)},
            "members": members,
            "rows": len(members),
        }

    def mirror(self) -> Json:
        found: Json = self.house.platform.clerk("mirror", guild=self.id)
        return found

    def is_mirrored(self) -> bool:
        found = self.mirror()
        return {name: found.get(name) for name in ("roles", "channels", "members", "rows")} == self.expected()

    def calls(self, part: str = "/members") -> int:
        return self.house.front.requests.count(f"PUT /bot/servers/{self.id}{part}")

    async def settled(self, seconds: float = 120) -> None:
        """Until it is mirrored. Looked at when nobody was told anything for a moment: to look takes a while."""
        seen = -1
        async with asyncio.timeout(seconds):
            while seen != len(self.house.front.requests) or not self.is_mirrored():
                seen = len(self.house.front.requests)
                await asyncio.sleep(0.5)

    async def told_again(self, before: int, seconds: float = 120) -> None:
        """Until all members were told once more since there were so many calls."""
        whole = -(-len(self.expected()["members"]) // BATCH)
        await self.house.until(lambda: self.calls() >= before + whole, seconds)
        await self.house.until(lambda: self.id in self.world.commands, seconds)


@pytest.mark.timeout(300)
@pytest.mark.req("S004-32")
async def test_an_ill_discord_delays_a_large_guild_and_loses_nobody(house: House) -> None:
    great = Great(house, 5000)
    for fault in ILL:
        house.box.faults.add(fault)
    await house.bot.start_beside()
    await house.box.wait_for_bot(60)
    await house.until(lambda: great.calls("") > 0, 90)
    # In the middle of it: no answer from the backend, the session with Discord ends, and people come and go.
    house.front.answers.clear()
    great.stir("early")
    house.box.drop_gateway("invalid_session")
    great.stir("late")
    house.front.answers.set()
    await great.settled()
    await house.until(lambda: great.id in house.box.world.commands, 60)
    assert not house.box.faults.waiting, "all that Discord had to complain about"
    assert great.mirror()["rows"] == len(great.people) + 1
    assert great.calls() <= 40, "batches, at the start and after the new session, and changes together"
    assert great.calls("") <= 6


@pytest.mark.timeout(300)
@pytest.mark.req("S004-32")
async def test_what_changed_while_the_process_was_away_is_mirrored_by_difference(house: House) -> None:
    great = Great(house, 1200)
    await house.start_bot()
    await great.settled()
    await asyncio.to_thread(house.bot.stop)

    guild, actions = great.guild, house.box.actions
    actions.add_role(guild, {"name": "Sheriff"})
    actions.edit_role(guild, guild["roles"][great.roles[3]], {"name": "Clan of the third"})
    actions.remove_role(guild, guild["roles"][great.roles[5]])
    general = house.box.world.channels_of(great.id)[0]
    actions.edit_channel(general, {"name": "elysium"})
    actions.remove_channel(actions.add_channel(guild, "cellar"))
    actions.add_channel(guild, "attic")
    great.stir("meanwhile")
    assert not great.is_mirrored()

    before = great.calls(), great.calls("")
    await house.start_bot()
    await great.settled()
    await great.told_again(before[0])
    assert great.calls() - before[0] <= MOST, "1,195 people, a thousand a call"
    assert great.calls("") - before[1] <= MOST
    changes = great.mirror()["changes"]

    # The same again: told, compared, and nothing written.
    await asyncio.to_thread(house.bot.stop)
    before = great.calls(), great.calls("")
    await house.start_bot()
    await great.told_again(before[0])
    await great.settled()
    assert great.calls() - before[0] <= MOST
    assert great.calls("") - before[1] <= MOST
    assert great.mirror()["changes"] == changes
