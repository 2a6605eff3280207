"""What is said in private is found nowhere by others: no list, search, count, mention, export or error tells of it.

Conversations at random, in rooms that different people see, with a word in each message that is in no other. Then
everybody looks everywhere.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from chat import log
from chat.drafts import Draft
from chat.models import ChatMessage
from chat.operations import conversations, messages, reading, rooms, search, threads
from chat.rooms import room_for
from chat.services import posting
from chat.tests.chat_kit import call, table
from chronicle.models import ServerChannel, ServerRole
from contract import chat as shapes
from contract import chat_conversations, chat_reading, chat_rooms, chat_threads
from contract.chat_search import SearchMessages
from discordauth.models import CustomUser
from privacy import download
from rules.errors import GameError, NotFound
from testing.personas import NARRATOR, World

pytestmark = pytest.mark.django_db

PEOPLE = ("olga", "vesna", "mira", "jonas", "sam", "root")
TELLERS = {"olga", "vesna", "root"}
MEMBERS = TELLERS | {"mira", "jonas"}


@dataclass
class Place:
    """A room, and who reads it, by name."""

    id: UUID
    readers: set[str]
    name: str = ""


@dataclass
class Said:
    id: UUID
    place: Place
    word: str
    readers: set[str]


@dataclass
class Talk:
    """Everything that was said, and the frames that people were handed."""

    world: World
    chance: random.Random
    places: list[Place]
    said: list[Said] = field(default_factory=list)
    sent: list[tuple[UUID, Any]] = field(default_factory=list)

    def go_on(self) -> None:
        place = self.chance.choice(self.places)
        who = self.chance.choice(sorted(place.readers - {"root"}))
        word = f"canary{len(self.said):03}{self.chance.randrange(10**6):06}"
        answered = self._answered(place, who)
        draft = Draft(text=f"{self._mention()} {word}", reply_to=answered.id if answered else None)
        # An answer to a whisper is one.
        readers = set(answered.readers if answered else place.readers)
        if place.id == table().pk and self.chance.random() < 0.5:
            draft.whisper, draft.hidden = who not in TELLERS, who in TELLERS
            readers = TELLERS | ({who} if draft.whisper else set())
        asked = call(self.world, who)
        room = room_for(asked.principal, place.id)
        row = posting.post(room, draft, principal=asked.principal, cause=asked.cause)
        self.said.append(Said(row.pk, place, word, readers))

    def _mention(self) -> str:
        users = [getattr(self.world, name).pk for name in PEOPLE]
        role = ServerRole.objects.get(discord_id=NARRATOR).pk
        return self.chance.choice([f"<@{self.chance.choice(users)}>", f"<@&{role}>", "@everyone", ""])

    def _answered(self, place: Place, who: str) -> Said | None:
        known = [said for said in self.said if said.place is place and who in said.readers]
        return self.chance.choice([None, *known])


@pytest.fixture
def talk(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> Talk:
    monkeypatch.setattr("timeline.limits.spend", lambda counted: None)
    narrators = str(ServerRole.objects.get(discord_id=NARRATOR).pk)
    vault = ServerChannel.objects.get(name="tracker")
    ServerChannel.objects.filter(pk=vault.pk).update(
        name="vaultname", is_private=True, permissions={narrators: {"view_channel": "allow"}}
    )
    thread = ServerChannel.objects.create(server=world.server, parent=vault, name="threadname", kind=11)

    def private(who: str, *others: str, name: str = "") -> UUID:
        people = [getattr(world, other).pk for other in others]
        given = chat_conversations.StartConversation(people=people, name=name)
        return conversations.START.run(call(world, who), given).id

    places = [
        Place(table().pk, set(MEMBERS)),
        Place(vault.pk, set(TELLERS), "vaultname"),
        Place(thread.pk, set(TELLERS), "threadname"),
        Place(private("mira", "jonas"), {"mira", "jonas"}),
        Place(private("mira", "vesna", name="groupname"), {"mira", "vesna"}, "groupname"),
    ]
    found = Talk(world, random.Random(seed), places)
    monkeypatch.setattr(log, "tell_on_commit", lambda user, frame: found.sent.append((user, frame)))
    for _ in range(18):
        found.go_on()
    return found


def everything(talk: Talk, who: str) -> Iterator[str]:
    """What somebody is shown of the rooms that are theirs to ask for."""
    asked, world = call(talk.world, who), talk.world
    server = world.other_server if who == "sam" else world.server
    yield rooms.LIST.run(asked, chat_rooms.ListRooms()).model_dump_json()
    yield rooms.LIST.run(asked, chat_rooms.ListRooms(server=server.pk)).model_dump_json()
    yield reading.MENTIONS.run(asked, chat_reading.ListMentions(limit=50)).model_dump_json()
    yield conversations.BLOCKS.run(asked, chat_conversations.ListBlocks()).model_dump_json()
    for said in talk.said:
        yield search.SEARCH.run(asked, SearchMessages(q=said.word)).model_dump_json().replace(
            f'"{said.word}"]', ""
        )
    for place in talk.places:
        yield from attempts(place_reads(place.id), asked)
    yield from attempts(
        [lambda given: threads.MODERATION.run(given, chat_threads.ListModeration(server=server.pk))], asked
    )


def place_reads(room: UUID) -> list[Callable[[Any], Any]]:
    return [
        lambda asked: rooms.OPEN.run(asked, chat_rooms.OpenRoom(room=room)),
        lambda asked: messages.LIST.run(asked, shapes.ListMessages(room=room)),
        lambda asked: messages.PINS.run(asked, shapes.RoomInput(room=room)),
        lambda asked: reading.READ.run(asked, chat_reading.ReadRoom(room=room, seq=1, back=True)),
        lambda asked: reading.NOTIFY.run(asked, shapes.RoomInput(room=room)),
        lambda asked: conversations.GET.run(asked, shapes.RoomInput(room=room)),
        lambda asked: threads.GET.run(asked, shapes.RoomInput(room=room)),
        lambda asked: search.SEARCH.run(asked, SearchMessages(q="canary", room=room)),
    ]


def message_reads(said: Said) -> list[Callable[[Any], Any]]:
    room, message = said.place.id, said.id
    named = {"room": room, "message": message}
    return [
        lambda asked: messages.GET.run(asked, shapes.MessageInput(**named)),
        lambda asked: messages.EDIT.run(asked, shapes.EditMessage(**named, text="mine")),
        lambda asked: messages.DELETE.run(asked, shapes.DeleteMessage(**named)),
        lambda asked: messages.REACT.run(asked, shapes.React(**named, emoji="🎉")),
        lambda asked: messages.PIN.run(asked, shapes.MessageInput(**named)),
        lambda asked: messages.POST.run(asked, shapes.Post(room=room, text="so?", reply_to=message)),
        lambda asked: threads.START.run(
            asked, chat_threads.StartThread(room=room, name="so", message=message)
        ),
    ]


def attempts(tries: list[Callable[[Any], Any]], asked: Any) -> Iterator[str]:
    """What they are told: the answer, or the refusal with all that comes with it."""
    for attempt in tries:
        try:
            yield attempt(asked).model_dump_json()
        except GameError as error:
            yield f"{error.as_json()}"


def export(person: CustomUser) -> Iterator[str]:
    asked = download.ask(person)
    download.make(asked.pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(download.content(person)[1]))) as archive:
        yield from (archive.read(name).decode() for name in archive.namelist())


def hidden_from(talk: Talk, who: str) -> set[str]:
    words = {said.word for said in talk.said if who not in said.readers}
    return words | {place.name for place in talk.places if place.name and who not in place.readers}


@pytest.mark.req("S000-60", "S000-75")
@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_told_of_what_is_not_theirs(talk: Talk, seed: int) -> None:
    for who in PEOPLE:
        hidden, user = hidden_from(talk, who), getattr(talk.world, who)
        shown = "\n".join(everything(talk, who))
        assert [word for word in hidden if word in shown] == [], who
        frames = [frame for sent, frame in talk.sent if sent == user.pk]
        assert [word for word in hidden if word in str(frames)] == [], who
        missing = [said for said in talk.said if who in said.readers and said.word not in shown]
        assert missing == [], f"{who} sees all of what is theirs"


@pytest.mark.parametrize("seed", [4])
def test_nothing_can_be_done_with_what_is_not_theirs(talk: Talk, seed: int) -> None:
    before = list(ChatMessage.objects.order_by("pk").values_list("pk", "changed", "content"))
    for who in PEOPLE:
        hidden, asked = hidden_from(talk, who), call(talk.world, who)
        for said in (said for said in talk.said if who not in said.readers):
            for attempt in message_reads(said):
                # Nobody learns that there is something.
                with pytest.raises(NotFound) as refused:
                    attempt(asked)
                assert [word for word in hidden if word in str(refused.value.as_json())] == []
    assert list(ChatMessage.objects.order_by("pk").values_list("pk", "changed", "content")) == before


@pytest.mark.req("S000-60")
@pytest.mark.parametrize("seed", [5])
def test_no_download_holds_what_others_said_elsewhere(talk: Talk, seed: int) -> None:
    for who in ("olga", "mira", "jonas", "sam"):
        hidden, shown = hidden_from(talk, who), "\n".join(export(getattr(talk.world, who)))
        assert [word for word in hidden if word in shown] == []


@pytest.mark.parametrize("seed", [6])
def test_what_is_hidden_counts_nowhere(talk: Talk, seed: int) -> None:
    """Neither in rooms that somebody does not see, nor in those that they do."""
    for who in PEOPLE:
        asked = call(talk.world, who)
        for place in talk.places:
            mine = [
                said
                for said in talk.said
                if said.place is place
                and who in said.readers
                and ChatMessage.objects.get(pk=said.id).user != getattr(talk.world, who)
            ]
            if who not in place.readers:
                with pytest.raises(NotFound):
                    reading.READ.run(asked, chat_reading.ReadRoom(room=place.id, seq=0))
            else:
                read = reading.READ.run(asked, chat_reading.ReadRoom(room=place.id, seq=0, back=True))
                assert read.unread == len(mine), (who, place)
