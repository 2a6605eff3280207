"""Slash commands, menus, completion: a person, the sandbox and an unmodified discord.py."""

import asyncio
import base64

import discord
import pytest

from sandbox import defaults, limits
from sandbox.person import InteractionFailed, Person, Refused
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import SampleBot, running

FILE = {
    "filename": "notes.txt",
    "content_type": "text/plain",
    "data": base64.b64encode(b"twelve bytes").decode(),
}


def everything(**changes: object) -> dict[str, object]:
    return {
        "text": "hello",
        "number": 7,
        "part": 1.5,
        "flag": True,
        "person": defaults.JONAS,
        "role": defaults.PLAYER_ROLE,
        "channel": defaults.TRACKER,
        "anyone": defaults.VESNA,
        "file": FILE,
        "pick": "red",
    } | changes


async def test_all_kinds_of_option_arrive(bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("everything", options=everything())
    words = f"hello | 7 | 1.5 | True | Jonas | Player | tracker | {defaults.VESNA} | 12 | red"
    assert reply.content == words
    assert reply.message
    assert reply.message["interaction_metadata"]["user"]["username"] == "mira"


async def test_a_role_as_anyone(bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("everything", options=everything(anyone=defaults.STORYTELLER_ROLE))
    assert defaults.STORYTELLER_ROLE in reply.content


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": None}, "text"),
        ({"text": "  "}, "text"),
        ({"text": 5}, "text"),
        ({"number": 1.5}, "number"),
        ({"number": "7"}, "number"),
        ({"number": True}, "number"),
        ({"number": 2**60}, "number"),
        ({"part": "1"}, "part"),
        ({"flag": "yes"}, "flag"),
        ({"person": defaults.SAM}, "person"),
        ({"role": defaults.JONAS}, "role"),
        ({"channel": defaults.OTHER_HALL}, "channel"),
        ({"anyone": "5"}, "anyone"),
        ({"file": {"filename": "x", "data": "%%%"}}, "file"),
        ({"file": None}, "file"),
        ({"pick": "blue"}, "pick"),
        ({"stranger": 1}, "stranger"),
    ],
)
async def test_what_a_client_would_not_send_is_refused(
    bot: SampleBot, mira: Person, box: Sandbox, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await mira.slash("everything", options=everything(**changes))
    assert refused.value.status == 422
    assert list(refused.value.fields) == [field]
    assert box.recorder.find("POST", "/callback") == []


async def test_subcommands_and_their_ranges(bot: SampleBot, mira: Person) -> None:
    assert (await mira.slash("group one", hunger=5)).content == "one 5"
    assert (await mira.slash("group inner two", name="ab")).content == "two ab"
    for wrong in (-1, 6):
        with pytest.raises(Refused, match="Between 0 and 5"):
            await mira.slash("group one", hunger=wrong)
    for long in ("a", "a" * 11):
        with pytest.raises(Refused, match="Between 2 and 10"):
            await mira.slash("group inner two", name=long)


@pytest.mark.parametrize("command", ["group", "group inner", "group three"])
async def test_an_unfinished_path_is_refused(bot: SampleBot, mira: Person, command: str) -> None:
    with pytest.raises(Refused):
        await mira.slash(command)


async def test_completion(bot: SampleBot, mira: Person) -> None:
    choices = await mira.complete("find", "who", "night")
    assert [choice["name"] for choice in choices] == ["Night Owl", "Nightingale"]
    assert await mira.complete("find", "who", "") != []
    with pytest.raises(Refused) as refused:
        await mira.complete("find", "age", "1")
    assert refused.value.status == 422


async def test_completion_that_comes_too_late_or_is_too_long(
    box: Sandbox, bot: SampleBot, mira: Person
) -> None:
    box.interactions.acknowledge = 0.2
    with pytest.raises(Refused) as refused:
        await mira.complete("find", "who", "slow")
    assert refused.value.status == 504
    box.interactions.acknowledge = 1.0
    with pytest.raises(Refused):
        await mira.complete("find", "who", "broken")
    answers = box.recorder.find("POST", "/callback")
    refusal = next(entry["answer"] for entry in answers if entry["status"] == 400)
    name = refusal["errors"]["data"]["choices"]["0"]["name"]
    assert name["_errors"][0] == {
        "code": "BASE_TYPE_BAD_LENGTH",
        "message": "Must be between 1 and 100 in length.",
    }


async def test_menu_commands(bot: SampleBot, mira: Person) -> None:
    assert (await mira.menu("Who is this", defaults.JONAS)).content == "this is Jonas"
    message = await mira.say("words to remember")
    assert (await mira.menu("Quote", message["id"])).content == "> words to remember"
    with pytest.raises(Refused):
        await mira.menu("Who is this", defaults.SAM)


async def test_where_and_for_whom_commands_are_visible(box: Sandbox, mira: Person, vesna: Person) -> None:
    async with running(box, SampleBot(guild=defaults.NIGHT_COURT)), Person(box.base_url, user="sam") as sam:
        seen = {command["name"] for command in await mira.commands()}
        assert {"here", "everything", "Quote"} <= seen
        assert not seen & {"whisper", "rule"}
        assert "rule" in {command["name"] for command in await vesna.commands()}
        assert "here" not in {command["name"] for command in await sam.commands()}
        direct = {command["name"] for command in await mira.commands(dm=True)}
        assert "whisper" in direct
        assert not direct & {"rule", "here"}
        assert (await mira.slash("here")).content == "only here"
        with pytest.raises(Refused):
            await mira.slash("rule")


async def test_direct_messages(bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("whisper", channel="@dm")
    assert reply.content == "to mira"
    user = await bot.fetch_user(int(defaults.MIRA))
    await user.send("a word in private")
    await mira.wait_for_message(lambda message: message["content"] == "a word in private")


async def test_without_the_right_to_use_commands(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    deny = {"id": defaults.PLAYER_ROLE, "type": 0, "allow": "0", "deny": str(1 << 31)}
    await mira.call("PATCH", f"channels/{defaults.TABLE}", {"permission_overwrites": [deny]})
    with pytest.raises(Refused) as refused:
        await mira.slash("think", channel="table")
    assert refused.value.status == 403
    assert (await mira.slash("think", channel="tracker")).content


async def test_three_seconds_to_answer(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    box.interactions.acknowledge = 0.15
    since = len(bot.seen)
    with pytest.raises(InteractionFailed, match="did not respond"):
        await mira.slash("sleepy", seconds=0.3)
    await bot.event("too_late", since)
    (late,) = box.recorder.find("POST", "/callback")
    assert (late["status"], late["answer"]["code"]) == (404, 10062)


async def test_a_hundred_at_once(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    box.interactions.acknowledge = 60  # it is about many, not about how fast this machine is
    body, _ = await mira._command("group one", None, None)
    body |= {"options": [{"name": "hunger", "value": 1}], "attachments": {}}
    async with asyncio.timeout(60):
        replies = await asyncio.gather(*(mira._interact("interactions/command", body) for _ in range(100)))
    assert len({reply.message["id"] for reply in replies if reply.message}) == 100


def test_the_real_deadlines() -> None:
    assert (limits.ACKNOWLEDGE, limits.TOKEN_LIFE) == (3.0, 900.0)


async def test_a_token_lives_fifteen_minutes(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("panel")
    box.interactions.known[reply.interaction].born -= 901
    token = box.interactions.known[reply.interaction].token
    hook = discord.Webhook.partial(box.world.bot_id, token, session=bot.http._HTTPClient__session)
    with pytest.raises(discord.HTTPException) as expired:
        await hook.send("hello?")
    assert (expired.value.status, expired.value.code) == (401, 50027)


async def test_a_second_answer_is_refused(bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("twice")
    updated = await mira.wait_for_message(lambda m: m["content"] == "400 40060")
    assert reply.message
    assert updated["id"] == reply.message["id"]


async def test_without_a_bot_there_is_no_answer(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    await bot.close()
    with pytest.raises(InteractionFailed, match="not connected"):
        await mira.slash("think")


async def test_a_broken_command_set_is_refused_with_the_place(box: Sandbox, bot: SampleBot) -> None:
    bot.tree.clear_commands(guild=None)
    long = discord.app_commands.Command(name="fine", description="d" * 100, callback=_nothing)
    long.description = "d" * 101
    bot.tree.add_command(long)
    with pytest.raises(discord.app_commands.CommandSyncFailure, match="Must be between 1 and 100 in length"):
        await bot.tree.sync()


async def _nothing(interaction: discord.Interaction) -> None: ...
