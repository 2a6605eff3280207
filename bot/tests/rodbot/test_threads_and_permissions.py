"""Commands in threads and forums (case DISC-02), and where the bot may not post (case DISC-06)."""

from typing import Any

import pytest

from contract.discord_permissions import INVITED, needed_to_follow
from contract.refusals import Refusal
from rodbot.client import RodBot
from sandbox.defaults import JONAS, NIGHT_COURT, TABLE
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.state import objects
from tests.rodbot.fake_backend import FakeBackend
from tests.rodbot.table import until

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


async def test_disc_02_a_forum_and_a_thread_can_be_bound(
    box: Sandbox, vesna: Person, fake: FakeBackend
) -> None:
    fake.refuse["/bot/chronicles/bind"] = NO
    forum = box.actions.add_channel(box.world.guilds[NIGHT_COURT], "stories", kind=objects.FORUM)
    await vesna.slash("chronicle bind", options={"channel": forum["id"], "chronicle": "Prague"})
    assert fake.requests[-1].body["channel"] == forum["id"]
    post = await vesna.thread("The heir", "stories", content="It is me")
    await vesna.slash("chronicle bind", channel="The heir", options={"chronicle": "Prague"})
    assert fake.requests[-1].body["channel"] == post["id"]
    assert fake.requests[-1].body["threads"][0]["parent_id"] == forum["id"]
    thread = await vesna.thread("Elysium", "table")
    await vesna.slash("chronicle bind", options={"channel": thread["id"], "chronicle": "Prague"})
    assert fake.requests[-1].body["threads"][0]["id"] == thread["id"]


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
        assert "I cannot post" in reply.text
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
    assert "cannot post" not in (await vesna.slash("init new")).text
    await until(lambda: [m for m in box.world.messages[TABLE].values() if m["pinned"]])
