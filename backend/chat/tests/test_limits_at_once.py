"""Of what there may only be so many of, two at the same instant do not both get the last place."""

from functools import partial

import pytest
from django.utils import timezone

from chat.attachments import ATTACHMENT, MAX_BYTES_A_DAY
from chat.models import Attachment, CastMember, ChatMessage
from chat.operations import messages, threads
from chat.services import cast, files, pins
from chat.services import threads as thread_services
from chat.tests.chat_kit import call, say, table
from chronicle.models import ServerChannel
from contract import chat as shapes
from contract import chat_threads as thread_shapes
from rules.errors import Conflict
from testing.personas import World
from testing.together import at_once
from uploads.models import StoredFile

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


def test_pins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MAX_PINS", 2)
    asked = [
        shapes.MessageInput(room=said.room, message=said.id)
        for said in [say(world, "mira", str(number)) for number in range(5)]
    ]
    done = at_once(partial(messages.PIN.run, call(world, "olga"), given) for given in asked)
    assert done.count("too_many_pins") == 3
    assert ChatMessage.objects.exclude(pinned_at=None).count() == 2


def test_members_of_a_cast(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast, "MAX_CAST", 2)
    names = [f"Owl {number}" for number in range(5)]
    done = at_once(
        partial(cast.add, world.chronicle, name, principal=world.principal("vesna")) for name in names
    )
    assert done.count("too_many_cast") == 3
    assert CastMember.objects.count() == 2


def test_bytes_of_a_day(world: World) -> None:
    paths = [f"files/{number}.pdf" for number in range(3)]
    for path in paths:
        StoredFile.objects.create(
            kind=ATTACHMENT.name, path=path, user=world.mira, size=MAX_BYTES_A_DAY * 2 // 3, sha256=path
        )
    mira = world.principal("mira")
    done = at_once(partial(files.add, path, "owl.pdf", mira) for path in paths)
    assert done.count("too_many_files") == 2
    assert Attachment.objects.count() == 1


def test_open_threads_count_those_that_are_opened_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_services, "MOST_OPEN", 2)
    made = [
        ServerChannel.objects.create(
            server=world.server, parent=table(), name=f"aside {number}", kind=11, archived_at=timezone.now()
        )
        for number in range(4)
    ]
    asked = [thread_shapes.ChangeThread(room=row.pk, archived=False) for row in made]
    done = at_once(partial(threads.CHANGE.run, call(world, "olga"), given) for given in asked)
    assert done.count("too_many_threads") == 2
    given = thread_shapes.StartThread(room=table().pk, name="One more")
    with pytest.raises(Conflict):
        threads.START.run(call(world, "olga"), given)
    still_open = ServerChannel.objects.filter(parent=table(), archived_at=None).first()
    assert still_open is not None
    renamed = thread_shapes.ChangeThread(room=still_open.pk, archived=False, name="Renamed")
    assert threads.CHANGE.run(call(world, "olga"), renamed).name == "Renamed"
