"""What is unread in rooms, how far somebody has read, and what they hear of them."""

import pytest
from pytest_django import DjangoAssertNumQueries

from chat.models import ChatMessage, RoomState
from chat.operations import reading
from chat.selectors import unread
from chat.selectors.unread import Unread, counts
from chat.tests.chat_kit import call, say, table
from chronicle.models import ServerChannel
from contract import chat_reading as shapes
from contract.chat import RoomInput
from testing.personas import World
from timeline.models import Stream

pytestmark = pytest.mark.django_db


def room(world: World, who: str) -> Unread:
    return counts(world.principal(who), [table().pk])[table().pk]


def heard(world: World, who: str) -> tuple[str, str]:
    found = reading.NOTIFY.run(call(world, who), RoomInput(room=table().pk))
    return found.notify, found.notified


def read_to(world: World, who: str, seq: int, **more: object) -> shapes.RoomRead:
    return reading.READ.run(
        call(world, who), shapes.ReadRoom.model_validate({"room": table().pk, "seq": seq, **more})
    )


def test_what_is_unread_is_what_others_said_since(world: World) -> None:
    for text in ("one", "two", "three"):
        say(world, "mira", text)
    assert room(world, "jonas").unread == 3
    assert room(world, "mira").unread == 0
    assert read_to(world, "jonas", 2).unread == 1
    assert read_to(world, "jonas", 1).read == 2, "it never goes back by itself"
    assert read_to(world, "jonas", 1, back=True).unread == 2
    assert read_to(world, "jonas", 10_000).read == 3
    assert room(world, "jonas").unread == 0


def test_no_more_than_a_hundred_are_counted(world: World) -> None:
    first = say(world, "mira", "one")
    row = ChatMessage.objects.get(pk=first.id)
    rows = [
        ChatMessage(
            room=row.room,
            server_id=row.server_id,
            channel_id=row.channel_id,
            seq=seq,
            changed=seq,
            user_id=row.user_id,
            content=str(seq),
            created_at=row.created_at,
        )
        for seq in range(2, 301)
    ]
    ChatMessage.objects.bulk_create(rows)
    Stream.objects.filter(pk=row.room).update(seq=300)
    assert room(world, "jonas").unread == shapes.MOST_UNREAD


def test_what_lies_far_behind_the_last_number_is_counted_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "STRETCHES", (2, 5, 2**62))
    for number in range(4):
        said = say(world, "mira", f"owl {number}")
    Stream.objects.filter(pk=said.room).update(seq=said.seq + 30)  # a change takes a number too
    assert room(world, "jonas").unread == 4
    say(world, "jonas", "my own")
    say(world, "mira", "one more")
    assert room(world, "jonas").unread == 5


def test_what_was_said_before_somebody_came_is_not_unread(world: World) -> None:
    say(world, "mira", "old")
    world.server.members.filter(user=world.jonas).update(joined_at=ChatMessage.objects.get().created_at)
    say(world, "mira", "new")
    assert room(world, "jonas").unread == 1
    reading.SET_NOTIFY.run(call(world, "jonas"), shapes.SetNotify(room=table().pk, notify="all"))
    assert RoomState.objects.get(user=world.jonas).read_seq is None
    assert room(world, "jonas").unread == 1, "a choice reads nothing"


def test_what_somebody_hears_of_a_room(world: World) -> None:
    assert heard(world, "jonas") == ("", "mentions")
    wanted = shapes.SetServerNotify(server=world.server.pk, notify="nothing")
    assert reading.SET_SERVER_NOTIFY.run(call(world, "jonas"), wanted).notified == "nothing"
    assert heard(world, "jonas") == ("", "nothing")
    reading.SET_NOTIFY.run(call(world, "jonas"), shapes.SetNotify(room=table().pk, notify="all"))
    assert heard(world, "jonas") == ("all", "all")
    assert heard(world, "mira") == ("", "mentions")


def test_counting_takes_as_many_queries_however_many_rooms(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        ServerChannel.objects.create(server=world.server, name=f"room {number}")
    say(world, "mira", "hello")
    every = list(ServerChannel.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(6):
        found = counts(world.principal("jonas"), every)
    assert len(found) == len(every)
    assert sum(count.unread for count in found.values()) == 1


def test_nothing_is_counted_of_what_somebody_may_not_see(world: World) -> None:
    say(world, "mira", "hello")
    assert counts(world.principal("sam"), [table().pk]) == {}
    ServerChannel.objects.filter(pk=table().pk).update(is_private=True)
    assert counts(world.principal("jonas"), [table().pk]) == {}
