"""Commands in threads and forums (case DISC-02), where the bot may not post (case DISC-06), and how it is invited
(case DISC-08)."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from contract.discord_permissions import BRIDGES, INVITED, invite_url, needed_to_follow
from contract.refusals import Refusal
from rodbot.__main__ import WITHOUT_CONTENT, Process, point_at
from rodbot.client import RodBot
from rodbot.core.bot import WITHOUT_MEMBERS
from rodbot.core.config import load
from sandbox.defaults import JONAS, NIGHT_COURT, TABLE
from sandbox.person import Person
from sandbox.reply import parts
from sandbox.server import Sandbox
from sandbox.state import objects
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import keep_addresses, until

NO = (403, Refusal(code="not_allowed", detail="No."))


async def test_disc_02_a_command_says_in_which_thread_it_was_given(mira: Person, fake: FakeBackend) -> None:
    thread = await mira.thread("Elysium", "table")
    await mira.slash("server info", channel="Elysium")
    body = fake.requests[-1].body
    assert body["channel_id"] == thread["id"]
    assert body["threads"] == [{"id": thread["id"], "parent_id": TABLE, "name": "Elysium", "type": 11}]
    await mira.complete("character sheet", "name", "ow", channel="Elysium")
    assert fake.requests[-1].query["parent_id"] == TABLE
    await mira.slash("server info")
    assert fake.requests[-1].body["threads"] == []


def bound(fake: FakeBackend) -> Any:
    """What the last binding said; the sync of the guild may have come after it."""
    return next(r.body for r in reversed(fake.requests) if r.path == "/bot/chronicles/bind")


async def test_disc_02_a_forum_and_a_thread_can_be_bound(
    box: Sandbox, vesna: Person, fake: FakeBackend
) -> None:
    fake.refuse["/bot/chronicles/bind"] = NO
    forum = box.actions.add_channel(box.world.guilds[NIGHT_COURT], "stories", kind=objects.FORUM)
    await vesna.slash("chronicle bind", options={"channel": forum["id"], "chronicle": "Prague"})
    assert bound(fake)["channel"] == forum["id"]
    post = await vesna.thread("The heir", "stories", content="It is me")
    await vesna.slash("chronicle bind", channel="The heir", options={"chronicle": "Prague"})
    assert bound(fake)["channel"] == post["id"]
    assert bound(fake)["threads"][0]["parent_id"] == forum["id"]
    thread = await vesna.thread("Elysium", "table")
    await vesna.slash("chronicle bind", options={"channel": thread["id"], "chronicle": "Prague"})
    assert bound(fake)["threads"][0]["id"] == thread["id"]


async def test_disc_02_a_thread_that_the_bot_does_not_see_is_refused_in_words(
    vesna: Person, fake: FakeBackend
) -> None:
    thread = await vesna.thread("Elysium", "table")
    await vesna.archive(thread["id"])
    reply = await vesna.slash("server tracker", options={"channel": thread["id"]})
    assert "archived thread" in reply.text
    assert not fake.calls()
    fake.refuse["/bot/chronicles/bind"] = NO
    await vesna.slash("chronicle bind", options={"channel": thread["id"], "chronicle": "Prague"})
    assert bound(fake)["threads"][0]["id"] == thread["id"]


async def test_disc_02_a_deleted_thread_is_told(box: Sandbox, vesna: Person, fake: FakeBackend) -> None:
    thread = await vesna.thread("Elysium", "table")
    box.actions.remove_thread(box.world.channels[thread["id"]])
    address = f"/bot/servers/{NIGHT_COURT}/threads/{thread['id']}"
    await until(lambda: [r for r in fake.requests if (r.method, r.path) == ("DELETE", address)])


def deny(box: Sandbox, bits: int, channel: str = TABLE) -> None:
    overwrite = {"id": box.application_id, "type": 1, "allow": "0", "deny": str(bits)}
    box.actions.edit_channel(box.world.channels[channel], {"permission_overwrites": [overwrite]})


@pytest.mark.parametrize(
    "permission", needed_to_follow(in_thread=False), ids=lambda permission: permission.name
)
async def test_disc_06_what_cannot_be_followed_is_refused_before_it_begins(
    box: Sandbox, vesna: Person, fake: FakeBackend, permission: Any
) -> None:
    deny(box, permission.bit)
    fake.requests.clear()
    for command, options in (
        ("init new", {}),
        ("init repost", {}),
        ("request", {"player1": JONAS, "pool": "3"}),
        ("server tracker", {"channel": TABLE}),
    ):
        reply = await vesna.slash(command, options=options)
        assert permission.label in reply.text, command
        assert "I can’t post" in reply.text
        assert reply.ephemeral
    assert not fake.calls()


async def test_disc_06_in_a_thread_its_own_permission_counts(
    box: Sandbox, vesna: Person, fake: FakeBackend
) -> None:
    await vesna.thread("Elysium", "table")
    in_thread, in_channel = (needed_to_follow(which)[1] for which in (True, False))
    deny(box, in_thread.bit)
    fake.requests.clear()
    reply = await vesna.slash("init new", channel="Elysium")
    assert "Send Messages in Threads" in reply.text
    deny(box, in_channel.bit)
    await vesna.slash("init new", channel="Elysium")
    await until(lambda: fake.calls() == [("POST", "/bot/conflicts"), ("PUT", "/bot/messages")])


async def test_disc_08_what_the_invite_asks_for_is_enough(
    box: Sandbox, bot: RodBot, vesna: Person, fake: FakeBackend
) -> None:
    guild = box.world.guilds[NIGHT_COURT]
    guild["roles"][NIGHT_COURT]["permissions"] = "0"
    for role in guild["roles"].values():
        if role.get("managed"):
            role["permissions"] = str(sum(permission.bit for permission in INVITED))
    assert "can’t post" not in (await vesna.slash("init new")).text
    await until(lambda: [m for m in box.world.messages[TABLE].values() if m["pinned"]])


async def test_disc_08_help_has_an_invite_link_that_adds_the_bot_with_just_that(
    box: Sandbox, bot: RodBot, mira: Person
) -> None:
    commands = await mira.slash("help", topic="commands")
    assert WITHOUT_MEMBERS not in commands.text
    address = next(
        part["url"]
        for part in parts(commands.message["components"])
        if part.get("label") == "Add to your server"
    )
    link = urlsplit(address)
    query = dict(parse_qsl(link.query))
    assert query["client_id"] == box.application_id
    assert query["scope"] == "bot applications.commands"
    assert int(query["permissions"]) == sum(permission.bit for permission in INVITED)
    guild = box.actions.add_guild("Third Court", JONAS, with_bot=False)
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as page:
            assert "Third Court" in await page.text()
        form = {**query, "guild": guild["id"], "decision": "allow"}
        async with session.post(f"{box.base_url}/oauth2/authorize", data=form) as page:
            assert page.status == 200
    await until(lambda: bot.get_guild(int(guild["id"])))
    joined = bot.get_guild(int(guild["id"]))
    assert joined is not None
    await until(lambda: joined.self_role and joined.self_role.permissions.value == int(query["permissions"]))


async def test_disc_08_without_the_members_intent_commands_work(fake: FakeBackend) -> None:
    async with Sandbox(privileged=False) as box:
        config = load(**box.env(), BACKEND_URL=fake.url, API_KEY=KEY)
        with pytest.MonkeyPatch.context() as patch:
            keep_addresses(patch)
            point_at(config)
            running = asyncio.create_task(Process(config).run())
            try:
                await box.wait_for_bot(20)
                async with Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira:
                    await until(lambda: NIGHT_COURT in box.world.commands)
                    info = await mira.slash("server info")
                    overview = await mira.slash("help", topic="commands")
                    assert "5th edition" in info.text
                    assert WITHOUT_MEMBERS in info.text
                    assert WITHOUT_MEMBERS in overview.text
                assert not [request for request in fake.requests if request.path.endswith("/members")]
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("granted", [True, False])
async def test_what_people_write_is_read_where_the_operator_and_discord_allow_it(
    fake: FakeBackend, caplog: pytest.LogCaptureFixture, granted: bool
) -> None:
    async with Sandbox(message_content=granted) as box:
        config = load(**box.env(), BACKEND_URL=fake.url, API_KEY=KEY, DISCORD_MESSAGE_CONTENT="1")
        with pytest.MonkeyPatch.context() as patch:
            keep_addresses(patch)
            point_at(config)
            process = Process(config)
            running = asyncio.create_task(process.run())
            try:
                await until(lambda: process._bot is not None and process._bot.is_ready(), 20)
                assert process._bot is not None
                assert process._bot.heartbeat.beat().message_content is granted
                assert process._bot.is_told_of_members
                assert (WITHOUT_CONTENT in caplog.text) is not granted
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


def test_nobody_is_asked_for_it_unless_the_operator_says_so(box: Sandbox) -> None:
    assert load(**box.env(), API_KEY=KEY).message_content is False
    assert invite_url("https://discord.test", "1").endswith(str(sum(each.bit for each in INVITED)))
    more = sum(each.bit for each in (*INVITED, *BRIDGES))
    assert invite_url("https://discord.test", "1", bridges=True).endswith(str(more))
