"""Who takes part: with a sheet or a name, one's own or another's, hidden, gone."""

import pytest
from django.db import transaction

from chronicle.models import ServerMember
from conflicts.models import Conflict
from conflicts.services import entering
from conflicts.services.entering import MAX_PARTICIPANTS
from conflicts.tests.kit import begin, call, do, enter, events, go, names, refused, rolls, seen
from contract.conflicts import RollInitiative
from haven.tests.kit import change, make, sets
from rules.dice.source import listed
from rules.errors import GameError, Unprocessable
from testing.personas import World
from timeline import frames
from timeline.models import Event
from timeline.services import Viewer


def owl(world: World, **values: int) -> None:
    make(world, "Owl", splat="vampire20th", operations=sets(dexterity=3, wits=4, **values))


def test_the_rating_comes_from_the_sheet_less_for_wounds(world: World) -> None:
    owl(world)
    row = begin(world)
    enter(world, "mira", row, "owl", [6])
    body = seen(world, row)["participants"][0]
    assert (body["name"], body["roll"]["text"]) == ("Owl", "6 + 7 = 13")
    assert body["character"]["name"] == "Owl"
    other = make(world, "Wren", splat="vampire20th", operations=sets(dexterity=2, health__lethal=3))
    enter(world, "mira", row, str(other.id), [6])
    assert seen(world, row)["participants"][1]["roll"]["text"] == "6 + 3 − 1 = 8"


def test_play_19_the_incapacitated_roll_no_initiative(world: World) -> None:
    """What was rolled before may still be corrected."""
    owl(world, health__lethal=7)
    row = begin(world)
    with pytest.raises(Unprocessable, match="Incapacitated: no action"), transaction.atomic():
        enter(world, "mira", row, "owl", [6])
    wren = make(world, "Wren", splat="vampire20th", operations=sets(dexterity=2))
    enter(world, "mira", row, str(wren.id), [6])
    change(world, wren, *sets(health__lethal=7))
    me = seen(world, row)["participants"][0]["id"]
    do(world, row, "mira", "roll", participant=me, modifier=1, extra_actions=1)
    with pytest.raises(Unprocessable, match="Incapacitated"), transaction.atomic():
        do(world, row, "vesna", "roll", participant=me, again=True)


def test_the_default_character_is_meant_where_none_is_named(world: World) -> None:
    owl(world)
    row = begin(world)
    enter(world, "mira", row, None, [1], modifier=2)
    assert seen(world, row)["participants"][0]["roll"]["value"] == 10
    with refused("no_character"):
        enter(world, "jonas", row, None, [1], rating=3)


def test_without_a_sheet_the_rating_is_asked_for(world: World) -> None:
    row = begin(world)
    with refused("no_rating"):
        enter(world, "mira", row, "Rat", [1])
    with refused("no_rating"):
        do(world, begin(world, "5th_once", replace=str(row.id)), "mira", "roll", name="Rat")


def test_a_rating_is_asked_for_once(world: World) -> None:
    row = begin(world)
    rolls(world, row, "vesna", 3, "Rat", rating=4)
    go(world, row, "reveal", "next_new")
    assert seen(world, row)["participants"][0]["rating"] == 4
    enter(world, "vesna", row, "Rat", [6], modifier=1)
    assert seen(world, row, "vesna")["participants"][0]["roll"]["text"] == "6 + 4 + 1 = 11"
    go(world, row, "reveal", "next_new")
    enter(world, "vesna", row, "Rat", [6], rating=7)
    assert seen(world, row, "vesna")["participants"][0]["roll"]["value"] == 13


def test_a_pool_is_rolled_once(world: World) -> None:
    make(world, "Wren", operations=sets(strength=3, brawl=2))
    row = begin(world, "5th_once")
    enter(world, "mira", row, "Wren", [6, 7, 10, 10, 1], pool="strength + brawl")
    assert seen(world, row)["participants"][0]["roll"]["text"] == "6 successes"
    with refused("already_rolled"):
        do(world, row, "mira", "roll", name="Wren", pool=9)
    enter(world, "vesna", row, "Wren", [1, 1, 1, 1, 6], again=True)
    assert seen(world, row)["participants"][0]["roll"]["text"] == "1 success"


