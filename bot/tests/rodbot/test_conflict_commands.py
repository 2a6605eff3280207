"""`/init …` as a person types it, and the one message of a conflict with its buttons."""

import asyncio
from typing import Any

import pytest

from contract.feed_frames import ConflictMessage
from contract.messages import OldMessage
from contract.refusals import Refusal
from rodbot.client import RodBot
from sandbox.defaults import APPLICATION_ID, MIRA, NIGHT_COURT, TABLE, VESNA
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.state.permissions import PIN_MESSAGES
from tests.rodbot.contract import STREAM
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.fake_conflicts import CATEGORIES, ID, PLAYING, conflict, effect, participant, rolled
from tests.rodbot.table import bot_at, until


def sent(fake: FakeBackend, path: str) -> dict[str, Any]:
    """What the last call of that path said beside who acts."""
    common = ("actor", "guild", "channel_id", "threads", "interaction")
    body = next(r.body for r in reversed(fake.requests) if r.path == path)
    return {key: value for key, value in body.items() if key not in common}


def buttons(message: dict[str, Any]) -> list[str]:
    return [part["label"] for row in message["components"] for part in row["components"]]


async def in_channel(person: Person) -> list[dict[str, Any]]:
    """The messages of conflicts there, as everybody sees them."""
    found = await person.messages("table")
    return [message for message in found if message["embeds"] and not message["ephemeral"]]


async def started(vesna: Person, fake: FakeBackend) -> dict[str, Any]:
    before = len(fake.conflicts.kept)
    reply = await vesna.slash("init new", title="Ambush")
    assert reply.ephemeral, reply.text
    await until(lambda: len(fake.conflicts.kept) > before)
    message = (await in_channel(vesna))[-1]
    assert message["id"] == fake.conflicts.kept[-1].message
    return message


def frame(message: dict[str, Any], **values: Any) -> ConflictMessage:
    return ConflictMessage(
        type="message",
        stream=STREAM,
        seq=5,
        guild_id=NIGHT_COURT,
        channel_id=TABLE,
        message_id=message["id"],
        kind="conflict",
        conflict=conflict(**values),
    )


async def after_news(
    fake: FakeBackend, person: Person, message: dict[str, Any], words: str, **values: Any
) -> Any:
    """The message once it has followed what the feed tells."""
    await until(lambda: fake.sockets)
    await fake.tell(frame(message, **values))
    return await person.wait_for_message(lambda m: m["id"] == message["id"] and words in str(m["embeds"]))


# Its message


