"""What of chat is in a download, and what stays of somebody who goes."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from chat.models import ChatMessage, Participant, PrivateConversation
from chat.operations import messages
from chat.services import files
from chat.tests.chat_kit import call, read, say, table
from chronicle.models import ServerChannel
from contract.chat import Post
from privacy import download
from privacy.tests.kit import leave
from testing.personas import World

pytestmark = pytest.mark.django_db


def files_of(world: World, who: str) -> dict[str, str]:
    asked = download.ask(getattr(world, who))
    download.make(asked.pk)
    content = b"".join(download.content(getattr(world, who))[1])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.req("S000-60")
def test_a_download_has_ones_own_words_and_what_one_was_told_in_private(world: World) -> None:
    say(world, "mira", "mirasword")
    say(world, "jonas", "jonasword")
    private = PrivateConversation.objects.create()
    for who in ("vesna", "jonas"):
        Participant.objects.create(conversation=private, user=getattr(world, who))
    for number in (1, 2):
        messages.POST.run(call(world, "jonas"), Post(room=private.pk, text=f"whisper {number}"))
    Participant.objects.create(conversation=private, user=world.mira, since=1)
    found = files_of(world, "mira")
    assert [row["content"] for row in json.loads(found["messages.json"])] == ["mirasword"]
    assert [row["content"] for row in json.loads(found["private_messages.json"])] == ["whisper 2"]
    assert not any("jonasword" in text for text in found.values())
    assert not any("whisper" in text for text in files_of(world, "olga").values())


def test_no_channel_is_named_that_one_does_not_see_any_more(world: World) -> None:
    say(world, "mira", "mirasword")
    ServerChannel.objects.filter(pk=table().pk).update(is_private=True, name="hiddenname")
    found = files_of(world, "mira")
    assert "mirasword" in found["messages.json"]
    assert not any("hiddenname" in text for text in found.values())


def test_the_log_stays_readable_when_somebody_goes(world: World) -> None:
    said = say(world, "mira", "I open the door")
    say(world, "jonas", f"And I close it, <@{world.mira.pk}>", reply_to=said.id)
    leave(world.mira)
    first, second = read(world, "jonas").results
    assert first.author is not None
    assert (first.text, first.author.name) == ("I open the door", "a former player")
    assert second.reply is not None
    assert second.reply.name == "a former player"
    assert list(second.named.values()) == ["a former player"]
    assert not ChatMessage.objects.filter(user_name__icontains="mira").exists()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    storages._storages.pop("private", None)
    yield
    storages._storages.pop("private", None)


@pytest.mark.usefixtures("media")
def test_a_download_has_the_files_of_ones_own_messages(world: World) -> None:
    for who, text, name in (("mira", b"mirasnote", "note.txt"), ("jonas", b"jonasnote", "other.txt")):
        stored, checked = files.store(text, name, world.principal(who))
        uploaded = files.add(stored.path, checked.name, world.principal(who))
        say(world, who, "look", attachments=[uploaded.pk])
    found = files_of(world, "mira")
    (row,) = json.loads(found["files.json"])
    assert found[f"files/{row['id']}-note.txt"] == "mirasnote"
    assert not any("jonasnote" in text for text in found.values())
    assert "files/" in found["README.txt"]
