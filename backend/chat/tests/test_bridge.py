"""Bridged channels: switched on by who may, everything there once on both sides, and nothing hidden leaves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from background import heartbeats
from background.models import Kind
from chat import log
from chat.bridges import outgoing, places
from chat.bridges.files import file_for_discord
from chat.models import Attachment, Bridge, BridgedMessage, ChatMessage
from chat.operations import bridges, messages
from chat.rooms import Room
from chat.services import threads
from chat.tests.chat_kit import call, read, say, table
from chronicle.call import Call
from chronicle.principal import Principal
from contract import bridges as shapes
from contract import chat
from contract.bridge_frames import BridgedMessage as Offer
from discordauth.models import CustomUser
from rules.errors import NotAllowed, NotFound, Unprocessable
from testing.personas import TABLE_CHANNEL, World
from timeline.services import Cause
from uploads.models import StoredFile

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def readable(settings: Any) -> None:
    settings.DISCORD_MESSAGE_CONTENT = True


@pytest.fixture
def bridged(world: World) -> World:
    switch(world, "olga")
    Bridge.objects.update(discord_position="100")
    return world


def switch(world: World, who: str, on: bool = True) -> shapes.Bridge:
    return bridges.SET.run(call(world, who), shapes.SetBridge(room=table().pk, on=on))


def process() -> Call:
    return Call(Principal.system(), Cause(None, "discord"))


def heard(number: int, text: str = "Hello", who: str | None = "555", **more: Any) -> shapes.Heard:
    author = shapes.HeardAuthor(id=who, name="Stranger", avatar_url="https://cdn.discordapp.com/a.png")
    return shapes.Heard(id=str(number), author=author, text=text, at=NOW, **more)


def receive(*messages: shapes.Heard, **more: Any) -> list[str]:
    place = {"guild_id": table().server.discord_id, "channel": TABLE_CHANNEL}
    given = shapes.Receive.model_validate({**place, "messages": list(messages), **more})
    return bridges.RECEIVE.run(process(), given).unknown


def forget(*numbers: int) -> int:
    place = {"guild_id": table().server.discord_id, "channel": TABLE_CHANNEL}
    given = shapes.Forget.model_validate({**place, "messages": [str(number) for number in numbers]})
    return bridges.FORGET.run(process(), given).deleted


def offers(after: int | None = None) -> list[Offer]:
    target = outgoing.targets()[table().pk]
    return outgoing.frames(target, target.position if after is None else after)[1]


def posted(offer: Offer, *pieces: int) -> bool:
    given = shapes.Posted(
        room=table().pk, message=offer.message.id, changed=offer.seq, pieces=[str(piece) for piece in pieces]
    )
    return bridges.POSTED.run(process(), given).noted


def texts(world: World) -> list[str]:
    return [row.text for row in read(world, "mira").results]


def test_who_manages_the_channel_switches_it_on_and_off(world: World) -> None:
    with pytest.raises(NotAllowed):
        switch(world, "mira")
    with pytest.raises(NotFound):
        switch(world, "sam")
    assert switch(world, "olga").on
    version = table().server.version
    assert switch(world, "olga").on
    assert table().server.version == version
    assert [place.pk for place in places.bridged()] == [table().pk]
    assert not switch(world, "olga", on=False).on
    assert list(places.bridged()) == []


def test_without_the_right_to_read_it_says_why(world: World, settings: Any) -> None:
    settings.DISCORD_MESSAGE_CONTENT = False
    state = bridges.GET.run(call(world, "olga"), shapes.BridgeInput(room=table().pk))
    assert (state.possible, "DISCORD_MESSAGE_CONTENT=1" in state.reason) == (False, True)
    with pytest.raises(Unprocessable) as refused:
        switch(world, "olga")
    assert str(refused.value) == state.reason
    settings.DISCORD_MESSAGE_CONTENT = True
    heartbeats.beat("one", Kind.DISCORD, {"message_content": False})
    with pytest.raises(Unprocessable) as refused:
        switch(world, "olga")
    assert "developer portal" in str(refused.value)
    heartbeats.beat("one", Kind.DISCORD, {"message_content": True})
    assert switch(world, "olga").on
    trouble = shapes.Trouble(
        guild_id=table().server.discord_id or "", channel=TABLE_CHANNEL, problem="no_webhooks"
    )
    assert bridges.TROUBLE.run(process(), trouble).noted
    state = bridges.GET.run(
        call(world, "olga"), shapes.BridgeInput(server=world.server.pk, channel=TABLE_CHANNEL)
    )
    assert "Manage Webhooks" in state.reason


def test_a_channel_of_the_web_alone_has_nothing_to_bridge(world: World) -> None:
    row = table()
    row.discord_id = None
    row.save()
    with pytest.raises(Unprocessable):
        bridges.SET.run(call(world, "olga"), shapes.SetBridge(room=row.pk, on=True))


def test_what_is_written_on_discord_comes_once_under_its_authors_name(bridged: World) -> None:
    people = CustomUser.objects.count()
    mira = bridged.mira.discord_id
    receive(heard(101, "From outside"), heard(102, "From Mira", who=mira))
    receive(heard(102, "From Mira", who=mira), heard(103, "Third", who=None, reply_to="101"))
    first, second, third = read(bridged, "jonas").results
    assert [first.text, second.text, third.text] == ["From outside", "From Mira", "Third"]
    assert first.voice is not None
    assert (first.voice.name, first.voice.source, first.origin) == ("Stranger", "discord", "discord")
    assert first.voice.portrait_url
    assert second.author is not None
    assert (second.author.id, second.voice) == (bridged.mira.pk, None)
    assert third.reply is not None
    assert third.reply.id == first.id
    assert CustomUser.objects.count() == people
    assert Bridge.objects.get(channel=table()).discord_position == "103"


def test_a_picture_from_anywhere_is_not_shown(bridged: World) -> None:
    author = shapes.HeardAuthor(name="Stranger", avatar_url="https://evil.example/track.png")
    receive(shapes.Heard(id="101", author=author, text="x", at=NOW))
    (row,) = read(bridged, "mira").results
    assert row.voice is not None
    assert row.voice.portrait_url == ""


def test_edits_and_deletions_come_over_and_of_old_messages_nothing_begins(bridged: World) -> None:
    receive(heard(101, "Frist"), heard(102, "Second"))
    later = NOW + timedelta(minutes=1)
    receive(
        heard(101, "First", edited_at=later, is_new=False), heard(99, "Old", edited_at=later, is_new=False)
    )
    assert texts(bridged) == ["First", "Second"]
    changed = ChatMessage.objects.order_by("seq").first()
    receive(heard(101, "First", edited_at=later, is_new=False))
    assert changed == ChatMessage.objects.order_by("seq").first()
    assert ChatMessage.objects.order_by("-changed").first() == changed
    assert forget(102, 4711) == 1
    assert forget(102) == 0
    assert [row.deleted for row in read(bridged, "mira").results] == [False, True]


def test_what_was_deleted_while_nobody_listened_is_found(bridged: World) -> None:
    receive(heard(101), heard(102), heard(103))
    receive(since="102", until="103", present=["103"])
    assert [row.deleted for row in read(bridged, "mira").results] == [False, True, False]


def test_what_is_written_here_is_offered_until_it_stands_on_discord(bridged: World) -> None:
    said = say(bridged, "mira", "Hail")
    (offer,) = offers()
    assert (offer.message.text, offer.message.name, offer.channel_id) == ("Hail", "Mira", TABLE_CHANNEL)
    assert (offer.message.pieces, offer.message.gone, offer.thread) == ([], False, None)
    assert offers() == [offer]
    assert posted(offer, 201, 202)
    assert offers() == []
    assert offers(0) == []
    assert receive(own=["201", "203"]) == ["203"]
    answer = say(bridged, "jonas", "And you", reply_to=said.id)
    (offer,) = offers()
    assert offer.message.reply is not None
    assert (offer.message.reply.name, offer.message.reply.message_id) == ("Mira", "201")
    assert answer.id == offer.message.id


def change(message_id: UUID, **values: Any) -> None:
    row = ChatMessage.objects.get(pk=message_id)
    number = table()
    for name, value in values.items():
        setattr(row, name, value)
    row.changed = log.take_number(Room(number.pk, channel=number))
    row.save()


def test_edits_and_ends_of_it_are_offered_too(bridged: World) -> None:
    said = say(bridged, "mira", "Hail")
    posted(offers()[0], 201)
    change(said.id, content="Farewell")
    (offer,) = offers()
    assert (offer.message.text, offer.message.pieces) == ("Farewell", ["201"])
    posted(offer, 201)
    change(said.id, deleted_at=NOW)
    (offer,) = offers()
    assert (offer.message.gone, offer.message.text, offer.message.name) == (True, "", "")
    posted(offer)
    assert offers() == []
    assert not BridgedMessage.objects.exists()


def test_hidden_messages_never_leave(bridged: World) -> None:
    said = say(bridged, "mira", "A whisper")
    change(said.id, visibility=2)
    assert offers() == []
    change(said.id, visibility=1)
    posted(offers()[0], 201)
    change(said.id, visibility=3)
    (offer,) = offers()
    assert (offer.message.gone, offer.message.text) == (True, "")


def test_what_came_from_discord_never_goes_back(bridged: World) -> None:
    receive(heard(101))
    assert offers() == []
    (row,) = read(bridged, "mira").results
    change(row.id, pinned_at=NOW)
    change(row.id, content="Changed here")
    assert offers() == []
    change(row.id, deleted_at=NOW)
    (offer,) = offers()
    assert (offer.message.gone, offer.message.came, offer.message.pieces) == (True, True, ["101"])
    posted(offer, 101)
    assert offers() == []


def test_deleted_on_discord_it_is_not_deleted_there_again(bridged: World) -> None:
    receive(heard(101))
    say(bridged, "mira", "Hail")
    posted(offers()[0], 201)
    assert forget(101, 201) == 2
    assert offers() == []


def test_what_was_said_before_stays_where_it_was_said(world: World) -> None:
    say(world, "mira", "Before")
    switch(world, "olga")
    assert offers() == []
    assert int(Bridge.objects.get(channel=table()).discord_position) > 10**17


def test_a_thread_of_discords_is_one_here(bridged: World) -> None:
    thread = {"id": "900", "name": "Elysium"}
    receive(heard(901, "In the thread"), thread=thread)
    row = table().threads.get()
    assert (row.name, row.discord_id) == ("Elysium", "900")
    assert [message.content for message in row.messages.all()] == ["In the thread"]
    assert texts(bridged) == []
    receive(heard(902, "More"), thread=thread)
    assert row.messages.count() == 2


def test_after_a_long_time_only_the_last_are_news(bridged: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_MISSED", 3)
    for number in range(6):
        say(bridged, "mira", str(number))
    target = outgoing.targets()[table().pk]
    assert [offer.message.text for offer in offers(outgoing.start_of(target))] == ["3", "4", "5"]


def test_a_place_that_is_not_bridged_is_passed_over(world: World) -> None:
    receive(heard(101))
    assert texts(world) == []
    assert forget(101) == 0


def test_people_roles_and_everyone_are_named_and_only_members_are_pinged(bridged: World) -> None:
    text = f"<@{bridged.jonas.pk}> and <@{bridged.root.pk}>, @everyone"
    say(bridged, "mira", text)
    (offer,) = offers()
    assert offer.message.pings == [bridged.jonas.discord_id]
    assert offer.message.text == f"<@{bridged.jonas.discord_id}> and @{bridged.root.pk}, @everyone"
    receive(heard(101, f"<@{bridged.mira.discord_id}> and <@77> and <@78>", people={"77": "Nobody here"}))
    row = read(bridged, "mira").results[-1]
    assert row.text == f"<@{bridged.mira.pk}> and @Nobody here and @somebody"
    assert row.mentions == [bridged.mira.pk]
    assert row.named == {f"<@{bridged.mira.pk}>": "Mira"}


def test_it_is_found_by_its_words_until_it_is_gone(bridged: World) -> None:
    receive(heard(101, "Elysium tonight"))
    row = ChatMessage.objects.get()
    assert row.search
    receive(heard(101, "The haven", edited_at=NOW + timedelta(minutes=1), is_new=False))
    changed = ChatMessage.objects.get()
    assert changed.search not in ("", row.search)
    forget(101)
    assert ChatMessage.objects.get().search == ""


def test_rolls_go_along_as_the_table_sees_them(bridged: World) -> None:
    say(bridged, "mira", "I strike [[2d10+3]]")
    (offer,) = offers()
    assert offer.message.text == "I strike [[2d10+3]]"
    assert len(offer.message.rolls) == 1


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_MEDIA_ROOT = tmp_path


@pytest.fixture
def discord_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What Discord has at these addresses."""
    known: dict[str, bytes] = {}

    def fetch(url: str) -> bytes:
        if url not in known:
            raise Unprocessable("gone", "no_picture")
        return known[url]

    monkeypatch.setattr("chat.bridges.files.fetch", fetch)
    return known


