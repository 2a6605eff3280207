"""Who is mentioned hears of it, and nobody who may not see the message does."""

from typing import Any
from uuid import uuid4

import pytest

from chat import log
from chat.models import Block, ChatMessage, Mention
from chat.operations import messages, reading
from chat.selectors.unread import counts
from chat.tests.chat_kit import call, read, say, table
from chronicle.models import ServerChannel, ServerRole
from contract import chat as shapes
from contract import chat_reading
from haven.tests.kit import make
from rules.errors import Invalid
from rules.visibility import SECRET
from testing.personas import NARRATOR, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def notified(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, Any]]:
    """The frames that people were handed."""
    frames: list[tuple[object, Any]] = []
    monkeypatch.setattr(log, "tell_on_commit", lambda user, frame: frames.append((user, frame)))
    return frames


def mentioned(world: World, who: str) -> list[chat_reading.OneMention]:
    return reading.MENTIONS.run(call(world, who), chat_reading.ListMentions()).results


@pytest.mark.req("S003-72")
def test_somebody_is_mentioned_by_name(world: World, notified: list[tuple[object, Any]]) -> None:
    said = say(world, "mira", f"Look, <@{world.jonas.pk}>")
    assert said.mentions == [world.jonas.pk]
    assert said.named == {f"<@{world.jonas.pk}>": "Jonas"}
    assert f'data-user="{world.jonas.pk}"' in said.html
    assert said.text == f"Look, <@{world.jonas.pk}>", "the text stays as it is"
    ((user, frame),) = notified
    assert (user, frame["type"]) == (world.jonas.pk, "chat_mention")
    assert frame["message"]["excerpt"] == "Look, @Jonas"
    (found,) = mentioned(world, "jonas")
    assert (found.id, found.where, found.unread) == (said.id, "table", True)
    assert counts(world.principal("jonas"), [said.room])[said.room].mentions == 1
    reading.READ.run(call(world, "jonas"), chat_reading.ReadRoom(room=said.room, seq=said.seq))
    assert counts(world.principal("jonas"), [said.room])[said.room].mentions == 0
    assert not mentioned(world, "jonas")[0].unread


def test_roles_characters_and_answers_mention_people(world: World) -> None:
    owl = make(world, "Night Owl")
    role = ServerRole.objects.get(discord_id=NARRATOR)
    assert say(world, "jonas", f"<@&{role.pk}>").mentions == [world.vesna.pk]
    by_character = say(world, "jonas", f"<@*{owl.pk}> hides")
    assert (by_character.mentions, by_character.named) == ([world.mira.pk], {f"<@*{owl.pk}>": "Night Owl"})
    assert say(world, "vesna", "Does she?", reply_to=by_character.id).mentions == [world.jonas.pk]


def test_everyone_is_for_who_manages_the_channel(world: World) -> None:
    plain = say(world, "mira", "@everyone come here")
    assert (plain.everyone, plain.named) == (False, {})
    assert "mention" not in plain.html
    said = say(world, "olga", "@everyone come here")
    assert said.everyone
    assert [found.id for found in mentioned(world, "jonas")] == [said.id]
    assert mentioned(world, "sam") == []
    assert mentioned(world, "olga") == []
    assert counts(world.principal("jonas"), [said.room])[said.room].mentions == 1
    assert not say(world, "olga", "@here too").everyone


def test_nobody_hears_of_what_they_may_not_see(world: World, notified: list[tuple[object, Any]]) -> None:
    assert say(world, "mira", f"<@{world.sam.pk}> <@{uuid4()}> <@*{uuid4()}>").mentions == []
    ServerChannel.objects.filter(pk=table().pk).update(is_private=True)
    said = say(world, "olga", f"<@{world.jonas.pk}> @everyone")
    assert (said.mentions, list(said.named)) == ([], ["@everyone"])
    assert notified == []
    assert mentioned(world, "jonas") == []


def test_a_mention_ends_when_its_message_is_hidden_or_gone(world: World) -> None:
    said = say(world, "olga", f"<@{world.jonas.pk}>")
    ChatMessage.objects.filter(pk=said.id).update(visibility=int(SECRET))
    assert mentioned(world, "jonas") == []
    ChatMessage.objects.filter(pk=said.id).update(visibility=1)
    messages.DELETE.run(call(world, "olga"), shapes.DeleteMessage(room=said.room, message=said.id))
    assert mentioned(world, "jonas") == []
    assert not Mention.objects.exists()


def test_an_edit_mentions_who_was_not_yet(world: World, notified: list[tuple[object, Any]]) -> None:
    said = say(world, "mira", f"<@{world.jonas.pk}>")
    text = f"<@{world.jonas.pk}> and <@{world.vesna.pk}>"
    given = shapes.EditMessage(room=said.room, message=said.id, text=text)
    assert set(messages.EDIT.run(call(world, "mira"), given).message.mentions) == {
        world.jonas.pk,
        world.vesna.pk,
    }
    assert [user for user, _frame in notified] == [world.jonas.pk, world.vesna.pk]
    given = shapes.EditMessage(room=said.room, message=said.id, text="nobody")
    assert messages.EDIT.run(call(world, "mira"), given).message.mentions == []


def test_who_wants_to_hear_nothing_is_not_told(world: World, notified: list[tuple[object, Any]]) -> None:
    quiet = chat_reading.SetServerNotify(server=world.server.pk, notify="nothing")
    reading.SET_SERVER_NOTIFY.run(call(world, "jonas"), quiet)
    said = say(world, "mira", f"<@{world.jonas.pk}>")
    assert notified == []
    assert said.mentions == [world.jonas.pk], "it stands in their list all the same"
    Block.objects.create(user=world.vesna, blocked=world.mira)
    assert say(world, "mira", f"<@{world.vesna.pk}>").mentions == []


def test_code_mentions_nobody_and_there_is_a_limit(world: World) -> None:
    assert say(world, "mira", f"`<@{world.jonas.pk}>`").mentions == []
    with pytest.raises(Invalid):
        say(world, "mira", " ".join(f"<@{uuid4()}>" for _ in range(51)))
    assert len(read(world, "mira").results) == 1
