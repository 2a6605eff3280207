"""A character moves into another chronicle: with sheet, history and default, by who may, as one event."""

from typing import Any

import pytest

from chronicle.models import Chronicle, ServerMember
from chronicle.services import add_member, archive, create_chronicle, set_chronicle_role
from desk.services import submissions
from haven import services
from haven.models import Character, DefaultCharacter
from haven.selectors import history
from haven.services import Change, Reference
from haven.tests.kit import cause, change, event_of, make, of, principal, refused, sets, stored, undo
from rules.errors import Conflict, NotAllowed, NotFound
from testing.community import set_server, update_chronicle
from testing.notices import sentences
from testing.personas import SYSTEM, World
from timeline.models import Event


def fresh(row: Chronicle) -> Chronicle:
    return Chronicle.objects.select_related("server").get(pk=row.pk)


@pytest.fixture
def story(world: World) -> Chronicle:
    made = create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)
    return fresh(made)


def move(world: World, character: Character, place: Chronicle, who: str = "mira") -> Change:
    return services.move(principal(world, who), Reference(str(character.id)), fresh(place), cause(world, who))


def now(character: Character) -> Character:
    return Character.objects.get(pk=character.pk)


@pytest.mark.engine
def test_it_comes_with_its_sheet_and_its_history(world: World, story: Chronicle) -> None:
    owl = make(world, operations=[*sets(strength=3), of("merits", "add", {"name": "Beautiful", "rating": 2})])
    change(world, owl, *sets(hunger=3))
    before = stored(owl)
    done = move(world, owl, story)
    event = event_of(done)
    assert (event.type, event.stream_id, event.version) == ("character.moved", story.pk, 3)
    assert sentences(event.notices) == ["From “Night Court” to “Second Story”."]
    assert {path: after for path, (_, after) in event.changes.items()} == before == stored(owl)
    assert (now(owl).chronicle_id, now(owl).version) == (story.pk, 3)
    recorded = [event.type for event in history(principal(world, "mira"), owl.id, None, 25)]
    assert recorded == ["character.moved", "character.updated", "character.created"]
    later = change(world, owl, *sets(hunger=1))
    assert (event_of(later).stream_id, event_of(later).version) == (story.pk, 4)
    undo(world, owl)
    undo(world, owl)
    assert stored(owl)["hunger"] == 1, "what happened before it came can be taken back there"


@pytest.mark.engine
def test_where_it_was_it_is_gone_and_that_is_no_change(world: World, story: Chronicle) -> None:
    owl = make(world)
    before = Event.objects.count()
    move(world, owl, story)
    (left,) = Event.objects.filter(type="character.left")
    assert (left.stream_id, left.changes, left.notices) == (world.chronicle.pk, {}, [])
    assert Event.objects.count() == before + 2


@pytest.mark.engine
def test_one_that_is_played_nowhere_comes_into_a_chronicle(world: World) -> None:
    owl = make(world, chronicle=None)
    done = move(world, owl, world.chronicle)
    assert sentences(event_of(done).notices) == ["Into “Night Court”."]
    assert Event.objects.get(type="character.left").stream_id == world.mira.pk


def test_where_it_is_already_nothing_happens(world: World) -> None:
    owl = make(world)
    events = Event.objects.count()
    done = move(world, owl, world.chronicle)
    assert done.event is None
    assert sentences(done.notices) == ["Night Owl is already in “Night Court”."]
    assert Event.objects.count() == events


@pytest.mark.engine
def test_who_may_move_it(world: World, story: Chronicle) -> None:
    owl = make(world)
    for who, kind in (("jonas", NotAllowed), ("sam", NotFound), ("nobody", NotFound)):
        with refused(kind):
            move(world, owl, story, who)
    move(world, owl, story, "vesna")
    move(world, owl, world.chronicle, "mira")
    change(world, owl, of("locked", "set", True), who="vesna")
    with refused(NotAllowed):
        move(world, owl, story, "mira")
    assert now(move(world, owl, story, "vesna").character).locked


