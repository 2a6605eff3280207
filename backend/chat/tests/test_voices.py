"""People write as their characters, and storytellers as anybody of the chronicle."""

from uuid import UUID

import pytest

from chat.models import CastMember, RoomState
from chat.operations import game
from chat.rooms import Room
from chat.services import cast, speaking
from chat.tests.chat_kit import call, say, table
from chronicle.models import Chronicle, ServerChannel
from contract import chat as chat_shapes
from contract import chat_game as shapes
from haven import selectors
from haven import services as characters
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import cause, change, make, of, sets
from rules.errors import GameError, NotAllowed, NotFound, Unprocessable
from testing.personas import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def owl(world: World) -> Character:
    return make(world)


def voice_of(said: chat_shapes.Message) -> chat_shapes.Voice:
    assert said.voice is not None
    return said.voice


def choose(world: World, who: str, speaker: UUID | None, room: UUID | None = None) -> shapes.Speakers:
    given = shapes.SetSpeaker(room=room or table().pk, speaks_as=speaker)
    return game.SET_SPEAKER.run(call(world, who), given)


def test_who_speaks_is_chosen_for_a_channel_and_once_otherwise(world: World, owl: Character) -> None:
    assert say(world, "mira", "myself").voice is None
    assert choose(world, "mira", owl.pk).chosen == owl.pk
    said = say(world, "mira", "as the owl")
    assert (voice_of(said).name, voice_of(said).character) == ("Night Owl", owl.pk)
    assert said.author is not None
    assert said.author.id == world.mira.pk
    assert say(world, "mira", "once", as_myself=True).voice is None
    choose(world, "mira", None)
    assert say(world, "mira", "again").voice is None


def test_a_thread_is_as_its_channel(world: World, owl: Character) -> None:
    thread = ServerChannel.objects.create(
        server=world.server, discord_id="720000000000000077", name="aside", kind=11, parent=table()
    )
    choose(world, "mira", owl.pk)
    assert voice_of(say(world, "mira", "here too", room=thread.pk)).name == "Night Owl"


def test_nobody_speaks_for_anothers_character(world: World, owl: Character) -> None:
    with pytest.raises(NotAllowed):
        say(world, "jonas", "hoot", speaks_as=owl.pk)
    with pytest.raises(NotFound):
        say(world, "jonas", "hoot", speaks_as=UUID(int=1))
    assert voice_of(say(world, "vesna", "the storyteller may", speaks_as=owl.pk)).name == "Night Owl"
    assert table().messages.count() == 1


def test_a_stranger_learns_nothing_of_a_character_by_speaking_as_it(world: World, owl: Character) -> None:
    alone = make(world, "Sam’s own", who="sam", chronicle=world.other_chronicle)
    with pytest.raises(NotFound) as hidden:
        say(world, "mira", "hoot", speaks_as=alone.pk)
    with pytest.raises(NotFound) as unknown:
        selectors.get(world.principal("mira"), UUID(int=1))
    assert "Sam" not in str(hidden.value)
    assert str(hidden.value) == str(unknown.value)


def test_a_locked_sheet_still_speaks(world: World, owl: Character) -> None:
    change(world, owl, *sets(locked=True), who="vesna")
    assert voice_of(say(world, "mira", "hoot", speaks_as=owl.pk)).name == "Night Owl"


def test_a_deleted_archived_or_moved_character_is_refused_in_words(world: World, owl: Character) -> None:
    choose(world, "mira", owl.pk)
    change(world, owl, *sets(status="archived"))
    assert refusal(world, owl) == "voice_archived"
    change(world, owl, *sets(status="active"))
    bound = Chronicle.objects.create(server=world.server, name="Another story", slug="another-story")
    ServerChannel.objects.filter(pk=table().pk).update(chronicle=bound)
    assert refusal(world, owl) == "voice_elsewhere"
    ServerChannel.objects.filter(pk=table().pk).update(chronicle=None)
    characters.delete(world.principal("mira"), Reference(str(owl.pk)), cause(world, "mira"))
    with pytest.raises(Unprocessable) as refused:
        say(world, "mira", "hoot")
    assert refused.value.code == "voice_gone"
    assert table().messages.count() == 0


