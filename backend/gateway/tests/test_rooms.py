"""Rooms of chat on the gateway: what is shown first, what follows, what was missed; in order, to whom it concerns."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chat import log
from chat.models import ChatMessage
from chat.tests.chat_kit import say
from gateway.credentials import Identity
from gateway.requests import SubscribeRequest
from gateway.room_snapshots import room_results
from gateway.tests.conftest import Join
from gateway.tests.kit import Worker
from gateway.tests.room_kit import change, conversation, room_name, tell, whisper
from rules.visibility import PRIVATE, SECRET, TABLE
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("S000-77")
def test_messages_come_to_who_looks_at_the_room(join: Join, world: World) -> None:
    said = say(world, "mira", "before")
    jonas, vesna = join("jonas"), join("vesna")
    snapshot = jonas.subscribe(room_name(), ref="r")
    assert (snapshot["seq"], snapshot["before"], snapshot["ref"]) == (1, False, "r")
    vesna.subscribe(room_name())
    say(world, "mira", "after")
    change(said.id, content="edited")
    for viewer in (jonas, vesna):
        assert viewer.until_seq(room_name(), 3) == [2, 3]
        assert viewer.texts(room_name()) == ["edited", "after"]


def test_who_comes_back_gets_what_changed(join: Join, world: World) -> None:
    first = say(world, "mira", "one")
    jonas = join("jonas")
    seq = jonas.subscribe(room_name())["seq"]
    jonas.send(type="unsubscribe", stream=room_name())
    jonas.send(type="heartbeat")
    jonas.wait("heartbeat")
    say(world, "mira", "two")
    change(first.id, content="one, edited")
    change(first.id, content="one, edited twice")
    answer = jonas.subscribe(room_name(), since=seq, ref=1)
    assert (answer["type"], answer["seq"], answer["ref"]) == ("synced", 4, 1)
    # The number 3 was overtaken.
    assert jonas.seqs[room_name()] == [2, 4]
    assert jonas.texts(room_name()) == ["one, edited twice", "two"]
    assert jonas.subscribe(room_name(), since=99)["type"] == "chat_snapshot"


def test_who_missed_too_much_gets_the_newest(
    start_worker: Any, join: Join, world: World, settings: Any
) -> None:
    settings.GATEWAY |= {"max_missed_messages": 3}
    worker = start_worker()
    for number in range(5):
        say(world, "mira", str(number))
    jonas = join("jonas", worker=worker)
    assert jonas.subscribe(room_name(), since=2)["type"] == "synced"
    assert jonas.subscribe(room_name(), since=1)["type"] == "chat_snapshot"


def test_lost_and_overtaken_numbers_hold_nobody_up(
    start_worker: Any, join: Join, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.GATEWAY["poll_interval"] = 3600  # the gap alone has the database asked
    said = say(world, "mira", "one")
    jonas = join("jonas", worker=start_worker())
    jonas.subscribe(room_name())
    with monkeypatch.context() as lost:
        lost.setattr(log, "publish", lambda *_: None)
        say(world, "mira", "two")
        change(said.id, content="2nd")
        change(said.id, content="3rd")
        removed = say(world, "mira", "gone for good")
        ChatMessage.objects.filter(pk=removed.id).delete()
    say(world, "mira", "three")
    assert jonas.until_seq(room_name(), 6) == [2, 4, 6]
    assert jonas.texts(room_name()) == ["3rd", "two", "three"]


def test_the_last_number_may_have_been_removed(
    worker: Worker, join: Join, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    jonas = join("jonas")
    jonas.subscribe(room_name())
    with monkeypatch.context() as lost:
        lost.setattr(log, "publish", lambda *_: None)
        ChatMessage.objects.filter(pk=say(world, "mira", "gone").id).delete()
    jonas.quiet(0.6)
    say(world, "mira", "here")
    assert jonas.until_seq(room_name(), 2) == [2]


def test_two_changes_at_once_come_once_each(worker: Worker, join: Join, world: World) -> None:
    said = say(world, "mira", "one")
    jonas = join("jonas")
    jonas.subscribe(room_name())
    with transaction.atomic():
        change(said.id, content="two")
        change(said.id, content="three")
    say(world, "mira", "next")
    assert jonas.until_seq(room_name(), 4) == [3, 4]


def test_each_level_sees_its_own(join: Join, world: World) -> None:
    viewers = {who: join(who) for who in ("mira", "jonas", "vesna")}
    for viewer in viewers.values():
        viewer.subscribe(room_name())
    secret = whisper(world, "vesna", "a plan", SECRET)
    whisper(world, "vesna", "a vision", PRIVATE, owner="mira")
    say(world, "jonas", "aloud")
    for viewer in viewers.values():
        viewer.until_seq(room_name(), 3)

    def shown() -> dict[str, list[str]]:
        return {who: viewer.texts(room_name()) for who, viewer in viewers.items()}

    expected = {
        "mira": ["a vision", "aloud"],
        "jonas": ["aloud"],
        "vesna": ["a plan", "a vision", "aloud"],
    }
    assert shown() == expected
    assert "a plan" not in str(viewers["mira"].frames)
    assert "a vision" not in str(viewers["jonas"].frames)
    for who, texts in expected.items():
        fresh = join(who)
        fresh.subscribe(room_name())
        assert fresh.texts(room_name()) == texts
    change(secret, visibility=int(TABLE))
    for viewer in viewers.values():
        viewer.until_seq(room_name(), 4)
    assert shown() == {
        who: ["a plan", *texts] if who != "vesna" else texts for who, texts in expected.items()
    }
    change(secret, visibility=int(SECRET))
    for viewer in viewers.values():
        viewer.until_seq(room_name(), 5)
    assert shown() == expected
    # Who comes back hears of it too.
    mira = viewers["mira"]
    mira.rooms[room_name()][str(secret)] = {"text": "a plan", "seq": 1}
    mira.subscribe(room_name(), since=4)
    assert mira.texts(room_name()) == expected["mira"]


@pytest.mark.req("S003-71")
def test_a_room_that_one_may_not_see_is_none(join: Join, world: World) -> None:
    sam, mira = join("sam"), join("mira")
    hidden = sam.subscribe(room_name())
    unknown = sam.subscribe(f"room:{uuid4()}")
    assert (hidden["code"], hidden["detail"]) == (unknown["code"], unknown["detail"])
    assert hidden["detail"] == "There’s no such channel."
    say(world, "mira", "hello")
    sam.quiet()
    mira.subscribe(room_name())


def test_a_conversation_is_its_participants_alone(join: Join, world: World) -> None:
    room = conversation(world, mira=0, jonas=0)
    tell(world, room, "mira", "psst")
    for stranger in ("root", "vesna", "sam"):
        assert join(stranger).subscribe(room)["code"] == "not_found"
    jonas = join("jonas")
    jonas.subscribe(room)
    tell(world, room, "mira", "hush")
    jonas.until_seq(room, 2)
    assert jonas.texts(room) == ["psst", "hush"]


def test_who_joined_later_reads_nothing_from_before(join: Join, world: World) -> None:
    room = conversation(world, mira=0, vesna=1)
    early = tell(world, room, "mira", "about vesna")
    vesna = join("vesna")
    vesna.subscribe(room)
    change(early, content="about vesna, again")
    tell(world, room, "mira", "hello vesna")
    vesna.until_seq(room, 3)
    assert vesna.texts(room) == ["hello vesna"]
    vesna.subscribe(room, since=1)
    assert vesna.texts(room) == ["hello vesna"]
    assert "about" not in str(vesna.frames)


def test_many_are_answered_with_as_many_queries_as_two(world: World, settings: Any) -> None:
    settings.THROTTLE_USER = "1000000/min"
    for number in range(60):
        say(world, "mira", str(number))

    def queries(names: list[str], since: int | None) -> int:
        requests = [
            SubscribeRequest(
                Identity(str(getattr(world, name).pk), session_key=str(number)), room_name(), since
            )
            for number, name in enumerate(names)
        ]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            results = room_results(requests, 500, 400_000)
        assert all(results)
        return len(captured)

    for since in (None, 30):
        few = queries(["mira", "vesna"], since)
        assert queries(["mira", "vesna", "jonas", "olga"] * 25, since) == few
        assert few < 20


def test_a_snapshot_is_cut_where_it_would_be_too_large(world: World) -> None:
    for _ in range(20):
        say(world, "mira", "x" * 4000)
    request = SubscribeRequest(Identity(str(world.mira.pk)), room_name())
    (result,) = room_results([request], 500, 50_000)
    assert result is not None
    assert len(result.parts[0].text) < 60_000
    assert '"before":true' in result.parts[0].text