def test_who_tells_the_other_story_alone_does_not_take_it(world: World, story: Chronicle) -> None:
    set_chronicle_role(story, world.jonas.pk, "STORYTELLER", principal=world.principal("olga"), cause=SYSTEM)
    owl = make(world)
    with refused(NotAllowed):
        move(world, owl, story, "jonas")


def test_its_player_must_be_one_who_may_play_there(world: World) -> None:
    owl = make(world)
    with refused(NotFound):
        move(world, owl, world.other_chronicle, "mira")
    add_member(world.other_server, world.vesna, cause=SYSTEM)
    with refused(NotAllowed) as caught:
        move(world, owl, world.other_chronicle, "vesna")
    assert caught.value.detail == "Mira is not a member there."
    add_member(world.other_server, world.mira, cause=SYSTEM)
    assert move(world, owl, world.other_chronicle, "mira").character.chronicle_id == world.other_chronicle.pk


@pytest.mark.engine
def test_archived_chronicles_and_what_is_switched_off(world: World, story: Chronicle) -> None:
    by: Any = {"principal": world.principal("olga"), "cause": SYSTEM}
    owl = make(world)
    archive(story, True, **by)
    with refused(NotAllowed, "chronicle_archived"):
        move(world, owl, story)
    archive(story, False, **by)
    there = make(world, "Second Owl", chronicle=fresh(story))
    archive(story, True, **by)
    with refused(NotAllowed, "chronicle_archived"):
        move(world, there, world.chronicle)
    archive(story, False, **by)
    set_server(world.server, features={"characters": False}, **by)
    with refused(NotAllowed, "feature_off"):
        move(world, owl, story)


def test_what_waits_for_a_storyteller_stays(world: World, story: Chronicle) -> None:
    owl = make(world)
    mira, meant = principal(world, "mira"), Reference(str(owl.id))
    row = submissions.submit(mira, meant, [], "Take her in", cause(world, "mira"))
    with refused(Conflict, "held"):
        move(world, owl, story)
    submissions.withdraw(mira, row.id, cause(world, "mira"))
    move(world, owl, story)


@pytest.mark.engine
def test_the_default_goes_along_unless_there_is_one(world: World, story: Chronicle) -> None:
    member = ServerMember.objects.get(server=world.server, user=world.mira)
    owl, hawk = make(world), make(world, "Tawny Hawk")

    def defaults() -> set[tuple[Any, str]]:
        rows = DefaultCharacter.objects.filter(member=member)
        return {(row.chronicle_id, row.character.name) for row in rows}

    DefaultCharacter.objects.create(member=member, chronicle=None, character=owl)
    DefaultCharacter.objects.create(member=member, chronicle=world.chronicle, character=owl)
    move(world, owl, story)
    assert defaults() == {(None, "Night Owl"), (story.pk, "Night Owl")}
    DefaultCharacter.objects.create(member=member, chronicle=world.chronicle, character=hawk)
    move(world, hawk, story)
    assert defaults() == {(None, "Night Owl"), (story.pk, "Night Owl")}
    add_member(world.other_server, world.mira, cause=SYSTEM)
    move(world, owl, world.other_chronicle)
    assert defaults() == set()


def test_the_house_rules_there_count(world: World, story: Chronicle) -> None:
    update_chronicle(story, {"rules": {"max_hunger": "2"}}, principal=world.principal("olga"), cause=SYSTEM)
    owl = make(world, operations=sets(hunger=4))
    move(world, owl, story)
    assert stored(owl)["hunger"] == 4
    assert change(world, owl, of("hunger", "adjust", 1)).event is None
    assert event_of(change(world, owl, of("hunger", "adjust", -3))).changes == {"hunger": [4, 1]}
    assert event_of(change(world, owl, of("hunger", "adjust", 3))).changes == {"hunger": [1, 2]}