def with_files(number: int, *names: str, size: int = 10) -> shapes.Heard:
    listed = [
        shapes.HeardFile(name=name, url=f"https://cdn.discordapp.com/{name}", size=size) for name in names
    ]
    return heard(number, "Look", files=listed)


def prepared(*messages: shapes.Heard) -> shapes.Receive:
    place = {"guild_id": table().server.discord_id, "channel": TABLE_CHANNEL}
    given = shapes.Receive.model_validate({**place, "messages": list(messages)})
    assert bridges.RECEIVE.prepare is not None
    return bridges.RECEIVE.prepare(process(), given)


def test_files_come_through_the_pipeline_of_uploads(
    bridged: World, media: None, discord_files: dict[str, bytes]
) -> None:
    discord_files["https://cdn.discordapp.com/note.txt"] = b"a note"
    discord_files["https://cdn.discordapp.com/tool.exe"] = b"MZ\x00\x01" + bytes(range(256))
    given = prepared(with_files(101, "note.txt", "tool.exe", "lost.txt"))
    bridges.RECEIVE.run(process(), given)
    (row,) = read(bridged, "mira").results
    assert [file.name for file in row.attachments] == ["note.txt"]
    assert row.text.splitlines() == ["Look", "📎 tool.exe (on Discord)", "📎 lost.txt (on Discord)"]
    assert prepared(with_files(101, "note.txt")).messages[0].files[0].path == ""
    stored = StoredFile.objects.get()
    forget(101)
    assert not StoredFile.objects.filter(pk=stored.pk).exclude(claimed_at=None).exists()


