"""The chat page: rooms that its reader sees, readable and usable without a script."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from chat.models import ChatMessage, Participant, PrivateConversation
from chat.rooms import Room
from chat.services.posting import Draft, post
from chronicle.models import ServerChannel
from testing.personas import TABLE_CHANNEL, World
from timeline.services import Cause

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def table() -> ServerChannel:
    return ServerChannel.objects.select_related("server").get(discord_id=TABLE_CHANNEL)


def say(world: World, who: str, text: str) -> None:
    room = Room(table().pk, channel=table())
    post(room, Draft(text=text), principal=world.principal(who), cause=Cause(getattr(world, who), "web"))


def test_a_room_shows_its_newest_messages_and_the_rooms_beside_it(world: World, browser: Browser) -> None:
    for number in range(56):
        say(world, ("mira", "vesna")[number % 2], f"line {number} <b>")
    text = browser("jonas").get(f"/talk/{table().pk}/").content.decode()
    assert "line 55 &lt;b&gt;" in text
    assert "line 5 &lt;b&gt;" not in text
    assert '<a href="?at=7">' in text
    assert "tracker" in text
    older = browser("jonas").get(f"/talk/{table().pk}/?at=7").content.decode()
    assert "line 5 &lt;b&gt;" in older


def test_the_form_posts_without_a_script(world: World, browser: Browser) -> None:
    address = f"/talk/{table().pk}/"
    answer = browser("mira").post(f"{address}post/", {"text": "Good evening.", "key": "one"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    browser("mira").post(f"{address}post/", {"text": "Good evening.", "key": "one"})
    assert [row.content for row in ChatMessage.objects.all()] == ["Good evening."]
    long = browser("mira").post(
        f"{address}post/", {"text": "x" * 4001, "key": "two", "stood": address, "form": "talk"}
    )
    assert "up to 4000 characters" in long.content.decode()
    assert "x" * 4001 in long.content.decode()


def test_a_stranger_sees_no_room_and_no_name_of_one(world: World, browser: Browser) -> None:
    for address in (f"/talk/{table().pk}/", f"/talk/{uuid4()}/", f"/servers/{world.server.pk}/chat/"):
        answer = browser("sam").get(address)
        assert answer.status_code == 404
        assert "tracker" not in answer.content.decode()
    assert "Night Court" not in browser("sam").get("/talk/").content.decode()
    assert browser("").get("/talk/").status_code == 302


def test_private_conversations_are_listed_by_the_names_of_the_others(world: World, browser: Browser) -> None:
    conversation = PrivateConversation.objects.create(made_by=world.mira)
    for user in (world.mira, world.jonas):
        Participant.objects.create(conversation=conversation, user=user)
    text = browser("jonas").get("/talk/").content.decode()
    assert f'href="/talk/{conversation.pk}/"' in text
    assert '<span class="name" dir="auto" translate="no">Mira</span>' in text
    assert f"/talk/{conversation.pk}/" not in browser("vesna").get("/talk/").content.decode()
    assert browser("vesna").get(f"/talk/{conversation.pk}/").status_code == 404
