"""The switches of a chronicle change what happens."""

from typing import Any

import pytest

from haven.serializers.card import card
from haven.tests.kit import change, event_of, make, of, principal, refused, sets, stored, undo
from rolls.models import Roll
from rolls.services import odds
from rolls.tests.kit import again, answer_to, ask, check, roll
from rules.errors import Conflict, Invalid, NotAllowed, Unprocessable
from testing.community import update_chronicle
from testing.notices import sentences
from testing.personas import SYSTEM, World


def switch(world: World, **rules: str) -> None:
    update_chronicle(world.chronicle, {"rules": rules}, principal=world.principal("vesna"), cause=SYSTEM)
    world.chronicle.refresh_from_db()


def test_who_changes_experience(world: World) -> None:
    owl = make(world)
    change(world, owl, of("experience", "adjust", 5), who="mira")
    switch(world, experience_editors="storyteller")
    with refused(NotAllowed, "house_rule"):
        change(world, owl, of("experience", "adjust", 5), who="mira")
    with refused(NotAllowed, "house_rule"):
        make(world, "Rich Owl", operations=sets(experience__total=400))
    change(world, owl, of("experience", "adjust", 5), who="vesna")
    change(world, owl, of("hunger", "set", 3), who="mira")
    switch(world, experience_editors="player")
    change(world, owl, of("experience", "adjust", 5), who="mira")


def test_whether_a_roll_is_made_again(world: World) -> None:
    owl: Any = make(world)
    first = roll(world, owl, dice=[2, 3, 4, 5, 6])
    assert answer_to(world, first)["strategies"]
    switch(world, rerolls="none")
    shown = answer_to(world, roll(world, owl, dice=[2, 3, 4, 5, 6]))
    assert (shown["strategies"], shown["roll"]["rerollable"], shown["roll"]["rights"]["reroll"]) == (
        [],
        [],
        False,
    )
    assert odds(principal(world, "mira"), ask(world, owl)).with_reroll is None
    with refused(NotAllowed, "house_rule"):
        again(world, first, dice=[10, 10, 10])
    switch(world, rerolls="once")
    assert odds(principal(world, "mira"), ask(world, owl)).with_reroll
    assert again(world, first, dice=[10, 10, 10]).roll.replaces_id == first.roll.id


def test_how_often_each_resonance_comes(world: World) -> None:
    owl: Any = make(world)
    assert check(world, "resonance", owl, dice=[6, 4]).roll.value["resonance"] == "Melancholy"
    assert check(world, "resonance", dice=[6, 4]).roll.value["resonance"] == "Melancholy"
    switch(world, resonance_table="even")
    found = [check(world, "resonance", owl, dice=[6, face]).roll for face in (1, 2, 3, 4)]
    assert [roll.value["resonance"] for roll in found] == ["Phlegmatic", "Melancholy", "Choleric", "Sanguine"]
    chances = found[0].chances["outcomes"]
    fleeting = [share for slug, share in chances.items() if slug.startswith("fleeting")]
    assert len(fleeting) == 4
    assert max(fleeting) - min(fleeting) < 1e-9


def test_rolls_may_be_made_again_without_end_each_once(world: World) -> None:
    owl: Any = make(world, operations=sets(willpower=5))
    switch(world, rerolls="unlimited")
    first = roll(world, owl, dice=[2, 3, 4, 5, 6])
    second = again(world, first, dice=[1, 2, 3])
    shown = answer_to(world, second)
    assert (shown["roll"]["rights"]["reroll"], shown["roll"]["rerollable"]) == (True, [0, 1, 2, 3])
    assert shown["strategies"][0]["odds"]["win"] is not None
    third = again(world, second, dice=[10, 10, 9])
    assert [again.roll.replaces_id for again in (second, third)] == [first.roll.id, second.roll.id]
    assert [die["value"] for die in answer_to(world, third)["roll"]["dice"]] == [10, 10, 9, 5, 6]
    assert stored(owl)["willpower"]["superficial"] == 2
    for done in (first, second):
        with refused(Conflict, "already_rerolled"):
            again(world, done, dice=[10, 10, 10])
    assert Roll.objects.count() == 3
    switch(world, rerolls="once")
    assert answer_to(world, third)["roll"]["rerollable"] == []
    with refused(Conflict, "already_rerolled"):
        again(world, third, dice=[10, 10, 10])


