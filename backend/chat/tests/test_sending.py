"""Messages are sent once, not too fast, and not where nobody writes any more."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.utils import timezone

from chat import log
from chat.models import ChatMessage
from chat.operations import messages
from chat.rooms import Room, room_for, room_to_write_in
from chat.services import pace
from chat.tests.chat_kit import call, read, say, say_at_door, table
from chronicle.models import ServerChannel
from chronicle.principal import Principal
from contract import chat as shapes
from rules.errors import Limit, NotAllowed, NotFound
from testing.personas import World
from testing.together import at_once
from timeline.keys import Key
from timeline.limits import RATES, Rate

pytestmark = pytest.mark.django_db


def test_the_same_nonce_is_the_same_message(world: World) -> None:
    first = say(world, "mira", "hello", nonce="n-1")
    again = say(world, "mira", "hello, again", nonce="n-1")
    assert (again.id, again.text, again.nonce) == (first.id, "hello", "n-1")
    assert say(world, "jonas", "hello", nonce="n-1").id != first.id, "another’s is another"
    say(world, "mira", "hello")
    say(world, "mira", "hello")
    assert [row.seq for row in read(world, "mira").results] == [1, 2, 3, 4]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_nonce_one_is_posted(world: World) -> None:
    sent = at_once(partial(say, world, "mira", f"number {number}", nonce="n-1") for number in range(4))
    assert len({message.id for message in sent}) == 1
    assert ChatMessage.objects.count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_nonce_and_two_keys_one_is_posted(world: World) -> None:
    keys = [Key.of("tests", f"key-{number}", "") for number in range(4)]
    sent = at_once(partial(say_at_door, world, "mira", "hello", key=key, nonce="n-1") for key in keys)
    assert len({answer.id for answer in sent}) == 1
    assert [row.seq for row in read(world, "mira").results] == [1]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["hello", "hello [[1d10]]"])
def test_who_was_overtaken_gets_the_message_that_was_first(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    first = say(world, "mira", text, nonce="n-1")
    looked: list[str] = []

    def before_it_was_there(principal: Principal, room_id: UUID, nonce: str) -> Room:
        looked.append(nonce)
        return room_to_write_in(principal, room_id, "" if len(looked) == 1 else nonce)

    monkeypatch.setattr(messages, "room_to_write_in", before_it_was_there)
    assert say_at_door(world, "mira", text, nonce="n-1").id == first.id
    assert len(looked) == (2 if text == "hello" else 1)
    assert [row.seq for row in read(world, "mira").results] == [1]
    assert say_at_door(world, "mira", "next").message.seq == 2


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_in_slow_mode_one_waits(world: World) -> None:
    ServerChannel.objects.filter(pk=table().pk).update(slow_mode=60)

    def one_of(number: int) -> str:
        try:
            return say_at_door(world, "mira", f"number {number}").message.text
        except Limit as error:
            return error.code

    said = at_once(partial(one_of, number) for number in range(4))
    assert sorted(said)[-3:] == ["slow_mode"] * 3
    assert ChatMessage.objects.count() == 1
    assert log.head(table().pk) == 1, "who has to wait takes no number"


@pytest.mark.req("S003-63")
def test_who_sends_without_end_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATES, "messages to one room", Rate(3, 15))
    for number in range(3):
        say(world, "mira", str(number))
    with pytest.raises(Limit) as stopped:
        say(world, "mira", "one more")
    assert stopped.value.code == "too_often"
    say(world, "jonas", "others go on")
    assert len(read(world, "mira").results) == 4


def test_in_slow_mode_everybody_waits_but_moderators(world: World) -> None:
    ServerChannel.objects.filter(pk=table().pk).update(slow_mode=60)
    said = say(world, "mira", "one")
    given = shapes.DeleteMessage(room=said.room, message=said.id)
    messages.DELETE.run(call(world, "mira"), given)
    with pytest.raises(Limit) as waiting:
        say(world, "mira", "two")
    assert waiting.value.code == "slow_mode"
    assert 0 < waiting.value.data["retry_after"] <= 60
    for _ in range(2):
        say(world, "olga", "moderators need not wait")
    ChatMessage.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    say(world, "mira", "two")


def test_what_comes_from_discord_keeps_discords_pace(world: World) -> None:
    ServerChannel.objects.filter(pk=table().pk).update(slow_mode=60)
    say(world, "mira", "one")
    room = room_for(world.principal("mira"), table().pk)
    pace.keep(room, world.principal("mira"), "discord")
    with pytest.raises(Limit):
        pace.keep(room, world.principal("mira"), "api")


@pytest.mark.parametrize("archived", ["itself", "its channel"])
def test_in_an_archived_channel_nobody_writes(world: World, archived: str) -> None:
    thread = ServerChannel.objects.create(server=world.server, parent=table(), name="aside", kind=11)
    said = say(world, "mira", "one", room=thread.pk)
    gone = thread.pk if archived == "itself" else table().pk
    ServerChannel.objects.filter(pk=gone).update(archived_at=timezone.now())
    named = {"room": thread.pk, "message": said.id}
    tries: list[Callable[[], object]] = [
        lambda: say(world, "olga", "two", room=thread.pk),
        lambda: messages.EDIT.run(
            call(world, "mira"), shapes.EditMessage.model_validate({**named, "text": "three"})
        ),
        lambda: messages.REACT.run(
            call(world, "jonas"), shapes.React.model_validate({**named, "emoji": "🎉"})
        ),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed, match="archived"):
            attempt()
    assert [row.text for row in read(world, "jonas", room=thread.pk).results] == ["one"]
    with pytest.raises(NotFound):
        say(world, "sam", "two", room=thread.pk)