def test_files_from_anywhere_else_and_too_large_ones_stay_where_they_are(bridged: World, media: None) -> None:
    elsewhere = shapes.HeardFile(name="a.png", url="http://169.254.169.254/latest/meta-data", size=10)
    large = shapes.HeardFile(name="b.png", url="https://cdn.discordapp.com/b.png", size=9 * 1024 * 1024)
    given = prepared(heard(101, "Look", files=[elsewhere, large]))
    assert [file.path for file in given.messages[0].files] == ["", ""]
    assert not StoredFile.objects.exists()


def test_the_process_gets_files_of_bridged_messages_alone(
    bridged: World, media: None, discord_files: dict[str, bytes]
) -> None:
    discord_files["https://cdn.discordapp.com/note.txt"] = b"a note"
    bridges.RECEIVE.run(process(), prepared(with_files(101, "note.txt")))
    file = Attachment.objects.get()
    assert file_for_discord(file.pk)[0] == file
    row = read(bridged, "mira").results[0]
    change(row.id, visibility=2)
    with pytest.raises(NotFound):
        file_for_discord(file.pk)
    change(row.id, visibility=1)
    switch(bridged, "olga", on=False)
    with pytest.raises(NotFound):
        file_for_discord(file.pk)


def thread_of(world: World, message_id: UUID | None, name: str = "Elysium") -> Room:
    room = Room(table().pk, channel=table())
    started = threads.start(
        room, name, message_id, principal=world.principal("mira"), cause=Cause(world.mira, "web")
    )
    return Room(started.pk, channel=started)


