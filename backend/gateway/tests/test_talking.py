"""Typing and posting over the gateway: in order, once, refused in words; and what is in no log."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chat import log
from chat.models import ChatMessage
from chat.operations import messages
from chat.tests.chat_kit import call, say, table
from chronicle.door import key_of_nonce, perform
from chronicle.principal import Principal
from contract import chat as shapes
from gateway import typing as gateway_typing
from gateway.tests.conftest import Join
from gateway.tests.kit import Worker
from gateway.tests.room_kit import room_name
from testing.community import set_role_permissions
from testing.personas import PLAYER, SYSTEM, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("S003-44", "S003-49")
def test_typing_is_told_to_the_others(join: Join, world: World) -> None:
    mira, twin, jonas = join("mira"), join("mira"), join("jonas")
    for viewer in (mira, twin, jonas):
        viewer.subscribe(room_name())
    mira.send(type="typing", stream=room_name(), on=True)
    typing = jonas.wait("chat_typing")
    assert (typing["user"], typing["name"], typing["on"]) == (str(world.mira.pk), "Mira", True)
    assert datetime.fromisoformat(typing["until"]) > datetime.now(UTC)
    # Said again at once it is no news.
    mira.send(type="typing", stream=room_name(), on=True)
    jonas.quiet(0.2)
    mira.send(type="typing", stream=room_name(), on=False)
    assert jonas.wait("chat_typing")["on"] is False
    for own in (mira, twin):
        own.quiet(0.2)
    assert ChatMessage.objects.count() == 0


def test_typing_ends_by_itself_with_a_message_and_with_the_socket(
    join: Join, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_typing, "AGAIN", 0)
    jonas, mira = join("jonas"), join("mira")
    for viewer in (mira, jonas):
        viewer.subscribe(room_name())

    def typed() -> None:
        mira.send(type="typing", stream=room_name())
        assert jonas.wait("chat_typing")["on"] is True

    with monkeypatch.context() as impatient:
        impatient.setattr(gateway_typing, "SECONDS", 0.2)
        typed()
        assert jonas.wait("chat_typing")["on"] is False
    typed()
    mira.send(type="post", stream=room_name(), nonce="n", text="done")
    assert jonas.wait("chat_typing")["on"] is False
    typed()
    mira.connection.close()
    assert jonas.wait("chat_typing")["on"] is False


def test_who_may_not_write_does_not_type(join: Join, world: World) -> None:
    jonas, mira = join("jonas"), join("mira")
    for viewer in (mira, jonas):
        viewer.subscribe(room_name())
    by: dict[str, Any] = {"principal": Principal.system(), "cause": SYSTEM}
    players = world.server.roles.get(discord_id=PLAYER)
    set_role_permissions(world.server, TABLE_CHANNEL, players.pk, {"send_messages": "deny"}, **by)
    jonas.send(type="typing", stream=room_name(), ref=1)
    assert (error := jonas.wait("error"))["code"] == "not_allowed"
    assert error["ref"] == 1
    jonas.send(type="post", stream=room_name(), nonce="n1", text="hello")
    assert jonas.wait("error")["detail"] == "You need permission to write in “table”."
    mira.quiet(0.2)
    sam = join("sam")
    sam.send(type="typing", stream=room_name())
    assert sam.wait("error")["code"] == "not_subscribed"


@pytest.mark.req("S003-50", "S003-52")
def test_posts_come_in_the_order_they_were_sent(join: Join, world: World) -> None:
    mira, jonas = join("mira"), join("jonas")
    jonas.subscribe(room_name())
    for number in range(20):
        mira.send(type="post", stream=room_name(), nonce=f"n{number}", text=str(number))
    posted = [mira.wait("chat_posted") for _ in range(20)]
    assert [frame["seq"] for frame in posted] == list(range(1, 21))
    assert [frame["ref"] for frame in posted] == [f"n{number}" for number in range(20)]
    jonas.until_seq(room_name(), 20)
    assert jonas.texts(room_name()) == [str(number) for number in range(20)]
    assert {frame["id"] for frame in posted} == set(jonas.rooms[room_name()])


def test_a_nonce_posts_once_through_whatever_door(join: Join, world: World) -> None:
    mira = join("mira")
    for ref in (1, 2):
        mira.send(type="post", stream=room_name(), nonce="same", text="once", ref=ref)
    first, again = mira.wait("chat_posted"), mira.wait("chat_posted")
    assert first["id"] == again["id"]
    given = shapes.Post(room=table().pk, text="once", nonce="same")
    who = call(world, "mira")
    over_rest = perform(messages.POST, who, given, key_of_nonce(messages.POST, who, given))
    assert str(over_rest.id) == first["id"]
    assert ChatMessage.objects.count() == 1
    mira.send(type="post", stream=room_name(), nonce="same", text="other words")
    assert mira.wait("error")["code"] == "key_reused"
    assert ChatMessage.objects.count() == 1


@pytest.mark.req("S003-71")
def test_what_is_refused_is_said_in_words_and_the_socket_lives(join: Join, world: World) -> None:
    mira = join("mira")
    refused = {
        "A message can have up to 4000 characters; this one has 4001.": {"text": "x" * 4001},
        "Write something first.": {"text": "  "},
        "There’s no such message.": {"text": "re", "reply_to": str(world.mira.pk)},
    }
    for _ in range(3):
        for sentence, fields in refused.items():
            mira.send(type="post", stream=room_name(), nonce="n", **fields)
            assert sentence in mira.wait("error", ref="n")["detail"]
    mira.send(type="post", stream=f"room:{world.mira.pk}", nonce="n", text="where?")
    assert mira.wait("error")["code"] == "not_found"
    mira.send(type="post", stream="user:me", nonce="n", text="where?")
    assert mira.wait("error")["code"] == "not_found"
    mira.send(type="post", stream=room_name(), nonce="ok", text="x" * 4000)
    mira.wait("chat_posted")


def test_a_message_that_is_far_too_long_is_refused_in_words(join: Join, world: World) -> None:
    mira = join("mira")
    for number, text in enumerate(("x" * 100_000, "🦉" * 5_000)):
        mira.raw(
            json.dumps(
                {"type": "post", "stream": room_name(), "nonce": f"n{number}", "text": text, "ref": number}
            )
        )
        assert f"this one has {len(text)}." in mira.wait("error", ref=number)["detail"]
    # As JSON may write it, what fits is longer than any other frame.
    mira.raw(json.dumps({"type": "post", "stream": room_name(), "nonce": "ok", "text": "🦉" * 4_000}))
    mira.wait("chat_posted")
    mira.raw(json.dumps({"type": "typing", "stream": room_name(), "text": "x" * 17_000}))
    assert mira.close_code() == 1009


def test_a_message_longer_than_any_could_be_ends_the_socket(join: Join, world: World) -> None:
    mira = join("mira")
    mira.raw(json.dumps({"type": "post", "stream": room_name(), "nonce": "n", "text": "x" * 1024 * 1024}))
    assert mira.close_code() == 1009


def test_a_refusal_is_in_the_writers_language(join: Join, world: World) -> None:
    mira = join("mira", headers={"Accept-Language": "qps"})
    mira.send(type="post", stream=room_name(), nonce="n", text="{")
    mira.send(type="post", stream=room_name(), nonce="m", text=" ")
    assert mira.wait("error")["detail"] == "⟦Write something first.⟧"


def test_a_private_frame_comes_to_all_pages_of_one_person(worker: Worker, join: Join, world: World) -> None:
    pages, other = [join("mira"), join("mira")], join("jonas")
    for page in pages:
        page.subscribe(f"user:{world.mira.pk}")
    other.subscribe(f"user:{world.jonas.pk}")
    counts = {"room": str(table().pk), "read": 3, "unread": 0, "mentions": 0}
    log.tell_on_commit(world.mira.pk, {"type": "chat_read", **counts})
    for page in pages:
        assert page.wait("chat_read")["read"] == 3
    other.quiet()


def test_several_tabs_of_a_reader_are_one_person_in_the_room(join: Join, world: World) -> None:
    jonas = join("jonas")
    jonas.subscribe(room_name())
    tabs = [join("mira"), join("mira")]
    for tab in tabs:
        tab.subscribe(room_name())
    assert jonas.wait("presence", user=str(world.mira.pk))["status"] == "online"
    tabs[0].send(type="presence", status="away")
    tabs[0].send(type="heartbeat")
    tabs[0].wait("heartbeat")
    jonas.quiet(0.2, ignoring=())
    tabs[1].send(type="presence", status="away")
    assert jonas.wait("presence", user=str(world.mira.pk))["status"] == "away"
    for tab in tabs:
        tab.connection.close()
    assert jonas.wait("presence", user=str(world.mira.pk))["status"] == "offline"
    say(world, "mira", "bye")
    jonas.until_seq(room_name(), 1)
