"""Rolls are shown and asked for in a room, and storytellers hide messages until they reveal them."""

from uuid import UUID, uuid4

import pytest

from chat.models import ChatMessage
from chat.operations import game
from chat.tests.chat_kit import call, read, say, table
from contract import chat as chat_shapes
from contract import chat_game as shapes
from contract import roll_requests as request_shapes
from contract import rolls as roll_shapes
from contract.roll_requests import RollRequest as RequestShape
from haven.models import Character
from haven.tests.kit import make, sets
from rolls.models import Roll, RollRequest
from rolls.operations import requests
from rolls.operations import rolls as roll_operations
from rolls.services import reveal
from rolls.tests.kit import again, roll
from rules.errors import Conflict, NotAllowed, NotFound, Unprocessable
from testing.personas import World
from timeline.services import Cause

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def owl(world: World) -> Character:
    return make(world, operations=sets(strength=3, brawl=2))


def show(world: World, who: str, roll_id: UUID) -> chat_shapes.Message:
    given = shapes.PostRoll(room=table().pk, roll=roll_id)
    return game.SHOW_ROLL.run(call(world, who), given).message


def card_of(message_id: UUID) -> shapes.RollCard:
    return shapes.RollCard.model_validate(ChatMessage.objects.get(pk=message_id).card)


def test_a_roll_made_elsewhere_is_shown_by_its_roller(world: World, owl: Character) -> None:
    done = roll(world, owl, dice=[10, 10, 6, 2, 1], options={"difficulty": 2})
    said = show(world, "mira", done.roll.pk)
    assert (said.kind, said.voice.name if said.voice else "") == ("roll", "Night Owl")
    (entry,) = card_of(said.id).rolls
    assert entry.roll.id == done.roll.pk
    assert entry.roll.chances is not None
    assert entry.roll.chances.outcomes
    assert entry.roll.chances.successes == []
    with pytest.raises(NotAllowed):
        show(world, "jonas", done.roll.pk)
    with pytest.raises(NotFound):
        show(world, "mira", uuid4())


def test_the_card_follows_a_reroll_and_what_comes_of_it(world: World, owl: Character) -> None:
    done = roll(world, owl, dice=[10, 10, 6, 2, 1])
    said = show(world, "mira", done.roll.pk)
    second = again(world, done, dice=[9, 9])
    (entry,) = card_of(said.id).rolls
    assert (entry.roll.id, entry.earlier) == (second.roll.pk, [done.roll.pk])
    assert ChatMessage.objects.get(pk=said.id).changed == 2


def test_a_hidden_roll_is_for_storytellers_until_its_roller_reveals_it(world: World, owl: Character) -> None:
    done = roll(world, owl, dice=[1, 2, 3, 4, 5], visibility="storyteller")
    said = show(world, "mira", done.roll.pk)
    assert seen_by(world) == {"mira": [said.id], "vesna": [said.id], "jonas": []}
    reveal(world.principal("mira"), done.roll.pk, Cause(world.mira, "web"))
    assert seen_by(world)["jonas"] == [said.id]
    own = roll(world, owl, dice=[1, 2, 3, 4, 5], visibility="private")
    with pytest.raises(Unprocessable) as refused:
        show(world, "mira", own.roll.pk)
    assert refused.value.code == "roll_private"


def seen_by(world: World) -> dict[str, list[UUID]]:
    return {who: [row.id for row in read(world, who).results] for who in ("mira", "vesna", "jonas")}


def test_a_hidden_difficulty_stays_hidden_on_the_card(world: World, owl: Character) -> None:
    done = roll(world, owl, dice=[10, 10, 6, 2, 1], options={"difficulty": 3}, hide_difficulty=True)
    said = show(world, "mira", done.roll.pk)
    (entry,) = card_of(said.id).rolls
    assert (entry.roll.difficulty, entry.roll.difficulty_hidden, entry.roll.chances) == (None, True, None)
    assert entry.roll.options["difficulty"] is None


