"""What posting a message asks of the database: each statement has a purpose, and what is read anew is never stale."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.models import ChatMessage, Scene
from chat.rooms import find_room, room_to_write_in
from chat.tests.chat_kit import read, say_at_door, table
from chronicle.models import Chronicle, Server, ServerChannel, ServerMember
from rules.errors import NotAllowed, NotFound
from testing.personas import World

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

# Of a plain message: how each statement begins, and what it is about.
PLAIN = [
    ("BEGIN", ""),
    (
        "SELECT",
        "server_channels",
    ),  # the room, what is played there, the scene, and of the writer what they need
    ("SELECT", "server_roles"),  # the writer's rights
    ("UPDATE", "streams"),  # the room's number, and its lock
    ("INSERT", "chat_messages"),
    ("INSERT", "idempotency_keys"),
    ("COMMIT", ""),
    ("SELECT", "servers"),  # the version of the readers' rights, as it is by then
]


def statements(world: World, who: str, text: str, room: UUID | None = None) -> list[str]:
    place = room or table().pk
    # By then the room has numbers, and what is swept once in a while has been swept.
    say_at_door(world, who, "first", room=place, nonce=uuid4().hex)
    with CaptureQueriesContext(connection) as asked:
        say_at_door(world, who, text, room=place, nonce=uuid4().hex)
    return [query["sql"] for query in asked.captured_queries]


def test_a_plain_message_takes_eight_statements(world: World) -> None:
    found = statements(world, "mira", "The owl is on the roof.")
    assert len(found) == len(PLAIN), found
    for sql, (begins, about) in zip(found, PLAIN, strict=True):
        assert sql.startswith(begins), sql
        assert about in sql, sql


def test_so_does_one_in_a_thread_and_in_a_scene(world: World) -> None:
    channel = table()
    thread = ServerChannel.objects.create(server=channel.server, parent=channel, name="aside", kind=11)
    assert len(statements(world, "mira", "apart", room=thread.pk)) == len(PLAIN)
    scene = Scene.objects.create(chronicle=world.chronicle, channel=channel, channel_name="t", title="Roof")
    assert len(statements(world, "jonas", "in the scene")) == len(PLAIN)
    assert ChatMessage.objects.get(content="in the scene").scene_id == scene.pk


def test_only_who_mentions_somebody_asks_for_people(world: World) -> None:
    found = statements(world, "mira", f"Look, <@{world.jonas.pk}>!")
    assert len(found) > len(PLAIN)
    assert [row.mentions for row in read(world, "jonas").results] == [[], [world.jonas.pk]]


def test_a_room_is_what_the_orm_reads(world: World) -> None:
    channel = table()
    bound = Chronicle.objects.create(server=channel.server, name="Elsewhere", slug="elsewhere")
    thread = ServerChannel.objects.create(server=channel.server, parent=channel, name="aside", kind=11)
    ServerChannel.objects.filter(pk=channel.pk).update(chronicle=bound)
    found = find_room(thread.pk)
    assert found is not None
    assert found.channel is not None
    assert found.channel.parent is not None
    wanted = ServerChannel.objects.get(pk=thread.pk)
    fields = [field.attname for field in ServerChannel._meta.concrete_fields]
    assert [getattr(found.channel, name) for name in fields] == [getattr(wanted, name) for name in fields]
    assert found.channel.parent.chronicle == bound
    assert (found.channel.server, found.channel.parent.server) == (channel.server, channel.server)
    assert found.known is not None
    assert found.known.default == Chronicle.objects.get(server=channel.server, is_default=True)
    assert found.known.writer is None


def test_what_is_known_of_the_writer_is_theirs(world: World) -> None:
    ServerMember.objects.filter(user=world.mira, server=world.server).update(nickname="Owl")
    room = room_to_write_in(world.principal("mira"), table().pk, "")
    known = room.writer(world.mira.pk)
    assert known is not None
    assert (known.nickname, known.speaks_as, known.posted) == ("Owl", None, None)
    assert room.writer(world.jonas.pk) is None
    said = say_at_door(world, "mira", "hello", nonce="n-1").message
    assert said.author is not None
    assert said.author.name == "Owl"
    known = room_to_write_in(world.principal("mira"), table().pk, "n-1").writer(world.mira.pk)
    assert known is not None
    assert known.posted == said.id


def test_a_lost_right_acts_at_once(world: World) -> None:
    say_at_door(world, "mira", "one")
    rows = ServerChannel.objects.filter(pk=table().pk)
    rows.update(archived_at=timezone.now())
    with pytest.raises(NotAllowed):
        say_at_door(world, "mira", "two")
    rows.update(archived_at=None, is_private=True)
    with pytest.raises(NotFound):
        say_at_door(world, "mira", "three")
    rows.update(is_private=False)
    say_at_door(world, "mira", "four")
    ServerMember.objects.filter(user=world.mira, server=world.server).delete()
    with pytest.raises(NotFound):
        say_at_door(world, "mira", "five")
    Server.objects.filter(pk=world.server.pk).update(deleted_at=timezone.now())
    with pytest.raises(NotFound):
        say_at_door(world, "jonas", "six")
    assert [row.content for row in ChatMessage.objects.order_by("seq")] == ["one", "four"]
