"""The commands of a server are those of the editions that are played there (cases DISC-04, DISC-05, DISC-07)."""

import asyncio
from typing import Any

import pytest

from contract.feed_frames import EditionsPlayed
from contract.refusals import Refusal
from rodbot.client import RodBot
from rodbot.core.debug_channel import DebugChannel
from sandbox import limits
from sandbox.defaults import NIGHT_COURT
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.contract import VAMPIRE, integer, schema, splat, trait
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at, until

OLD_VAMPIRE = splat(
    "vampire20th", "Vampire", "vampire", trait("blood", integer("blood", 0, 50)), edition="20th"
)
COMMANDS = f"/guilds/{NIGHT_COURT}/commands"


@pytest.fixture
async def fake(fake: FakeBackend) -> FakeBackend:
    fake.schema = schema(VAMPIRE, OLD_VAMPIRE)
    return fake


async def described(person: Person) -> dict[str, str]:
    return {command["name"]: command["description"] for command in await person.commands()}


def puts(box: Sandbox) -> list[dict[str, Any]]:
    return box.recorder.find("PUT", COMMANDS)


async def test_a_server_has_the_commands_of_its_chronicles_too(box: Sandbox, fake: FakeBackend) -> None:
    fake.played[NIGHT_COURT] = ["20th", "5th"]
    async with (
        bot_at(box, fake.url, KEY),
        Person(box.base_url, user="mira", guild="Night Court") as mira,
    ):
        commands = await described(mira)
        assert "20th" in commands["vampire"]
        assert "5th" in commands["vampire5"]
        assert {"v", "dice", "blood"} <= set(commands)


async def test_disc_04_editions_are_known_before_the_connection(box: Sandbox, fake: FakeBackend) -> None:
    fake.mirrored_guilds.add(NIGHT_COURT)
    fake.played[NIGHT_COURT] = ["20th"]
    async with bot_at(box, fake.url, KEY) as bot:
        asked = [request.path for request in fake.requests]
        assert asked.index("/bot/servers/list") < asked.index(f"/bot/servers/{NIGHT_COURT}")
        assert bot.editions[int(NIGHT_COURT)] == ("20th",)
    assert len(puts(box)) == 1


async def test_disc_04_a_press_before_the_set_is_known_gets_the_right_edition(
    box: Sandbox, fake: FakeBackend
) -> None:
    fake.played[NIGHT_COURT] = ["20th"]
    async with (
        bot_at(box, fake.url, KEY) as bot,
        Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira,
    ):
        forget(bot)
        reply = await mira.slash("vampire new", name="Old Owl", blood=10)
        assert fake.requests[-1].body["splat"] == "vampire20th", reply.text
        assert len(puts(box)) == 1


async def test_disc_04_nothing_is_registered_by_a_guess(box: Sandbox, fake: FakeBackend) -> None:
    fake.played[NIGHT_COURT] = ["20th"]
    async with (
        bot_at(box, fake.url, KEY) as bot,
        Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira,
    ):
        forget(bot)
        fake.refuse["/bot/servers/list"] = (503, Refusal(code="unavailable", detail="The database is away."))
        reply = await mira.slash("vampire new", name="Old Owl", blood=10)
        assert "The database is away." in reply.text
        bot.registration.is_outdated(int(NIGHT_COURT))
        await until(lambda: bot.registration.idle)
        assert len(puts(box)) == 1
        assert "20th" in (await described(mira))["vampire"]


def forget(bot: RodBot) -> None:
    bot.editions.clear()
    bot._offered.clear()
    bot.tree.clear_commands(guild=bot.get_guild(int(NIGHT_COURT)))


async def test_disc_05_a_refused_set_is_told_once_and_final_until_it_changes(
    box: Sandbox, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[str] = []
    monkeypatch.setattr(DebugChannel, "report", lambda self, kind, where, error: received.append(where))
    monkeypatch.setattr(limits, "COMMAND_DESCRIPTION", 10)
    async with bot_at(box, fake.url, KEY) as bot:
        guild = int(NIGHT_COURT)
        assert received.count(NIGHT_COURT) == 1
        refused = len(puts(box))
        for _ in range(3):
            bot.set_editions(guild, bot.editions[guild])
            bot.registration.is_outdated(guild)
            await until(lambda: bot.registration.idle)
        assert (received.count(NIGHT_COURT), len(puts(box))) == (1, refused)
        monkeypatch.undo()
        bot.set_editions(guild, ["20th"])
        await until(lambda: bot.registration.idle)
        assert puts(box)[-1]["status"] == 200


async def test_disc_07_a_change_elsewhere_reaches_the_commands(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await until(lambda: fake.sockets)
    await fake.tell(EditionsPlayed(type="editions", guilds={NIGHT_COURT: ["20th", "5th"], "1": ["cod"]}))
    async with asyncio.timeout(20):
        while "20th" not in (await described(mira))["vampire"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert "vampire5" in await described(mira)


async def test_a_chronicle_begins_with_another_edition(vesna: Person, fake: FakeBackend) -> None:
    fake.refuse["/bot/chronicles"] = (403, Refusal(code="not_allowed", detail="No."))
    await vesna.slash("chronicle create", name="The Ascension", edition="20th")
    assert fake.requests[-1].body["edition"] == "20th"
    fake.refuse["/bot/chronicles/change"] = (403, Refusal(code="not_allowed", detail="No."))
    await vesna.slash("chronicle edit", edition="server")
    assert fake.requests[-1].body["changes"] == {"edition": None}
