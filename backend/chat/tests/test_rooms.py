"""The list of rooms, and a room with who is in it, as each of them may see it."""

import pytest

from chat.operations import rooms
from chat.tests.chat_kit import call, table
from chronicle.models import ServerChannel
from contract import chat_rooms as shapes
from rules.errors import NotFound
from testing.personas import TRACKER_CHANNEL, World

pytestmark = pytest.mark.django_db


def names(world: World, who: str) -> list[str]:
    listed = rooms.LIST.run(call(world, who), shapes.ListRooms(server=world.server.pk))
    return [row.name for row in listed.results]


def test_rooms_of_a_server_are_those_that_one_sees(world: World) -> None:
    ServerChannel.objects.filter(discord_id=TRACKER_CHANNEL).update(is_private=True)
    category = ServerChannel.objects.create(server=world.server, name="Stories", kind=4)
    ServerChannel.objects.create(server=world.server, name="ashes", category=category)
    assert names(world, "mira") == ["table", "ashes"]
    assert names(world, "olga") == ["table", "tracker", "ashes"]
    with pytest.raises(NotFound):
        names(world, "sam")


def test_places_are_the_reader_s_servers_and_private_conversations(world: World) -> None:
    places = rooms.LIST.run(call(world, "sam"), shapes.ListRooms()).places
    assert [(place.id, place.room) for place in places] == [(None, None), (world.other_server.pk, None)]


def test_a_room_names_who_sees_it_and_what_its_reader_may_do(world: World) -> None:
    def opened(who: str) -> shapes.OpenedRoom:
        return rooms.OPEN.run(call(world, who), shapes.OpenRoom(room=table().pk))

    ServerChannel.objects.filter(pk=table().pk).update(is_private=True)
    with pytest.raises(NotFound):
        opened("mira")
    assert [person.name for person in opened("olga").people] == ["Olga"]
    ServerChannel.objects.filter(pk=table().pk).update(is_private=False)
    seen = opened("vesna")
    assert {person.name for person in seen.people} == {"Olga", "Vesna", "Mira", "Jonas"}
    assert (seen.may.send, seen.may.tell, opened("mira").may.tell) == (True, True, False)
    assert next(person.role for person in seen.people if person.name == "Vesna") == "Narrator"