def refusal(world: World, owl: Character) -> str | None:
    with pytest.raises(GameError) as refused:
        say(world, "mira", "hoot", speaks_as=owl.pk)
    assert "Night Owl" in str(refused.value)
    return refused.value.code


def test_the_table_sees_no_more_of_a_state_than_its_level(world: World, owl: Character) -> None:
    choose(world, "mira", owl.pk)
    assert voice_of(say(world, "mira", "nothing to see")).status == []
    characters.show(world.principal("mira"), Reference(str(owl.pk)), "hunger", "table", cause(world, "mira"))
    assert voice_of(say(world, "mira", "hungry")).status == ["Hunger 1"]
    assert live(world, "jonas", owl) == ["Hunger 1"]
    assert "Humanity 7" in live(world, "mira", owl)
    assert "Humanity 7" in live(world, "vesna", owl)


def test_an_adventurers_state_is_points_and_conditions(world: World) -> None:
    hero = make(world, "Brenna", splat="fantasy", operations=sets(hp=28))
    assert live(world, "jonas", hero)[:2] == ["Hit Points 28/28", "Armor Class 10"]
    assert not [line for line in live(world, "jonas", hero) if line.startswith("Conditions")]
    change(world, hero, of("conditions", "add", {"name": "Prone"}))
    assert "Prone" in live(world, "jonas", hero)


def live(world: World, who: str, character: Character) -> list[str]:
    given = shapes.GetVoices(room=table().pk, ids=[character.pk])
    (found,) = game.GET_VOICES.run(call(world, who), given).results
    return found.status


def test_voices_tell_nothing_of_characters_out_of_sight(world: World) -> None:
    alone = make(world, "Sam’s own", who="sam", chronicle=world.other_chronicle)
    given = shapes.GetVoices(room=table().pk, ids=[alone.pk])
    assert game.GET_VOICES.run(call(world, "mira"), given).results == []


def test_the_cast_is_the_storytellers_to_speak_for(world: World, owl: Character) -> None:
    prince = cast.add(world.chronicle, "Prince Annabelle", principal=world.principal("vesna"))
    said = say(world, "vesna", "Kneel.", speaks_as=prince.pk)
    assert (voice_of(said).name, voice_of(said).source, voice_of(said).character) == (
        "Prince Annabelle",
        "cast",
        None,
    )
    with pytest.raises(NotFound):
        say(world, "mira", "Kneel.", speaks_as=prince.pk)
    with pytest.raises(NotAllowed):
        cast.listed(world.chronicle, principal=world.principal("mira"))
    names = {who: [row.name for row in speakers(world, who)] for who in ("vesna", "mira", "jonas")}
    assert names == {"vesna": ["Night Owl", "Prince Annabelle"], "mira": ["Night Owl"], "jonas": []}
    cast.remove(CastMember.objects.get(pk=prince.pk))
    with pytest.raises(NotFound):
        say(world, "vesna", "Kneel.", speaks_as=prince.pk)


def speakers(world: World, who: str) -> list[shapes.Speaker]:
    return game.GET_SPEAKERS.run(call(world, who), shapes.ListSpeakers(room=table().pk)).results


def test_a_stranger_chooses_nothing(world: World) -> None:
    alone = make(world, "Sam’s own", who="sam", chronicle=world.other_chronicle)
    with pytest.raises(NotFound):
        choose(world, "sam", alone.pk)
    with pytest.raises(NotFound):
        speakers(world, "sam")
    with pytest.raises(NotFound):
        speaking.set_speaker(
            Room(table().pk, channel=table()), UUID(int=5), principal=world.principal("mira")
        )
    assert not RoomState.objects.exists()
