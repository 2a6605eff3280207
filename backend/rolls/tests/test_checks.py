"""Checks: each rolls, changes the tracker, tells what changed and offers what follows."""

from contextlib import suppress
from typing import Any

import pytest

from haven.tests.kit import at, change, make, of, sets
from rolls.checks import KINDS, prepare
from rolls.models import Roll
from rolls.sheet import Sheet
from rolls.tests.kit import answer_to, check, roll
from rolls.tests.test_rolling import refused
from rules.errors import Conflict, GameError, Invalid, NotAllowed, Unprocessable
from rules.options import declared
from testing.personas import World

TRACKS = sets(hunger=2, blood_potency=2, stamina=3, composure=2, resolve=3)


@pytest.fixture
def owl(world: World) -> Any:
    return make(world, operations=TRACKS)


def test_rouse(world: World, owl: Any) -> None:
    assert check(world, "rouse", owl, dice=[6]).change is None
    body = answer_to(world, check(world, "rouse", owl, dice=[5, 9], times=2))
    assert body["change"]["event"]["changes"] == {"hunger": [2, 3]}
    assert [step["passed"] for step in body["roll"]["steps"]] == [False, True]
    assert body["roll"]["chances"]["win"] == 0.25
    two = check(world, "rouse", owl, dice=[2, 7], level=1)
    assert two.roll.passed, "Blood Potency 2 rolls two dice for a power of level 1"
    assert two.roll.chances["win"] == 0.75


def test_a_rouse_into_hunger_5_offers_frenzy_once(world: World, owl: Any) -> None:
    change(world, owl, *sets(hunger=4))
    done = check(world, "rouse", owl, dice=[1])
    assert answer_to(world, done)["follow_ups"][0]["check"] == "frenzy"
    frenzy = check(world, "frenzy", after=done.roll, dice=[9] * 7)
    assert frenzy.roll.character == owl
    assert frenzy.roll.passed
    assert frenzy.roll.outcome["margin"] == 3
    with refused(Conflict, "already_done"):
        check(world, "frenzy", after=done.roll, dice=[])
    assert answer_to(world, done)["follow_ups"] == []
    with refused(Unprocessable, "not_offered"):
        check(world, "remorse", after=done.roll, dice=[])
    with refused(NotAllowed):
        check(world, "frenzy", after=done.roll, who="jonas", dice=[])


def test_frenzy_knows_its_pool_and_its_chances(world: World, owl: Any) -> None:
    change(world, owl, *sets(willpower__superficial=2))
    done = check(world, "frenzy", owl, dice=[1] * 5, difficulty=1)
    assert len(done.roll.rolled["dice"]) == 5, "3 of 5 Willpower, and a third of Humanity 7"
    assert done.roll.chances["win"] == 1 - 1 / 32
    assert done.change is None


def test_remorse(world: World, owl: Any) -> None:
    with refused(Unprocessable, "no_stains"):
        check(world, "remorse", owl, dice=[])
    change(world, owl, *sets(humanity__stains=2))
    done = check(world, "remorse", owl, dice=[5])
    assert answer_to(world, done)["change"]["event"]["changes"] == {
        "humanity.value": [7, 6],
        "humanity.stains": [2, 0],
    }
    assert done.roll.chances["win"] == 0.5


def test_stains_without_a_box_are_degeneration(world: World, owl: Any) -> None:
    done = check(world, "stains", owl, added=4)
    assert at(owl, "willpower.aggravated") == 1
    assert (done.roll.passed, done.roll.outcome["label"]) == (False, "Degeneration")
    assert answer_to(world, done)["follow_ups"][0]["check"] == "remorse"


def test_wake_mend_recover_blush_slake(world: World, owl: Any) -> None:
    change(world, owl, *sets(health__superficial=3, health__aggravated=1, willpower__superficial=4))
    done = check(world, "wake", owl, dice=[6, 6, 2, 6, 6], mend_aggravated=True, recover=True, blush=True)
    assert at(owl, "hunger") == 3
    assert (at(owl, "health.aggravated"), at(owl, "willpower.superficial")) == (0, 1)
    assert done.roll.chances["outcomes"] == {"passed": 1.0}
    mended = check(world, "mend", owl, dice=[3])
    assert (at(owl, "health.superficial"), at(owl, "hunger")) == (1, 4)
    assert (mended.roll.passed, mended.roll.slug) == (True, "failed")
    check(world, "recover_willpower", owl)
    assert at(owl, "willpower.superficial") == 0
    check(world, "blush", owl, dice=[9])
    check(world, "slake", owl, amount=2)
    assert at(owl, "hunger") == 2


def test_torpor(world: World, owl: Any) -> None:
    change(world, owl, *sets(hunger=5))
    done = check(world, "wake", owl, dice=[1])
    assert (done.roll.outcome["label"], done.roll.passed) == ("Torpor", False)
    assert done.roll.chances["win"] == 0.5


def test_resonance_and_compulsion(world: World, owl: Any) -> None:
    change(world, owl, *sets(clan="Brujah"))
    found = check(world, "resonance", owl, dice=[9, 9, 8], drunk=True)
    assert found.roll.outcome["label"] == "Acute Choleric"
    assert found.roll.slug == "acute_choleric"
    assert found.roll.chances["outcomes"]["acute_choleric"] == pytest.approx(0.2 * 0.2 * 0.2)
    assert at(owl, "resonance") == "Choleric"
    driven = check(world, "compulsion", owl, dice=[10])
    assert driven.roll.outcome["label"] == "Brujah: Rebellion"
    assert sum(driven.roll.chances["outcomes"].values()) == pytest.approx(1)
    assert check(world, "resonance", dice=[2]).roll.outcome["label"] == "Negligible"


