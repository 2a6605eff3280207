"""Messages are posted in order, and read by who may see the room."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import log
from chat.models import ChatMessage
from chat.operations import messages
from chat.rooms import find_room
from chat.selectors import messages as pages
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


def test_no_page_is_bounded_twice_on_one_side(world: World) -> None:
    """SQLite may begin at the bound that is further away, and read half of the room."""
    said = [say(world, "mira", f"owl {number}") for number in range(5)]
    for given in ({}, {"around": 3}, {"at": said[2].at.isoformat()}, {"after": 2}, {"before": 4}):
        with CaptureQueriesContext(connection) as asked:
            assert read(world, "jonas", **given).results
        pages = [query["sql"] for query in asked.captured_queries if "in_thread" in query["sql"]]
        assert pages
        for sql in pages:
            where = sql[sql.rindex("WHERE") :]
            assert (len(re.findall(r".seq. >", where)), len(re.findall(r".seq. <", where))) == (1, 1), where


def test_pages_are_the_same_however_far_apart_the_numbers_lie(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STRETCHES", (3, 11))
    for number in range(12):
        said = say(world, "mira", f"owl {number}")
        for _ in range(number % 5):  # a change takes a number too
            ChatMessage.objects.filter(pk=said.id).update(changed=log.take_number(find_room(said.room)))
    every = [message.seq for message in read(world, "jonas").results]
    assert len(every) == 12
    for place in range(every[-1] + 4):
        earlier = [seq for seq in every if seq < place]
        later = [seq for seq in every if seq >= place]
        for given, shown, before, after in (
            ({"before": place, "limit": 4}, earlier[-4:], len(earlier) > 4, True),
            ({"around": place, "limit": 4}, earlier[-2:] + later[:2], len(earlier) > 2, len(later) > 2),
            ({"after": place - 1, "limit": 4}, later[:4], True, len(later) > 4),
        ):
            if place == 0 and "after" in given:
                continue
            found = read(world, "jonas", **given)
            assert ([m.seq for m in found.results], found.before, found.after) == (
                shown,
                before,
                after,
            ), given
    assert read(world, "jonas", before=10**30, limit=2).results[-1].seq == every[-1]