def test_hunger_rises_no_higher_than_the_chronicle_lets_it(world: World) -> None:
    owl: Any = make(world, operations=sets(hunger=2))
    switch(world, max_hunger="3")
    with refused(Invalid):
        change(world, owl, *sets(hunger=4))
    with refused(Invalid):
        make(world, "Hungry Owl", operations=sets(hunger=4))
    done = change(world, owl, of("hunger", "adjust", 3))
    assert event_of(done).changes == {"hunger": [2, 3]}
    assert sentences(event_of(done).notices) == [
        "Hunger stops at 3; 2 ignored.",
        "Roll for hunger frenzy (core 220).",
        "Hunger is at 3: you can’t rouse the Blood at will any more (core 211).",
    ]
    row = next(row for row in card(done.character, 2).rows if row.path == "hunger")
    assert (row.text, row.value) == ("3 of 3", {"value": 3, "max": 3})
    elsewhere: Any = make(world, "Lone Owl", chronicle=None)
    assert event_of(change(world, elsewhere, *sets(hunger=5))).changes == {"hunger": [1, 5]}


def test_the_blood_is_roused_no_more_at_the_highest_hunger(world: World) -> None:
    owl: Any = make(world, operations=[*sets(hunger=3), of("health.superficial", "set", 1)])
    switch(world, max_hunger="3")
    for slug in ("rouse", "mend", "blush"):
        with refused(Unprocessable, "hunger_full") as told_so:
            check(world, slug, owl)
        assert told_so.value.detail.startswith("At Hunger 3 ")
        assert told_so.value.detail.endswith("It is the highest Hunger in this chronicle.")
    with refused(Unprocessable, "hunger_full"):
        roll(world, owl, dice=[], options={"rouse": 1})
    forced = answer_to(world, check(world, "rouse", owl, dice=[2], forced=True))
    assert sentences(forced["notices"]) == [
        "Hunger stops at 3; 1 ignored.",
        "Roll for hunger frenzy (core 220).",
    ]
    assert [follow_up["check"] for follow_up in forced["follow_ups"]] == ["frenzy"]
    asleep = check(world, "wake", owl, dice=[1]).roll
    assert (asleep.outcome["label"], stored(owl)["hunger"]) == ("Torpor", 3)
    assert check(world, "rouse", dice=[2]).roll.passed is False


def test_hunger_that_stood_higher_stays_until_it_falls(world: World) -> None:
    owl: Any = make(world, operations=sets(hunger=5))
    switch(world, max_hunger="2")
    assert change(world, owl, of("hunger", "adjust", 1)).event is None
    assert event_of(change(world, owl, of("hunger", "adjust", -1))).changes == {"hunger": [5, 4]}
    assert event_of(change(world, owl, *sets(strength=3))).changes == {"strength": [1, 3]}
    assert stored(owl)["hunger"] == 4
    assert event_of(change(world, owl, *sets(hunger=1))).changes == {"hunger": [4, 1]}
    undo(world, owl)
    assert stored(owl)["hunger"] == 4


@pytest.mark.parametrize(
    ("rule", "faces"), [("both", (1, 10)), ("ones", (1,)), ("tens", (10,)), ("never", ())]
)
def test_when_oblivion_leaves_a_stain(world: World, rule: str, faces: tuple[int, ...]) -> None:
    owl: Any = make(world)
    switch(world, oblivion_stains=rule)
    for face in (1, 5, 6, 10):
        before = stored(owl)["humanity"]["stains"]
        found = check(world, "rouse", owl, dice=[face], discipline="oblivion").roll
        assert stored(owl)["humanity"]["stains"] - before == (face in faces)
        assert ("leaves a stain" in found.steps[0]["text"]) == (face in faces)
        assert found.passed == (face >= 6)
    assert check(world, "rouse", owl, dice=[10], discipline="Potence").roll.consequences == []


@pytest.mark.parametrize(
    ("dice", "held", "stains"),
    [([10, 7], True, 0), ([10, 3], True, 1), ([1, 3], False, 0), ([1, 1], False, 1)],
)
def test_of_two_dice_one_that_holds_counts_then_one_without_a_stain(
    world: World, dice: list[int], held: bool, stains: int
) -> None:
    owl: Any = make(world)
    found = check(world, "rouse", owl, dice=dice, reroll=True, discipline="Oblivion").roll
    assert (found.passed, stored(owl)["humanity"]["stains"]) == (held, stains)


def test_a_roll_with_oblivion_stains_by_its_own_checks_alone(world: World) -> None:
    owl: Any = make(
        world, operations=[of("disciplines", "add", {"name": "Oblivion", "dots": 2}), *sets(blood_potency=1)]
    )
    # Three dice of the pool, two of the surge; then the check of the surge, then that of the power.
    options = {"discipline": "oblivion", "surge": True, "rouse": 1, "hunger": 0}
    done = roll(world, owl, pool=1, dice=[2, 2, 2, 2, 2, 10, 10], options=options)
    assert stored(owl)["humanity"]["stains"] == 1
    assert [part.passed for part in done.roll.parts.all()] == [True, True]
    assert stored(owl)["hunger"] == 1
