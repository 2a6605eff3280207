"""Messages are posted in order, and read by who may see the room."""

from uuid import uuid4

import pytest

from chat.operations import messages
from chat.tests.chat_kit import call, read, say, table
from contract import chat as shapes
from rules.errors import Invalid, NotFound
from testing.personas import World

pytestmark = pytest.mark.django_db


@pytest.mark.req("S003-03", "S000-59", "S000-76")
def test_messages_of_a_channel_are_numbered_in_order(world: World) -> None:
    said = [say(world, who, text) for who, text in (("mira", "one"), ("jonas", "two"), ("mira", "three"))]
    page = read(world, "vesna")
    assert [(row.seq, row.text) for row in page.results] == [(1, "one"), (2, "two"), (3, "three")]
    assert (page.seq, page.before, page.after) == (3, False, False)
    assert said[0].author is not None
    assert said[0].author.id == world.mira.pk
    assert said[0].edited_at is None


def test_pages_before_after_and_around_a_place(world: World) -> None:
    for number in range(1, 8):
        say(world, "mira", str(number))

    def texts(**given: object) -> list[str]:
        return [row.text for row in read(world, "jonas", **given).results]

    assert texts(limit=2) == ["6", "7"]
    assert texts(before=6, limit=2) == ["4", "5"]
    assert texts(after=2, limit=2) == ["3", "4"]
    assert texts(around=4, limit=4) == ["2", "3", "4", "5"]


def test_a_stranger_learns_nothing_of_a_channel(world: World) -> None:
    with pytest.raises(NotFound) as hidden:
        say(world, "sam", "hello?")
    with pytest.raises(NotFound) as unknown:
        messages.POST.run(call(world, "sam"), shapes.Post(room=uuid4(), text="hello?"))
    assert str(hidden.value) == str(unknown.value)
    with pytest.raises(NotFound):
        read(world, "sam")
    assert read(world, "mira").results == []


def test_nothing_to_say_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        say(world, "mira", " \u200b ")
    assert table().messages.count() == 0
