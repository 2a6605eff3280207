"""The Discord process between a bridged channel and the backend: loops, restarts, failures."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bridge_frames import (
    BridgedMessage,
    BridgedPlace,
    BridgedPlaces,
    Outgoing,
    OutgoingReply,
    OutgoingThread,
)
from contract.discord_permissions import MANAGE_MESSAGES, MANAGE_WEBHOOKS
from contract.refusals import Refusal
from rodbot.chat import inbox, outbox
from rodbot.chat.files import MOST_BYTES
from rodbot.chat.hearing import is_spoken
from rodbot.chat.saying import pieces, webhook_name
from rodbot.client import RodBot
from rodbot.core.text import MESSAGE, units
from sandbox.defaults import NIGHT_COURT, TABLE
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.table import bot_at, until

ROOM = uuid4()


@pytest.fixture
async def bot(box: Sandbox, fake: FakeBackend) -> AsyncIterator[RodBot]:
    async with bot_at(box, fake.url, KEY, DISCORD_MESSAGE_CONTENT="1") as started:
        await fake.tell(places())
        await until(lambda: started.bridge._places.get(int(TABLE)))
        await started.bridge.settled()
        fake.bridge.reports.clear()
        yield started


def places(position: str = "0", *, on: bool = True) -> BridgedPlaces:
    place = BridgedPlace(guild_id=NIGHT_COURT, room=ROOM, parent=None, position=position)
    return BridgedPlaces(type="bridges", all=True, places={TABLE: place} if on else {})


def offer(
    text: str, *, number: int = 1, message: UUID | None = None, thread: Any = None, **more: Any
) -> BridgedMessage:
    outgoing = {
        "id": message or uuid4(),
        "pieces": [],
        "came": False,
        "gone": False,
        "name": "Night Owl",
        "avatar_url": "",
        "text": text,
        "reply": None,
        "files": [],
        "pings": [],
        "rolls": [],
    }
    return BridgedMessage(
        type="bridged",
        stream=f"room:{ROOM}",
        seq=number,
        guild_id=NIGHT_COURT,
        channel_id=TABLE,
        thread=OutgoingThread.model_validate(thread) if thread else None,
        message=Outgoing.model_validate(outgoing | more),
    )


def on_discord(box: Sandbox) -> list[str]:
    return [message["content"] for message in box.world.messages.get(TABLE, {}).values()]


async def posted(fake: FakeBackend, *offers: BridgedMessage) -> None:
    for each in offers:
        await fake.tell(each)
    await until(lambda: all(each.message.id in fake.bridge.pieces for each in offers))


async def test_what_is_said_here_is_posted_under_its_name_and_never_comes_back(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    said = offer("Hail @everyone <@1000000000000000101>")
    await posted(fake, said)
    seen = await mira.wait_for_message(lambda message: "Hail" in message["content"])
    assert seen["author"]["username"] == "Night Owl"
    assert (seen["mentions"], seen["mention_everyone"]) == ([], False)
    await mira.say("An answer")
    await until(lambda: fake.bridge.texts)
    assert fake.bridge.texts == ["An answer"]
    await fake.tell(said)
    await bot.bridge.settled()
    assert on_discord(box) == ["Hail @everyone <@1000000000000000101>", "An answer"]


async def test_whoever_speaks_in_whatever_order_nothing_of_ours_comes_back(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person, jonas: Person
) -> None:
    """People, other webhooks, other bots, the bot itself and its webhook, mixed at random."""
    chance = random.Random(14)
    table = bot.get_channel(int(TABLE))
    assert isinstance(table, discord.TextChannel)
    of_others = await table.create_webhook(name="Puppets")
    stored = box.world.webhooks.stored[str(of_others.id)]
    stored |= {"application_id": None, "user_id": box.world.users["1000000000000000303"]["id"]}
    expected: list[str] = []
    for number in range(60):
        text = f"{number} {chance.random()}"
        kind = chance.choice(("person", "other", "ours", "bot", "edit"))
        if kind == "person":
            await chance.choice((mira, jonas)).say(text)
            expected.append(text)
        elif kind == "other":
            await of_others.send(text, username="A puppet")
            expected.append(text)
        elif kind == "ours":
            await posted(fake, offer(text, number=number + 1))
        elif kind == "bot":
            await table.send(text)
        else:
            message = offer(text, number=number + 1)
            await posted(fake, message)
            changed = offer(f"{text}!", number=number + 2, message=message.message.id)
            fake.bridge.pieces.pop(message.message.id)
            await posted(fake, changed)
    await bot.bridge.settled()
    await until(lambda: len(fake.bridge.texts) >= len(expected))
    assert fake.bridge.texts == expected
    assert {heard.text for heard in fake.bridge.received} == set(expected)
    assert fake.bridge.forgotten == []


async def test_edits_and_ends_on_both_sides(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    long = offer("word " * 700)
    await posted(fake, long)
    assert len(fake.bridge.pieces[long.message.id]) == 2
    short = offer("short", number=2, message=long.message.id)
    fake.bridge.pieces.clear()
    await posted(fake, short)
    assert len(fake.bridge.pieces[long.message.id]) == 1
    assert on_discord(box) == ["short"]
    fake.bridge.pieces.clear()
    await posted(fake, offer("", number=3, message=long.message.id, gone=True))
    assert on_discord(box) == []
    sent = await mira.say("frist")
    await mira.edit(sent, "first")
    await until(lambda: fake.bridge.received and fake.bridge.received[-1].text == "first")
    assert not fake.bridge.received[-1].is_new
    await mira.delete(sent)
    await until(lambda: fake.bridge.forgotten)
    assert fake.bridge.forgotten == [sent["id"]]
    theirs = await mira.say("Rude")
    gone = offer("", number=4, came=True, gone=True, pieces=[theirs["id"]])
    await posted(fake, gone)
    assert on_discord(box) == []
    await bot.bridge.settled()
    assert fake.bridge.forgotten == [sent["id"]]


async def test_what_an_earlier_process_posted_and_never_told_is_found_again(
    box: Sandbox, fake: FakeBackend, bot: RodBot
) -> None:
    first = offer("Said once")
    await posted(fake, first)
    fake.bridge.pieces.clear()
    for socket in fake.sockets:
        await socket.close()
    await bot.close()
    async with bot_at(box, fake.url, KEY, DISCORD_MESSAGE_CONTENT="1"):
        await until(lambda: any(not socket.closed for socket in fake.sockets))
        await fake.tell(places("1"))
        await posted(fake, first, offer("And this", number=2))
        assert on_discord(box) == ["Said once", "And this"]


async def test_while_the_backend_is_away_nothing_is_lost(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BACKOFF", (0.05, 0.1))
    fake.answers += [None] * 6
    for number in range(3):
        await mira.say(f"m{number}")
    await until(lambda: len(fake.bridge.texts) == 3)
    assert fake.bridge.texts == ["m0", "m1", "m2"]


async def test_without_the_right_to_webhooks_it_waits_and_says_why(
    box: Sandbox, bot: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BACKOFF", (0.05, 0.1))
    role = next(role for role in box.world.guilds[NIGHT_COURT]["roles"].values() if role["managed"])
    before = role["permissions"]
    role["permissions"] = str(int(before) & ~MANAGE_WEBHOOKS.bit)
    said = offer("Patience")
    await fake.tell(said)
    await until(lambda: fake.bridge.troubles)
    assert (fake.bridge.troubles, on_discord(box)) == (["no_webhooks"], [])
    role["permissions"] = before
    await until(lambda: said.message.id in fake.bridge.pieces)
    await until(lambda: len(fake.bridge.troubles) == 2)
    assert (fake.bridge.troubles, on_discord(box)) == (["no_webhooks", ""], ["Patience"])


async def test_a_webhook_that_somebody_deleted_is_made_again(
    box: Sandbox, bot: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BACKOFF", (0.05, 0.1))
    await posted(fake, offer("one"))
    (webhook,) = box.world.webhooks.of_channel(TABLE)
    box.hooks.remove(webhook)
    await posted(fake, offer("two", number=2))
    assert on_discord(box) == ["one", "two"]
    assert len(box.world.webhooks.of_channel(TABLE)) == 1


async def test_without_the_right_to_delete_nothing_else_waits(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    role = next(role for role in box.world.guilds[NIGHT_COURT]["roles"].values() if role["managed"])
    role["permissions"] = str(int(role["permissions"]) & ~MANAGE_MESSAGES.bit)
    theirs = await mira.say("Rude")
    gone = offer("", came=True, gone=True, pieces=[theirs["id"]])
    await posted(fake, gone, offer("Hail", number=2))
    assert on_discord(box) == ["Rude", "Hail"]


async def test_a_message_in_an_archived_thread_is_edited_all_the_same(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    made = await mira.thread("Elysium", "table")
    inside = {"room": str(uuid4()), "name": "Elysium", "id": made["id"], "starter": None}
    said = offer("frist", thread=inside)
    await posted(fake, said)
    pieces_before = fake.bridge.pieces.pop(said.message.id)
    await mira.archive(made["id"])
    await posted(fake, offer("first", number=2, message=said.message.id, thread=inside))
    assert fake.bridge.pieces[said.message.id] == pieces_before
    assert [message["content"] for message in await mira.messages(made["id"])] == ["first"]


async def test_what_discord_never_takes_holds_nothing_up(
    box: Sandbox, bot: RodBot, fake: FakeBackend
) -> None:
    await posted(fake, offer("   "), offer("Hail", number=2))
    assert on_discord(box) == ["Hail"]


async def test_a_file_that_cannot_come_over_is_named(box: Sandbox, bot: RodBot, fake: FakeBackend) -> None:
    sizes = {"large.pdf": MOST_BYTES + 1, "gone.pdf": 100}
    files = [
        {"id": uuid4(), "name": name, "type": "application/pdf", "size": size, "url": "/x"}
        for name, size in sizes.items()
    ]
    refusal = Refusal(code="not_found", detail="There’s no such file.")
    fake.refuse[f"/bot/bridge/files/{files[1]['id']}"] = (404, refusal)
    said = offer("Look:", files=files)
    await posted(fake, said)
    lines = ["Look:", "📎 large.pdf (only on the web)", "📎 gone.pdf (only on the web)"]
    assert on_discord(box) == ["\n".join(lines)]
    edited = {"message": said.message.id, "pieces": fake.bridge.pieces[said.message.id], "files": files}
    await posted(fake, offer("Look there:", number=2, **edited))
    await until(lambda: on_discord(box) == ["\n".join(["Look there:", *lines[1:]])])


async def test_switched_off_nothing_goes_through(
    box: Sandbox, bot: RodBot, fake: FakeBackend, mira: Person
) -> None:
    await fake.tell(places(on=False))
    await until(lambda: bot.bridge._places.get(int(TABLE)) is None)
    await fake.tell(offer("Nobody hears this"))
    await mira.say("Nor this")
    await asyncio.sleep(0.2)
    await bot.bridge.settled()
    assert (on_discord(box), fake.bridge.received) == (["Nor this"], [])


async def test_an_answer_waits_until_the_backend_knows_what_it_answers(
    bot: RodBot, fake: FakeBackend, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, may_report = bot.bridge._outbox._report, asyncio.Event()

    async def report_late(*given: Any) -> None:
        await may_report.wait()
        await report(*given)

    monkeypatch.setattr(bot.bridge._outbox, "_report", report_late)
    await fake.tell(offer("A question"))
    seen = await mira.wait_for_message(lambda message: message["content"] == "A question")
    await mira.say("An answer", reply=seen["id"])
    await asyncio.sleep(0.2)
    assert fake.bridge.texts == []
    may_report.set()
    await bot.bridge.settled()
    assert [heard.reply_to for heard in fake.bridge.received] == [seen["id"]]


async def test_an_answer_says_whom(bot: RodBot, fake: FakeBackend, mira: Person) -> None:
    reply = OutgoingReply(name="Jo*nas", excerpt="What _now_?", message_id="77")
    await posted(fake, offer("This", reply=reply.model_dump()))
    seen = await mira.wait_for_message(lambda message: message["content"].endswith("This"))
    line = seen["content"].splitlines()[0]
    address = f"https://discord.com/channels/{NIGHT_COURT}/{TABLE}/77"
    assert line == f"-# ↪ [Jo\\*nas]({address}): What \\_now\\_?"


@given(st.text(max_size=6000))
def test_pieces_fit_and_lose_nothing(text: str) -> None:
    found = pieces(text)
    assert found
    assert all(units(piece) <= MESSAGE for piece in found)
    if "```" not in text:
        assert "".join("".join(found).split()) == "".join(text.split())


def test_a_block_of_code_that_is_cut_stays_one() -> None:
    text = "Look:\n```py\n" + "x = 1\n" * 800 + "```\nDone"
    found = pieces(text)
    assert len(found) == 3
    assert all(piece.count("```") == 2 for piece in found)
    assert found[1].startswith("```py\n")
    assert found[-1].endswith("Done")


@given(st.text(max_size=200))
def test_discord_takes_every_name(name: str) -> None:
    found = webhook_name(name)
    assert 1 <= units(found) <= 80
    assert "discord" not in found.lower()
    assert "clyde" not in found.lower()


async def test_what_bots_post_is_nobodys_word(bot: RodBot, mira: Person) -> None:
    await mira.say("mine")
    table = bot.get_channel(int(TABLE))
    assert isinstance(table, discord.TextChannel)
    await table.send("the bot's")
    spoken = {message.content: is_spoken(message) async for message in table.history()}
    assert spoken == {"mine": True, "the bot's": False}