def ask(world: World, who: str, *players: str) -> chat_shapes.Message:
    named = [str(getattr(world, player).pk) for player in players]
    given = shapes.AskInRoom.model_validate(
        {"room": table().pk, "players": named, "pool": 5, "system": "v5", "text": "Dodge!"}
    )
    return game.ASK.run(call(world, who), given).message


def request_on(message_id: UUID) -> RequestShape:
    card = ChatMessage.objects.get(pk=message_id).card
    return shapes.RequestCard.model_validate(card).request


def test_a_roll_is_asked_for_in_place_and_answered_on_the_card(world: World, owl: Character) -> None:
    said = ask(world, "vesna", "mira", "jonas")
    assert (said.kind, said.text) == ("request", "Dodge!")
    row = RollRequest.objects.get()
    answer = request_shapes.AnswerRequest(request=row.pk, character=str(owl.pk))
    requests.ANSWER_REQUEST.run(call(world, "mira"), answer)
    shown = request_on(said.id)
    assert (shown.answered, shown.open) == (1, True)
    made = Roll.objects.get()
    given = roll_shapes.Reroll(roll=made.pk, dice=[0])
    roll_operations.REROLL.run(call(world, "mira"), given)
    answered = next(player.roll for player in request_on(said.id).players if player.roll)
    assert answered.id == Roll.objects.get(replaces=made).pk
    requests.CLOSE_REQUEST.run(call(world, "vesna"), request_shapes.NamedRequest(request=row.pk))
    assert request_on(said.id).done


def test_only_a_storyteller_asks_for_rolls(world: World) -> None:
    with pytest.raises(NotAllowed):
        ask(world, "mira", "jonas")
    assert not RollRequest.objects.exists()
    assert table().messages.count() == 0


def test_a_hidden_message_appears_at_its_place(world: World) -> None:
    say(world, "mira", "before")
    secret = say(world, "vesna", "the wall opens [[2d10]]", hidden=True)
    say(world, "mira", "after")
    assert [row.text for row in read(world, "jonas").results] == ["before", "after"]
    with pytest.raises(NotFound):
        uncover(world, "jonas", secret.id)
    shown = uncover(world, "vesna", secret.id)
    assert (shown.seq, shown.level) == (secret.seq, 1)
    assert shown.changed > 3
    assert [row.text for row in read(world, "jonas").results] == [
        "before",
        "the wall opens [[2d10]]",
        "after",
    ]
    assert Roll.objects.get().visibility == "public"
    with pytest.raises(Conflict):
        uncover(world, "vesna", secret.id)


def uncover(world: World, who: str, message_id: UUID) -> chat_shapes.Message:
    given = chat_shapes.MessageInput(room=table().pk, message=message_id)
    return game.REVEAL.run(call(world, who), given).message


def test_only_storytellers_hide_and_whisper_to_a_player(world: World) -> None:
    with pytest.raises(NotAllowed):
        say(world, "mira", "hidden", hidden=True)
    with pytest.raises(NotAllowed):
        say(world, "mira", "psst", whisper_to=world.jonas.pk)
    with pytest.raises(NotFound):
        say(world, "vesna", "psst", whisper_to=world.sam.pk)
    assert table().messages.count() == 0


def test_a_whisper_is_between_a_player_and_the_storytellers(world: World) -> None:
    aside = say(world, "mira", "I hide the knife", whisper=True)
    answer = say(world, "vesna", "Nobody sees it", reply_to=aside.id)
    to_jonas = say(world, "vesna", "You see the knife", whisper_to=world.jonas.pk, reply_to=aside.id)
    found = seen_by(world)
    assert found["mira"] == [aside.id, answer.id]
    assert found["vesna"] == [aside.id, answer.id, to_jonas.id]
    assert found["jonas"] == [to_jonas.id]
    (seen,) = read(world, "jonas").results
    assert seen.reply is not None
    assert (seen.reply.name, seen.reply.excerpt) == ("", "")
    with pytest.raises(NotFound):
        say(world, "jonas", "What?", reply_to=aside.id)
