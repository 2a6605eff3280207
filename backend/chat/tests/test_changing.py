"""Messages are edited, deleted, reacted to and pinned."""

import pytest

from chat.models import ChatMessage, ModerationEntry
from chat.operations import messages
from chat.services import pins
from chat.tests.chat_kit import call, read, say, table
from contract import chat as shapes
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.personas import World

pytestmark = pytest.mark.django_db


def named(message: shapes.Message, **more: object) -> dict[str, object]:
    return {"room": message.room, "message": message.id, **more}


def edit(world: World, who: str, message: shapes.Message, text: str) -> shapes.Message:
    given = shapes.EditMessage.model_validate(named(message, text=text))
    return messages.EDIT.run(call(world, who), given).message


def delete(world: World, who: str, message: shapes.Message, reason: str = "") -> shapes.Message:
    given = shapes.DeleteMessage.model_validate(named(message, reason=reason))
    return messages.DELETE.run(call(world, who), given).message


def react(world: World, who: str, message: shapes.Message, emoji: str) -> shapes.Message:
    given = shapes.React.model_validate(named(message, emoji=emoji))
    return messages.REACT.run(call(world, who), given).message


def pin(world: World, who: str, message: shapes.Message) -> shapes.Message:
    return messages.PIN.run(call(world, who), shapes.MessageInput.model_validate(named(message))).message


@pytest.mark.req("S003-73", "S000-59")
def test_an_author_edits_their_message(world: World) -> None:
    said = say(world, "mira", "helo")
    edited = edit(world, "mira", said, "hello")
    assert (edited.text, edited.seq, edited.changed) == ("hello", said.seq, said.changed + 1)
    assert edited.edited_at is not None
    for who in ("jonas", "olga"):
        with pytest.raises(NotAllowed):
            edit(world, who, said, "mine now")
    with pytest.raises(NotFound):
        edit(world, "sam", said, "mine now")
    with pytest.raises(Invalid):
        edit(world, "mira", said, "  ")
    assert [row.text for row in read(world, "jonas").results] == ["hello"]


def test_what_was_written_on_discord_is_edited_there(world: World) -> None:
    said = say(world, "mira", "Hail")
    ChatMessage.objects.update(origin=ChatMessage.Origin.DISCORD)
    with pytest.raises(NotAllowed, match="Edit it there"):
        edit(world, "mira", said, "Farewell")
    assert [row.text for row in read(world, "jonas").results] == ["Hail"]
    assert delete(world, "mira", said).deleted


@pytest.mark.req("S003-73")
def test_a_deleted_message_says_nothing_any_more(world: World) -> None:
    said = say(world, "mira", "my secret")
    gone = delete(world, "mira", said)
    assert (gone.deleted, gone.text, gone.html, gone.author) == (True, "", "", None)
    assert ModerationEntry.objects.count() == 0
    with pytest.raises(NotFound):
        edit(world, "mira", said, "again")
    assert "secret" not in read(world, "olga").model_dump_json()


def test_a_moderator_leaves_word_of_what_stood_there(world: World) -> None:
    said = say(world, "mira", "something rude")
    with pytest.raises(NotAllowed):
        delete(world, "jonas", said)
    delete(world, "olga", said, "Be kind")
    entry = ModerationEntry.objects.get()
    assert (entry.content, entry.reason, entry.author_name) == ("something rude", "Be kind", "Mira")
    assert (entry.moderator, entry.channel_name) == (world.olga, "table")


@pytest.mark.req("S003-68")
def test_people_react_with_emoji(world: World) -> None:
    said = say(world, "mira", "we won")
    react(world, "mira", said, "🎉")
    react(world, "jonas", said, "🎉")
    shown = react(world, "jonas", said, "🎉")
    (counted,) = shown.reactions
    assert (counted.emoji, counted.count, counted.mine) == ("🎉", 2, True)
    given = shapes.React.model_validate(named(said, emoji="🎉"))
    shown = messages.TAKE_BACK.run(call(world, "jonas"), given).message
    assert [(row.count, row.mine) for row in shown.reactions] == [(1, False)]


@pytest.mark.parametrize("text", ["x", ":)", "🎉🎉", "<b>", " 🎉", "\u200b", "#", "🎉\u202e"])
def test_what_is_no_emoji_is_no_reaction(world: World, text: str) -> None:
    said = say(world, "mira", "we won")
    with pytest.raises(Invalid):
        react(world, "jonas", said, text)


def test_at_most_twenty_kinds_of_reactions(world: World) -> None:
    said = say(world, "mira", "we won")
    for number in range(20):
        react(world, "mira", said, chr(0x1F600 + number))
    with pytest.raises(Conflict):
        react(world, "jonas", said, "🎉")
    assert len(react(world, "jonas", said, "😀").reactions) == 20


def test_moderators_and_storytellers_pin(world: World) -> None:
    said = say(world, "mira", "the rules of the house")
    for who in ("mira", "jonas"):
        with pytest.raises(NotAllowed):
            pin(world, who, said)
    assert pin(world, "vesna", said).pinned
    assert [entry.action for entry in ModerationEntry.objects.all()] == ["pinned"]
    listed = messages.PINS.run(call(world, "jonas"), shapes.RoomInput(room=table().pk))
    assert [row.text for row in listed.results] == ["the rules of the house"]
    given = shapes.MessageInput.model_validate(named(said))
    assert not messages.UNPIN.run(call(world, "olga"), given).message.pinned


def test_a_room_has_so_many_pins_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MAX_PINS", 2)
    said = [say(world, "mira", str(number)) for number in range(3)]
    for message in said[:2]:
        pin(world, "olga", message)
    with pytest.raises(Conflict):
        pin(world, "olga", said[2])
    assert pin(world, "olga", said[0]).pinned, "it is pinned already"


def test_what_was_rolled_in_a_message_stays_in_it(world: World) -> None:
    said = say(world, "mira", "I jump [[2d10]]")
    with pytest.raises(NotAllowed, match="rolls"):
        edit(world, "mira", said, "I jump [[9d10]]")
    assert edit(world, "mira", said, "I leap [[2d10]]").text == "I leap [[2d10]]"


def test_an_answer_does_not_quote_what_is_gone(world: World) -> None:
    said = say(world, "mira", "my secret")
    answer = say(world, "jonas", "what?", reply_to=said.id)
    assert answer.reply is not None
    assert answer.reply.excerpt == "my secret"
    edit(world, "mira", said, "||my secret||")
    assert "my secret" not in read(world, "jonas").results[1].model_dump_json()
    delete(world, "mira", said)
    _gone, shown = read(world, "jonas").results
    assert shown.reply is not None
    assert (shown.reply.name, shown.reply.excerpt) == ("", "")
    assert shown.changed > answer.changed, "open pages hear of it"