def test_a_thread_of_ours_begins_there_with_its_message(bridged: World) -> None:
    said = say(bridged, "mira", "It begins")
    room = thread_of(bridged, said.id)
    given = chat.Post.model_validate({"room": room.id, "text": "Within"})
    messages.POST.run(call(bridged, "mira"), given)
    target = outgoing.targets()[room.id]
    assert outgoing.frames(target, 0) == (0, [])
    posted(offers()[0], 201)
    number, (offer,) = outgoing.frames(target, 0)
    assert offer.thread is not None
    assert (offer.thread.id, offer.thread.starter, offer.thread.name) == (None, "201", "Elysium")
    noted = shapes.Posted(
        room=room.id, message=offer.message.id, changed=number, pieces=["301"], thread="201"
    )
    assert bridges.POSTED.run(process(), noted).noted
    thread = table().threads.get()
    assert thread.discord_id == "201"
    assert outgoing.place(places.bridged([thread.pk]).get()).parent == TABLE_CHANNEL


def test_a_thread_of_discords_is_marked_at_its_message(bridged: World) -> None:
    receive(heard(900, "It begins"))
    receive(heard(901, "Within"), thread={"id": "900", "name": "Elysium"})
    (row,) = read(bridged, "mira").results
    assert row.thread is not None
    assert (row.thread.name, row.thread.messages) == ("Elysium", 1)
