"""Changes through any door reach the tracker channel, and a character's message is edited in place."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from contract.base import Json, Named
from contract.events import EventType
from contract.feed_frames import (
    Digest,
    DigestCharacter,
    DigestRolls,
    RequestMessage,
    RollFrame,
    Summary,
    Tracker,
)
from contract.roll_requests import AskedPlayer
from contract.rolls import BriefRoll
from rodbot.client import RodBot
from rodbot.feed.frames import Post
from rodbot.feed.tracker import mark
from sandbox.defaults import NIGHT_COURT, TRACKER
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.contract import NOW, STREAM, actor, card, event, person, roll_request, sample
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.fake_rolls import outcome, pool_lines
from tests.rodbot.table import bot_at, until

Changes = dict[str, tuple[Json, Json]]
OWL = "01930000-0000-7000-8000-0123456789ab"
FOX = "01930000-0000-7000-8000-0123456789cd"


def head(seq: int, **place: str) -> dict[str, Any]:
    return {"stream": STREAM, "seq": seq, "guild_id": NIGHT_COURT, "channel_id": TRACKER} | place


def frame(
    seq: int,
    *,
    character: str = OWL,
    hunger: int = 2,
    place: dict[str, str] | None = None,
    missed: int | None = None,
    **values: Any,
) -> Tracker:
    changes = values.pop("changes", {"hunger": (hunger - 1, hunger)})
    return Tracker(
        type="tracker",
        character=Named(id=character, name="Night Owl"),
        event=event(changes, seq=seq, entity_id=character, **values),
        card=card(character, "Night Owl", {"hunger": hunger, "health": {"total": 7}}),
        **head(seq, **place or {}),
        **({"missed": missed} if missed else {}),
    )


async def shown(person: Person, count: int = 1) -> list[dict[str, Any]]:
    for _ in range(100):
        if len(found := await person.messages("tracker")) >= count:
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError("There are too few messages.")


@pytest.fixture
async def connected(bot: RodBot, fake: FakeBackend) -> RodBot:
    await until(lambda: fake.frames)
    return bot


async def tell(fake: FakeBackend, bot: RodBot, *frames: Post) -> None:
    for frame in frames:
        await fake.tell(frame)
    last = frames[-1]
    await until(lambda: bot.feed._since.get(last.stream) == last.seq)
    await bot.tracker.settled()


async def test_a_change_on_the_web_is_posted_with_who_what_and_card(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await tell(fake, connected, frame(1))
    message = (await shown(mira))[0]
    assert message["content"] == "**Mira** on the web sheet <t:1795204800:R>: **Hunger** 1 → 2"
    assert message["embeds"][0]["title"] == "Night Owl"
    assert message["embeds"][0]["footer"]["text"].endswith(mark(OWL))


async def test_the_next_change_edits_the_same_message(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await tell(fake, connected, frame(1))
    await tell(fake, connected, frame(2, hunger=3, door="discord", command="/vampire update hunger:1"))
    messages = await shown(mira)
    assert len(messages) == 1
    assert (
        messages[0]["content"]
        .splitlines()[-1]
        .endswith("`/vampire update hunger:1` <t:1795204800:R>: **Hunger** 2 → 3")
    )
    assert len(messages[0]["content"].splitlines()) == 2
    assert "3 of 5" in str(messages[0]["embeds"])


async def test_each_character_has_its_own_message(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, frame(1), frame(2, character=FOX), frame(3, hunger=4))
    assert len(await shown(mira, 2)) == 2


async def test_a_message_keeps_its_last_four_lines(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    for seq in range(1, 8):
        await tell(fake, connected, frame(seq, hunger=seq))
    assert len((await shown(mira))[0]["content"].splitlines()) == 4


async def test_what_comes_twice_is_shown_once(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, frame(1), frame(1), frame(2))
    assert len((await shown(mira))[0]["content"].splitlines()) == 2


async def test_a_restarted_process_finds_its_message_again(box: Sandbox, fake: FakeBackend) -> None:
    for seq in (1, 2):
        fake.frames.clear()
        async with bot_at(box, fake.url, KEY) as bot:
            await until(lambda: fake.frames)
            await tell(fake, bot, frame(seq))
    async with Person(box.base_url, user="mira", guild="Night Court") as mira:
        messages = await shown(mira)
    assert len(messages) == 1
    assert len(messages[0]["content"].splitlines()) == 2


async def test_after_much_talk_a_new_message_is_posted(
    connected: RodBot, mira: Person, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.feed.tracker.RECENT", 5)
    monkeypatch.setattr("rodbot.feed.tracker.SURE_FOR", 0)
    await tell(fake, connected, frame(1))
    for number in range(6):
        await mira.say(f"talk {number}", channel="tracker")
    await tell(fake, connected, frame(2))
    marked = [m for m in await shown(mira, 8) if m["embeds"]]
    assert len(marked) == 2


async def test_a_deleted_message_is_posted_anew(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, frame(1))
    message = (await shown(mira))[0]
    channel = connected.get_channel(int(TRACKER))
    await channel.get_partial_message(int(message["id"])).delete()
    await tell(fake, connected, frame(2))
    again = await shown(mira)
    assert [m["id"] for m in again] != [message["id"]]
    assert len(again) == 1


async def test_a_channel_that_is_gone_is_logged_once_and_hurts_nobody(
    connected: RodBot, mira: Person, fake: FakeBackend, caplog: pytest.LogCaptureFixture
) -> None:
    gone = {"channel_id": "1030000000000009999"}
    await tell(fake, connected, frame(1, place=gone), frame(2, place=gone))
    await tell(fake, connected, frame(3, place=gone))
    assert len([r for r in caplog.records if "takes no messages" in r.message]) == 1
    await tell(fake, connected, frame(4))
    assert await shown(mira)


async def test_guilds_of_other_processes_are_left_to_them(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await tell(fake, connected, frame(1, place={"guild_id": "7"}))
    assert await mira.messages("tracker") == []


async def test_a_lost_connection_resumes_where_it_was(
    connected: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.feed.connection.BACKOFF", (0.05, 0.1))
    assert fake.frames[0] == {"type": "feed"}
    await tell(fake, connected, frame(7))
    fake.frames.clear()
    await fake.sockets[0].close()
    await until(lambda: fake.frames)
    assert fake.frames[0] == {"type": "feed", "since": {STREAM: 7}}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"type": "tracker"},
        {"type": "unheard-of"},
        {"type": "tracker", "stream": "s", "seq": 5, "guild_id": "x"},
        {"type": "error", "code": "x", "detail": "y"},
    ],
)
async def test_a_frame_without_sense_does_not_end_the_feed(
    connected: RodBot, mira: Person, fake: FakeBackend, nonsense: dict[str, Any]
) -> None:
    await fake.send(nonsense)
    await tell(fake, connected, frame(9))
    assert await shown(mira)


async def test_heartbeats_are_sent_and_a_dead_line_is_given_up(
    connected: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.feed.connection.BACKOFF", (0.05, 0.1))
    fake.heartbeat = 200
    fake.deaf = True
    await fake.sockets[0].close()
    await until(lambda: {"type": "heartbeat"} in fake.frames)
    await until(lambda: fake.frames.count({"type": "feed"}) >= 3)


async def test_user_text_in_the_line_acts_in_no_way(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    values = {"actor": actor("**@everyone**"), "command": "/vampire update `x` <@1>", "door": "discord"}
    await tell(fake, connected, frame(1, **values, changes={"clan": (None, "[x](http://y)\n# z")}))
    content = (await shown(mira))[0]["content"]
    assert "\n" not in content
    assert "@everyone" not in content
    assert "](http://" not in content


TRACKED = f"/api/v10/channels/{TRACKER}/messages"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rodbot.feed.tracker.BACKOFF", (0.01, 0.02))


async def test_a_discord_that_hangs_up_gets_it_again(
    connected: RodBot, mira: Person, fake: FakeBackend, impatient: None
) -> None:
    await mira.call("POST", "faults", {"route": f"{TRACKED}*", "status": 0, "times": 3})
    await tell(fake, connected, frame(1))
    await tell(fake, connected, frame(2, hunger=3))
    (message,) = await shown(mira)
    assert [line.split(": ")[1] for line in message["content"].splitlines()] == [
        "**Hunger** 1 → 2",
        "**Hunger** 2 → 3",
    ]


async def test_what_discord_took_without_saying_so_is_not_said_twice(
    connected: RodBot, mira: Person, fake: FakeBackend, impatient: None
) -> None:
    fault = {"route": TRACKED, "method": "POST", "status": 0, "late": True}
    await mira.call("POST", "faults", fault)
    await tell(fake, connected, frame(1))
    (message,) = await shown(mira)
    assert message["content"].count("1 → 2") == 1


async def test_what_was_missed_is_one_line_with_the_number_of_changes(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await tell(fake, connected, frame(1))
    await tell(fake, connected, frame(9, hunger=4, missed=8))
    (message,) = await shown(mira)
    last = message["content"].splitlines()[-1]
    assert last.startswith("**8 changes** while the bot was away, the last by **Mira** on the web sheet")
    assert last.endswith("**Hunger** 3 → 4")
    assert "4 of 5" in str(message["embeds"])


async def test_what_is_in_the_channel_is_told_to_the_backend(connected: RodBot, fake: FakeBackend) -> None:
    await tell(fake, connected, frame(3), frame(4, hunger=3))
    await until(lambda: {"type": "posted", "positions": {STREAM: 4}} in fake.frames)


def roll_frame(seq: int, *, visibility: str = "public", **values: Any) -> RollFrame:
    shown = {"roller": person("Mira"), "outcome": outcome(successes=3), "name": "Night Owl", "difficulty": 2}
    shown["pool"] = {"lines": pool_lines(("Strength", 0), ("Brawl", 0))}
    roll = sample(BriefRoll, **shown | {"visibility": visibility} | values)
    return RollFrame(type="roll", door="web", roll=roll, **head(seq))


async def test_rolls_are_lines_of_their_own(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, roll_frame(1), roll_frame(2, visibility="storyteller"), frame(3))
    text = "\n".join(message["content"] for message in await shown(mira, 2))
    line = (
        "🎲 **Mira** (Night Owl) Strength + Brawl: ✔ Success, 3 successes against difficulty 2, "
        "1 more than needed"
    )
    assert line in text
    assert "(only storytellers can see this)" in text


async def test_many_rolls_at_once_all_stand_there(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, *(roll_frame(seq, note="", name=f"Owl {seq}") for seq in range(1, 12)))
    text = "\n".join(message["content"] for message in await shown(mira, 2))
    assert [f"(Owl {seq})" in text for seq in range(1, 12)] == [True] * 11


def followed(message: str, *, answered: bool, **place: str) -> RequestMessage:
    jonas = AskedPlayer(
        user=person("Jonas"),
        answered_at=NOW if answered else None,
        roll=None,
        summary="2 successes: Success",
    )
    request = roll_request(text="A noise", open=not answered, players=[jonas])
    return RequestMessage(
        type="message", kind="roll_request", message_id=message, roll_request=request, **head(5, **place)
    )


async def test_a_message_follows_what_it_shows(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, frame(1))
    message = (await shown(mira))[0]["id"]
    for answered in (False, True):
        await fake.tell(followed(message, answered=answered))
    await until(lambda: any(e["type"] == "message_update" for e in mira.events))
    for _ in range(100):
        if "Jonas: 2 successes" in (await shown(mira))[0]["content"]:
            break
        await asyncio.sleep(0.05)
    assert "Jonas: 2 successes: Success" in (await shown(mira))[0]["content"]


async def test_a_followed_message_that_is_gone_is_told_of(connected: RodBot, fake: FakeBackend) -> None:
    await fake.tell(followed("740000000000000000", answered=True))
    await until(lambda: any(r.path == "/bot/messages" and r.method == "DELETE" for r in fake.requests))


def digested(pk: str, name: str, count: int, kind: EventType, changes: Changes, more: int) -> DigestCharacter:
    labels = {path: path.capitalize() for path in changes}
    return DigestCharacter(
        id=pk, name=name, count=count, type=kind, changes=changes, more=more, labels=labels
    )


def digest(seq: int, **values: Any) -> Digest:
    day: dict[str, Any] = {
        "since": NOW,
        "until": NOW + timedelta(days=1),
        "characters": [
            digested(OWL, "Night *Owl*", 4, EventType.CHARACTER_UPDATED, {"hunger": (1, 5)}, 2),
            digested(FOX, "Grey Fox", 1, EventType.CHARACTER_CREATED, {}, 0),
        ],
        "others": 3,
        "rolls": [
            DigestRolls(name="Mira", rolls=12, passed=7),
            DigestRolls(name="Jonas", rolls=1, passed=0),
        ],
    }
    return Digest(type="digest", digest=Summary(**day | values), **head(seq))


async def test_a_day_is_one_message(connected: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, connected, digest(9), digest(9))
    (message,) = await shown(mira)
    assert message["content"].splitlines() == [
        "**What happened** since <t:1795204800:f>",
        "**Night \\*Owl\\*** 4 changes: **Hunger** 1 → 5 · 2 more",
        "**Grey Fox** 1 change: **New character**",
        "… and 3 more characters",
        "🎲 **Mira** 12 rolls, 7 won, **Jonas** 1 roll, 0 won",
    ]


async def test_a_day_of_many_fits_into_one_message(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    long: Changes = {f"trait{n}": ("x" * 100, "y" * 100) for n in range(12)}
    many = [digested(OWL, f"{n} {'Owl ' * 12}", 4, EventType.CHARACTER_UPDATED, long, 2) for n in range(25)]
    await tell(fake, connected, digest(9, characters=many), frame(10), digest(11, characters=[], others=0))
    first, _, last = await shown(mira, 3)
    assert len(first["content"]) <= 2000
    assert first["content"].splitlines()[-1].startswith("🎲")
    assert len(last["content"].splitlines()) == 2


async def test_how_far_a_followed_message_has_come_is_told_to_the_backend(
    connected: RodBot, fake: FakeBackend
) -> None:
    await fake.tell(followed("740000000000000000", answered=True))
    await until(lambda: {"type": "posted", "positions": {STREAM: 5}} in fake.frames)


async def test_a_channel_that_is_gone_stops_nothing(
    connected: RodBot, mira: Person, fake: FakeBackend
) -> None:
    gone = followed("740000000000000000", answered=True, channel_id="740000000000000009")
    await fake.tell(gone)
    await until(lambda: any(r.path == "/bot/messages" and r.method == "DELETE" for r in fake.requests))
    await tell(fake, connected, frame(6))
    assert await shown(mira)
