"""Every interaction is answered in time and in words, whatever happens behind it."""

import asyncio
import datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import discord
import pytest

from contract.refusals import Candidate, ChangedMeanwhile, Refusal
from rodbot.characters.buttons import Delete, Restore
from rodbot.client import RodBot
from rodbot.core import respond
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.errors import SLOW_DOWN, Refused, explain, refusal
from rodbot.core.rate_limit import RateLimiter
from sandbox.defaults import MIRA
from sandbox.person import InteractionFailed, Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import FakeBackend
from tests.rodbot.table import until

THINKING, MESSAGE, UPDATE_LATER = 5, 4, 6


async def test_a_quick_answer_is_direct(mira: Person, box: Sandbox, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert reply.response == MESSAGE


async def test_a_slow_answer_is_deferred_within_a_second_and_then_filled(
    mira: Person, box: Sandbox, fake: FakeBackend
) -> None:
    fake.add("Night Owl", MIRA)
    fake.hold = 1.3
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert reply.response == THINKING
    assert reply.ephemeral
    assert "**Hunger** 1 → 2" in reply.text
    assert len(fake.calls()) == 1


async def test_a_slow_press_is_deferred_and_updates_its_message(
    mira: Person, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    owl = fake.add("Night Owl", MIRA)
    asked = await mira.slash("character delete", name="Night Owl")
    monkeypatch.setattr(respond, "ACKNOWLEDGE_WITHIN", 0.05)
    fake.hold = 0.3
    gone = await mira.click(asked, "Delete")
    assert gone.response == UPDATE_LATER
    if "restore it" not in gone.content:
        gone.message = await mira.wait_for_update(gone)
    assert "restore it" in gone.content
    assert owl["deleted"]


async def test_a_backend_that_is_down_is_said_plainly_with_a_reference(bot: RodBot, mira: Person) -> None:
    bot.backend.base_url = "http://127.0.0.1:1"
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "can’t reach the character service" in reply.content
    assert "nothing was changed" in reply.content
    assert "Reference" in reply.content
    assert reply.ephemeral


async def test_a_lost_answer_is_not_called_nothing_done(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    fake.answers = [None, None]
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "whether your change was saved" in reply.content


async def test_a_refusal_is_shown_in_the_backends_words(mira: Person, fake: FakeBackend) -> None:
    fake.answers = [
        (400, Refusal(code="invalid", detail="Some values are not right.", fields={"hunger": ["0 to 5."]}))
    ]
    reply = await mira.slash("vampire set", name="Night Owl", hunger=3)
    assert reply.content == "Some values are not right.\n• 0 to 5."


async def test_play_41_of_several_that_fit_a_menu_asks_and_carries_the_command_on(
    mira: Person, fake: FakeBackend
) -> None:
    fake.add("Night Owl", MIRA)
    owl = Candidate(id=uuid4(), name="Night Owl", owner="Mira", splat="vampire5th")
    other = owl.model_copy(update={"id": uuid4(), "owner": "Jonas"})
    refusal = Refusal(code="ambiguous", detail="Which one?", characters=[owl, other])
    fake.answers = [(409, refusal)]
    asked = await mira.slash("vampire update", hunger=1)
    assert (asked.content, asked.ephemeral) == ("Which one?", True)
    assert [
        option["description"] for option in asked.message["components"][0]["components"][0]["options"]
    ] == ["Mira", "Jonas"]
    before = fake.requests[-1].body
    await mira.select(asked, [str(owl.id)])
    after = fake.requests[-1].body
    assert after["character"] == str(owl.id)
    assert after["changes"] == before["changes"]
    sent = len(fake.requests)
    late = await mira.select(asked, [str(owl.id)])
    assert "use the command again" in late.content
    assert len(fake.requests) == sent


async def test_a_conflict_names_both_values_and_who(mira: Person, fake: FakeBackend) -> None:
    moved = ChangedMeanwhile(path="hunger", label="Hunger", yours=3, theirs=4, by="Vesna", version=9)
    fake.answers = [(409, Refusal(code="conflict", detail="It changed meanwhile.", conflicts=[moved]))]
    reply = await mira.slash("vampire set", name="Night Owl", hunger=3)
    assert "Hunger: you sent 3, but it’s 4 now (changed by Vesna)" in reply.content


@pytest.mark.parametrize("body", ["<html>", "[]", "null", '{"character": {}}'])
async def test_an_answer_that_makes_no_sense_is_a_defect_of_ours(
    mira: Person, fake: FakeBackend, body: str
) -> None:
    fake.answers = [(200, body)]
    reply = await mira.slash("character sheet", name="Night Owl")
    assert "went wrong on our side" in reply.content
    assert "Reference" in reply.content


async def test_an_error_after_a_press_leaves_the_message_as_it_was(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    asked = await mira.slash("character delete", name="Night Owl")
    fake.answers = [(403, Refusal(code="not_allowed", detail="You may not do that."))]
    reply = await mira.click(asked, "Delete")
    assert reply.content == "You may not do that."
    assert reply.message["id"] != asked.message["id"]
    assert "Delete **Night Owl**?" in mira.latest[asked.message["id"]]["content"]


async def test_discord_refusing_the_answer_is_still_answered(
    mira: Person, box: Sandbox, fake: FakeBackend
) -> None:
    fake.add("Night Owl", MIRA)
    link = "http://localhost/" + "x" * 1000
    fake.card_url = link  # longer than Discord takes for a button
    reply = await mira.slash("character sheet", name="Night Owl")
    assert "went wrong on our side" in reply.content


async def test_an_unknown_command_is_answered(mira: Person, bot: RodBot) -> None:
    bot.tree.clear_commands(guild=None)
    for guild in bot.guilds:
        bot._offered.add(guild.id)
        bot.tree.clear_commands(guild=guild)
    reply = await mira.slash("character undo", name="Night Owl")
    assert "has just changed" in reply.content


async def test_a_flood_is_stopped(mira: Person, bot: RodBot, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    bot.limiter = RateLimiter(burst=2, per_second=0.001)
    said = [await mira.slash("vampire update", name="Night Owl", hunger=1) for _ in range(3)]
    assert said[2].content == SLOW_DOWN
    assert len(fake.calls()) == 2


async def test_completion_of_a_command_that_is_gone_is_an_empty_list(mira: Person, bot: RodBot) -> None:
    bot.tree.clear_commands(guild=None)
    for guild in bot.guilds:
        bot.tree.clear_commands(guild=guild)
    assert await mira.complete("vampire update", "name", "ni") == []


async def test_a_button_of_an_earlier_version_explains_itself(mira: Person, bot: RodBot) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id="InitReveal"))
    channel = bot.get_channel(int(await mira.channel_id("table")))
    sent = await channel.send("An old message", view=view)
    view.stop()
    bot._connection._view_store._views.clear()
    message = next(m for m in await mira.messages("table") if m["id"] == str(sent.id))
    reply = await mira.click(message, "Old")
    assert "older version" in reply.content
    assert reply.message["id"] != message["id"]


async def test_the_work_is_finished_even_if_discord_no_longer_waits(
    mira: Person, box: Sandbox, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    owl = fake.add("Night Owl", MIRA)
    monkeypatch.setattr(respond, "ACKNOWLEDGE_WITHIN", 4)
    fake.hold = 3.3
    with pytest.raises(InteractionFailed):
        await mira.slash("vampire update", name="Night Owl", hunger=1)
    await until(lambda: owl["fields"]["hunger"] == 2)


# Without a Discord


class Interaction(SimpleNamespace):
    @classmethod
    def by(cls, user: int, *, minutes_old: float = 0) -> Any:
        age = datetime.timedelta(minutes=minutes_old)
        message = SimpleNamespace(created_at=discord.utils.utcnow() - age)
        return cls(user=SimpleNamespace(id=user), message=message, client=None)


@pytest.mark.parametrize("button", [Delete, Restore])
async def test_nobody_else_may_press(button: Any) -> None:
    with pytest.raises(Refused, match="someone else"):
        await button("0" * 32, "1").used(Interaction.by(2))


async def test_a_late_press_explains_itself() -> None:
    with pytest.raises(Refused, match="more than an hour old"):
        await Delete("0" * 32, "1").used(Interaction.by(1, minutes_old=61))


def test_only_defects_and_outages_are_reported() -> None:
    assert not explain(Refused("No.")).report
    assert not explain(BackendError(Refusal(code="invalid", detail="No."), 400)).report
    assert explain(BackendError(Refusal(code="bad_key", detail="No."), 401)).report
    assert explain(BackendError(Refusal(code="error"), 500)).report
    assert explain(BackendDown("x", False)).report
    assert explain(KeyError("secret")).report


def test_a_defect_does_not_show_its_insides() -> None:
    assert "secret" not in explain(KeyError("secret")).sentence


@pytest.mark.parametrize("body", ['{"code": "invalid", "fields": "x"}', '{"characters": 3}', "{}", "x"])
async def test_odd_error_bodies_are_still_a_sentence(mira: Person, fake: FakeBackend, body: str) -> None:
    fake.answers = [(400, body)]
    assert (await mira.slash("vampire set", name="Night Owl", hunger=3)).content == "That isn’t possible."


def test_a_refusal_is_never_longer_than_a_message() -> None:
    fields = {str(n): ["x" * 300] * 5 for n in range(40)}
    assert len(refusal(BackendError(Refusal(code="invalid", detail="y" * 5000, fields=fields), 400))) <= 2000


async def test_a_debug_channel_gets_five_reports_a_minute_without_secrets(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    channel = int(await mira.channel_id("out-of-character"))
    bot.debug._channel = channel
    fake.refuse["/bot/characters/get"] = (200, '{"character": {"secret": "password"}}')
    for _ in range(7):
        await mira.slash("character sheet", name="hunter2")
    await asyncio.sleep(0.2)
    reports = [m["content"] for m in await mira.messages("out-of-character")]
    assert len(reports) == 5
    assert "ValidationError" in reports[0]
    assert "/character sheet" in reports[0]
    assert "hunter2" not in "".join(reports)
    assert "password" not in "".join(reports)


@pytest.mark.parametrize("late", [False, True], ids=["before it heard", "after it heard"])
@pytest.mark.parametrize("hold", [0, 1.3], ids=["direct", "deferred"])
async def test_a_discord_that_hangs_up_is_answered_again(
    late: bool, hold: float, bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.add("Night Owl")
    fake.hold = hold
    fault = {"route": "/api/v10/interactions/*/callback", "status": 0, "late": late}
    await mira.call("POST", "faults", fault)
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert "Hunger" in reply.text
