"""Private conversations: whose they are, who reads what, and who is left in peace."""

from uuid import UUID, uuid4

import pytest

from chat.models import PrivateConversation, PrivateMessage
from chat.operations import conversations, messages
from chat.selectors.unread import counts
from chat.services import conversations as services
from chat.tests.chat_kit import call, read, say
from chronicle.rights import can
from contract import chat as message_shapes
from contract import chat_conversations as shapes
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.personas import World

pytestmark = pytest.mark.django_db


def start(world: World, who: str, *others: str, name: str = "") -> shapes.Conversation:
    people = [getattr(world, other).pk for other in others]
    return conversations.START.run(call(world, who), shapes.StartConversation(people=people, name=name))


def add(world: World, who: str, room: UUID, other: str) -> shapes.Conversation:
    given = shapes.ConversationPerson(room=room, user=getattr(world, other).pk)
    return conversations.ADD.run(call(world, who), given)


def remove(world: World, who: str, room: UUID, other: str) -> None:
    given = shapes.ConversationPerson(room=room, user=getattr(world, other).pk)
    conversations.REMOVE.run(call(world, who), given)


def block(world: World, who: str, other: str) -> None:
    given = shapes.BlockPerson(user=getattr(world, other).pk)
    conversations.BLOCK.run(call(world, who), given)


def texts(world: World, who: str, room: UUID) -> list[str]:
    return [row.text for row in read(world, who, room=room).results]


@pytest.mark.req("S000-60", "S000-61", "S003-66")
def test_two_people_have_one_conversation(world: World) -> None:
    first = start(world, "mira", "jonas")
    assert start(world, "jonas", "mira").id == first.id
    assert (first.group, first.maker, {person.name for person in first.people}) == (
        False,
        None,
        {"Mira", "Jonas"},
    )
    say(world, "mira", "just for you", room=first.id)
    assert texts(world, "jonas", first.id) == ["just for you"]
    message = PrivateMessage.objects.get()
    assert (message.conversation_id, message.user, message.edited_at) == (first.id, world.mira, None)
    assert counts(world.principal("jonas"), [first.id])[first.id].unread == 1


