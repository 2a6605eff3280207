"""Threads go on from a message; moderators see what was done."""

from typing import Any
from uuid import UUID

import pytest

from chat.models import ModerationEntry
from chat.operations import messages, threads
from chat.tests.chat_kit import call, read, say, table
from chronicle.models import ServerChannel
from contract import chat as message_shapes
from contract import chat_threads as shapes
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.personas import World

pytestmark = pytest.mark.django_db


def start(world: World, who: str, name: str = "Aside", **more: Any) -> shapes.Thread:
    given = {"room": table().pk, "name": name, **more}
    return threads.START.run(call(world, who), shapes.StartThread.model_validate(given))


def change(world: World, who: str, thread: UUID, **changes: object) -> shapes.Thread:
    given = shapes.ChangeThread.model_validate({"room": thread, **changes})
    return threads.CHANGE.run(call(world, who), given)


def moderation(world: World, who: str) -> list[shapes.Moderated]:
    given = shapes.ListModeration(server=world.server.pk)
    return threads.MODERATION.run(call(world, who), given).results


@pytest.mark.req("S003-69")
def test_a_thread_goes_on_from_a_message(world: World) -> None:
    said = say(world, "mira", "Who was at the pier?")
    thread = start(world, "jonas", message=said.id)
    assert (thread.channel, thread.message, thread.archived) == (table().pk, said.id, False)
    for text in ("I was", "So was I"):
        say(world, "jonas", text, room=thread.id)
    (shown,) = read(world, "vesna").results
    assert shown.thread is not None
    assert (shown.thread.id, shown.thread.name, shown.thread.messages) == (thread.id, "Aside", 2)
    assert [row.text for row in read(world, "mira", room=thread.id).results] == ["I was", "So was I"]
    with pytest.raises(Conflict):
        start(world, "mira", message=said.id)


def test_a_thread_without_a_message_has_a_notice(world: World) -> None:
    first, second = (start(world, "jonas", "Plans") for _ in range(2))
    notices = read(world, "mira").results
    assert [(row.kind, row.text) for row in notices] == [("notice", "Plans")] * 2
    assert [row.thread and row.thread.id for row in notices] == [first.id, second.id]


def test_a_thread_has_the_rights_of_its_channel(world: World) -> None:
    thread = start(world, "jonas")
    for attempt in (
        lambda: read(world, "sam", room=thread.id),
        lambda: say(world, "sam", "me too", room=thread.id),
        lambda: start(world, "sam"),
    ):
        with pytest.raises(NotFound):
            attempt()
    ServerChannel.objects.filter(pk=table().pk).update(is_private=True)
    with pytest.raises(NotFound):
        read(world, "mira", room=thread.id)
    with pytest.raises(Invalid):
        threads.START.run(call(world, "olga"), shapes.StartThread(room=thread.id, name="In a thread"))


def test_who_began_a_thread_and_moderators_change_it(world: World) -> None:
    said = say(world, "mira", "Who was at the pier?")
    thread = start(world, "mira", message=said.id)
    with pytest.raises(NotAllowed):
        change(world, "jonas", thread.id, name="Mine")
    assert change(world, "mira", thread.id, name=" The pier ").name == "The pier"
    assert change(world, "mira", thread.id, archived=True).archived
    assert moderation(world, "olga") == []
    with pytest.raises(NotAllowed):
        say(world, "mira", "more", room=thread.id)
    assert not change(world, "mira", thread.id, archived=False).archived
    say(world, "mira", "more", room=thread.id)
    change(world, "olga", thread.id, archived=True)
    assert [entry.action for entry in moderation(world, "olga")] == ["archived_thread"]
    (shown,) = read(world, "jonas").results
    assert shown.thread is not None
    assert (shown.thread.name, shown.thread.archived) == ("The pier", True)
    with pytest.raises(Invalid):
        change(world, "olga", thread.id, name="  ")
    with pytest.raises(Invalid):
        change(world, "olga", table().pk, name="table")


def test_moderators_see_what_was_done_and_what_stood_there(world: World) -> None:
    said = say(world, "mira", "something rude")
    gone = message_shapes.DeleteMessage(room=said.room, message=said.id, reason="Be kind")
    messages.DELETE.run(call(world, "olga"), gone)
    (entry,) = moderation(world, "olga")
    assert (entry.action, entry.text, entry.author, entry.moderator) == (
        "deleted",
        "something rude",
        "Mira",
        "Olga",
    )
    given = shapes.RemovedInput(room=said.room, message=said.id)
    there = threads.REMOVED.run(call(world, "olga"), given)
    assert (there.text, there.by, there.reason) == ("something rude", "Olga", "Be kind")
    for who in ("mira", "jonas", "vesna"):
        with pytest.raises(NotAllowed):
            moderation(world, who)
        with pytest.raises(NotAllowed):
            threads.REMOVED.run(call(world, who), given)
    with pytest.raises(NotFound):
        threads.REMOVED.run(call(world, "sam"), given)
    assert ModerationEntry.objects.count() == 1


def test_a_moderator_sees_no_entries_of_channels_that_are_hidden_from_them(world: World) -> None:
    said = say(world, "mira", "something rude")
    messages.DELETE.run(call(world, "olga"), message_shapes.DeleteMessage(room=said.room, message=said.id))
    role = world.server.roles.get(system="MODERATOR")
    world.server.members.get(user=world.jonas).roles.add(role)
    assert len(moderation(world, "jonas")) == 1
    ServerChannel.objects.filter(pk=table().pk).update(
        is_private=True, seen_by={"everyone": False, world.olga.discord_id: True}
    )
    assert moderation(world, "jonas") == []
    assert len(moderation(world, "olga")) == 1
