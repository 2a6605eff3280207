"""Whatever is whispered, hidden, answered and revealed: nobody is told of what they may not see, by any way."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import pytest

from chat import log
from chat.game import voices
from chat.models import ChatMessage, Mention
from chat.operations import game, search
from chat.operations import messages as message_operations
from chat.operations import scenes as scene_operations
from chat.rooms import Room
from chat.selectors import scene_log
from chat.selectors import scenes as scene_reading
from chat.selectors.unread import counts
from chat.tests.chat_kit import call, read, say, table
from contract import chat as shapes
from contract import chat_scenes as scene_shapes
from contract.chat_search import SearchMessages
from haven.models import Character
from haven.tests.kit import make, sets
from rules.errors import GameError, NotFound
from rules.visibility import Level
from testing.personas import World

pytestmark = pytest.mark.django_db

READERS = ("mira", "jonas", "vesna")
STEPS = 24


@dataclass
class Spoken:
    """What was said, and who may know of it. `word` is in no other message."""

    id: UUID
    word: str
    readers: set[str]
    by: str
    ooc: bool = False
    gone: bool = False


@dataclass
class Play:
    """People who do what comes to their minds."""

    world: World
    dice: random.Random
    owl: Character
    scene: UUID
    spoken: list[Spoken] = field(default_factory=list)

    def step(self, number: int) -> None:
        who = self.dice.choice(READERS)
        act = self.dice.choice(["say", "say", "whisper", "ooc", "answer", "delete", "reveal", "to", "hidden"])
        try:
            getattr(self, act)(who, f"word{number}x")
        except GameError:
            return

    def _post(self, who: str, word: str, readers: set[str], **more: object) -> None:
        text = f"{word} <@{getattr(self.world, self.dice.choice(READERS)).pk}>"
        text += self.dice.choice(["", " [[2d10]]"])
        said = say(self.world, who, text, **more)
        self.spoken.append(Spoken(said.id, word, readers, who, ooc=bool(more.get("ooc"))))

    def say(self, who: str, word: str) -> None:
        speaks = {"speaks_as": self.owl.pk} if who == "mira" else {}
        self._post(who, word, set(READERS), **speaks)

    def ooc(self, who: str, word: str) -> None:
        self._post(who, word, set(READERS), ooc=True)

    def whisper(self, who: str, word: str) -> None:
        self._post(who, word, {who, "vesna"}, whisper=True)

    def to(self, who: str, word: str) -> None:
        player = self.dice.choice(["mira", "jonas"])
        self._post("vesna", word, {player, "vesna"}, whisper_to=getattr(self.world, player).pk)

    def hidden(self, who: str, word: str) -> None:
        self._post("vesna", word, {"vesna"}, hidden=True)

    def answer(self, who: str, word: str) -> None:
        seen = [one for one in self.spoken if who in one.readers and not one.gone]
        one = self.dice.choice(seen or self.spoken)
        self._post(who, word, set(one.readers), reply_to=one.id)

    def delete(self, who: str, word: str) -> None:
        mine = [one for one in self.spoken if one.by == who and not one.gone]
        if mine:
            one = self.dice.choice(mine)
            given = shapes.DeleteMessage(room=table().pk, message=one.id)
            message_operations.DELETE.run(call(self.world, who), given)
            one.gone = True

    def reveal(self, who: str, word: str) -> None:
        hidden = [one for one in self.spoken if one.readers == {"vesna"} and not one.gone]
        if hidden:
            one = self.dice.choice(hidden)
            given = shapes.MessageInput(room=table().pk, message=one.id)
            game.REVEAL.run(call(self.world, "vesna"), given)
            one.readers = set(READERS)


@pytest.fixture(params=[1, 2])
def play(world: World, request: pytest.FixtureRequest) -> Play:
    """What happens in an open scene."""
    given = scene_shapes.OpenScene(room=table().pk, title="Elysium", place="Opera")
    opened = scene_operations.OPEN.run(call(world, "vesna"), given)
    owl = make(world, operations=sets(strength=3))
    made = Play(world, random.Random(request.param), owl, opened.id)
    made.say("mira", "wordfirstx")
    for number in range(STEPS):
        made.step(number)
    assert len({frozenset(one.readers) for one in made.spoken}) > 2
    return made


def secrets(play: Play, who: str) -> Iterator[Spoken]:
    """What this reader may know nothing of, or no more."""
    return (one for one in play.spoken if who not in one.readers or one.gone)


def test_each_reads_exactly_what_is_for_them(play: Play) -> None:
    for who in READERS:
        page = read(play.world, who, limit=100)
        shown = {row.id for row in page.results if row.kind == "text"}
        assert shown == {one.id for one in play.spoken if who in one.readers}
        whole = page.model_dump_json()
        assert [one.word for one in secrets(play, who) if one.word in whole] == []


def test_nothing_is_found_counted_or_told_that_is_not_for_them(play: Play) -> None:
    room = table().pk
    for who in READERS:
        principal = play.world.principal(who)
        readable = {one.id for one in play.spoken if who in one.readers and not one.gone}
        for one in play.spoken:
            given = SearchMessages(q=one.word, room=room)
            found = search.SEARCH.run(call(play.world, who), given).results
            assert [hit.message.id for hit in found] == ([one.id] if one.id in readable else [])
        others = ChatMessage.objects.filter(pk__in=readable).exclude(user=getattr(play.world, who))
        notices = ChatMessage.objects.filter(kind__in=("notice", "scene"), deleted_at=None)
        most = others.count() + notices.exclude(user=getattr(play.world, who)).count()
        assert counts(principal, [room])[room].unread <= most
        mentioned = Mention.objects.filter(user=getattr(play.world, who)).values_list("message_id", flat=True)
        assert set(mentioned) <= readable


def test_no_frame_tells_more_than_its_level(play: Play) -> None:
    levels = {"mira": Level.TABLE, "jonas": Level.TABLE, "vesna": Level.SECRET}
    for row in log.log_rows().filter(room=table().pk):
        for who, level in levels.items():
            user = getattr(play.world, who)
            seen = max(level, Level.PRIVATE) if row.owner == user.pk else level
            text = log.frame(row, seen, user.pk) or ""
            assert [one.word for one in secrets(play, who) if one.word in text] == []
            if text and orjson.loads(text)["type"] == "chat_message":
                shown = orjson.loads(text)["message"]
                assert shown["deleted"] or shown["level"] <= seen


def test_the_log_of_the_scene_is_what_was_played(play: Play) -> None:
    row = scene_reading.rows().get(pk=play.scene)
    for who in READERS:
        principal = play.world.principal(who)
        public = " ".join(line.text for line in scene_log.lines(principal, row))
        own = " ".join(line.text for line in scene_log.lines(principal, row, asides=True))
        for one in play.spoken:
            for_all = one.readers == set(READERS) and not one.gone and not one.ooc
            assert (one.word in public) == for_all
            assert (one.word in own) == (who in one.readers and not one.gone and not one.ooc)


def test_a_stranger_is_told_nothing(play: Play) -> None:
    stranger = call(play.world, "sam")
    with pytest.raises(NotFound):
        read(play.world, "sam")
    with pytest.raises(NotFound):
        scene_operations.LOG.run(stranger, scene_shapes.GetLog(scene=play.scene))
    assert search.SEARCH.run(stranger, SearchMessages(q="wordfirstx")).results == []
    with pytest.raises(NotFound):
        voices.find(Room(table().pk, channel=table()), stranger.principal, play.owl.pk)