async def test_a_new_conflict_is_one_message_that_is_pinned_and_kept(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    message = await started(vesna, fake)
    assert sent(fake, "/bot/conflicts") == {"title": "Ambush"}
    kept = fake.conflicts.kept[0]
    assert (kept.kind, str(kept.id), kept.channel) == ("conflict", ID, TABLE)
    assert message["embeds"][0]["title"] == "Ambush: Roll"
    assert buttons(message) == ["Join", "Reveal", "End"]
    await mira.wait_for_message(lambda m: m["id"] == message["id"] and m["pinned"])
    assert len(await in_channel(mira)) == 1


async def test_the_kind_goes_by_its_slug(vesna: Person, fake: FakeBackend) -> None:
    await vesna.slash("init new", kind="5th, one roll")
    assert sent(fake, "/bot/conflicts") == {"kind": "5th_once"}


async def test_without_the_right_to_pin_it_goes_on(vesna: Person, box: Sandbox, fake: FakeBackend) -> None:
    denied = {"id": APPLICATION_ID, "type": 1, "allow": "0", "deny": str(PIN_MESSAGES)}
    box.actions.edit_channel(box.world.channels[TABLE], {"permission_overwrites": [denied]})
    message = await started(vesna, fake)
    after = await after_news(fake, vesna, message, "Rook", version=2, participants=[participant("Rook")])
    assert not after["pinned"]


async def test_what_happened_while_it_was_posted_is_shown_at_once(vesna: Person, fake: FakeBackend) -> None:
    fake.conflicts.shows = conflict(version=4, participants=[participant("Early bird")])
    message = await started(vesna, fake)
    await vesna.wait_for_message(lambda m: m["id"] == message["id"] and "Early bird" in str(m["embeds"]))


async def test_the_message_is_edited_and_an_older_state_never_comes_back(
    vesna: Person, fake: FakeBackend
) -> None:
    message = await started(vesna, fake)
    await after_news(fake, vesna, message, "Rook", version=7, participants=[participant("Rook")])
    await fake.tell(frame(message, version=3, participants=[participant("Stale")]))
    await after_news(fake, vesna, message, "Crow", version=8, participants=[participant("Crow")])
    seen = [e["message"] for e in vesna.events if e["type"] == "message_update"]
    assert not any("Stale" in str(edited["embeds"]) for edited in seen)
    assert len(await in_channel(vesna)) == 1


async def test_whose_turn_it_is_is_mentioned_and_nobody_else(
    vesna: Person, box: Sandbox, fake: FakeBackend
) -> None:
    message = await started(vesna, fake)
    changed = {"mention": MIRA, "phase": "act", "phase_label": "Act", "participants": [rolled("@everyone")]}
    after = await after_news(fake, vesna, message, "Act", version=2, **changed)
    assert after["content"] == f"<@{MIRA}>, it’s your turn."
    assert [user["id"] for user in after["mentions"]] == [MIRA]
    assert not after["mention_everyone"]


async def test_whose_turn_it_is_is_called_once_and_the_call_goes(vesna: Person, fake: FakeBackend) -> None:
    """An edit rings nowhere; the storyteller who runs it needs no call."""
    message = await started(vesna, fake)
    turn = {"phase": "act", "phase_label": "Act", "mention": MIRA}
    await after_news(fake, vesna, message, "Act", version=2, **turn)
    call = await vesna.wait_for_message(lambda m: m["id"] != message["id"] and f"<@{MIRA}>" in m["content"])
    assert [user["id"] for user in call["mentions"]] == [MIRA]
    assert message["id"] in call["content"]
    await after_news(fake, vesna, message, "Crow", version=3, participants=[participant("Crow")], **turn)
    assert [ping["id"] for ping in await calls(vesna)] == [call["id"]], "the same turn is called once"
    await after_news(
        fake, vesna, message, "Owl", version=4, participants=[participant("Owl")], **turn | {"mention": VESNA}
    )
    await vesna.wait_for(lambda e: e["type"] == "message_delete", since=0)
    assert await calls(vesna) == []


async def test_a_call_goes_with_its_message(vesna: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    turn = {"phase": "act", "phase_label": "Act", "mention": MIRA}
    await after_news(fake, vesna, message, "Act", version=2, **turn)
    call = await vesna.wait_for_message(lambda m: m["id"] != message["id"] and f"<@{MIRA}>" in m["content"])
    fake.conflicts.replaced = OldMessage(channel=TABLE, message=message["id"])
    await vesna.slash("init repost")
    for gone in (message["id"], call["id"]):
        await vesna.wait_for(lambda e, gone=gone: e["type"] == "message_delete" and gone in str(e), since=0)


async def calls(person: Person) -> list[dict[str, Any]]:
    """Messages of the bot that say nothing but whose turn it is."""
    return [
        message
        for message in await person.messages(TABLE)
        if message["content"].startswith("<@") and not message["embeds"]
    ]


async def test_what_is_over_loses_its_buttons_and_its_pin(vesna: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    await vesna.wait_for_message(lambda m: m["id"] == message["id"] and m["pinned"])
    await after_news(
        fake, vesna, message, "It is over", version=2, open=False, phase_label="It is over", moves=[]
    )
    after = await vesna.wait_for_message(
        lambda m: m["id"] == message["id"] and not m["pinned"] and "It is over" in str(m["embeds"])
    )
    assert after["components"] == []


# One that runs already


async def test_where_one_runs_a_question_comes_first_and_names_it(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    fake.conflicts.running = True
    asked = await vesna.slash("init new", kind="20th anniversary", title="New @everyone")
    assert asked.ephemeral
    assert "Old \\*one\\*" in asked.text
    assert await in_channel(mira) == []
    done = await vesna.click(asked, "End it and start")
    assert "has started" in done.text
    body = sent(fake, "/bot/conflicts")
    assert body == {"replace": ID, "kind": "20th", "title": "New @everyone"}
    await until(lambda: fake.conflicts.kept)
    assert len(await in_channel(mira)) == 1


# Reposted


async def test_a_repost_deletes_the_old_one_and_tells_no_secrets(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    first = await started(vesna, fake)
    fake.conflicts.secret = {"participants": [participant("The sniper", hidden=True)]}
    fake.conflicts.replaced = OldMessage(channel=TABLE, message=first["id"])
    assert "is below" in (await vesna.slash("init repost")).text
    await mira.wait_for(lambda e: e["type"] == "message_delete" and first["id"] in str(e), since=0)
    (again,) = await in_channel(mira)
    assert again["id"] != first["id"]
    assert "sniper" not in str(mira.events)
    assert "The sniper" in (await vesna.slash("init show")).text


async def test_a_message_that_was_deleted_is_told_of_and_posted_anew(
    vesna: Person, bot: RodBot, fake: FakeBackend
) -> None:
    first = await started(vesna, fake)
    channel = bot.get_partial_messageable(int(TABLE), guild_id=int(NIGHT_COURT))
    await channel.get_partial_message(int(first["id"])).delete()
    await until(lambda: fake.sockets)
    await fake.tell(frame(first, version=2))
    await until(lambda: fake.conflicts.gone)
    assert fake.conflicts.gone[0].message == first["id"]
    fake.conflicts.replaced = OldMessage(channel=TABLE, message=first["id"])
    await vesna.slash("init repost")
    await until(lambda: len(fake.conflicts.kept) == 2)
    assert len(await in_channel(vesna)) == 1


# Buttons


async def test_a_button_carries_the_mark_and_answers_nothing(vesna: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    pressed = await vesna.click(message, "Reveal")
    assert pressed.message is None or pressed.message["id"] == message["id"]
    assert sent(fake, "/bot/conflicts/move") == {"move": "reveal", "conflict": ID, "mark": "1"}
    assert len(await in_channel(vesna)) == 1


async def test_a_slow_press_answers_nothing_either(vesna: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    fake.hold = 1.3
    await vesna.click(message, "Reveal")
    fake.hold = 0
    await until(lambda: any(r.path == "/bot/conflicts/move" for r in fake.requests))
    again = (await vesna.messages("table"))[-1]
    assert "our side" not in str(again)


async def test_a_stale_press_is_told_and_the_message_brought_up_to_date(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    message = await started(vesna, fake)
    fake.refuse["/bot/conflicts/move"] = (409, Refusal(code="moved_on", detail="It has moved on."))
    fake.conflicts.now = conflict(version=5, mark="5", phase_label="Initiative order")
    fake.conflicts.secret = {"participants": [participant("The sniper", hidden=True)]}
    refused = await vesna.click(message, "Reveal")
    assert refused.ephemeral
    assert refused.content == "It has moved on."
    await mira.wait_for_message(lambda m: m["id"] == message["id"] and "Initiative order" in str(m["embeds"]))
    assert "sniper" not in str(mira.events)


async def test_who_may_not_press_is_told_alone(vesna: Person, mira: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    fake.refuse["/bot/conflicts/move"] = (403, Refusal(code="not_allowed", detail="Only storytellers."))
    refused = await mira.click(message, "Reveal")
    assert refused.ephemeral
    assert refused.content == "Only storytellers."


async def test_one_press_takes_part_with_a_roll_where_one_is_needed(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    message = await started(vesna, fake)
    shown = await mira.click(message, "Join")
    assert shown.ephemeral
    assert "**Night Owl** has joined." in shown.text
    fake.refuse["/bot/conflicts/join"] = (409, Refusal(code="not_rolled", detail="Roll."))
    shown = await mira.click(message, "Join")
    assert "7 + 6 = 13" in shown.text
    assert sent(fake, "/bot/conflicts/roll") == {"conflict": ID}
    fake.refuse["/bot/conflicts/join"] = (404, Refusal(code="not_found", detail="Which character?"))
    assert (await mira.click(message, "Join")).content == "Which character?"


async def test_what_is_taken_back_after_the_end_is_pinned_again(vesna: Person, fake: FakeBackend) -> None:
    message = await started(vesna, fake)
    await after_news(fake, vesna, message, "It is over", version=2, open=False, phase_label="It is over")
    await vesna.wait_for_message(
        lambda m: m["id"] == message["id"] and not m["pinned"] and m["edited_timestamp"]
    )
    seen = len(vesna.events)
    await fake.tell(frame(message, version=3))
    await vesna.wait_for_message(lambda m: m["pinned"] and len(m["components"]) == 1, since=seen)


async def test_buttons_work_after_a_restart(box: Sandbox, fake: FakeBackend) -> None:
    async with Person(box.base_url, user="vesna", guild="Night Court", channel="table") as vesna:
        async with bot_at(box, fake.url, KEY):
            message = await started(vesna, fake)
        async with bot_at(box, fake.url, KEY):
            await vesna.click(message, "Reveal")
            assert sent(fake, "/bot/conflicts/move")["move"] == "reveal"
            await after_news(fake, vesna, message, "Rook", version=2, participants=[participant("Rook")])


async def test_a_form_takes_what_one_does(vesna: Person, mira: Person, fake: FakeBackend) -> None:
    fake.conflicts.now = conflict(phase="declare", categories=CATEGORIES)
    message = await started(vesna, fake)
    form = await mira.click(message, "Declare")
    said = await mira.submit(form, {"action": "I run", "category": ["ranged"]})
    assert said.ephemeral
    assert "Night Owl" in said.text
    body = sent(fake, "/bot/conflicts/declare")
    assert body == {"conflict": ID, "action": "I run", "category": "ranged"}


async def test_without_categories_the_form_asks_for_words_alone(
    vesna: Person, mira: Person, fake: FakeBackend
) -> None:
    fake.conflicts.now = conflict(phase="declare")
    message = await started(vesna, fake)
    form = await mira.click(message, "Declare")
    await mira.submit(form, {"action": "I run"})
    assert sent(fake, "/bot/conflicts/declare") == {"conflict": ID, "action": "I run"}
    fake.conflicts.now = conflict(phase="act", phase_label="Take your actions", version=9)
    late = await mira.click(message, "Declare")
    assert late.ephemeral
    assert "Take your actions" in late.text
    await mira.wait_for_message(lambda m: m["id"] == message["id"] and "Take your" in str(m["embeds"]))


# Commands


ROOK = participant("Rook", yours=True)
COMMANDS = [
    (
        "roll",
        {"name": "Rook", "dexterity_wits": 6, "modifier": -1, "extra_actions": 1, "hidden": True},
        {"name": "Rook", "rating": 6, "modifier": -1, "extra_actions": 1, "hidden": True},
        "7 + 6 = 13",
    ),
    ("roll", {"pool": "7"}, {"pool": 7}, "/init reroll"),
    ("roll", {"pool": "wits + awareness"}, {"pool": "wits + awareness"}, "/init reroll"),
    ("join", {"extra_actions": 2}, {"extra_actions": 2}, "has joined"),
    ("join", {"everybody": True}, {"everybody": True}, "has joined"),
    ("declare", {"action": "I run"}, {"action": "I run"}, "declared"),
    (
        "declare",
        {"action": "I run", "category": "ranged", "participant": "rook"},
        {"action": "I run", "category": "ranged", "participant": "rook"},
        "declared",
    ),
    ("leave", {}, {}, "Removed from the conflict"),
    ("leave", {"participant": ROOK.id}, {"participant": ROOK.id}, "Removed from the conflict"),
    (
        "change",
        {"participant": "Rook", "hidden": False},
        {"participant": "Rook", "changes": {"hidden": False}},
        "Everybody can see them",
    ),
]


@pytest.mark.parametrize(("name", "options", "body", "answer"), COMMANDS)
async def test_commands_ask_for_what_was_typed(
    mira: Person, fake: FakeBackend, name: str, options: dict[str, Any], body: dict[str, Any], answer: str
) -> None:
    fake.conflicts.now = conflict(participants=[ROOK])
    reply = await mira.slash(f"init {name}", **options)
    assert reply.ephemeral
    assert answer in reply.text
    assert sent(fake, f"/bot/conflicts/{name}") == body


async def test_a_reroll_names_who_is_in_it(mira: Person, fake: FakeBackend) -> None:
    fake.conflicts.now = conflict(participants=[ROOK, participant("A guard")])
    offered = await mira.complete("init reroll", "name", "")
    assert [choice["name"] for choice in offered] == ["Rook", "A guard"]
    await mira.slash("init reroll", name=offered[0]["value"], modifier=2, again=True)
    assert sent(fake, "/bot/conflicts/roll") == {"modifier": 2, "again": True, "participant": ROOK.id}
    fake.conflicts.now = conflict(participants=[ROOK, participant("A guard")], rights=PLAYING)
    assert [choice["name"] for choice in await mira.complete("init reroll", "name", "")] == ["Rook"]


@pytest.mark.parametrize(("name", "move"), [("done", "done"), ("skip", "skip"), ("rewind", "rewind")])
async def test_moves_are_commands_too(vesna: Person, fake: FakeBackend, name: str, move: str) -> None:
    shown = await vesna.slash(f"init {name}")
    assert shown.ephemeral
    assert "Roll." in shown.text
    assert sent(fake, "/bot/conflicts/move") == {"move": move}


async def test_effects_begin_and_end(vesna: Person, fake: FakeBackend) -> None:
    fake.conflicts.now = conflict(effects=[effect("Fog")], participants=[ROOK])
    made = await vesna.slash("init effect add", text="Fog", until="turns", turns=2, participant="Rook")
    assert "Fog" in made.text
    body = sent(fake, "/bot/conflicts/effect")
    assert body == {"text": "Fog", "until": "turns", "turns": 2, "participant": "Rook"}
    offered = await vesna.complete("init effect lift", "effect", "fo")
    assert offered == [{"name": "Fog", "value": "e1"}]
    assert "Effect ended" in (await vesna.slash("init effect lift", effect="e1")).text
    assert sent(fake, "/bot/conflicts/lift") == {"effect": "e1"}
    assert "Blinded" in (await vesna.slash("init effect passed", what="scene")).text
    assert "No effects ended" in (await vesna.slash("init effect passed", what="night")).text


async def test_categories_and_characters_complete(mira: Person, fake: FakeBackend) -> None:
    fake.conflicts.now = conflict(categories=CATEGORIES)
    offered = await mira.complete("init declare", "category", "rang", action="x")
    assert offered == [{"name": "Ranged", "value": "ranged"}]
    owl = fake.add("Night Owl", MIRA)
    names = await mira.complete("init roll", "name", "owl")
    assert [choice["value"] for choice in names] == [owl["id"]]


async def test_without_a_conflict_it_is_said_so(mira: Person, fake: FakeBackend) -> None:
    refusal = (404, Refusal(code="no_conflict", detail="No conflict runs in this channel."))
    fake.refuse["/bot/conflicts/get"] = refusal
    for command in ("show", "repost"):
        reply = await mira.slash(f"init {command}")
        assert reply.ephemeral
        assert reply.content == "No conflict runs in this channel."
    assert await mira.complete("init effect lift", "effect", "") == []
    half = await mira.slash("init change", participant="Rook")
    assert "Choose what to change" in half.text


async def test_who_listens_is_shown_words(mira: Person, fake: FakeBackend) -> None:
    fake.conflicts.now = conflict(participants=[ROOK])
    assert (await mira.slash("init show")).embeds
    fake.text_mode = True
    shown = await mira.slash("init show")
    assert not shown.embeds
    assert shown.content.splitlines()[:2] == ["Ambush: Roll", "Rook"]


async def test_two_at_once_are_both_told(mira: Person, jonas: Person, fake: FakeBackend) -> None:
    replies = await asyncio.gather(mira.slash("init roll", name="Owl"), jonas.slash("init roll", name="Crow"))
    assert all("13" in reply.text for reply in replies)
    names = {r.body["name"] for r in fake.requests if r.path == "/bot/conflicts/roll"}
    assert names == {"Owl", "Crow"}