def test_numbers_are_corrected_and_the_die_stays(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 9, rating=7, modifier=-2)
    do(world, row, "mira", "roll", name="MIRA", rating=4)
    assert seen(world, row)["participants"][0]["roll"]["text"] == "9 + 4 − 2 = 11"
    assert [event.type for event in events(row)][-1] == "conflict.corrected"
    with refused("not_allowed"):
        do(world, row, "mira", "roll", name="Mira", again=True)


def test_who_has_an_initiative_from_before_joins(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 9)
    go(world, row, "reveal", "next_same")
    with refused("already_rolled"):
        rolls(world, row, "mira", 10)
    with refused("not_rolled"):
        do(world, row, "jonas", "join", name="Jonas")
    rolls(world, row, "jonas", 3)
    do(world, row, "mira", "join", name="Mira", extra_actions=2)
    go(world, row, "reveal")
    assert names(seen(world, row)) == ["Mira", "Jonas", "Mira", "Mira"]


def test_one_person_plays_several_and_two_people_one_name(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 9, "Guard")
    rolls(world, row, "mira", 8, "Dog")
    rolls(world, row, "jonas", 7, "guard")
    assert names(seen(world, row), "participants") == ["Guard", "Dog", "guard"]
    do(world, row, "jonas", "leave")
    with refused("invalid"):
        do(world, row, "mira", "leave")
    do(world, row, "mira", "leave", participant="dog")
    assert names(seen(world, row), "participants") == ["Guard"]


def test_what_is_anothers_is_not_ones_own(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 9)
    rolls(world, row, "jonas", 8)
    with refused("not_allowed"):
        do(world, row, "jonas", "leave", participant="Mira")
    with refused("not_allowed"):
        do(world, row, "jonas", "change", participant="Mira", changes={"extra_actions": 5})
    with refused("not_allowed"):
        do(world, row, "mira", "change", participant="Mira", changes={"hidden": True})
    with refused("not_allowed"):
        go(world, row, "reveal", who="mira")
    go(world, row, "reveal", "declare")
    with refused("not_allowed"):
        do(world, row, "mira", "declare", action="Falls", participant="Jonas")
    with refused("not_your_turn"):
        do(world, row, "mira", "declare", action="Runs")
    with refused("not_allowed"):
        do(world, row, "mira", "move", move="skip", participant="Jonas")
    do(world, row, "vesna", "declare", action="Falls", participant="Jonas")
    with refused("no_participant"):
        do(world, row, "olga", "leave")


@pytest.mark.req("S004-34")
def test_only_who_may_run_it_begins_one(world: World) -> None:
    for who in ("mira", "sam"):
        with refused("not_found" if who == "sam" else "not_allowed"):
            begin(world, who=who)
    row = begin(world)
    with refused("not_found"):
        rolls(world, row, "sam", 5)


@pytest.mark.req("S004-29")
def test_who_is_hidden_is_the_storytellers_business(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 3)
    rolls(world, row, "vesna", 9, "Assassin", hidden=True)
    do(world, row, "vesna", "effect", text="Poisoned blade", until="scene", participant="Assassin")
    go(world, row, "reveal", "declare")
    do(world, row, "mira", "declare", action="Waits")
    body = seen(world, row)
    assert "Assassin" not in str(body)
    assert "Poisoned" not in str(body)
    assert (body["current"]["name"], body["hint"]) == ("Mira", "Act in this order.")
    assert names(seen(world, row, "vesna"))[0] == "Assassin"
    for event in events(row):
        shown = frames.frame(event, Viewer(str(world.mira.id), member=True).level(event.subject["owner"]))
        assert "Assassin" not in str(shown)
        assert "Poisoned" not in str(shown)
    with refused("no_participant"):
        do(world, row, "jonas", "leave", participant="Assassin")
    do(world, row, "vesna", "change", participant="Assassin", changes={"hidden": False})
    assert names(seen(world, row))[0] == "Assassin"