def test_a_messy_critical_offers_its_compulsion(world: World, owl: Any) -> None:
    done = roll(world, owl, pool=2, dice=[10, 10])
    assert answer_to(world, done)["follow_ups"] == [
        {"check": "compulsion", "label": "Compulsion", "options": {}}
    ]
    check(world, "compulsion", after=done.roll, dice=[1])
    assert answer_to(world, done)["follow_ups"] == []


def test_rage(world: World, owl: Any) -> None:
    wolf = make(world, "Wolf", splat="werewolf5th", operations=sets(rage=2))
    check(world, "rage", wolf, dice=[1, 2, 9], checks=3)
    assert at(wolf, "rage") == 0
    with refused(Unprocessable, "no_rage"):
        check(world, "rage", wolf, dice=[])
    with_roll = make(world, "Fang", splat="werewolf5th", operations=sets(rage=2))
    done = roll(world, with_roll, system="w5", pool=3, dice=[6, 6, 6, 1], options={"rage_checks": 1})
    assert at(with_roll, "rage") == 1
    assert answer_to(world, done)["roll"]["attached"][0]["kind"] == "rage"


def test_redemption(world: World) -> None:
    hunter = make(world, "Hunter", splat="hunter5th")
    with refused(Invalid, "no_despair"):
        check(world, "redemption", hunter)
    change(world, hunter, *sets(despair=True))
    check(world, "redemption", hunter)
    assert at(hunter, "despair") is False


def test_degeneration_of_the_20th(world: World) -> None:
    cain = make(world, "Cain", splat="vampire20th", operations=sets(conscience=3))
    done = check(world, "degeneration", cain, dice=[2, 3, 4])
    assert (at(cain, "morality"), at(cain, "conscience")) == (6, 3)
    assert done.roll.outcome["label"] == "Degeneration"
    check(world, "degeneration", cain, dice=[1, 3, 4])
    assert (at(cain, "morality"), at(cain, "conscience")) == (5, 2)
    check(world, "degeneration", cain, dice=[8, 3])
    assert at(cain, "morality") == 5
    change(world, cain, *sets(morality_name="Path of Caine"))
    done = check(world, "degeneration", cain, dice=[8, 3])
    assert done.roll.steps[0]["label"] == "Conviction (difficulty 8)"
    chosen = check(world, "degeneration", cain, dice=[8, 3], virtue="conscience")
    assert chosen.roll.steps[0]["label"] == "Conscience (difficulty 8)"
    with refused(Invalid):
        check(world, "degeneration", cain, dice=[], virtue="courage")


def test_degeneration_of_who_has_humanity(world: World) -> None:
    mortal = make(world, "Anna", splat="human20th", operations=sets(conscience=2))
    before = at(mortal, "humanity")
    check(world, "degeneration", mortal, dice=[2, 3])
    assert at(mortal, "humanity") == before - 1


def test_initiative(world: World, owl: Any) -> None:
    cain = make(world, "Cain", splat="vampire20th", operations=sets(dexterity=3, wits=2))
    assert check(world, "initiative", cain, dice=[7]).roll.value == {
        "value": 12,
        "tiebreak": 5,
        "extra_actions": 0,
    }
    assert check(world, "initiative", dice=[4], rating=3).roll.successes == 7
    assert check(world, "initiative", owl, dice=[10, 10, 2], pool=3).roll.successes == 4
    with refused(Invalid):
        check(world, "initiative", owl, dice=[])


@pytest.mark.parametrize("slug", [slug for slug, kind in KINDS.items() if kind.needs])
def test_a_check_needs_its_sheet(world: World, slug: str) -> None:
    with refused(Invalid, "no_character"):
        check(world, slug, dice=[])
    wraith = make(world, "Wraith", splat="wraith20th")
    with refused(Invalid, "wrong_splat"):
        check(world, slug, wraith, dice=[])


@pytest.mark.parametrize("slug", KINDS)
def test_no_option_is_taken_as_it_comes(world: World, owl: Any, slug: str) -> None:
    """Whatever is sent: a check, or a sentence."""
    sheet = Sheet(owl)
    for value in (10**40, -1, 1.5, True, "x" * 60, [], {}, {"a": 1}):
        for name in declared(KINDS[slug].options):
            with suppress(GameError):
                ready = prepare(slug, {name: value}, sheet)
                ready.run(lambda sides: 6)
                ready.outlook()
    with refused(Invalid) as caught:
        check(world, slug, owl, dice=[], magic=1)
    assert list(caught.value.data["fields"]) == ["magic"]


def test_a_storytellers_check_is_kept_from_the_table(world: World, owl: Any) -> None:
    change(world, owl, of("hunger", "set", 4))
    done = roll(world, owl, pool=2, dice=[6, 6, 1], options={"rouse": 1}, visibility="storyteller")
    follow = check(world, "frenzy", after=done.roll, dice=[9] * 7)
    assert follow.roll.visibility == "storyteller"
    assert Roll.objects.filter(visibility="public").count() == 0