@pytest.mark.req("S000-60")
@pytest.mark.parametrize("who", ["olga", "vesna", "sam", "root"])
def test_nobody_else_reads_it_whatever_they_are(world: World, who: str) -> None:
    """The owner of the server, its storyteller, a stranger, the platform admin."""
    room = start(world, "mira", "jonas").id
    said = say(world, "mira", "just for you", room=room)
    principal = world.principal(who)
    assert not can(principal, "conversation.view", PrivateConversation.objects.get())
    assert counts(principal, [room]) == {}
    with pytest.raises(NotFound) as hidden:
        read(world, who, room=room)
    with pytest.raises(NotFound) as unknown:
        read(world, who, room=uuid4())
    assert str(hidden.value) == str(unknown.value)
    for attempt in (
        lambda: say(world, who, "hello?", room=room),
        lambda: conversations.GET.run(call(world, who), message_shapes.RoomInput(room=room)),
        lambda: add(world, who, room, "olga"),
        lambda: messages.DELETE.run(
            call(world, who), message_shapes.DeleteMessage(room=room, message=said.id)
        ),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_one_talks_to_people_of_ones_own_servers(world: World) -> None:
    with pytest.raises(NotFound) as stranger:
        start(world, "mira", "sam")
    with pytest.raises(NotFound) as unknown:
        services.start(world.mira, [uuid4()])
    assert str(stranger.value) == str(unknown.value)
    with pytest.raises(Invalid):
        start(world, "mira", "mira")
    assert not PrivateConversation.objects.exists()


def test_who_joins_a_group_later_reads_from_then_on(world: World) -> None:
    room = start(world, "mira", "jonas", name="The plan").id
    early = say(world, "mira", "before", room=room)
    add(world, "jonas", room, "vesna")
    say(world, "mira", "after", room=room)
    assert texts(world, "vesna", room) == ["after"]
    assert texts(world, "jonas", room) == ["before", "after"]
    assert counts(world.principal("vesna"), [room])[room].unread == 1
    with pytest.raises(NotFound):
        say(world, "vesna", "what was that?", room=room, reply_to=early.id)
    given = message_shapes.MessageInput(room=room, message=early.id)
    with pytest.raises(NotFound):
        messages.GET.run(call(world, "vesna"), given)
    answer = say(world, "jonas", "yes", room=room, reply_to=early.id)
    assert answer.reply is not None
    assert (answer.reply.name, answer.reply.excerpt) == (
        "",
        "",
    ), "an answer tells nobody what was said before"


def test_a_group_is_left_and_led(world: World) -> None:
    made = start(world, "mira", "jonas", "vesna")
    assert (made.group, made.maker) == (True, world.mira.pk)
    with pytest.raises(NotAllowed):
        remove(world, "jonas", made.id, "vesna")
    remove(world, "mira", made.id, "vesna")
    with pytest.raises(NotFound):
        read(world, "vesna", room=made.id)
    version = PrivateConversation.objects.get().version
    remove(world, "mira", made.id, "mira")
    now = conversations.GET.run(call(world, "jonas"), message_shapes.RoomInput(room=made.id))
    assert (now.maker, [person.name for person in now.people]) == (world.jonas.pk, ["Jonas"])
    assert PrivateConversation.objects.get().version > version, "open sockets look again"
    given = shapes.RenameConversation(room=made.id, name="  Alone ")
    assert conversations.RENAME.run(call(world, "jonas"), given).name == "Alone"


def test_a_group_has_so_many_people_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PEOPLE", 3)
    room = start(world, "mira", "jonas", "vesna").id
    with pytest.raises(Conflict):
        add(world, "mira", room, "olga")
    assert len(add(world, "mira", room, "jonas").people) == 3, "who is in it already needs no place"


@pytest.mark.parametrize(("who", "other"), [("mira", "jonas"), ("jonas", "mira")])
def test_of_two_neither_writes_when_one_has_blocked_the_other(world: World, who: str, other: str) -> None:
    room = start(world, "mira", "jonas").id
    say(world, "mira", "hello", room=room)
    block(world, who, other)
    for author in ("mira", "jonas"):
        with pytest.raises(NotAllowed, match="can’t write to this person"):
            say(world, author, "one more", room=room)
        assert texts(world, author, room) == ["hello"], "what was said can be read"
        with pytest.raises(NotAllowed):
            start(world, author, other if author == who else who, name="Again")
    given = shapes.BlockPerson(user=getattr(world, other).pk)
    conversations.UNBLOCK.run(call(world, who), given)
    say(world, "mira", "back again", room=room)


def test_among_others_a_blocked_persons_messages_are_folded(world: World) -> None:
    room = start(world, "mira", "jonas", "vesna").id
    block(world, "vesna", "jonas")
    block(world, "vesna", "jonas")
    for who in ("mira", "jonas"):
        say(world, who, f"by {who}", room=room)
        say(world, who, f"by {who}")
    for where in ({"room": room}, {}):
        assert [row.folded for row in read(world, "vesna", **where).results] == [False, True]
        assert [row.folded for row in read(world, "mira", **where).results] == [False, False]
    listed = conversations.BLOCKS.run(call(world, "vesna"), shapes.ListBlocks())
    assert [person.name for person in listed.results] == ["Jonas"]
    assert conversations.BLOCKS.run(call(world, "jonas"), shapes.ListBlocks()).results == []
    with pytest.raises(NotAllowed):
        start(world, "jonas", "vesna", "mira")


def test_nobody_moderates_a_conversation_but_each_ones_own_words(world: World) -> None:
    room = start(world, "mira", "jonas").id
    said = say(world, "mira", "mine", room=room)
    given = message_shapes.DeleteMessage(room=room, message=said.id)
    with pytest.raises(NotAllowed):
        messages.DELETE.run(call(world, "jonas"), given)
    pin = message_shapes.MessageInput(room=room, message=said.id)
    assert messages.PIN.run(call(world, "jonas"), pin).message.pinned
    assert messages.DELETE.run(call(world, "mira"), given).message.deleted
