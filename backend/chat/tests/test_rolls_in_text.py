"""Rolls in a text are made with the message, shown on its card, and the card follows them."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.game.inline import read
from chat.markdown.render import render, rolls
from chat.models import ChatMessage
from chat.tests.chat_kit import read as read_table
from chat.tests.chat_kit import say, table
from contract.chat_game import RollCard
from contract.events import EventType
from contract.macros import SaveMacro
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import make, sets
from rolls.models import Roll
from rolls.services import macros, reroll, reveal
from rolls.tests.kit import roll
from rules.errors import Invalid, NotAllowed
from testing.personas import World
from timeline.models import Event
from timeline.services import Cause

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("I hit him [[strength + brawl vs 3]] and run [[5]]", ["strength + brawl vs 3", "5"]),
        ("write `[[2d10]]` for it, as in ``[[ 1 ]]``", []),
        ("```\n[[2d10]]\n```\n[[2d6]]", ["2d6"]),
        ("```\n[[2d10]] without an end", []),
        ("[[]] [[ ]] [ [5]] [[a\nb]]", []),
        ("[[[5]]]", ["5"]),
    ],
)
def test_what_is_a_roll_in_a_text(text: str, sources: list[str]) -> None:
    assert rolls(text) == sources
    assert render(text).count('<span class="roll">') == len(sources)


def test_reading_what_stands_between_the_brackets() -> None:
    written = read("strength + brawl surge:yes vs 3")
    assert (written.pool, written.difficulty, written.options) == ("strength + brawl", 3, {"surge": "yes"})
    assert read("manipulation - 1 gegen 4").difficulty == 4
    assert read("2d10+3").pool == "2d10+3"


@pytest.fixture
def owl(world: World) -> Character:
    """A character of Mira's with Strength 3 and Brawl 2."""
    return make(world, operations=sets(strength=3, brawl=2))


def stored(message_id: UUID) -> ChatMessage:
    return ChatMessage.objects.get(pk=message_id)


def test_each_roll_is_made_with_the_message_for_who_speaks(world: World, owl: Character) -> None:
    said = say(world, "mira", "[[strength + brawl vs 3]] then [[2d10+3]]", speaks_as=owl.pk)
    rolls = list(Roll.objects.order_by("pk"))
    assert [(roll.system, roll.character_id, roll.chronicle_id) for roll in rolls] == [
        ("v5", owl.pk, world.chronicle.pk),
        ("general", owl.pk, world.chronicle.pk),
    ]
    assert rolls[0].options["difficulty"] == 3
    assert rolls[0].pool["dice"] == 5
    card = RollCard.model_validate(said.card)
    assert [(entry.source, entry.roll.id) for entry in card.rolls] == [
        ("strength + brawl vs 3", rolls[0].pk),
        ("2d10+3", rolls[1].pk),
    ]
    assert (said.kind, said.voice.name if said.voice else "") == ("text", "Night Owl")
    events = Event.objects.filter(type=EventType.ROLL_MADE.value, stream_id=world.chronicle.pk)
    assert {event.entity_id for event in events} == {roll.pk for roll in rolls}


def test_a_macro_and_a_check_by_name(world: World, owl: Character) -> None:
    reference = Reference(str(owl.pk))
    asker = world.principal("mira")
    macros.create(asker, reference, SaveMacro(name="Claws", pool="strength + 2", options={"difficulty": 2}))
    say(world, "mira", "[[claws]] and [[Rouse check]]", speaks_as=owl.pk)
    first, second = Roll.objects.order_by("pk")
    assert (first.pool["dice"], first.options["difficulty"], first.kind) == (5, 2, "roll")
    assert (second.kind, second.character_id) == ("rouse", owl.pk)


def test_what_cannot_be_read_is_refused_as_a_whole(world: World, owl: Character) -> None:
    with pytest.raises(Invalid) as refused:
        say(world, "mira", "[[strength + brawl]] and [[strngth + nothing]]", speaks_as=owl.pk)
    assert "[[strngth + nothing]]" in str(refused.value)
    assert "text" in refused.value.data["fields"]
    assert not Roll.objects.exists()
    assert table().messages.count() == 0


def test_five_rolls_a_message(world: World) -> None:
    say(world, "mira", " ".join(["[[2d10]]"] * 5))
    with pytest.raises(Invalid):
        say(world, "mira", " ".join(["[[2d10]]"] * 6))
    assert Roll.objects.count() == 5


def test_nobody_rolls_for_anothers_character(world: World, owl: Character) -> None:
    with pytest.raises(NotAllowed):
        say(world, "jonas", "[[strength]]", speaks_as=owl.pk)
    assert not Roll.objects.exists()


def test_a_reroll_changes_the_same_message(world: World, owl: Character) -> None:
    say(world, "jonas", "before")
    said = say(world, "mira", "[[strength + brawl vs 3]]", speaks_as=owl.pk)
    say(world, "jonas", "after")
    first = Roll.objects.get()
    again = reroll(world.principal("mira"), first.pk, Cause(world.mira, "web"), dice=[0]).roll
    row = stored(said.id)
    assert (row.seq, row.changed) == (2, 4)
    entry = RollCard.model_validate(row.card).rolls[0]
    assert (entry.roll.id, entry.earlier) == (again.pk, [first.pk])
    assert entry.source == "strength + brawl vs 3"


def test_a_whispered_roll_is_for_storytellers_until_it_is_revealed(world: World, owl: Character) -> None:
    said = say(world, "mira", "[[strength]]", speaks_as=owl.pk, whisper=True)
    roll = Roll.objects.get()
    assert roll.visibility == "storyteller"
    assert [row.id for row in read_table(world, "vesna").results] == [said.id]
    assert read_table(world, "jonas").results == []
    reveal(world.principal("mira"), roll.pk, Cause(world.mira, "web"))
    # The roll is everybody's now, what was whispered with it is not.
    assert read_table(world, "jonas").results == []


def test_a_plain_roll_asks_nobody_about_cards(world: World, owl: Character) -> None:
    with CaptureQueriesContext(connection) as asked:
        roll(world, owl, dice=[1, 2, 3, 4, 5])
    assert not any("chat_card_subjects" in query["sql"] for query in asked.captured_queries)