@pytest.mark.req("S004-40")
def test_a_roll_is_its_rollers_until_it_is_revealed(world: World) -> None:
    row = begin(world)
    done = rolls(world, row, "mira", 3)
    event = events(row)[-1]
    path = f"rolls.{done.participant}"
    for who, is_shown in (("mira", True), ("jonas", False)):
        viewer = Viewer(str(getattr(world, who).id), member=True)
        shown = frames.frame(event, viewer.level(event.subject["owner"]))
        assert shown is not None
        assert (path in shown["fields"]) is is_shown
        assert (seen(world, row, who)["participants"][0]["roll"] is not None) is is_shown
    assert seen(world, row, "vesna")["participants"][0]["roll"]["value"] == 8


def test_who_has_left_the_server_stays_by_name_and_holds_nobody_up(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 3)
    rolls(world, row, "jonas", 9)
    go(world, row, "reveal", "declare")
    ServerMember.objects.filter(server=world.server, user=world.mira).delete()
    body = seen(world, row, "jonas")
    assert (body["current"]["name"], body["participants"][0]["gone"]) == ("Mira", True)
    with refused("not_found"):
        do(world, row, "mira", "declare", action="Comes back")
    go(world, row, "skip")
    assert seen(world, row, "jonas")["current"]["name"] == "Jonas"
    do(world, row, "vesna", "leave", participant="Mira")
    assert names(seen(world, row, "jonas")) == ["Jonas"]


def test_a_storyteller_rolls_for_an_absent_player(world: World) -> None:
    make(world, "Owl", splat="vampire20th")
    row = begin(world)
    given = RollInitiative(conflict=row.id, name="Owl")
    entering.roll(call(world).for_player(world.mira.id), given, listed([5]))
    body = seen(world, row)["participants"][0]
    assert (body["yours"], body["user"]["name"]) == (True, "Mira")


def test_a_character_of_another_chronicle_stays_there(world: World) -> None:
    make(world, "Lark", who="jonas", chronicle=None)
    row = begin(world)
    enter(world, "jonas", row, "Lark", [5], rating=3)
    assert names(seen(world, row), "participants") == ["Lark"]


def test_there_is_an_end_to_a_crowd(world: World) -> None:
    row = begin(world, "5th")
    for number in range(MAX_PARTICIPANTS):
        do(world, row, "vesna", "join", name=f"Guard {number}")
    with refused("too_many"):
        do(world, row, "vesna", "join", name="One more")
    assert len(seen(world, row)["participants"]) == MAX_PARTICIPANTS


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("roll", {"name": "\u200b", "rating": 3}, "name"),
        ("roll", {"name": 7, "rating": 3}, "name"),
        ("roll", {"name": "Rat", "rating": 101}, "rating"),
        ("roll", {"name": "Rat", "rating": 3, "modifier": 51}, "modifier"),
        ("roll", {"name": "Rat", "rating": 3, "extra_actions": 6}, "extra_actions"),
        ("roll", {"name": "Rat", "rating": 3, "hidden": "yes"}, "hidden"),
        ("join", {"name": "Rat", "extra_actions": -1}, "extra_actions"),
        ("declare", {"action": " "}, "action"),
        ("declare", {"action": "x" * 151}, "action"),
        ("change", {"participant": "Mira", "changes": {"user": "x"}}, "changes.user"),
        ("change", {"participant": "Mira", "changes": []}, "changes"),
        ("effect", {"text": "Blind", "until": "doomsday"}, "until"),
        ("effect", {"text": "Blind", "until": "turns"}, "turns"),
        ("move", {"move": "dance"}, "move"),
        ("move", {"move": ["end"]}, "move"),
        ("roll", {"name": "Rat", "rating": "4"}, "rating"),
        ("roll", {"name": "Rat", "rating": {}}, "rating"),
        ("effect", {"text": ["x"], "until": "scene"}, "text"),
        ("effect", {"text": "Blind", "until": []}, "until"),
    ],
)
def test_what_is_wrong_is_named(world: World, verb: str, body: dict[str, object], field: str) -> None:
    row = begin(world)
    rolls(world, row, "mira", 3)
    with pytest.raises(GameError) as caught, transaction.atomic():
        do(world, row, "vesna", verb, **body)
    assert list(caught.value.data["fields"]) == [field]
    assert Event.objects.filter(entity_id=row.id).count() == 2
    assert Conflict.objects.get(pk=row.pk).version == 2
